"""Sockets whose calls are made by hand: nothing waits, everything is recorded."""

import asyncio
import os
from collections.abc import Callable

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, LocalFault, LocalMisuse
from workbench.formats.target import Target
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.watched import FIRST_NUMBER, Crowd, Watched, adopt, listen_by_hand, pair


async def taken(watched: Watched, take: Callable[[], bytes | None]) -> bytes:
    """What comes; on a busy machine it is a moment on its way."""
    async with asyncio.timeout(60):
        while (data := take()) is None:  # noqa: ASYNC110 - the socket is the only one who knows
            await asyncio.sleep(0.001)
    return data


async def test_what_is_said_on_a_pair_is_taken_and_recorded():
    transcript = Transcript()
    near, far = pair(transcript, "near", "far")
    assert near.descriptor >= FIRST_NUMBER
    assert near.peer == far.local
    assert near.take() is None
    assert far.send(b"hello") == 5
    assert await taken(near, near.take) == b"hello"
    far.finish()
    assert await taken(near, near.take) == b""
    assert near.end is not None
    assert near.end.kind == "FIN"
    near.finish()
    near.close()
    near.close()
    far.close()
    names = [event.name or event.kind for event in transcript.events()]
    assert names == ["bytes", "bytes", "finish.sent", "end", "finish.sent", "end"]
    transcript.close()


async def test_a_reset_is_an_end_and_sending_into_it_fails():
    transcript = Transcript()
    near, far = pair(transcript, "near", "far")
    near.abort()
    assert await taken(far, far.take) == b""
    assert far.end is not None
    assert (far.end.kind, far.end.by) == ("RST", "peer")
    with pytest.raises(LinkLost):
        far.send(b"x")
    with pytest.raises(LinkLost):
        far.send_urgent(b"x")
    with pytest.raises(LocalMisuse):
        far.send_urgent(b"too many")
    far.finish()
    far.close()
    assert [event.name for event in transcript.events()][-1] == "finish.failed"
    transcript.close()


async def test_a_full_queue_takes_nothing_and_waits_for_nobody():
    transcript = Transcript()
    near, far = pair(transcript, "near", "far")
    for _ in range(10_000):
        if not near.send(b"x" * 65_536):
            break
    assert near.send(b"x" * 65_536) == 0
    near.abort()
    far.close()
    transcript.close()


async def test_a_listener_accepts_by_hand_and_a_stream_can_be_adopted():
    transcript = Transcript()
    listener = await listen_by_hand(Target("tcp", "127.0.0.1", 0), transcript)
    assert listener.is_listener
    assert listener.accept() is None
    host, _, port = listener.local.rpartition(":")
    caller = adopt(await dial(Target("tcp", host, int(port)), transcript))
    async with asyncio.timeout(60):
        while (came := listener.accept()) is None:  # noqa: ASYNC110 - the system is the only one who knows
            await asyncio.sleep(0.001)
    assert came.peer == caller.local
    caller.send(b"hi")
    assert await taken(came, came.take) == b"hi"
    with pytest.raises(LocalFault):
        await listen_by_hand(Target("tcp", host, int(port)), transcript)
    for each in (listener, caller, came):
        each.close()
    transcript.close()


async def test_an_adopted_connection_is_read_by_hand():
    transcript = Transcript()
    with scripted_peer([("send", b"x"), ("finish",)]) as peer:
        watched = adopt(await dial(Target("tcp", peer.host, peer.port), transcript))
        assert await taken(watched, watched.take) == b"x"
        assert await taken(watched, watched.take) == b""
        watched.close()
    transcript.close()


def test_a_crowd_is_given_back():
    before = set(os.listdir("/dev/fd"))
    crowd = Crowd(20)
    assert len(crowd.numbers) == len(set(crowd.numbers)) == 20
    crowd.close()
    assert set(os.listdir("/dev/fd")) == before
