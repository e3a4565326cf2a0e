"""The table of messages: what became of each over UDP and over TCP."""

from itertools import zip_longest
from typing import NamedTuple

from workbench.panels.sockets.reliability.state import ReliabilityState
from workbench.ui.tables import Column, TableModel

SIGNS = {"arrived": "✓", "lost": "✗"}
"""Beside the word, so that nothing is said by colour alone; every other fate has its own sign."""
ODD = "!"


class Fate(NamedTuple):
    """What became of a message over each; "" where it was not sent."""

    number: int
    udp: str
    tcp: str


class FatesModel(TableModel):
    """A row for each message that was sent."""

    columns = (Column("Message", is_number=True), Column("Over UDP"), Column("Over TCP"))

    def show_state(self, state: ReliabilityState) -> None:
        """Show another state's ledgers."""
        udp, tcp = (ledger.fates() if ledger is not None else () for ledger in (state.udp, state.tcp))
        pairs = enumerate(zip_longest(udp, tcp, fillvalue=""))
        self.show_rows(Fate(number, *fates) for number, fates in pairs)

    def key(self, row: Fate) -> int:
        return row.number

    def cell(self, row: Fate, column: int) -> str:
        if column == 0:
            return str(row.number)
        fate = (row.udp, row.tcp)[column - 1]
        return f"{SIGNS.get(fate, ODD)} {fate}" if fate else ""

    def colour(self, row: Fate, column: int) -> str:
        fate = (row.udp, row.tcp)[column - 1]
        if column == 0 or fate in ("", "arrived"):
            return ""
        return "error" if fate == "lost" else "warning"
