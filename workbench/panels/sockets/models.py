"""The table of a session's connections, or of the senders of its datagrams."""

from collections.abc import Sequence

from workbench.formats.quantity import octets
from workbench.panels.sockets.state import Peer
from workbench.ui.tables import Column, TableModel
from workbench.wire.ends import HalfState

HALVES = {HalfState.OPEN: "open", HalfState.FINISHED: "finished", HalfState.RESET: "reset"}


class PeersModel(TableModel):
    """Rows of Peer, in the order in which they appeared."""

    columns = (
        Column("Peer", "The address of the other side"),
        Column("Sent", "Octets that the system took from us", is_number=True),
        Column("Received", "Octets that arrived", is_number=True),
        Column("Our half", "Whether we still can send"),
        Column("Peer's half", "Whether the peer still can send"),
        Column("End", "How the receiving half ended"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._waiting: frozenset[int] = frozenset()

    def show_peers(self, peers: Sequence[Peer], waiting: Sequence[int] = ()) -> None:
        """Take over another list of peers, and who waits for its turn."""
        was, self._waiting = self._waiting, frozenset(waiting)
        self.show_rows(peers)
        if was != self._waiting:
            self.touch()

    def key(self, row: Peer) -> object:
        return row.channel

    def cell(self, row: Peer, column: int) -> str:
        if column == 0:
            return row.address
        if column in (1, 2):
            return octets(row.sent if column == 1 else row.received)
        if column in (3, 4):
            half = row.sending if column == 3 else row.receiving
            return HALVES[half] if row.is_open or half is not HalfState.OPEN else "closed"
        if row.channel in self._waiting:
            return "waits for its turn"
        return row.end or ("" if row.is_open else "closed")
