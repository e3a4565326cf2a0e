"""The tables of the panel: a window onto a result's rows, the statements of a run, the tree of what is in a database.

No cell is looked at that is not on the screen, and no row is kept here: a million of them stay packed where they are.
"""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QFont

from workbench.formats.charset import visible
from workbench.formats.quantity import duration, octets
from workbench.panels.sql.sentences import count_of
from workbench.panels.sql.state import Result, SqlState
from workbench.protocols.sql.cells import is_number, octets_of, text_of
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.values import Column
from workbench.ui import theme
from workbench.ui.tables import RIGHT, Index, TableModel
from workbench.ui.tables import Column as Head

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
MAX_CELL = 200
"""Characters of a value in the table; the part beside shows more of it."""
MAX_BLOB = 16
"""Octets of a binary value in the table."""
MAX_ROWS = 60_000_000
"""Qt's tables count pixels in 31 bits: at 34 pixels a row that many fit."""
SMALL = 20_000
"""Rows up to which a table grows with every frame."""
NULL = "NULL"


def cell_text(raw: object, column: Column) -> str:
    """A value as its cell shows it: bounded, in one line, octets as hexadecimal with their number."""
    data = octets_of(raw, column)
    if data is not None:
        more = " …" if len(data) > MAX_BLOB else ""
        return f"{data[:MAX_BLOB].hex(' ')}{more}  ({octets(len(data))})".strip()
    if isinstance(raw, bytes):
        # Of a text of many megabytes only the part that is shown is read.
        text, is_cut = raw[: 4 * MAX_CELL].decode("utf-8", "replace"), len(raw) > 4 * MAX_CELL
    else:
        text, is_cut = text_of(raw, column), False
    if len(text) > MAX_CELL or is_cut:
        size = len(raw) if isinstance(raw, bytes | str) else len(text)
        return visible(text[:MAX_CELL]) + f" …  ({octets(size)})"
    return visible(text)


class RowsModel(QAbstractTableModel):
    """The rows of one result; grow() when there are more."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Rows | None = None
        self._count = 0
        self._null_font = QFont()
        self._null_font.setItalic(True)

    def show_rows(self, rows: Rows | None, *, is_whole: bool = True) -> None:
        """Take over another result; is_whole: no more rows will come."""
        if rows is self._rows:
            self.grow(is_whole=is_whole)
            return
        self.beginResetModel()
        self._rows = rows
        self._count = min(len(rows), MAX_ROWS) if rows is not None else 0
        self.endResetModel()

    def grow(self, *, is_whole: bool = True) -> None:
        """More rows may have come, or all are gone.

        Qt's tables look at every row they have when some are added: thirty times a second that would stop the window,
        so a long result that still comes grows in steps of a quarter.
        """
        count = min(len(self._rows), MAX_ROWS) if self._rows is not None else 0
        if not is_whole and SMALL < count < self._count * 1.25:
            return
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.show_rows(None)

    def column(self, at: int) -> Column | None:
        """The column of the result."""
        return self._rows.columns[at] if self._rows is not None and at < len(self._rows.columns) else None

    def raw(self, row: int, column: int) -> object:
        """The value as it was kept. Raises: IndexError."""
        if self._rows is None:
            raise IndexError(row)
        return self._rows.row(row)[column]

    def text(self, row: int, column: int) -> str:
        """What its cell shows; "" where there is none."""
        at = self.column(column)
        if at is None or row >= self._count or self._rows is None or row >= len(self._rows):
            return ""
        raw = self.raw(row, column)
        return NULL if raw is None else cell_text(raw, at)

    # Qt's

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: Index | None = None) -> int:
        if self._rows is None or (parent is not None and parent.isValid()):
            return 0
        return len(self._rows.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Vertical:
            return f"{section + 1:,}" if role == Qt.ItemDataRole.DisplayRole else None
        column = self.column(section)
        if column is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(column.name)[:MAX_CELL]
        if role == Qt.ItemDataRole.ToolTipRole:
            what = f"{visible(column.name)}: {column.type or 'no type of its own'}"
            return f"{what}\nClick: the database runs the statement again, in this order"
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole or role == Qt.ItemDataRole.AccessibleTextRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self._is_number(index.row(), index.column()) else LEFT
        if role in (Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.FontRole) and self._is_null(index):
            return theme.colour("muted") if role == Qt.ItemDataRole.ForegroundRole else self._null_font
        return None

    def _is_null(self, index: Index) -> bool:
        return self._has(index.row()) and self.raw(index.row(), index.column()) is None

    def _is_number(self, row: int, at: int) -> bool:
        column = self.column(at)
        if column is None or not self._has(row):
            return False
        return is_number(column) if column.oid else isinstance(self.raw(row, at), int | float)

    def _has(self, row: int) -> bool:
        return self._rows is not None and 0 <= row < min(self._count, len(self._rows))


ENDINGS = {"running": "…", "done": "✓", "failed": "✗", "cancelled": "⊘"}
WORDS = {"running": "running", "done": "done", "failed": "refused", "cancelled": "cancelled"}


class RunModel(TableModel):
    """The statements of the last run, and what the database said to each."""

    columns = (Head("", "How it ended"), Head("Statement"), Head("What came"), Head("Time", is_number=True))

    def said(self, one: Result) -> str:
        """What came of a statement, in a line."""
        if one.ending == "running":
            return "running"
        if one.ending != "done":
            return one.said or WORDS[one.ending]
        told = count_of(one.rows) if one.columns else one.tag
        if one.affected is not None:
            told = f"{one.tag}: {count_of(one.affected)} changed"
        notices = "; ".join(f"{notice.severity}: {visible(notice.text)}" for notice in one.notices)
        return f"{told}   {notices}".strip()

    def key(self, row: Result) -> int:
        return row.number

    def cell(self, row: Result, column: int) -> str:
        if column == 1:
            return visible(" ".join(row.text.split()))
        if column == 2:
            return self.said(row)
        return ENDINGS[row.ending] if column == 0 else duration(row.elapsed_ns) if row.elapsed_ns else ""

    def tip(self, row: Result, column: int) -> str:
        return self.said(row) if column else WORDS[row.ending]

    def colour(self, row: Result, column: int) -> str:
        return "error" if row.ending == "failed" else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0 and index.isValid():
            return WORDS[self.rows[index.row()].ending]
        return super().data(index, role)


def transaction_words(state: SqlState) -> tuple[str, str, str]:
    """The strip: role, sign and word, and the sentence behind it."""
    status = state.transaction
    savepoints = f"; savepoints: {' › '.join(status.savepoints)}" if status.savepoints else ""
    note = f"; it {status.note}" if status.note else ""
    if state.phase != "open":
        return "muted", "○ No database", "nothing is open"
    if status.transaction == "open":
        count = f"{state.statements} statement{'s' * (state.statements != 1)} since it began"
        return "warning", "◐ Transaction open", f"{count}; others don't see its changes{note}{savepoints}"
    if status.transaction == "failed":
        return "error", "✗ Transaction failed", f"nothing is carried out until ROLLBACK{savepoints}"
    if status.transaction == "lost":
        return "error", "✗ No connection", "the connection is gone"
    return "good", "● No transaction", "each statement is committed by itself"
