"""The panel's lists and trees: records of an answer, evidence of a reverse check, fields of a packet."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt

from workbench.formats.quantity import duration
from workbench.panels.dns.state import Node, Packet, Row
from workbench.protocols.dns.values import Field
from workbench.ui import icons, theme
from workbench.ui.tables import NO_INDEX, RIGHT, Column, Index, TableModel

NODE_TITLES = ("Evidence", "Answer", "Time")
FIELD_TITLES = ("Field", "Value", "Meaning", "Source")

SIGNS = {
    "good": ("good", "good"),
    "bad": ("bad", "error"),
    "warning": ("warning", "warning"),
    "info": ("info", "accent"),
    "running": ("running", "accent"),
}
"""Icon and colour of a sign; the words beside it say the same."""


class RowsModel(TableModel):
    """The records of the accepted answer."""

    columns = (
        Column("Section", "Where the record stands: the answer, who is in charge, or beside that"),
        Column("Name", "Whose record it is", is_fixed=True),
        Column("TTL", "Seconds for which it may be kept", is_number=True),
        Column("Type", "The record's type"),
        Column("Data", "As zone files write it", is_fixed=True),
    )

    def row_of(self, record: int) -> int:
        """The row of a record of the message; -1 when it is not there."""
        return next((at for at, row in enumerate(self.rows) if row.record == record), -1)

    def cell(self, row: Row, column: int) -> str:
        return (row.section, row.name, str(row.ttl), row.type, row.data)[column]

    def colour(self, row: Row, column: int) -> str:
        return "muted" if column in (0, 2) or row.section != "answer" else ""


class Branch:
    """One line of a tree: a value, its parent and its place below it; its own lines are made when they are needed."""

    __slots__ = ("_inner", "at", "parent", "value")

    def __init__(self, value: Any, parent: "Branch | None", at: int) -> None:
        self.value = value
        self.parent = parent
        self.at = at
        self._inner: list[Branch] | None = None

    def inner(self, below: Callable[[Any], Sequence[Any]]) -> "list[Branch]":
        """The lines below it."""
        if self._inner is None:
            self._inner = [Branch(value, self, at) for at, value in enumerate(below(self.value))]
        return self._inner


class TreeModel(QAbstractItemModel):
    """A tree of values; a subclass says what is below one and what its cells show."""

    titles: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self._root = Branch(None, None, 0)
        self._top: Sequence[Any] = ()

    def below(self, value: Any) -> Sequence[Any]:
        """The values below one."""
        raise NotImplementedError

    def cell(self, value: Any, column: int, role: int) -> object:
        """What a cell shows in a role other than words for a screen reader."""
        raise NotImplementedError

    def show_values(self, top: Sequence[Any]) -> None:
        """Take over another tree."""
        self.beginResetModel()
        self._top = top
        self._root = Branch(None, None, 0)
        self.endResetModel()

    def value(self, index: Index) -> Any:
        """The value of a line."""
        return self._branch(index).value

    def _branch(self, index: Index) -> Branch:
        found = index.internalPointer() if index.isValid() else self._root
        assert isinstance(found, Branch)
        return found

    def _inner(self, branch: Branch) -> list[Branch]:
        return branch.inner(self._below)

    def _below(self, value: Any) -> Sequence[Any]:
        return self._top if value is None else self.below(value)

    # Qt's

    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        inner = self._inner(self._branch(parent))
        if not (0 <= row < len(inner) and 0 <= column < len(self.titles)) or parent.column() > 0:
            return QModelIndex()
        return self.createIndex(row, column, inner[row])

    def parent(self, index: Index = NO_INDEX) -> QModelIndex:  # type: ignore[override]  # hides QObject.parent()
        above = self._branch(index).parent if index.isValid() else None
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.at, 0, above)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.column() > 0 else len(self._inner(self._branch(parent)))

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return len(self.titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        value = self.value(index)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = self.cell(value, index.column(), Qt.ItemDataRole.DisplayRole)
            return f"{self.titles[index.column()]}: {shown}"
        return self.cell(value, index.column(), role)


class EvidenceModel(TreeModel):
    """What a reverse check found, from the address to the addresses of its names."""

    titles = NODE_TITLES

    def below(self, value: Node) -> Sequence[Node]:
        return value.inner

    def cell(self, value: Node, column: int, role: int) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            time = duration(value.elapsed_ns) if value.elapsed_ns is not None else ""
            return (value.text, value.answer, time)[column]
        if role == Qt.ItemDataRole.DecorationRole and column == 0 and value.sign:
            return icons.icon(*SIGNS[value.sign])
        if role == Qt.ItemDataRole.ForegroundRole and column == 2:
            return theme.colour("muted")
        if role == Qt.ItemDataRole.FontRole and column == 0:
            return theme.fixed_font()
        return RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and column == 2 else None


class Place(NamedTuple):
    """A range of octets, half open."""

    start: int
    stop: int


class FieldsModel(TreeModel):
    """The fields of one packet; those of a record are made when it is opened."""

    titles = FIELD_TITLES

    def __init__(self) -> None:
        super().__init__()
        self._packet: Packet | None = None

    def show_packet(self, packet: Packet | None) -> None:
        """Take over another packet."""
        self._packet = packet
        self.show_values(packet.fields if packet is not None else ())

    def below(self, value: Field) -> Sequence[Field]:
        if value.record < 0 or self._packet is None or self._packet.message is None:
            return value.inner
        from workbench.protocols.dns.fields import record_fields

        return record_fields(self._packet.message, value.record)

    def hasChildren(self, parent: Index = NO_INDEX) -> bool:
        value = self.value(parent) if parent.isValid() else None
        # A record has fields: asking for them here would make those of all records.
        return value.record >= 0 or bool(value.inner) if isinstance(value, Field) else bool(self._top)

    def place(self, index: Index) -> Place | None:
        """The octets of a field."""
        value = self.value(index) if index.isValid() else None
        return Place(value.start, value.stop) if isinstance(value, Field) else None

    def at_octets(self, start: int, stop: int) -> QModelIndex:
        """The innermost field that carries all these octets; none: an invalid index."""
        found, parent = QModelIndex(), QModelIndex()
        while True:
            inner = self._inner(self._branch(parent))
            place = next(
                (
                    at
                    for at, each in enumerate(inner)
                    if each.value.start <= start and stop <= each.value.stop
                ),
                -1,
            )
            if place < 0:
                return found
            found = parent = self.index(place, 0, parent)

    def of_record(self, record: int) -> QModelIndex:
        """The line of a record of the message; none: an invalid index."""
        for at, branch in enumerate(self._inner(self._root)):
            if branch.value.record == record:
                return self.index(at, 0)
        return QModelIndex()

    def cell(self, value: Field, column: int, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return (value.name, value.value, value.text, value.source)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            octets = (
                f"octet {value.start}"
                if value.stop - value.start == 1
                else f"octets {value.start} to {value.stop - 1}"
            )
            return f"{value.name}: {value.value}\n{value.text}\n{octets}, {value.source}"
        if role == Qt.ItemDataRole.ForegroundRole and column >= 2:
            return theme.colour("muted")
        return theme.fixed_font() if role == Qt.ItemDataRole.FontRole and column == 1 else None
