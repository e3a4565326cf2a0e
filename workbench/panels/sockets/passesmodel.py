"""The table of reads and writes: only the rows in sight are read."""

from collections.abc import Sequence

from workbench.formats.quantity import duration, octets
from workbench.panels.sockets.passes import Pass, Passes
from workbench.transcript.records import Direction
from workbench.ui.tables import NO_INDEX, Column, TableModel

_ARROWS = {Direction.SENT: "→", Direction.RECEIVED: "←"}
_ESCAPES = {0: "\\0", 9: "\\t", 10: "\\n", 13: "\\r", 27: "\\e"}


class PassesModel(TableModel):
    """Rows of Pass."""

    columns = (
        Column("", "→ what the system took from one of our calls, ← what it gave to one"),
        Column("Time", "Since the conversation began", is_number=True),
        Column("Gap", "Since the one before in the same direction", is_number=True),
        Column("Offset", "Where its first octet lies in all that passed in that direction", is_number=True),
        Column(
            "Size",
            "How much it was. Not a message, and not a packet: what there was at that moment",
            is_number=True,
        ),
        Column(
            "Begins with",
            "Its first octets; \\r \\n \\t \\0 \\e are controls, · anything else that is no letter of ASCII",
        ),
    )

    def __init__(self, passes: Passes) -> None:
        super().__init__()
        self.passes = passes
        self.rows = _Read(passes)

    def follow(self, channel: int | None) -> None:
        """Show another connection."""
        self.beginResetModel()
        self.passes.follow(channel)
        self.rows = _Read(self.passes)
        self.endResetModel()

    def look(self) -> bool:
        """Take in what is new; returns whether there is still more."""
        more = self.passes.look()
        shown, there = len(self.rows), len(self.passes)
        if there > shown:
            self.beginInsertRows(NO_INDEX, shown, there - 1)
            self.rows = _Read(self.passes, there)
            self.endInsertRows()
        return more

    def colour(self, row: Pass, column: int) -> str:
        if column not in (0, 4):
            return ""
        return "sent" if row.direction is Direction.SENT else "received"

    def spoken(self, row: Pass, column: int) -> str:
        way = "write" if row.direction is Direction.SENT else "read"
        return f"{way}, {self.columns[column].title or 'direction'}: {self.cell(row, column)}"

    def cell(self, row: Pass, column: int) -> str:
        if column == 0:
            return _ARROWS[row.direction]
        if column == 1:
            return f"{row.time_ns / 1e9:.3f} s"
        if column == 2:
            return duration(row.gap_ns) if row.gap_ns is not None else ""
        if column == 3:
            return f"{row.offset:,}".replace(",", "\u202f")
        if column == 4:
            return octets(row.size)
        return "".join(_ESCAPES.get(byte, chr(byte) if 0x20 <= byte < 0x7F else "·") for byte in row.first)


class _Read(Sequence[Pass]):
    """The first of them; the last that was asked for is kept, since a view asks for it cell by cell."""

    def __init__(self, passes: Passes, count: int = 0) -> None:
        self._passes = passes
        self._count = count
        self._at = -1
        self._read: Pass | None = None

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: int) -> Pass:  # type: ignore[override]  # nobody asks for a slice
        if self._read is None or at != self._at:
            self._at, self._read = at, self._passes[at]
        return self._read
