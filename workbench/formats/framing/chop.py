"""The adversarial chopper: a decoder is fed a stream in every cut there is, and must say the same each time.

Strategy. A stream of n octets can be cut in 2**(n-1) ways. Up to `exhaustive` octets all of them are tried; a longer
one is cut in two at every place, into single octets, and into pieces of two, three and five. What is compared is all
that a decoder says: the messages with their places, where and why it broke, and what it made of the end. The work is
done in slices by whoever owns the loop.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from workbench.formats.framing.values import Broken, Decodes, Ending, Message, Remark, State

EXHAUSTIVE: Final = 12
"""Octets whose cuts are all tried: 2,048 ways, some 30 ms. Each octet more doubles it."""
MOST_EXHAUSTIVE: Final = 16
MAX_PLACES: Final = 4096
"""Places at which a long stream is cut in two: each costs as much as reading it once."""
SLICE_NS: Final = 4_000_000
PIECES: Final = (1, 2, 3, 5)

Cut = tuple[int, ...]
"""Where a stream is cut: places between octets, ascending. () is in one piece."""


class Said(NamedTuple):
    """All that a decoder said of a stream."""

    messages: tuple[Message, ...]
    broken: Broken | None
    ending: Ending


class Report(NamedTuple):
    """What came of it.

    tried, planned: cuts. differs: the first that made the decoder say something else, None where none did; then `said`.
    skipped: places of a long stream that were left out.
    """

    tried: int
    planned: int
    whole: Said
    differs: Cut | None = None
    said: Said | None = None
    skipped: int = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to try."""
        return self.differs is not None or self.tried == self.planned


def pieces(data: bytes, cut: Cut) -> Iterator[bytes]:
    """The stream, cut."""
    at = 0
    for place in (*cut, len(data)):
        yield data[at:place]
        at = place


def say(decoder: Decodes, data: bytes, cut: Cut = ()) -> Said:
    """What a fresh decoder says of a stream that is cut like this, and then ends."""
    messages: list[Message] = []
    for piece in pieces(data, cut):
        messages += decoder.feed(piece)
    ending = decoder.finish()
    return Said((*messages, *ending.messages), decoder.broken, ending)


def every_way(size: int) -> Iterator[Cut]:
    """All 2**(size - 1) cuts of so many octets, but for the one that is in one piece."""
    for bits in range(1, 1 << max(0, size - 1)):
        yield tuple(place for place in range(1, size) if bits >> (place - 1) & 1)


def long_ways(size: int) -> Iterator[Cut]:
    """Cuts of a long stream: equal pieces, and in two at every place, at most MAX_PLACES of them, evenly spread."""
    for piece in PIECES:
        yield tuple(range(piece, size, piece))
    step = max(1, -(-(size - 1) // MAX_PLACES))
    for place in range(1, size, step):
        yield (place,)


class Chopper:
    """Tries every cut of one stream, a slice at a time.

    Args:
        make: makes a fresh decoder.
        exhaustive: octets up to which all cuts are tried, at most MOST_EXHAUSTIVE.
    """

    def __init__(self, make: Callable[[], Decodes], data: bytes, exhaustive: int = EXHAUSTIVE) -> None:
        self._make = make
        self._data = data
        size = len(data)
        if size <= min(exhaustive, MOST_EXHAUSTIVE):
            self._cuts = every_way(size)
            planned, skipped = max(0, (1 << max(0, size - 1)) - 1), 0
        else:
            self._cuts = long_ways(size)
            planned = len(PIECES) + len(range(1, size, max(1, -(-(size - 1) // MAX_PLACES))))
            skipped = size - 1 + len(PIECES) - planned
        whole = say(make(), data)
        self.report = Report(1, planned + 1, whole, skipped=skipped)

    def step(self, budget_ns: int = SLICE_NS) -> Report:
        """Try on for a while; one cut at least."""
        stop = time.perf_counter_ns() + budget_ns
        while not self.report.is_done:
            cut = next(self._cuts)
            said = say(self._make(), self._data, cut)
            report = self.report._replace(tried=self.report.tried + 1)
            if said != report.whole:
                report = report._replace(differs=cut, said=said)
            self.report = report
            if time.perf_counter_ns() >= stop:
                break
        return self.report

    def run(self) -> Report:
        """Try all of them."""
        while not self.report.is_done:
            self.step()
        return self.report


class ForgetsBetweenReads:
    """The mistake that the chopper is for: each read is decoded by itself, and what it lacks is taken to be all.

    It is right as long as every read happens to bring whole messages, which on one machine it nearly always does.
    """

    def __init__(self, make: Callable[[], Decodes]) -> None:
        self._make = make
        self._taken = 0
        self._state = make().state
        self.broken: Broken | None = None
        self.remarks: list[Remark] = []

    @property
    def state(self) -> State:
        """Always at the beginning: it keeps nothing."""
        return self._state

    def feed(self, data: bytes) -> list[Message]:
        """Decode one read as if it were the whole stream."""
        if self.broken is not None or not data:
            return []
        inner = self._make()
        messages = inner.feed(data)
        self.broken = inner.broken
        if inner.broken is None and inner.finish().word != "complete":
            rest = data[messages[-1].stop if messages else 0 :]
            messages.append(Message(rest, len(data) - len(rest), len(data)))
        at, self._taken = self._taken, self._taken + len(data)
        return [message._replace(start=message.start + at, stop=message.stop + at) for message in messages]

    def finish(self) -> Ending:
        """Nothing is ever missing, it believes."""
        return (
            Ending("broken", self.broken.what)
            if self.broken is not None
            else Ending("complete", "it kept nothing")
        )
