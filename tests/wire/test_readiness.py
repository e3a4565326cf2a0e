"""Waiting for a socket loses nothing and leaves nothing registered."""

import asyncio
import socket

import pytest

from workbench.errors import TooSlow
from workbench.wire.readiness import Readiness


def pair() -> tuple[socket.socket, socket.socket]:
    left, right = socket.socketpair()
    left.setblocking(False)
    return left, right


async def test_a_waiter_wakes_when_octets_arrive():
    left, right = pair()
    ready = Readiness(left)
    waiting = asyncio.create_task(ready.readable(None))
    await asyncio.sleep(0)
    right.send(b"x")
    await waiting
    assert left.recv(9) == b"x"
    ready.close()
    left.close()
    right.close()


async def test_a_time_limit_is_too_slow_with_its_words():
    left, right = pair()
    ready = Readiness(left)
    with pytest.raises(TooSlow, match=r"nobody spoke within 10 ms") as caught:
        await ready.readable(0.01, "nobody spoke")
    assert caught.value.stage == "receive"
    while True:
        try:
            left.send(b"x" * 65536)
        except BlockingIOError:
            break
    with pytest.raises(TooSlow) as caught:
        await ready.writable(0.01)
    assert caught.value.stage == "send"
    ready.close()
    left.close()
    right.close()


async def test_octets_that_nobody_waits_for_do_not_spin_the_loop():
    left, right = pair()
    ready = Readiness(left)
    waiting = asyncio.create_task(ready.readable(None))
    await asyncio.sleep(0)
    right.send(b"x")
    await waiting
    loop = asyncio.get_running_loop()
    # Nobody reads: the first further wake-up must unregister the socket.
    for _ in range(3):
        await asyncio.sleep(0)
    assert not loop.remove_reader(left.fileno())
    ready.close()
    left.close()
    right.close()


async def test_closing_wakes_whoever_waits():
    left, right = pair()
    ready = Readiness(left)
    waiting = asyncio.create_task(ready.readable(None))
    await asyncio.sleep(0)
    ready.close()
    await waiting
    left.close()
    right.close()
