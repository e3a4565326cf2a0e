"""One channel of a recorded conversation, measured for its replay."""

import asyncio
import time
from collections.abc import Generator
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.protocols.raw.values import Transport
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import masked


class Recorded(NamedTuple):
    """One channel of a transcript, measured for its replay.

    sent, received: octets; sends, answers: events of octets. began_ns: when the connection stood, on the transcript's
    clock; lasted_ns: from there to its last event. end: how the peer ended, "" where it did not before we closed.
    """

    channel: int
    transport: Transport
    sent: int
    received: int
    sends: int
    answers: int
    began_ns: int
    lasted_ns: int
    end: str


PROXY = "proxy"
"""The layer of what was said to a proxy: the way to the server, no part of what was said to it."""
SLICE_NS = 4_000_000
"""How long a window is kept from its next turn."""


def measure(transcript: Transcript, channel: int | None = None) -> Recorded:
    """What is there to be replayed.

    Args:
        channel: its number; None for the only one that sent octets.

    Raises: LocalMisuse: there is no such channel, or several; it carried TLS; what it sent is masked.
    """
    work = _measuring(transcript, channel)
    while True:
        try:
            next(work)
        except StopIteration as stop:
            found: Recorded = stop.value
            return found


async def measure_in_slices(transcript: Transcript, channel: int | None = None) -> Recorded:
    """The same, letting others have their turn: a conversation may have millions of events.

    Raises: as `measure`.
    """
    work = _measuring(transcript, channel)
    until_ns = time.monotonic_ns() + SLICE_NS
    while True:
        try:
            next(work)
        except StopIteration as stop:
            found: Recorded = stop.value
            return found
        if time.monotonic_ns() >= until_ns:
            await asyncio.sleep(0)
            until_ns = time.monotonic_ns() + SLICE_NS


def _measuring(transcript: Transcript, channel: int | None) -> Generator[None, None, Recorded]:
    number = (yield from _only(transcript)) if channel is None else channel
    if not 0 <= number < len(transcript.channels):
        raise LocalMisuse(f"there is no channel {number} in this conversation", advice=_list(transcript))
    sent = received = sends = answers = last_ns = 0
    began_ns: int | None = None
    end = ""
    layers: set[str] = set()
    for event in transcript.events():
        yield
        if event.channel != number or event.layer == PROXY:
            continue
        last_ns = event.time_ns
        if event.kind == "fact":
            if event.name in ("connect.complete", "accept.complete", "datagram.open"):
                began_ns = event.time_ns
            elif event.name == "end" and event.values.get("by") == "peer":
                end = str(event.values.get("kind", ""))
            continue
        began_ns = event.time_ns if began_ns is None else began_ns
        layers.add(event.layer)
        if event.direction is Direction.SENT:
            _check_unmasked(transcript, event)
            sent, sends = sent + event.size, sends + 1
        else:
            received, answers = received + event.size, answers + 1
    if not sends:
        raise LocalMisuse(f"channel {number} sent nothing that could be sent again", advice=_list(transcript))
    if layers == {"unix"}:
        raise LocalMisuse(
            f"channel {number} was a talk by a Unix socket, which has no address of another server",
            advice="replay a conversation that was had by TCP or UDP",
        )
    if not layers <= {"tcp", "udp"} or len(layers) > 1:
        raise LocalMisuse(
            f"channel {number} was encrypted: its records mean nothing to another server",
            advice="replay a conversation that was had in clear",
        )
    transport: Transport = "udp" if "udp" in layers else "tcp"
    began_ns = began_ns or 0
    return Recorded(
        number, transport, sent, received, sends, answers, began_ns, max(0, last_ns - began_ns), end
    )


def _only(transcript: Transcript) -> Generator[None, None, int]:
    """The only channel that sent octets, or an empty datagram."""
    numbers = set()
    for event in transcript.events():
        yield
        if event.direction is Direction.SENT:
            numbers.add(event.channel)
    if len(numbers) == 1:
        return numbers.pop()
    if not numbers:
        raise LocalMisuse("nothing was sent in this conversation", advice="there is nothing to replay")
    raise LocalMisuse(
        f"octets were sent in {len(numbers)} channels of this conversation; which one?",
        advice=_list(transcript),
    )


def _list(transcript: Transcript) -> str:
    told = [f"{info.number} ({info.title})" for info in transcript.channels[:8]]
    more = f" and {len(transcript.channels) - 8} more" if len(transcript.channels) > 8 else ""
    return f"choose a channel: {', '.join(told)}{more}" if told else "the conversation has no channels"


def _check_unmasked(transcript: Transcript, event: Event) -> None:
    """Refuse what a saved file holds asterisks for: a server would take them for the password."""
    secrets = [(start, min(stop, event.size)) for start, stop in transcript.secrets(event)]
    for start, stop in secrets:
        data = transcript.data(event, start, stop)
        if data and data == masked(data, [(0, len(data))]):
            raise LocalMisuse(
                f"event {event.index} holds a secret that is masked: it can't be sent again",
                advice="save the conversation with its secrets (--with-secrets) and replay that",
            )
