"""Two conversations against each other in slices, with what is needed to show the places side by side.

The findings are those of transcript.compare, which goes through everything in one call; here a slice ends after a few
milliseconds, and each finding knows the channel on both sides.
"""

import time
from collections.abc import Iterator
from typing import NamedTuple

from workbench.transcript.compare import SHOWN, Difference
from workbench.transcript.recorder import StreamBytes, Transcript
from workbench.transcript.records import Direction

SLICE_NS = 4_000_000
PIECE = 128 * 1024
MAX_MARKS = 2000
"""Ranges marked in one stretch of octets; more is a stretch that simply differs."""


class Pair(NamedTuple):
    """A stream and its counterpart; a channel is None on the side that has none."""

    left: int | None
    right: int | None
    direction: Direction
    layer: str


class Finding(NamedTuple):
    """Where one pair of streams parts. is_secret: at octets that are masked on either side."""

    pair: Pair
    difference: Difference
    is_secret: bool = False

    @property
    def sentence(self) -> str:
        """For people; of a secret only the place is told."""
        if self.is_secret:
            return f"octet {self.difference.offset} differs, within a secret"
        return self.difference.sentence.partition(": ")[2]


class Comparison:
    """The streams of two transcripts, paired as transcript.compare pairs them.

    Args:
        only: of the left one, compare this channel alone, with the first of the right one.
        layer: compare this layer alone; "" is all.

    Attributes:
        findings: the first difference of every pair that differs, so far.
        equal: the pairs without any, so far.
        done, total: octets looked at, and of all.
    """

    def __init__(
        self, left: Transcript, right: Transcript, *, only: int | None = None, layer: str = ""
    ) -> None:
        self.left = left
        self.right = right
        self.findings: list[Finding] = []
        self.equal = 0
        self.done = 0
        pairs = _pairs(left, right, only, layer)
        self.total = sum(
            min(len(stream_of(left, p.left, p)), len(stream_of(right, p.right, p))) for p in pairs
        )
        self._pairs = iter(pairs)
        self._work = self._go()
        self.is_complete = False

    def step(self, budget_ns: int = SLICE_NS) -> bool:
        """Compare on for a slice; returns whether there is more to do."""
        stop_ns = time.monotonic_ns() + budget_ns
        for _ in self._work:
            if time.monotonic_ns() >= stop_ns:
                return True
        self.is_complete = True
        return False

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        found = len(self.findings)
        if not self.is_complete:
            return "Comparing …"
        if not found:
            return "All octets are equal." if self.equal else "Neither conversation carried octets."
        differ = "1 stream differs" if found == 1 else f"{found} streams differ"
        return f"{differ}, {self.equal} {'is' if self.equal == 1 else 'are'} equal."

    def _go(self) -> Iterator[None]:
        for pair in self._pairs:
            a, b = stream_of(self.left, pair.left, pair), stream_of(self.right, pair.right, pair)
            sizes = len(a), len(b)
            offset = None
            for start in range(0, min(sizes), PIECE):
                stop = min(start + PIECE, *sizes)
                mine, yours = a.read(start, stop), b.read(start, stop)
                self.done += stop - start
                if mine != yours:
                    offset = start + _first(mine, yours)
                    break
                yield
            if offset is None and sizes[0] != sizes[1]:
                offset = min(sizes)
            if offset is None:
                self.equal += 1
            else:
                self._found(pair, offset, a, b)
            yield

    def _found(self, pair: Pair, offset: int, a: StreamBytes, b: StreamBytes) -> None:
        number = pair.left if pair.left is not None else pair.right
        assert number is not None
        shown = a.read(offset, offset + SHOWN), b.read(offset, offset + SHOWN)
        difference = Difference(number, pair.direction, pair.layer, offset, *shown, len(a), len(b))
        is_secret = _is_secret(self.left, pair.left, pair, offset) or _is_secret(
            self.right, pair.right, pair, offset
        )
        self.findings.append(Finding(pair, difference, is_secret))


def stream_of(transcript: Transcript, channel: int | None, pair: Pair) -> StreamBytes:
    """One side of a pair; empty where there is no such channel."""
    if channel is None:
        return StreamBytes(None)
    return transcript.stream(channel, pair.direction, pair.layer)


def differing(left: bytes, right: bytes, start: int = 0) -> list[tuple[int, int]]:
    """The ranges in which two stretches of octets differ, place by place; what only one of them has differs too.

    Args:
        start: the offset of the first octet of both, added to the ranges.
    """
    shared = min(len(left), len(right))
    found: list[tuple[int, int]] = []
    at = 0
    while at < shared and len(found) < MAX_MARKS:
        if left[at] == right[at]:
            at += 1
            continue
        begin = at
        while at < shared and left[at] != right[at]:
            at += 1
        found.append((start + begin, start + at))
    longest = max(len(left), len(right))
    if longest > shared:
        if found and found[-1][1] == start + shared:
            found[-1] = (found[-1][0], start + longest)
        else:
            found.append((start + shared, start + longest))
    return found


def _is_secret(transcript: Transcript, channel: int | None, pair: Pair, offset: int) -> bool:
    if channel is None:
        return False
    ranges = transcript.stream_secrets(channel, pair.direction, pair.layer)
    return any(first <= offset < last for first, last in ranges)


def _pairs(left: Transcript, right: Transcript, only: int | None, layer: str) -> list[Pair]:
    ours, theirs = _carrying(left) if only is None else [only], _carrying(right)
    layers = (layer,) if layer else tuple(dict.fromkeys((*left.layers, *right.layers)))
    return [
        pair
        for place in range(max(len(ours), len(theirs)))
        for layer in layers
        for direction in (Direction.SENT, Direction.RECEIVED)
        for pair in [
            Pair(
                ours[place] if place < len(ours) else None,
                theirs[place] if place < len(theirs) else None,
                direction,
                layer,
            )
        ]
        if len(stream_of(left, pair.left, pair)) or len(stream_of(right, pair.right, pair))
    ]


def _carrying(transcript: Transcript) -> list[int]:
    """Numbers of the channels that carried octets."""
    return [
        info.number
        for info in transcript.channels
        if any(
            len(transcript.stream(info.number, direction, layer))
            for layer in transcript.layers
            for direction in (Direction.SENT, Direction.RECEIVED)
        )
    ]


def _first(mine: bytes, yours: bytes) -> int:
    """The first place at which two stretches of equal length differ, by halving: comparing is quicker than looping."""
    low, high = 0, len(mine)
    while high - low > 1:
        middle = (low + high) // 2
        if mine[low:middle] == yours[low:middle]:
            low = middle
        else:
            high = middle
    return low
