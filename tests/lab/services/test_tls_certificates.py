"""lab:tls-good, lab:tls-expired, lab:tls-wrong-name, lab:tls-self-signed as Python's own TLS meets them."""

import ssl

import pytest

from tests.lab.houses import serving
from tests.lab.services.test_tls_echo import protected, trusting
from workbench.lab.authority import Authority
from workbench.lab.catalogue import find_service

NAMES = ("tls-good", "tls-expired", "tls-wrong-name", "tls-self-signed")


async def test_the_good_one_is_accepted_by_others_too_and_echoes():
    async with serving("tls-good") as served, protected(served, trusting()) as client:
        await client.send(b"hello")
        assert await client.exactly(5) == b"hello"


@pytest.mark.parametrize(
    ("name", "words"),
    [("tls-expired", "expired"), ("tls-wrong-name", "mismatch"), ("tls-self-signed", "self.signed")],
)
async def test_each_of_the_others_is_refused_for_its_own_reason(name: str, words: str):
    async with serving(name) as served:
        with pytest.raises(ssl.SSLCertVerificationError, match=words):
            async with protected(served, trusting()):
                pass


@pytest.mark.parametrize("name", NAMES)
async def test_whoever_goes_on_in_spite_of_it_is_echoed(name: str):
    context = trusting()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    async with serving(name, version="1.2") as served, protected(served, context) as client:
        await client.send(b"x")
        assert await client.exactly(1) == b"x"
        assert client.writer.get_extra_info("ssl_object").version() == "TLSv1.2"


def test_they_have_no_switch_for_what_they_are():
    for name in NAMES:
        assert "certificate" not in {switch.name for switch in find_service(name).switches}


def test_a_chain_has_an_authority_in_between_that_may_have_none_below():
    authority = Authority()
    chain = authority.chained_server().chain
    assert chain.count(b"BEGIN CERTIFICATE") == 2
    assert authority.chained_server("self-signed").chain.count(b"BEGIN CERTIFICATE") == 1
