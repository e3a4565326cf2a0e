"""Which rows of text are to be seen, also where nobody has counted rows yet.

Normally that is a row number. Where the count has not come yet (the end of 1 GiB that was just opened) it is a place:
an event and an octet, from which rows are read onward. The scroll bar estimates until the count is there.
"""

from workbench.ui.conversation.lines import Place, TextLines, TextRow
from workbench.ui.hexscroll import RowScroll


class TextWindow:
    """The rows to be seen of some lines.

    Attributes:
        scroll: the rows as a scroll bar needs them, estimated while the count goes on.
        anchor: the place at the top while its row number is unknown; None otherwise.
        seen: the rows that were read last, the top one first.
    """

    def __init__(self, lines: TextLines, scroll: RowScroll) -> None:
        self.lines = lines
        self.scroll = scroll
        self.anchor: Place | None = None
        self.seen: list[TextRow] = []

    def row_count(self) -> int:
        """Counted rows, and an estimate of the others."""
        lines = self.lines
        if lines.is_complete:
            return len(lines)
        left = len(lines.rows) - lines.counted
        return len(lines) + max(1, round(left * max(1.0, len(lines) / max(1, lines.counted))))

    def read(self, *, at_end: bool) -> list[TextRow]:
        """The rows to be seen and one more that may be cut off; at_end: the last ones, whatever stood there."""
        lines, page = self.lines, self.scroll.page
        if at_end and not lines.is_complete:
            self.seen = lines.before(lines.end, page)
        elif self.anchor is not None:
            self.seen = list(lines.walk(self.anchor, page + 1))
        else:
            self.seen = lines.read(self.scroll.top, page + 1)
        return self.seen

    def settle(self) -> None:
        """From a place to its row number, once that is counted."""
        if self.anchor is None:
            return
        number = self.lines.row_of(self.anchor)
        if number is not None:
            self.anchor = None
            self.scroll.resize(self.row_count(), self.scroll.page)
            self.scroll.move_to(number)

    def shows(self, place: Place) -> bool:
        """Whether a place is wholly in sight."""
        return any(holds(row, place) for row in self.seen[: self.scroll.page])

    def stand_on(self, place: Place) -> None:
        """Put the row of a place at the top."""
        number = self.lines.row_of(place)
        if number is not None:
            self.anchor = None
            self.scroll.move_to(number)
            return
        # Within an event the row begins at a line end, if one is near.
        before = self.lines.before(place, 1) if place.octet else []
        self.anchor = before[-1].place if before else place
        counted, total = self.lines.counted, len(self.lines.rows)
        share = max(0.0, (place.row - counted) / max(1, total - counted))
        self.scroll.move_to(len(self.lines) + int(share * (self.row_count() - len(self.lines))))

    def scroll_by(self, rows: int) -> None:
        """Move by rows, negative upward."""
        if (self.lines.is_complete and self.anchor is None) or not self.seen:
            self.anchor = None
            self.scroll.move_to(self.scroll.top + rows)
            return
        top = self.seen[0].place
        if rows < 0:
            found = self.lines.before(top, -rows)
            self._put_on_top(found[0].place if found else top)
        else:
            found = list(self.lines.walk(top, rows + 1))
            self._put_on_top(found[-1].place if found else top)

    def move_to_bar(self, value: int) -> None:
        """Follow the scroll bar; in its estimated part, to the event that is about there."""
        self.scroll.move_to_bar(value)
        self.anchor = None
        lines = self.lines
        if lines.is_complete or self.scroll.top < len(lines):
            return
        share = (self.scroll.top - len(lines)) / max(1, self.row_count() - len(lines))
        row = lines.counted + int(share * (len(lines.rows) - lines.counted))
        self.anchor = Place(min(row, len(lines.rows) - 1), 0)

    def _put_on_top(self, place: Place) -> None:
        """The beginning of a row that was read."""
        number = self.lines.row_of(place)
        self.anchor = place if number is None else None
        if number is not None:
            self.scroll.move_to(number)


def holds(row: TextRow, place: Place) -> bool:
    """Whether a place stands in a row."""
    end = Place(row.place.row + len(row.pieces) - 1, max(row.pieces[-1].stop, 1))
    return row.place <= place < end
