"""The tables of the page of requests: what is composed, and what came back."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.formats.charset import visible
from workbench.formats.quantity import duration
from workbench.panels.web.text import NO_TEXT, TextLines
from workbench.protocols.http.attempts import Attempt
from workbench.protocols.http.sentences import of_field, status_words
from workbench.protocols.http.values import Added, Head, Hop
from workbench.ui import theme
from workbench.ui.tables import Column, TableModel

Index = QModelIndex | QPersistentModelIndex

MAX_PAIRS = 500
MAX_CELL = 8192
"""Characters: no server reads a longer field."""
_EDITABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
_FIXED = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class PairsModel(QAbstractTableModel):
    """Names and values that a person types, an empty row behind them; then what is added by itself, to be switched off.

    Signals: edited: a person changed something.
    """

    edited = Signal()

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self._heads = (name, value)
        self.pairs: list[tuple[str, str]] = []
        self.added: tuple[Added, ...] = ()
        self.without: frozenset[str] = frozenset()

    def set_pairs(self, pairs: Sequence[tuple[str, str]], without: frozenset[str] = frozenset()) -> None:
        """Take over others, as if they had been typed."""
        self.beginResetModel()
        self.pairs = list(pairs[:MAX_PAIRS])
        self.without = without
        self.endResetModel()

    def show_added(self, added: tuple[Added, ...]) -> None:
        """What comes by itself; a row that is being edited stays."""
        if added == self.added:
            return
        first = len(self.pairs) + 1
        if len(added) != len(self.added):
            if self.added:
                self.beginRemoveRows(QModelIndex(), first, first + len(self.added) - 1)
                self.added = ()
                self.endRemoveRows()
            if added:
                self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
                self.added = added
                self.endInsertRows()
            return
        self.added = added
        self.dataChanged.emit(self.index(first, 0), self.index(first + len(added) - 1, 1))

    def remove(self, row: int) -> None:
        """Take a typed row away."""
        if 0 <= row < len(self.pairs):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self.pairs[row]
            self.endRemoveRows()
            self.edited.emit()

    def added_at(self, row: int) -> Added | None:
        """What comes by itself in this row."""
        at = row - len(self.pairs) - 1
        return self.added[at] if 0 <= at < len(self.added) else None

    # Qt's

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.pairs) + 1 + len(self.added)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.added_at(index.row()) is None:
            return _EDITABLE
        return _FIXED | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else _FIXED

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        field = self.added_at(index.row())
        if field is not None:
            return self._added_data(field, index.column(), role)
        if index.row() >= len(self.pairs):
            return self._empty_data(index.column(), role)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self.pairs[index.row()][index.column()]

    def _empty_data(self, column: int, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return f"add a {self._heads[0].lower()} …" if column == 0 else ""
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour("muted")
        if role == Qt.ItemDataRole.ToolTipRole:
            return "Type here to add one"
        return "" if role == Qt.ItemDataRole.EditRole else None

    def _added_data(self, field: Added, column: int, role: int) -> object:
        is_on = field.name.lower() not in self.without
        if role == Qt.ItemDataRole.DisplayRole:
            return field[column] if field.name.lower() != "authorization" or not column else "Basic ****"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"Added by itself: {field.why}" + ("" if is_on else "\nSwitched off: it is not sent")
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour("muted")
        if role == Qt.ItemDataRole.CheckStateRole and column == 0:
            return Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        field = self.added_at(index.row())
        if field is not None:
            if role != Qt.ItemDataRole.CheckStateRole:
                return False
            name = frozenset({field.name.lower()})
            is_on = Qt.CheckState(value) == Qt.CheckState.Checked
            self.without = self.without - name if is_on else self.without | name
            self.dataChanged.emit(index, index)
            self.edited.emit()
            return True
        if role != Qt.ItemDataRole.EditRole or not isinstance(value, str) or len(self.pairs) >= MAX_PAIRS:
            return False
        self._write(index.row(), index.column(), value[:MAX_CELL])
        return True

    def _write(self, row: int, column: int, text: str) -> None:
        if row >= len(self.pairs):
            if not text:
                return
            self.beginInsertRows(QModelIndex(), row, row)
            self.pairs.append(("", ""))
            self.endInsertRows()
        pair = list(self.pairs[row])
        if pair[column] == text:
            return
        pair[column] = text
        if not any(pair):
            self.remove(row)
            return
        self.pairs[row] = (pair[0], pair[1])
        self.dataChanged.emit(self.index(row, 0), self.index(row, 1))
        self.edited.emit()


class Told(NamedTuple):
    """A row. tip: more about all of it; is_odd: nobody should have sent this."""

    cells: tuple[str, ...]
    tip: str = ""
    is_odd: bool = False


class _Table(TableModel):
    def cell(self, row: Told, column: int) -> str:
        return row.cells[column]

    def tip(self, row: Told, column: int) -> str:
        return row.tip or row.cells[column]

    def colour(self, row: Told, column: int) -> str:
        return "warning" if row.is_odd else ""


class FieldsModel(_Table):
    """The head of an answer, field by field as it came, what is odd in it first."""

    columns = (
        Column("Field", "In the spelling in which it came"),
        Column("Value", "As it came"),
        Column("Means", "What the field is for, and which document says so"),
    )

    def show_head(self, head: Head | None) -> None:
        """Take over another head."""
        self.show_rows(_head_rows(head) if head is not None else ())


def _head_rows(head: Head) -> Iterator[Told]:
    for fault in head.faults:
        yield Told(("⚠ odd", f"octets {fault.start} to {fault.stop}", fault.what), fault.source, True)
    line = f"HTTP/{head.version} {head.status} {visible(head.reason)}"
    yield Told(("status line", line, status_words(head.status)), "RFC 9112 section 4")
    for field in head.fields:
        means = of_field(field.name)
        tip = f"{means.text}: {means.source}" if means.source else means.text
        yield Told((visible(field.name), visible(field.value), means.text), tip)


class HopsModel(_Table):
    """One row for each request and its answer."""

    columns = (
        Column("Status", "What was answered"),
        Column("Request", "Method and address"),
        Column("Then", "Why the next request is what it is"),
        Column("Time", "To connect, for TLS, until the head came, for the body"),
    )

    def show_hops(self, hops: tuple[Hop, ...]) -> None:
        """Take over others."""
        self.show_rows(map(_hop_row, hops))


def _hop_row(hop: Hop) -> Told:
    status = hop.answer.status
    then = f"{hop.rule}; to {hop.location}" if hop.location else hop.rule
    timing = hop.timing
    total = timing.connect_ns + timing.tls_ns + timing.wait_ns + timing.body_ns
    parts = (
        f"connect {duration(timing.connect_ns)}",
        f"TLS {duration(timing.tls_ns)}" if timing.tls_ns else "",
        f"head {duration(timing.wait_ns)}",
        f"body {duration(timing.body_ns)}" if timing.body_ns else "",
    )
    dropped = "".join(f"\nnot carried on: {what}" for what in hop.dropped)
    tip = f"{then}{dropped}\n{', '.join(part for part in parts if part)}\nfrom {hop.address}".strip()
    cells = (
        f"{status} {status_words(status)}",
        visible(f"{hop.request.method} {hop.url.text}"),
        visible(then) + (f" (without {len(hop.dropped)})" if hop.dropped else ""),
        duration(total),
    )
    return Told(cells, tip)


class AttemptsModel(_Table):
    """One row for each attempt of a download."""

    columns = (
        Column("No.", "Which attempt it was", is_number=True),
        Column("From", "The first octet that was given", is_number=True),
        Column("To", "How many octets were there in the end", is_number=True),
        Column("Ended", "How it ended"),
        Column("Why", "Why it ended so, or began anew"),
        Column("Time", "How long it took, without the wait before it", is_number=True),
    )

    def show_attempts(self, attempts: tuple[Attempt, ...]) -> None:
        """Take over others."""
        self.show_rows(map(_attempt_row, attempts))


ENDS = {
    "running": "goes on",
    "whole": "whole",
    "part": "a part, in order",
    "cut": "broke off",
    "failed": "no answer",
    "later": "come again later",
    "refused": "refused",
    "cancelled": "cancelled",
}
"""By how an attempt ended: what its row says."""


def _attempt_row(attempt: Attempt) -> Told:
    asked = (
        f"Range: bytes={attempt.asked}-; If-Range: {attempt.condition}"
        if attempt.asked
        else "all of it was asked for"
    )
    waited = f"\nafter a wait of {duration(attempt.waited_s * 1e9)}" if attempt.waited_s else ""
    status = f"\n{attempt.status} {status_words(attempt.status)}" if attempt.status else ""
    is_over = attempt.ended != "running"
    cells = (
        str(attempt.number),
        f"{attempt.start:,}",
        f"{attempt.stop:,}" if is_over else "",
        ENDS[attempt.ended],
        visible(attempt.why),
        duration(attempt.took_s * 1e9) if is_over else "",
    )
    tip = f"{visible(asked)}{status}{waited}\n{visible(attempt.why)}".strip()
    return Told(cells, tip, attempt.ended not in ("running", "whole", "part"))


class LinesModel(QAbstractListModel):
    """A body's lines; each is made when it is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.text: TextLines = NO_TEXT

    def show_text(self, text: TextLines) -> None:
        """Take over another body."""
        if text is self.text:
            return
        self.beginResetModel()
        self.text = text
        self.endResetModel()

    # Qt's

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.text)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and 0 <= index.row() < len(self.text):
            return self.text.line(index.row())
        return None
