"""Who is there? One question to everybody of a network, or of a group, and everyone who answers.

Contract. Every answer is listed with who sent it and how long it took; the search ends when nobody has answered for a
while. The limit of protocols.raw.broadcast holds whatever is asked for.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.raw.broadcast import Limiter, reach
from workbench.protocols.raw.question import Answer, Questions
from workbench.protocols.raw.values import DIRECT, Way
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import TargetResolver
from workbench.wire.options import parse_setting

QUIET_S: Final = 1.0
"""A machine of the same network answers within milliseconds; one that sleeps may take a second."""


async def open_to_everybody(
    target: Target, transcript: Transcript, *, resolver: TargetResolver | None = None, way: Way = DIRECT
) -> Datagram:
    """A socket that may send to everybody and hears everybody; to a group by the interface of `way.local`.

    Raises: as open_datagram; LocalMisuse: the address means one machine.
    """
    socket_ = await open_datagram(
        transcript,
        remote=target,
        local=way.local,
        resolver=resolver,
        settings=(parse_setting("BROADCAST=1"), *way.settings),
        hears_all=True,
    )
    try:
        host = host_of(socket_.asked)
        kind = reach(host)
        if kind == "one":
            raise LocalMisuse(
                f"{host} means one machine, not everybody",
                stage="connect",
                advice="use a broadcast address like 127.255.255.255, or a group like 239.255.1.1",
            )
        if kind == "group" and way.local is not None:
            socket_.membership.send_by(way.local.host)
    except BaseException:
        await socket_.aclose()
        raise
    return socket_


async def who_is_there(
    socket_: Datagram,
    sends: Sequence[bytes],
    limiter: Limiter,
    *,
    quiet_s: float = QUIET_S,
    heard: Callable[[Answer], object] | None = None,
) -> tuple[Answer, ...]:
    """Ask everybody, and list who answers until nobody has for `quiet_s`."""
    questions = Questions(socket_, "")
    reading = asyncio.create_task(_read(socket_, questions, heard), name="everybody/read")
    try:
        for data in sends:
            if limiter.take():
                await questions.ask(data, socket_.asked)
        if limiter.dropped:
            limited(socket_, limiter)
        while not reading.done():
            left_s = questions.heard_s + quiet_s - asyncio.get_running_loop().time()
            if left_s <= 0:
                break
            await asyncio.wait((reading,), timeout=left_s)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    return tuple(questions.answers)


def limited(socket_: Datagram, limiter: Limiter) -> None:
    """Write down that datagrams were held back."""
    socket_.channel.fact("broadcast.limited", dropped=limiter.dropped, per_s=limiter.per_s)


def host_of(address: str) -> str:
    """The host of "HOST:PORT" or "[V6]:PORT"."""
    return address.rpartition(":")[0].strip("[]")


async def _read(socket_: Datagram, questions: Questions, heard: Callable[[Answer], object] | None) -> None:
    while True:
        answer = questions.take(await socket_.receive())
        if heard is not None:
            heard(answer)
