"""The base of the Lab's services under TLS: its own authority, its clients' places, ends as the switches say."""

import asyncio

import pytest

from tests.lab.houses import serving
from workbench.formats.target import Target
from workbench.lab.authority import Authority, lab_authority
from workbench.lab.catalogue import find_service
from workbench.lab.services.tls_echo import TlsEcho
from workbench.lab.switches import turn
from workbench.lab.tls_service import TlsService
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.setup import client_setup
from workbench.wire.tls.stream import TlsStream
from workbench.wire.tls.values import TlsOptions, Trust


async def connected(port: int, transcript: Transcript) -> TlsStream:
    trust = Trust(False, lab_authority().certificate)
    plain = await dial(Target("tcp", "127.0.0.1", port), transcript)
    return await start_tls(plain, client_setup(TlsOptions(server_name="127.0.0.1", trust=trust)))


@pytest.mark.parametrize(("switches", "end"), [({}, "close_notify"), ({"truncate": "yes"}, "truncated")])
async def test_a_conversation_ends_as_the_switch_says(switches: dict[str, str], end: str):
    transcript = Transcript()
    async with serving("tls-echo", **switches) as served:
        stream = await connected(served.port, transcript)
        await stream.send(b"last words")
        await stream.finish()
        assert await stream.read_exactly(10) == b"last words"
        assert await stream.read() == b""
        assert stream.end is not None
        assert stream.end.kind == end
        await stream.aclose()
    transcript.close()


async def test_the_common_switches_hold_under_tls_too():
    transcript = Transcript()
    async with serving("tls-echo", cut_after=4) as served:
        stream = await connected(served.port, transcript)
        await stream.send(b"12345678")
        assert await stream.read_exactly(8) == b"1234"
        await stream.aclose()
    transcript.close()


async def test_many_clients_at_once_and_one_that_never_says_hello():
    transcripts = [Transcript() for _ in range(5)]
    async with serving("tls-echo") as served:
        reader, writer = await asyncio.open_connection(served.host, served.port)
        streams = await asyncio.gather(*(connected(served.port, transcript) for transcript in transcripts))
        for stream in streams:
            await stream.send(b"x")
            assert await stream.read() == b"x"
            await stream.aclose()
        writer.close()
        await writer.wait_closed()
    assert await reader.read() == b""
    for transcript in transcripts:
        transcript.close()


def test_a_service_may_have_an_authority_of_its_own():
    authority = Authority("its own")
    turned = turn(find_service("tls-echo").switches, {"version": "1.2", "alpn": "a, b"}, service="tls-echo")
    service = TlsEcho(turned, authority=lambda: authority)
    assert isinstance(service, TlsService)
    options = service.options(authority)
    assert (options.min_version, options.max_version, options.alpn) == ("1.2", "1.2", ("a", "b"))
    assert options.trust.certificates == authority.certificate
