"""The messages of the bench over a real connection: framed by TCP, bare by UDP, and what comes back. No Qt."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from workbench.errors import LinkLost, PeerMisbehaved, TooSlow
from workbench.formats.framing.chop import Cut, pieces
from workbench.formats.framing.values import MAX_MESSAGE, Decodes, Ending, Message, State
from workbench.formats.target import Target
from workbench.panels.sockets.framing.bench import MAX_STEPS, Reader
from workbench.panels.sockets.framing.state import Read, Step
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.stream import Stream

MAX_ANSWER = 4 * MAX_MESSAGE
"""Octets that are taken from a peer that never ends."""
QUIET_S = 2.0
"""How long UDP may be silent before what did not come is given up."""
Tell = Callable[[Read], None]


async def over_tcp(
    target: Target,
    transcript: Transcript,
    data: bytes,
    cut: Cut,
    decoder: Decodes,
    *,
    resolver: TargetResolver,
    report: Callable[[str], None],
    tell: Tell,
) -> Read:
    """Send the octets in the pieces of the cut, finish, and decode what comes until the end.

    Raises: WorkbenchError.
    """
    stream = await dial(target, transcript, resolver=resolver, report=report, title="framed")
    async with stream:
        report("talking")
        # Both at once: a peer that echoes stops reading when nobody takes its answers.
        sending = asyncio.create_task(_send(stream, data, cut), name="framing/send")
        try:
            return await _read(stream, decoder, tell)
        finally:
            sending.cancel()
            # A peer that resets us is told of by the end of the reading.
            with suppress(asyncio.CancelledError, LinkLost):
                await sending


async def _send(stream: Stream, data: bytes, cut: Cut) -> None:
    for piece in pieces(data, cut):
        if piece:
            await stream.send(piece)
            # Each piece leaves before the next is handed over; whether the network joins them is its business.
            await asyncio.sleep(0)
    await stream.finish()


async def _read(stream: Stream, decoder: Decodes, tell: Tell) -> Read:
    reader = Reader(decoder, is_live=True)
    arrived = bytearray()
    while data := await stream.read():
        arrived += data
        reader.feed(data)
        if len(arrived) > MAX_ANSWER:
            raise PeerMisbehaved(f"more than {MAX_ANSWER:,} octets came, and no end", stage="talking")
        tell(replace(reader.read, data=bytes(arrived)) if len(arrived) <= MAX_MESSAGE else reader.read)
        if decoder.broken is not None:
            break
    read = reader.finish(bytes(arrived))
    end = stream.end
    if end is not None and end.kind != "FIN" and read.ending is not None:
        # Only the peer's FIN says that it meant to end here.
        sentence = f"the connection ended otherwise: {end.sentence}"
        return replace(read, ending=Ending("incomplete", sentence, read.ending.messages))
    return read


async def over_udp(
    target: Target,
    transcript: Transcript,
    messages: tuple[bytes, ...],
    *,
    resolver: TargetResolver,
    report: Callable[[str], None],
    tell: Tell,
) -> Read:
    """Send each message as a datagram, bare, and take as many back.

    Raises: WorkbenchError.
    """
    report("talking")
    async with await open_datagram(transcript, remote=target, resolver=resolver, title="datagrams") as opened:
        for message in messages:
            await opened.send(message)
        return await _collected(opened, len(messages), tell)


async def _collected(opened: Datagram, wanted: int, tell: Tell) -> Read:
    read = Read(is_live=True, transport="udp", ending=Ending("complete", "each datagram is a message"))
    state = State("each datagram is a message", 0, None, MAX_MESSAGE)
    while len(read.messages) < wanted:
        try:
            received = await opened.receive(timeout_s=QUIET_S)
        except TooSlow:
            break
        start = len(read.data)
        stop = start + len(received.data)
        step = Step(start, stop, state, 1, f"a datagram from {received.source}")
        read = replace(
            read,
            data=read.data + received.data,
            messages=(*read.messages, Message(received.data, start, stop)),
            steps=(*read.steps, step)[:MAX_STEPS],
        )
        tell(read)
    return read
