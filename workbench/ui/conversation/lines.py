"""The rows of the Text form: the octets of the shown events as lines, found again by number without keeping them.

Events that follow each other in one stream are one run: their octets flow together however the reads cut them.
Another direction, another channel, a fact, a gap and each datagram end a run. Rows are counted in slices and every
64th leaves a checkpoint of 16 octets, past 4 MiB in an unlinked file; a row is read by walking on from the checkpoint
before it. So a line of 1 GiB and 100,000 short ones cost the same: nothing.
"""

import struct
import time
from collections.abc import Iterator
from typing import NamedTuple

from workbench.transcript.records import Event
from workbench.transcript.redact import shown
from workbench.transcript.spool import Store
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.rows import Rows

EVERY = 64
"""Rows from one checkpoint to the next."""
SLICE_NS = 4_000_000
BLOCK_OCTETS = 16 * 1024
BLOCK_EVENTS = 1024
LOOK_BACK = 64 * 1024
"""Octets looked through for the beginning of a line where no checkpoint is near yet."""
DATAGRAMS = frozenset({"udp"})
"""Layers in which every event is a message of its own."""

_RECORD = struct.Struct("<QQ")


class Place(NamedTuple):
    """Where something stands: the row of an event in the list, and an octet of that event."""

    row: int
    octet: int


class Piece(NamedTuple):
    """Octets start to stop of one event, in one row of text."""

    event: Event
    start: int
    stop: int


class TextRow(NamedTuple):
    """One row of text.

    Attributes:
        place: where it begins.
        pieces: the events it is made of, in order; one without octets for a fact or an empty datagram.
        data: their octets, secrets masked.
        begins_run, begins_line: whether a run or a line begins here; else it goes on.
        ends_run: whether nothing of this run follows.
    """

    place: Place
    pieces: tuple[Piece, ...]
    data: bytes
    begins_run: bool
    begins_line: bool
    ends_run: bool

    @property
    def event(self) -> Event:
        """The event it begins in."""
        return self.pieces[0].event

    @property
    def offset(self) -> int:
        """The place of its first octet in its stream."""
        return self.event.offset + self.pieces[0].start


class _Block(NamedTuple):
    """Octets of one run from a place on, and where rows end in them.

    ends holds the end of an open last row only if the run ends there. is_last: nothing follows so far.
    """

    row: int
    pieces: list[Piece]
    data: bytes
    ends: list[int]
    ends_run: bool
    is_last: bool


