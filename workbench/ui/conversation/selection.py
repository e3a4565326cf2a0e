"""What a person selected: whole events as ranges of their numbers, or octets from one spot to another."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from workbench.ui.conversation.lines import Piece
from workbench.ui.conversation.rows import Rows

Range = tuple[int, int]


class EventSelection(NamedTuple):
    """Selected events.

    Attributes:
        ranges: of event numbers, half open, ascending and apart. Events that a filter hides are not meant.
        anchor: where extending begins.
        current: the event that has the focus; None before anyone pointed at one.
    """

    ranges: tuple[Range, ...] = ()
    anchor: int | None = None
    current: int | None = None

    def __contains__(self, index: object) -> bool:
        if not isinstance(index, int):
            return False
        place = bisect_right(self.ranges, (index, 1 << 62)) - 1
        return place >= 0 and self.ranges[place][0] <= index < self.ranges[place][1]

    def only(self, index: int) -> "EventSelection":
        """That event alone."""
        return EventSelection(((index, index + 1),), index, index)

    def extended(self, index: int) -> "EventSelection":
        """Everything from the anchor to that event."""
        anchor = index if self.anchor is None else self.anchor
        return EventSelection(((min(anchor, index), max(anchor, index) + 1),), anchor, index)

    def toggled(self, index: int) -> "EventSelection":
        """The same with that event added, or taken away."""
        if index in self:
            ranges = [part for each in self.ranges for part in _without(each, index)]
        else:
            ranges = _merged([*self.ranges, (index, index + 1)])
        return EventSelection(tuple(ranges), index, index)

    def everything(self, total: int) -> "EventSelection":
        """All of `total` events."""
        current = self.current if self.current is not None else (0 if total else None)
        return EventSelection(((0, total),) if total else (), 0, current)


class Spot(NamedTuple):
    """A place between octets: before octet `octet` of event number `event`."""

    event: int
    octet: int


class OctetSelection(NamedTuple):
    """Octets between two spots in the order of the shown events; only a place while both are equal."""

    anchor: Spot | None = None
    cursor: Spot | None = None

    @property
    def range(self) -> tuple[Spot, Spot] | None:
        """From and to; None when nothing is selected."""
        if self.anchor is None or self.cursor is None or self.anchor == self.cursor:
            return None
        return min(self.anchor, self.cursor), max(self.anchor, self.cursor)

    def moved(self, spot: Spot, *, extend: bool = False) -> "OctetSelection":
        """With the cursor elsewhere."""
        return OctetSelection(self.anchor if extend and self.anchor is not None else spot, spot)


def event_pieces(rows: Rows, selection: EventSelection) -> Iterator[Piece]:
    """The shown events of a selection, whole."""
    for first, last in selection.ranges:
        for event in rows.events(rows.row_of(first), rows.row_of(last)):
            yield Piece(event, 0, event.size)


def octet_pieces(rows: Rows, selection: OctetSelection) -> Iterator[Piece]:
    """The octets of a selection, event by event; facts between them are left out."""
    if selection.range is None:
        return
    start, stop = selection.range
    for event in rows.events(rows.row_of(start.event), rows.row_of(stop.event + 1)):
        first = start.octet if event.index == start.event else 0
        last = min(stop.octet, event.size) if event.index == stop.event else event.size
        if event.kind == "bytes" and first < last:
            yield Piece(event, first, last)


def all_pieces(rows: Rows) -> Iterator[Piece]:
    """Every shown event."""
    for event in rows.events(0, len(rows)):
        yield Piece(event, 0, event.size)


def _without(part: Range, index: int) -> Iterator[Range]:
    first, last = part
    if not first <= index < last:
        yield part
        return
    if first < index:
        yield first, index
    if index + 1 < last:
        yield index + 1, last


def _merged(ranges: list[Range]) -> list[Range]:
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
