"""Sends numbered messages to a server that echoes, and collects what comes back, by either transport."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from workbench.errors import LinkLost, LocalMisuse, TooSlow
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target
from workbench.protocols.reliability.ledger import Ledger
from workbench.protocols.reliability.message import MAX_NUMBER, SIZE, Message, decode, encode
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.stream import Stream
from workbench.wire.tcpinfo import TcpInfo

MAX_MESSAGES = 1_000
QUIET_S = 1.0
"""Without a datagram for so long no more are awaited; a relay lets one that waits to be overtaken go after 0.1 s."""
WITHIN_S = 30.0

Report = Callable[[Ledger], object]


class Outcome(NamedTuple):
    """What came of one transport. info: TCP's own measures at the end, None for UDP or where they can't be had."""

    ledger: Ledger
    info: TcpInfo | None = None


async def by_udp(
    target: Target,
    count: int,
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    quiet_s: float = QUIET_S,
    report: Report | None = None,
) -> Outcome:
    """The messages as datagrams, one each; what has not come back after `quiet_s` of silence is lost.

    Raises: LocalMisuse: no such count; LinkLost: nobody is there, or the name has no address.
    """
    _check(count)
    async with await open_datagram(transcript, remote=target, resolver=resolver) as socket:
        return Outcome(await exchange_datagrams(socket, count, quiet_s=quiet_s, report=report))


async def exchange_datagrams(
    socket: Datagram, count: int, *, quiet_s: float = QUIET_S, report: Report | None = None
) -> Ledger:
    """As by_udp, by a socket that is open and connected."""
    _check(count)
    arrived: list[Message] = []
    sending = asyncio.create_task(_send_datagrams(socket, count), name="send numbered")
    try:
        while len(arrived) < MAX_NUMBER:
            try:
                received = await socket.receive(timeout_s=quiet_s)
            except TooSlow:
                break
            arrived.append(decode(received.data))
            _tell(report, count, arrived)
        await sending
    finally:
        sending.cancel()
    return Ledger(count, tuple(arrived))


async def by_tcp(
    target: Target,
    count: int,
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    timeout_s: float = WITHIN_S,
    report: Report | None = None,
) -> Outcome:
    """The messages as one stream, read in pieces of a message's size, to the end or for `timeout_s`.

    Raises: LocalMisuse: no such count; LinkLost, TooSlow: no connection.
    """
    _check(count)
    async with await dial(target, transcript, resolver=resolver, timeout_s=timeout_s) as stream:
        ledger = await exchange_stream(stream, count, timeout_s=timeout_s, report=report)
        return Outcome(ledger, stream.tcp_info() if stream.is_open else None)


async def exchange_stream(
    stream: Stream, count: int, *, timeout_s: float = WITHIN_S, report: Report | None = None
) -> Ledger:
    """As by_tcp, by a connection that is open; our half is finished afterwards."""
    _check(count)
    arrived: list[Message] = []
    sending = asyncio.create_task(_send_stream(stream, count), name="send numbered")
    error = ""
    try:
        async with asyncio.timeout(timeout_s):
            while len(arrived) < count:
                data = await stream.read_exactly(SIZE)
                if len(data) < SIZE:
                    error = f"the stream ended within a message: {stream.end.sentence if stream.end else ''}"
                    break
                arrived.append(decode(data))
                _tell(report, count, arrived)
            else:
                await sending
                if await stream.read():
                    error = "more came back than was sent"
    except TimeoutError:
        error = f"nothing more came within {duration_s(timeout_s)}"
    except LinkLost as failure:
        error = str(failure)
    finally:
        sending.cancel()
        await asyncio.wait([sending])
        # What went wrong there is told by what came back; a task's failure that nobody looks at would be complained of.
        if not sending.cancelled():
            sending.exception()
    return Ledger(count, tuple(arrived), error)


async def _send_datagrams(socket: Datagram, count: int) -> None:
    for number in range(count):
        await socket.send(encode(number))
        # One a turn: a burst would fill the receiver's buffer, and its losses would be nobody's on the way.
        await asyncio.sleep(0)


async def _send_stream(stream: Stream, count: int) -> None:
    for number in range(count):
        await stream.send(encode(number))
    await stream.finish()


def _tell(report: Report | None, count: int, arrived: list[Message]) -> None:
    if report is not None:
        report(Ledger(count, tuple(arrived)))


def _check(count: int) -> None:
    if not 1 <= count <= MAX_MESSAGES:
        raise LocalMisuse(f"{count} messages: from 1 to {MAX_MESSAGES:,} can be sent", stage="request")
