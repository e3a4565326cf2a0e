"""The streams of a transcript, and which event an octet of a stream came in."""

import time
from collections.abc import Iterator
from typing import NamedTuple

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.selection import Spot

SLICE_NS = 3_000_000
MAX_LISTED = 400
"""Streams offered in a list; of more, those of the selected event can still be shown."""


class Stream(NamedTuple):
    """One channel, direction and layer."""

    channel: int
    direction: Direction
    layer: str


def streams(transcript: Transcript) -> list[Stream]:
    """Those that carried octets so far, by channel; at most MAX_LISTED."""
    found = []
    for info in transcript.channels:
        for layer in transcript.layers:
            for direction in (Direction.SENT, Direction.RECEIVED):
                if len(transcript.stream(info.number, direction, layer)):
                    found.append(Stream(info.number, direction, layer))
        if len(found) >= MAX_LISTED:
            break
    return found[:MAX_LISTED]


def stream_title(transcript: Transcript, stream: Stream) -> str:
    """For a list: arrow, direction, and what tells this stream from the others."""
    told = f"{stream.direction.arrow} {stream.direction.value}"
    if len(transcript.layers) > 1:
        told += f" {stream.layer}"
    if len(transcript.channels) > 1:
        info = transcript.channels[stream.channel]
        told += f" · {info.number} {info.title}"
    return told


def stream_of(event: Event) -> Stream:
    """The stream whose octets an event holds."""
    return Stream(event.channel, event.direction, event.layer)


class EventFinder:
    """Finds the event in which an octet of a stream came, by halving, in slices.

    Other streams' events tell nothing about this one, so a probe walks on to the next event of the stream; a stream
    with few events among millions of others takes several slices.
    """

    def __init__(self, transcript: Transcript, stream: Stream, offset: int) -> None:
        self._rows = Rows(transcript)
        self._stream = stream
        self._offset = offset
        self._work = self._go()
        self.found: Spot | None = None

    def step(self, budget_ns: int = SLICE_NS) -> bool:
        """Look on for a slice; returns whether there is more to do. `found` then holds the answer, or None."""
        stop_ns = time.monotonic_ns() + budget_ns
        return any(time.monotonic_ns() >= stop_ns for _ in self._work)

    def _go(self) -> Iterator[None]:
        low, high = 0, len(self._rows)
        while low < high:
            middle = (low + high) // 2
            event = None
            for number, candidate in enumerate(self._rows.onward(middle)):
                if candidate.index >= high:
                    break
                if candidate.kind == "bytes" and stream_of(candidate) == self._stream:
                    event = candidate
                    break
                if number % 256 == 255:
                    yield
            if event is None or event.offset > self._offset:
                high = middle
            elif event.offset + event.size <= self._offset:
                low = event.index + 1
            else:
                self.found = Spot(event.index, self._offset - event.offset)
                return
            yield