class TextLines:
    """The rows of text over the events of a list.

    Args:
        rows: the events; may grow at the end.
        breaks: where rows of text end.
    """

    def __init__(self, rows: Rows, breaks: RowBreaks) -> None:
        self.rows = rows
        self.breaks = breaks
        self._store = Store(4 * 1024 * 1024)
        self._spool = self._store.spool()
        self._spool.append_in_memory(_RECORD.pack(0, 0))
        self._closed = 0
        self._open = Place(0, 0)
        self._open_size = 0
        self._seen = 0

    def __len__(self) -> int:
        """The rows counted so far."""
        return self._closed + (1 if self._open_size else 0)

    @property
    def is_complete(self) -> bool:
        """Whether every shown event was counted."""
        return self._seen == len(self.rows)

    @property
    def counted(self) -> int:
        """The events counted so far."""
        return len(self.rows) if self.is_complete else min(self._open.row, len(self.rows))

    def close(self) -> None:
        """Give memory and file back."""
        self._store.close()

    # Counting

    def step(self, budget_ns: int = SLICE_NS) -> bool:
        """Count on for a slice; returns whether there is more to do."""
        stop_ns = time.monotonic_ns() + budget_ns
        while not self.is_complete:
            total = len(self.rows)
            for block in self._blocks(self._open, BLOCK_OCTETS):
                self._count(block)
                if block.is_last:
                    self._seen = total
                elif time.monotonic_ns() >= stop_ns:
                    return True
            if self._open.row >= total:
                self._seen = total
        return False

    def _count(self, block: _Block) -> None:
        ends = block.ends
        for number in range(-self._closed % EVERY or EVERY, len(ends) + 1, EVERY):
            self._spool.append_in_memory(_RECORD.pack(*_place_at(block, ends[number - 1])))
        self._closed += len(ends)
        done = ends[-1] if ends else 0
        self._open_size = len(block.data) - done
        if ends:
            self._open = _place_at(block, done)

    # Reading

    def read(self, first: int, count: int) -> list[TextRow]:
        """Rows first to first + count, as far as they are counted."""
        if not 0 <= first < len(self):
            return []
        count = min(count, len(self) - first)
        number = first // EVERY
        data = self._spool.read(number * _RECORD.size, (number + 1) * _RECORD.size)
        skip = first - number * EVERY
        found: list[TextRow] = []
        for row in self.walk(Place(*_RECORD.unpack(data)), skip + count):
            if skip:
                skip -= 1
                continue
            found.append(row)
        return found

    def walk(self, place: Place, count: int) -> Iterator[TextRow]:
        """At most `count` rows from a place at which a row begins, counted or not."""
        before = self._before(place)
        while count > 0:
            is_at_end = True
            for block in self._blocks(place, count * self.breaks.limit):
                ends = block.ends
                if block.is_last and (ends[-1] if ends else 0) < len(block.data):
                    ends = [*ends, len(block.data)]
                for row in self._cut(block, ends[:count], before):
                    yield row
                    before = (row.pieces[-1].event, row.data)
                count -= len(ends)
                if count <= 0 or block.is_last:
                    return
                place = _place_at(block, ends[-1])
                is_at_end = False
            if is_at_end:
                return

    def row_of(self, place: Place) -> int | None:
        """The number of the row in which a place stands; None when it was not counted so far."""
        if place >= self._open and not (self.is_complete and len(self)):
            return None
        low, high = 0, len(self._spool) // _RECORD.size
        while high - low > 1:
            middle = (low + high) // 2
            record = self._spool.read(middle * _RECORD.size, (middle + 1) * _RECORD.size)
            if _RECORD.unpack(record) <= place:
                low = middle
            else:
                high = middle
        number = low * EVERY
        for row in self.read(number, EVERY):
            last = row.pieces[-1]
            end_row = row.place.row + len(row.pieces) - 1
            if place < (end_row, max(last.stop, 1)):
                return number
            number += 1
        return min(number, len(self) - 1)

    def before(self, place: Place, count: int) -> list[TextRow]:
        """Up to `count` rows that end at a place, for where nothing was counted yet.

        They begin at the last line end within reach; without one, where a full row would begin if the reach did.
        """
        reach = min(LOOK_BACK, (count + 1) * self.breaks.limit)
        start = self._back(place, reach)
        found: list[TextRow] = []
        for row in self.walk(start, reach + count):
            if row.place >= place:
                break
            found.append(row)
        return found[-count:]

    @property
    def end(self) -> Place:
        """Behind the last octet of the last event."""
        return Place(len(self.rows), 0)

    def _back(self, place: Place, reach: int) -> Place:
        row, octet = place
        size = 0
        while size < reach and (row or octet):
            if octet == 0:
                row -= 1
                octet = max(1, self.rows.event(row).size)
            step = min(octet, reach - size)
            size, octet = size + step, octet - step
            if place.row - row >= BLOCK_EVENTS:
                break
        event = self.rows.event(row) if row < len(self.rows) else None
        if event is None or not octet or event.kind == "fact":
            return Place(row, 0)
        data = shown(self.rows.transcript, event, octet, octet + reach)
        ends = self.breaks.ends(data, event.offset + octet)
        if not ends or place == (row, octet + ends[0]):
            return Place(row, octet)
        return Place(row, octet + ends[0])

    def _cut(self, block: _Block, ends: list[int], before: tuple[Event, bytes] | None) -> Iterator[TextRow]:
        start, number, into = 0, 0, 0
        pieces = block.pieces
        begins_run = before is None or not joined(before[0], pieces[0].event, pieces[0].start)
        begins_line = begins_run or (before is not None and before[1].endswith(self.breaks.newline))
        for end in ends:
            held = []
            left = end - start
            row = block.row + number
            octet = pieces[number].start + into
            while True:
                piece = pieces[number]
                size = piece.stop - piece.start - into
                take = min(left, size)
                held.append(Piece(piece.event, piece.start + into, piece.start + into + take))
                left, into = left - take, into + take
                if take == size:
                    number, into = number + 1, 0
                if not left:
                    break
            data = block.data[start:end]
            ends_run = block.ends_run and end == len(block.data)
            yield TextRow(Place(row, octet), tuple(held), data, begins_run, begins_line, ends_run)
            begins_run, begins_line = False, data.endswith(self.breaks.newline)
            start = end

    def _before(self, place: Place) -> tuple[Event, bytes] | None:
        """The event that stands before a place, and its last octets."""
        row, octet = place
        if octet:
            event, stop = self.rows.event(row), octet
        elif row:
            event = self.rows.event(row - 1)
            stop = event.size
        else:
            return None
        return event, shown(self.rows.transcript, event, max(0, stop - 4), stop)

    def _blocks(self, place: Place, octets: int) -> Iterator[_Block]:
        """The runs from a place on; the last block may stop in the middle of one, after about `octets` of it."""
        rows = self.rows
        most = max(BLOCK_EVENTS, self.breaks.limit + 1)
        octets = max(octets, self.breaks.limit + 1)
        pieces: list[Piece] = []
        row, octet = place
        size = 0
        for event in rows.onward(row):
            if pieces:
                if not joined(pieces[-1].event, event, 0):
                    yield self._block(row, pieces, ends_run=True)
                    row += len(pieces)
                    pieces, size = [], 0
                elif size >= octets or len(pieces) >= most:
                    yield self._block(row, pieces, ends_run=False)
                    return
            stop = min(event.size, octet + octets - size)
            pieces.append(Piece(event, octet, stop))
            size += stop - octet
            octet = 0
            if stop < event.size:
                yield self._block(row, pieces, ends_run=False)
                return
        if pieces:
            last = pieces[-1].event
            yield self._block(row, pieces, ends_run=not last.size, is_last=True)

    def _block(self, row: int, pieces: list[Piece], *, ends_run: bool, is_last: bool = False) -> _Block:
        first = pieces[0]
        if not first.event.size:
            return _Block(row, pieces, b"", [0], True, is_last)
        data = self._octets(pieces)
        ends = self.breaks.ends(data, first.event.offset + first.start)
        if ends_run and (not ends or ends[-1] < len(data)):
            ends.append(len(data))
        return _Block(row, pieces, data, ends, ends_run, is_last)

    def _octets(self, pieces: list[Piece]) -> bytes:
        transcript = self.rows.transcript
        first, last = pieces[0], pieces[-1]
        if any(transcript.secrets(piece.event) for piece in pieces):
            return b"".join(shown(transcript, piece.event, piece.start, piece.stop) for piece in pieces)
        event = first.event
        stream = transcript.stream(event.channel, event.direction, event.layer)
        return stream.read(event.offset + first.start, last.event.offset + last.stop)


def joined(before: Event, event: Event, start: int) -> bool:
    """Whether an event goes on where the one before it ended; from `start` on it goes on from itself."""
    if start:
        return True
    return (
        before.kind == event.kind == "bytes"
        and before.offset + before.size == event.offset
        and before.channel == event.channel
        and before.direction is event.direction
        and before.layer == event.layer
        and before.layer not in DATAGRAMS
        and bool(before.size)
        and bool(event.size)
    )


def _place_at(block: _Block, position: int) -> Place:
    """The place of a position in a block; behind an event it is the beginning of the next one."""
    pieces = block.pieces
    if not block.data:
        return Place(block.row + 1, 0)
    target = pieces[0].event.offset + pieces[0].start + position
    low, high = 0, len(pieces)
    while high - low > 1:
        middle = (low + high) // 2
        if pieces[middle].event.offset <= target:
            low = middle
        else:
            high = middle
    event = pieces[low].event
    octet = target - event.offset
    return Place(block.row + low + 1, 0) if octet >= event.size else Place(block.row + low, octet)
