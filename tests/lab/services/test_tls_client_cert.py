"""lab:tls-client-cert as Python's own TLS meets it."""

import ssl
from pathlib import Path

import pytest

from tests.lab.houses import serving
from tests.lab.services.test_tls_echo import protected, trusting
from workbench.lab.authority import Authority, lab_authority


def showing(folder: Path, authority: Authority) -> ssl.SSLContext:
    context = trusting()
    identity = authority.client()
    file = folder / "client.pem"
    file.write_bytes(identity.chain + identity.key)
    context.load_cert_chain(file)
    return context


async def test_a_client_of_the_lab_is_told_who_it_is(tmp_path: Path):
    async with (
        serving("tls-client-cert") as served,
        protected(served, showing(tmp_path, lab_authority())) as client,
    ):
        assert await client.line() == b"+OK you are CN=a client of the Lab, vouched for by the Lab\r\n"
        await client.send(b"echo\n")
        assert await client.line() == b"echo\n"


async def test_without_a_certificate_the_alert_comes_with_the_first_read():
    async with serving("tls-client-cert") as served, protected(served, trusting()) as client:
        with pytest.raises(ssl.SSLError, match=r"(?i)certificate.required"):
            await client.line()


async def test_a_stranger_is_refused_or_told_so(tmp_path: Path):
    stranger = showing(tmp_path, Authority("somebody else"))
    async with serving("tls-client-cert", version="1.3") as served, protected(served, stranger) as client:
        with pytest.raises(ssl.SSLError, match=r"(?i)unknown.ca"):
            await client.line()
    async with serving("tls-client-cert", accept="any") as served, protected(served, stranger) as client:
        assert (await client.line()).endswith(b"vouched for by nobody I know\r\n")


async def test_it_can_be_content_without(tmp_path: Path):
    async with serving("tls-client-cert", ask="ask") as served, protected(served, trusting()) as client:
        assert await client.line() == b"+OK you showed no certificate\r\n"
