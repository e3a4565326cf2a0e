"""The models of the page of Gopher: a menu's items, the reads of an answer, the calls of four levels."""

from PySide6.QtCore import Qt

from workbench.formats.charset import visible
from workbench.formats.quantity import duration
from workbench.protocols.gopher.explain import of_type
from workbench.protocols.gopher.levels import LEVELS, STEPS, Level
from workbench.protocols.gopher.values import INFORMATION, Item, Read
from workbench.ui import theme
from workbench.ui.tables import RIGHT, Column, Index, TableModel

Role = Qt.ItemDataRole
MAX_TEXT = 400
"""Characters of a cell."""


class ItemsModel(TableModel):
    """A menu's lines in the server's order."""

    columns = (
        Column("Type"),
        Column("Text"),
        Column("Selector", is_fixed=True),
        Column("Host", is_fixed=True),
        Column("Port", is_number=True, is_fixed=True),
    )

    def cell(self, row: Item, column: int) -> str:
        return _shown(row)[column][:MAX_TEXT]

    def tip(self, row: Item, column: int) -> str:
        known = of_type(row.type)
        told = [
            f"{visible(row.type)}: {known.text}",
            row.fault and f"Not readable: {row.fault}",
            known.source,
        ]
        return "\n".join(line for line in told if line)

    def colour(self, row: Item, column: int) -> str:
        if row.can_be_opened and column == 1:
            return ""
        return "error" if row.fault else "muted"


def _shown(item: Item) -> tuple[str, ...]:
    words = of_type(item.type).word
    kind = f"{visible(item.type)}  {words}" if item.type != INFORMATION else "i"
    if item.type == INFORMATION and not item.fault:
        # Its selector, host and port mean nothing, and only stand there because a line has four fields.
        return (kind, visible(item.text), "", "", "")
    return (
        "?" if item.fault else kind,
        visible(item.text),
        visible(item.selector),
        visible(item.host),
        "" if item.port is None else str(item.port),
    )


class ReadsModel(TableModel):
    """Every read, one row each."""

    columns = (
        Column("Read", is_number=True),
        Column("Octets", is_number=True),
        Column("After", is_number=True),
    )

    def __init__(self) -> None:
        super().__init__()
        self._reads: tuple[Read, ...] = ()

    def show_reads(self, reads: tuple[Read, ...]) -> None:
        """Show another answer's."""
        if reads is not self._reads:
            self._reads = reads
            self.show_anew(tuple(enumerate(reads, 1)))

    def cell(self, row: tuple[int, Read], column: int) -> str:
        number, read = row
        return (f"{number:,}", f"{read.octets:,}", duration(read.time_ns))[column]


class LevelsModel(TableModel):
    """A column for each level, a row for each step: what a program on that level writes, side by side."""

    columns = (Column("Step"), *(Column(info.name, info.what) for info in LEVELS))

    def __init__(self) -> None:
        super().__init__((*STEPS, "calls", "sent", "received", "reads"))
        self.levels: tuple[Level, ...] = ()

    def show_levels(self, levels: tuple[Level, ...]) -> None:
        """Show what came of the levels that are done."""
        if levels is not self.levels:
            self.levels = levels
            self.touch()

    def cell(self, row: str, column: int) -> str:
        if column == 0:
            return row
        if column > len(self.levels):
            return ""
        level = self.levels[column - 1]
        if row in STEPS:
            return level.at(row) or "inside the call"
        values = {
            "calls": f"{len(level.calls)}",
            "sent": f"{len(level.sent):,} B",
            "received": f"{len(level.body):,} B",
            "reads": f"{level.reads:,}",
        }
        return values[row]

    def tip(self, row: str, column: int) -> str:
        if not 0 < column <= len(self.levels):
            return ""
        calls = self.levels[column - 1].calls
        return "\n".join(f"{call.text}    {call.result}".strip() for call in calls if call.step == row)

    def colour(self, row: str, column: int) -> str:
        return "muted" if column == 0 else ""

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if index.column() and role in (Role.FontRole, Role.TextAlignmentRole):
            is_code = self.rows[index.row()] in STEPS
            if role == Role.FontRole:
                return theme.fixed_font() if is_code else None
            return None if is_code else RIGHT
        return super().data(index, role)
