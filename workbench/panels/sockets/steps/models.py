"""The models of the page of calls by hand: descriptors and files, outcomes, options, exceptions, open descriptors."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.formats.charset import visible
from workbench.formats.quantity import duration, octets
from workbench.panels.sockets.steps.state import OptionRow, StepsState
from workbench.protocols.calls.descriptors import OpenDescriptor
from workbench.protocols.calls.failures import KINDS, FailureKind, Provoked
from workbench.protocols.calls.values import Descriptor, FileView, Outcome
from workbench.ui import theme
from workbench.ui.tables import Column, TableModel

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()


class HoldingsModel(TableModel):
    """Sockets, and behind each the files over it."""

    columns = (
        Column("Name", is_fixed=True),
        Column("fd", "The descriptor's number in this process", is_number=True),
        Column("Kind"),
        Column("State"),
        Column("Owners", "How many hold the connection", is_number=True),
        Column("Address", is_fixed=True),
        Column("Peer", is_fixed=True),
    )

    def show_state(self, state: StepsState) -> None:
        """Show what is held now."""
        rows: list[Descriptor | FileView] = []
        for descriptor in state.descriptors:
            rows.append(descriptor)
            rows += [file for file in state.files if file.of == descriptor.name]
        self.show_rows(rows)

    def key(self, row: Descriptor | FileView) -> str:
        return row.name

    def name_at(self, row: int) -> str:
        """The name of a row."""
        held = self.at(row)
        return str(held.name) if held is not None else ""

    def cell(self, row: Descriptor | FileView, column: int) -> str:
        if isinstance(row, FileView):
            state = "closed" if row.is_closed else f"{octets(row.held)} in the buffer" if row.held else "open"
            return (f"  {row.name}", "", f"file {row.mode}", state, "", f"over {row.of}", "")[column]
        state = row.tcp_state if row.tcp_state not in ("", "CLOSED") else row.state
        state = f"{row.waiting} waits …" if row.waiting else state
        fd = str(row.fd) if row.fd >= 0 else "–"
        kind = f"{row.family} {row.kind}"
        return (row.name, fd, kind, state, str(row.owners), visible(row.local), visible(row.peer))[column]

    def tip(self, row: Descriptor | FileView, column: int) -> str:
        if isinstance(row, FileView):
            return f"a file over {row.of}, mode {row.mode}; {octets(row.held)} were written and wait in its buffer"
        if column == 4:
            return f"who holds the connection: {', '.join(row.holders) or 'nobody'}"
        return visible("; ".join(filter(None, (row.state, row.mode, row.local, row.peer))))

    def colour(self, row: Descriptor | FileView, column: int) -> str:
        gone = row.is_closed if isinstance(row, FileView) else row.fd < 0
        if isinstance(row, FileView) and row.held and column == 3:
            return "warning"
        return "muted" if gone or column == 2 else ""


class LadderModel(TableModel):
    """Calls in their order, and what came of each."""

    columns = (
        Column("No.", is_number=True),
        Column("Call", is_fixed=True),
        Column("Answer", is_fixed=True),
        Column("Time", is_number=True),
    )

    def key(self, row: Outcome) -> int:
        return row.number

    def cell(self, row: Outcome, column: int) -> str:
        text = row.text.replace("socket.", "")
        return (str(row.number), visible(text), visible(answer_of(row)), duration(row.elapsed_ns))[column]

    def tip(self, row: Outcome, column: int) -> str:
        concerns = f"about call {', '.join(map(str, row.concerns))}" if row.concerns else ""
        words = (
            visible(row.text),
            visible(row.said),
            row.sentence,
            row.remark,
            concerns,
            row.advice,
            row.source,
        )
        return "\n".join(filter(None, words))

    def colour(self, row: Outcome, column: int) -> str:
        if column in (0, 3):
            return "muted"
        if column == 2 and row.raised:
            return "error"
        return "warning" if column == 2 and (row.is_cancelled or row.remark.startswith("differs")) else ""


def answer_of(outcome: Outcome) -> str:
    """What a call answered, with the remark."""
    if outcome.is_cancelled:
        return "– cancelled"
    if outcome.raised:
        return f"✗ {outcome.raised} {outcome.errno}".rstrip()
    shown = "✓" if outcome.result in ("None", "") else outcome.result
    if outcome.offered is not None and outcome.accepted is not None and outcome.accepted < outcome.offered:
        shown += f"  ({octets(outcome.accepted)} of {octets(outcome.offered)})"
    return f"{shown}  {outcome.remark}" if outcome.remark else shown


class OptionsModel(TableModel):
    """Every option by level, with its value for the selected socket; one that can be set is edited in place.

    Signals: asked: an option and the text that a person typed for it.
    """

    columns = (
        Column("Option", is_fixed=True),
        Column("Value", is_fixed=True),
        Column("What it does"),
        Column("As octets", is_fixed=True),
        Column("Type"),
        Column("Settable"),
        Column("Level"),
    )
    asked = Signal(object, str)

    def key(self, row: OptionRow) -> str:
        return row.option.name

    def cell(self, row: OptionRow, column: int) -> str:
        option = row.option
        value = "–" if row.why else f"≠ {row.value}" if row.differs else row.value
        octets_shown = row.octets[:16].hex(" ") + (" …" if len(row.octets) > 16 else "")
        settable = "" if not option.is_here else "yes" if option.settable else "no"
        what = option.what or option.missing
        level = option.level.removeprefix("IPPROTO_").removeprefix("SOL_")
        return (option.name, value, what, octets_shown, option.type, settable, level)[column]

    def tip(self, row: OptionRow, column: int) -> str:
        differs = "the value read back differs from what was asked for" if row.differs else ""
        parts = (row.option.what, row.option.source, row.why, differs)
        return "\n".join(filter(None, parts)) or row.option.name

    def colour(self, row: OptionRow, column: int) -> str:
        if row.differs and column == 1:
            return "warning"
        return "muted" if row.why or column > 2 else ""

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        row = self.rows[index.row()] if index.isValid() else None
        if row is not None and index.column() == 1 and row.option.settable and not row.why:
            flags |= Qt.ItemFlag.ItemIsEditable
        if row is not None and not row.option.is_here:
            flags &= ~Qt.ItemFlag.ItemIsEnabled
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if role == Role.EditRole and index.isValid():
            row = self.rows[index.row()]
            return {"on": "1", "off": "0"}.get(row.value, row.value.replace(" ", ""))
        return super().data(index, role)

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole or not index.isValid():
            return False
        text = str(value).strip()
        if text and text != self.data(index, Role.EditRole):
            self.asked.emit(self.rows[index.row()].option, text)
        return True


class OpenModel(TableModel):
    """The open descriptors of this process; those of the desk with their names."""

    columns = (
        Column("fd", is_number=True),
        Column("Kind"),
        Column("What", is_fixed=True),
        Column("Here", "Its name on the desk"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[int, str] = {}

    def key(self, row: OpenDescriptor) -> int:
        return row.fd

    def cell(self, row: OpenDescriptor, column: int) -> str:
        return (str(row.fd), row.kind, visible(row.what), self.names.get(row.fd, ""))[column]

    def colour(self, row: OpenDescriptor, column: int) -> str:
        return "" if row.fd in self.names else "muted"


class FailuresModel(QAbstractItemModel):
    """The exceptions as the tree that they are, and what came of provoking each."""

    HEADS = ("Exception", "Provoked", "When")

    def __init__(self) -> None:
        super().__init__()
        self._came: dict[str, Provoked] = {}
        self._inside: dict[str, list[FailureKind]] = {}
        for kind in KINDS:
            self._inside.setdefault(kind.parent, []).append(kind)
        self._of = {kind.name: kind for kind in KINDS}

    def show_came(self, came: dict[str, Provoked]) -> None:
        """Show what was provoked."""
        if came != self._came:
            self._came = dict(came)
            self.layoutAboutToBeChanged.emit()
            self.layoutChanged.emit()

    def kind_at(self, index: Index) -> FailureKind | None:
        """The kind of a row."""
        kind = index.internalPointer() if index.isValid() else None
        return kind if isinstance(kind, FailureKind) else None

    def index_of(self, name: str) -> QModelIndex:
        """The row of an exception."""
        kind = self._of[name]
        return self.createIndex(self._inside[kind.parent].index(kind), 0, kind)

    def _below(self, index: Index) -> list[FailureKind]:
        kind = self.kind_at(index)
        return self._inside.get(kind.name if kind is not None else "", [])

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.column() > 0 else len(self._below(parent))

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return len(self.HEADS)

    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        below = self._below(parent)
        if not 0 <= row < len(below) or not 0 <= column < len(self.HEADS):
            return QModelIndex()
        return self.createIndex(row, column, below[row])

    def parent(self, index: Index = NO_INDEX) -> QModelIndex:  # type: ignore[override]  # Qt's second meaning
        kind = self.kind_at(index)
        return self.index_of(kind.parent) if kind is not None and kind.parent else QModelIndex()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        is_head = orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole
        return self.HEADS[section] if is_head else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        kind = self.kind_at(index)
        if kind is None:
            return None
        came, column = self._came.get(kind.name), index.column()
        if role == Role.ToolTipRole:
            also = f"also called {', '.join(kind.also)}" if kind.also else ""
            said = came.said if came is not None else ""
            words = (kind.when, also, kind.only_group, kind.how or "; ".join(kind.lines), said, kind.source)
            return visible("\n".join(filter(None, words)), keep="\n")
        if role == Role.FontRole and column == 0:
            return theme.fixed_font()
        if role == Role.ForegroundRole:
            is_other = came is not None and came.raised != kind.name
            return theme.colour("muted") if column == 2 else theme.colour("warning") if is_other else None
        if role != Role.DisplayRole:
            return None
        return (kind.name, self._shown(kind, came), kind.when)[column]

    def _shown(self, kind: FailureKind, came: Provoked | None) -> str:
        if kind.only_group:
            return "a group"
        if came is None:
            return ""
        if came.raised == kind.name:
            return f"✓ {came.errno}".rstrip()
        return f"! {came.raised or 'no exception'}"
