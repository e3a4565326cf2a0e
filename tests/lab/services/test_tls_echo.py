"""lab:tls-echo as Python's own TLS meets it."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator

import pytest

from tests.lab.houses import SOON_S, Client, Served, serving
from workbench.lab.authority import lab_authority


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=lab_authority().certificate.decode())
    context.set_alpn_protocols(["other", "echo"])
    return context


@contextlib.asynccontextmanager
async def protected(served: Served, context: ssl.SSLContext) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection(
        served.host, served.port, ssl=context, server_hostname="localhost"
    )
    client = Client(reader, writer)
    try:
        yield client
    finally:
        with contextlib.suppress(ssl.SSLError):
            await client.close()


@pytest.mark.parametrize("version", ["1.2", "1.3"])
async def test_a_client_that_trusts_the_lab_is_echoed(version: str):
    async with (
        serving("tls-echo", version=version, alpn="echo, more") as served,
        protected(served, trusting()) as client,
    ):
        await client.send(b"hello")
        assert await client.exactly(5) == b"hello"
        agreed = client.writer.get_extra_info("ssl_object")
        assert (agreed.version(), agreed.selected_alpn_protocol()) == (f"TLSv{version}", "echo")


@pytest.mark.parametrize(
    ("flaw", "words"),
    [
        ("expired", "expired"),
        ("not-yet", "not yet valid"),
        ("wrong-name", "mismatch"),
        ("self-signed", "self.signed"),
        ("unknown-authority", "issuer"),
    ],
)
async def test_each_flaw_of_its_certificate_is_refused_by_others_too(flaw: str, words: str):
    async with serving("tls-echo", certificate=flaw) as served:
        with pytest.raises(ssl.SSLCertVerificationError, match=words):
            async with protected(served, trusting()):
                pass


async def test_a_client_without_tls_costs_only_its_own_conversation():
    async with serving("tls-echo") as served:
        plain = Client(*await asyncio.open_connection(served.host, served.port))
        await plain.send(b"HELO in clear\r\n")
        await asyncio.wait_for(plain.reader.read(), SOON_S)
        await plain.close()
        async with protected(served, trusting()) as client:
            await client.send(b"x")
            assert await client.exactly(1) == b"x"
