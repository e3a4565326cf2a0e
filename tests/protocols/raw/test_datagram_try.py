"""A datagram of a chosen size is really sent: whole, refused, silent, cut, or to nobody."""

import asyncio
import errno
from contextlib import asynccontextmanager

import pytest

from tests.kit.ports import free_port
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.raw.datagram_size import MOST
from workbench.protocols.raw.datagram_try import payload, try_size
from workbench.protocols.raw.serve import Reply, serve_datagrams
from workbench.transcript.recorder import Transcript
from workbench.wire.addresses import has_ipv6_loopback
from workbench.wire.datagram import open_datagram


@asynccontextmanager
async def server(reply: Reply):
    transcript = Transcript()
    async with await open_datagram(transcript, local=Target("udp", "127.0.0.1", 0)) as socket_:
        serving = asyncio.create_task(serve_datagrams(socket_, reply))
        try:
            yield Target("udp", "127.0.0.1", int(socket_.address.rpartition(":")[2]))
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
    transcript.close()


@pytest.fixture
def transcript():
    made = Transcript()
    yield made
    made.close()


@pytest.mark.covers("C1.12")
async def test_the_largest_comes_back_whole_and_one_octet_more_is_refused_not_split(transcript: Transcript):
    async with server(Reply("echo")) as target:
        largest = await try_size(MOST["IPv4"], transcript, target=target)
        assert (largest.outcome, largest.came) == ("whole", 65507)
        assert largest.ms is not None
        refused = await try_size(MOST["IPv4"] + 1, transcript, target=target)
    assert (refused.outcome, refused.errno) == ("refused", errno.errorcode[errno.EMSGSIZE])
    assert "did not split it for you" in refused.sentence
    sent = [
        event.size
        for event in transcript.events()
        if event.kind == "bytes" and event.direction.name == "SENT"
    ]
    assert sent == [65507]


@pytest.mark.skipif(not has_ipv6_loopback(), reason="no IPv6 here")
async def test_over_ipv6_the_limit_is_twenty_octets_further(transcript: Transcript):
    assert (await try_size(65527, transcript, "IPv6")).outcome == "whole"
    assert (await try_size(65528, transcript, "IPv6")).outcome == "refused"


async def test_no_octets_are_a_datagram_too(transcript: Transcript):
    async with server(Reply("echo")) as target:
        assert (await try_size(0, transcript, target=target)).outcome == "whole"


async def test_silence_another_answer_and_nobody_are_told_apart(transcript: Transcript):
    async with server(Reply("none")) as target:
        silent = await try_size(10, transcript, target=target, wait_s=0.02)
    async with server(Reply("text", b"short")) as target:
        cut = await try_size(10, transcript, target=target)
    nobody = await try_size(10, transcript, target=Target("udp", "127.0.0.1", free_port()))
    assert (silent.outcome, cut.outcome, nobody.outcome) == ("silent", "cut", "nobody")
    assert cut.came == 5
    assert nobody.errno == "ECONNREFUSED"


async def test_a_size_that_there_is_not_is_a_mistake_with_its_place(transcript: Transcript):
    for size in (-1, 65536):
        with pytest.raises(LocalMisuse) as caught:
            await try_size(size, transcript, target=Target("udp", "127.0.0.1", 9))
        assert caught.value.text[caught.value.start : caught.value.end] == str(size)
    with pytest.raises(LocalMisuse, match="somebody must be asked"):
        await try_size(1, transcript)
    assert len(transcript) == 0


def test_the_octets_are_readable_and_as_many_as_asked_for():
    assert [len(payload(size)) for size in (0, 1, 95, 96, 65507)] == [0, 1, 95, 96, 65507]
    assert payload(200).isascii()
