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


class Tls(NamedTuple):
    """The TLS of a recorded channel. received: octets in clear before it began; 0 where it began at once."""

    received: int
    alpn: tuple[str, ...]


class Recorded(NamedTuple):
    """One channel of a transcript, measured for its replay. Under TLS the plaintext is meant throughout.

    sent, received: octets; sends, answers: events of octets. began_ns: when the connection stood, on the transcript's
    clock; lasted_ns: from there to its last event. end: how the peer ended, "" where it did not before we closed.
    layer: what carried it: "tcp", "udp" or "unix".
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
    layer: str = "tcp"
    tls: Tls | None = None


class Hearing:
    """Tells of one event after another what was said to the server of a channel, and to nobody in between.

    A dialogue with a proxy was said to the proxy. Once TLS began, its plaintext was said, and the records carry it.
    """

    def __init__(self, channel: int) -> None:
        self.channel = channel
        self.is_protected = False

    def hears(self, event: Event) -> bool:
        """Whether the event belongs: a fact of the channel, or octets that were said. Ask of each in its order."""
        if event.channel != self.channel or event.layer == PROXY:
            return False
        if event.kind == "fact":
            self.is_protected |= event.name == TLS_STARTED
            return True
        return (event.layer == TLS) == self.is_protected


PROXY = "proxy"
"""The layer of what was said to a proxy: the way to the server, no part of what was said to it."""
TLS = "tls"
TLS_STARTED = "tls.started"
STREAMS = frozenset({"tcp", "unix"})
SLICE_NS = 4_000_000
"""How long a window is kept from its next turn."""


def measure(transcript: Transcript, channel: int | None = None) -> Recorded:
    """What is there to be replayed.

    Args:
        channel: its number; None for the only one that sent octets.

    Raises: LocalMisuse: there is no such channel, or several; what it sent is masked, or only its records are there.
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
    measuring = _Measuring(transcript, number)
    for event in transcript.events():
        yield
        measuring.take(event)
    return measuring.result()


class _Measuring:
    def __init__(self, transcript: Transcript, number: int) -> None:
        self._transcript = transcript
        self._number = number
        self._hearing = Hearing(number)
        self._sent = self._received = self._sends = self._answers = self._last_ns = 0
        self._began_ns: int | None = None
        self._end = ""
        self._layer = ""
        self._tls: Tls | None = None

    def take(self, event: Event) -> None:
        """Raises: LocalMisuse: this can't be said again."""
        if not self._hearing.hears(event):
            if event.channel == self._number and event.layer == TLS:
                raise LocalMisuse(
                    f"channel {self._number} was encrypted, and where that began is not recorded",
                    advice="replay a conversation that was recorded from its beginning",
                )
            return
        self._last_ns = event.time_ns
        if event.kind == "fact":
            self._fact(event)
            return
        self._began_ns = event.time_ns if self._began_ns is None else self._began_ns
        if event.layer != TLS:
            self._layer = self._layer or event.layer
        if event.direction is Direction.SENT:
            _check_unmasked(self._transcript, event)
            self._sent, self._sends = self._sent + event.size, self._sends + 1
        else:
            self._received, self._answers = self._received + event.size, self._answers + 1

    def _fact(self, event: Event) -> None:
        if event.name in ("connect.complete", "accept.complete", "datagram.open"):
            self._began_ns = event.time_ns
        elif event.name == TLS_STARTED and self._tls is None:
            offered = event.values.get("alpn")
            names = offered if isinstance(offered, list | tuple) else ()
            self._tls = Tls(self._received, tuple(str(name) for name in names))
        elif event.name in ("end", "tls.end") and event.values.get("by") == "peer":
            # Under TLS its end comes first; how the connection below ended then says nothing more.
            self._end = self._end or str(event.values.get("kind", ""))

    def result(self) -> Recorded:
        """Raises: LocalMisuse: there is nothing to be said again."""
        number, transcript = self._number, self._transcript
        if not self._sends:
            raise LocalMisuse(
                f"channel {number} sent nothing that could be sent again", advice=_list(transcript)
            )
        layer = self._layer or transcript.channels[number].layer
        began_ns = self._began_ns or 0
        return Recorded(
            number,
            "tcp" if layer in STREAMS else "udp",
            self._sent,
            self._received,
            self._sends,
            self._answers,
            began_ns,
            max(0, self._last_ns - began_ns),
            self._end,
            layer,
            self._tls,
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
