"""The models of the page of discovery: the peers, and what one of them tells."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.formats.charset import visible
from workbench.formats.quantity import duration
from workbench.protocols.discovery.explain import TERMS
from workbench.protocols.discovery.values import Found, Peer
from workbench.ui import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MAX_TEXT = 300
STATES = {"here": "✓ here", "left": "✗ said goodbye", "expired": "… expired"}
HOWS = {"answer": "answered", "announcement": "announced"}


class _Table(QAbstractTableModel):
    HEADS: tuple[str, ...] = ()

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return len(self.HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.HEADS[section]
        return None


class PeersModel(_Table):
    """Every peer, in the order in which they were found."""

    HEADS = ("State", "Name", "Type", "Address", "Heard", "Good for", "How")

    def __init__(self) -> None:
        super().__init__()
        self.found = Found()

    @property
    def peers(self) -> tuple[Peer, ...]:
        """The rows."""
        return self.found.peers

    def show_found(self, found: Found) -> None:
        """Show the list of now; rows that are there already only change."""
        if found is self.found:
            return
        old, new = [peer.key for peer in self.peers], [peer.key for peer in found.peers]
        if new[: len(old)] != old:
            self.beginResetModel()
            self.found = found
            self.endResetModel()
            return
        if len(new) > len(old):
            self.beginInsertRows(NO_INDEX, len(old), len(new) - 1)
            self.found = found
            self.endInsertRows()
        self.found = found
        if old:
            self.dataChanged.emit(self.index(0, 0), self.index(len(old) - 1, len(self.HEADS) - 1))

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.peers)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        peer, column = self.peers[index.row()], index.column()
        if role == Role.DisplayRole:
            return self._shown(peer)[column][:MAX_TEXT]
        if role == Role.FontRole:
            return theme.fixed_font() if column in (2, 3) else None
        if role == Role.TextAlignmentRole:
            return RIGHT if column in (4, 5) else None
        if role == Role.ForegroundRole:
            if peer.state != "here":
                return theme.colour("muted")
            return theme.colour("warning") if peer.faults and column < 2 else None
        if role == Role.ToolTipRole:
            return "\n".join(visible(line) for line in (*peer.faults, f"heard from {peer.source}"))
        return None

    def _shown(self, peer: Peer) -> tuple[str, ...]:
        age_s = max(0.0, self.found.now_s - peer.heard_s)
        state = "! " + STATES[peer.state].partition(" ")[2] if peer.faults else STATES[peer.state]
        return (
            state,
            visible(peer.name),
            visible(peer.kind),
            place_text(peer),
            f"{duration(round(age_s * 10) * 1e8)} ago",
            "" if peer.lives_s is None else duration(round(peer.lives_s) * 1e9),
            HOWS[peer.how],
        )


class DetailModel(_Table):
    """What one peer tells, line by line."""

    HEADS = ("Field", "Value")

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[tuple[str, str], ...] = ()
        self.faults = 0

    def show_peer(self, peer: Peer | None) -> None:
        """Show another one's, or nobody's."""
        lines = lines_of(peer) if peer is not None else ()
        if lines != self.lines:
            self.beginResetModel()
            self.lines = lines
            self.faults = len(peer.faults) if peer is not None else 0
            self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        name, value = self.lines[index.row()]
        if role == Role.DisplayRole:
            return (name, value)[index.column()][:MAX_TEXT]
        if role == Role.ForegroundRole:
            if index.row() < self.faults:
                return theme.colour("warning")
            return theme.colour("muted") if index.column() == 0 else None
        if role == Role.ToolTipRole:
            term = TERMS.get(name)
            return f"{value}\n{term.text} ({term.source})" if term is not None else value
        return None


def place_text(peer: Peer) -> str:
    """Where a peer's service is."""
    if not peer.addresses:
        return "nowhere yet"
    port = f":{peer.port}" if peer.port is not None else ""
    return ", ".join(f"[{one}]{port}" if ":" in one and port else f"{one}{port}" for one in peer.addresses)


def lines_of(peer: Peer) -> tuple[tuple[str, str], ...]:
    """All that is known of a peer, what is wrong with it first."""
    rows = [("! wrong", visible(fault)) for fault in peer.faults]
    rows += [("Name", visible(peer.name)), ("Type", visible(peer.kind)), ("Host", visible(peer.host))]
    rows += [("Address", place_text(peer)), ("Heard from", peer.source)]
    rows += [(visible(one.name), visible(one.value)) for one in peer.told]
    return tuple((name, value) for name, value in rows if value)
