"""The table of a session's connections, or of the senders of its datagrams."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.formats.quantity import octets
from workbench.panels.sockets.state import Peer
from workbench.wire.ends import HalfState

Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("Peer", "Sent", "Received", "Our half", "Peer's half", "End")
TIPS = (
    "The address of the other side",
    "Octets that the system took from us",
    "Octets that arrived",
    "Whether we still can send",
    "Whether the peer still can send",
    "How the receiving half ended",
)
HALVES = {HalfState.OPEN: "open", HalfState.FINISHED: "finished", HalfState.RESET: "reset"}


class PeersModel(QAbstractTableModel):
    """Rows of Peer; the list is replaced as a whole, and only what changed is told to the view."""

    def __init__(self) -> None:
        super().__init__()
        self._peers: tuple[Peer, ...] = ()
        self._waiting: frozenset[int] = frozenset()

    def show_peers(self, peers: Sequence[Peer], waiting: Sequence[int] = ()) -> None:
        """Take over another list of peers, in the order in which they appeared; and who waits for its turn."""
        old, new = self._peers, tuple(peers)
        if (old is new or old == new) and self._waiting == frozenset(waiting):
            return
        self._waiting = frozenset(waiting)
        if [p.channel for p in old] == [p.channel for p in new[: len(old)]]:
            if len(new) > len(old):
                self.beginInsertRows(QModelIndex(), len(old), len(new) - 1)
                self._peers = new
                self.endInsertRows()
            self._peers = new
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._peers = new
        self.endResetModel()

    def peer(self, row: int) -> Peer | None:
        """The peer of a row."""
        return self._peers[row] if 0 <= row < len(self._peers) else None

    def row_of(self, channel: int | None) -> int:
        """The row of a channel; -1 when it is not there."""
        return next((row for row, peer in enumerate(self._peers) if peer.channel == channel), -1)

    # Qt's

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._peers)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (1, 2):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        peer = self.peer(index.row())
        if peer is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._cell(peer, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (1, 2):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{COLUMNS[index.column()]}: {self._cell(peer, index.column())}"
        return None

    def _cell(self, peer: Peer, column: int) -> str:
        if column == len(COLUMNS) - 1 and peer.channel in self._waiting:
            return "waits for its turn"
        return _cell(peer, column)


def _cell(peer: Peer, column: int) -> str:
    if column == 0:
        return peer.address
    if column in (1, 2):
        return octets(peer.sent if column == 1 else peer.received)
    if column in (3, 4):
        half = peer.sending if column == 3 else peer.receiving
        return HALVES[half] if peer.is_open or half is not HalfState.OPEN else "closed"
    return peer.end or ("" if peer.is_open else "closed")
