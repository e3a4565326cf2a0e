"""The models of the page of discovery: the peers, and what one of them tells."""

from workbench.formats.charset import visible
from workbench.formats.quantity import duration
from workbench.protocols.discovery.explain import TERMS
from workbench.protocols.discovery.values import Found, Peer
from workbench.ui.tables import Column, TableModel

MAX_TEXT = 300
"""Characters of a cell: the tip has all of it."""
STATES = {"here": "✓ here", "left": "✗ said goodbye", "expired": "… expired"}
HOWS = {"answer": "answered", "announcement": "announced"}


WRONG = "! wrong"


class PeersModel(TableModel):
    """Every peer, in the order in which they were found."""

    columns = (
        Column("State", "Whether it is still there, as far as anybody said"),
        Column("Name"),
        Column("Type", is_fixed=True),
        Column("Address", is_fixed=True),
        Column("Heard", "When it was last heard of", is_number=True),
        Column("Good for", "How long it holds what it said, unless it says it again", is_number=True),
        Column("How", "Whether it answered, or spoke by itself"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._now_s = 0.0

    def show_found(self, found: Found) -> None:
        """Show the list of now; rows that are there already only change."""
        is_later, self._now_s = found.now_s != self._now_s, found.now_s
        self.show_rows(found.peers)
        if is_later:
            self.touch()

    def key(self, row: Peer) -> object:
        return row.key

    def colour(self, row: Peer, column: int) -> str:
        if row.state != "here":
            return "muted"
        return "warning" if row.faults and column < 2 else ""

    def tip(self, row: Peer, column: int) -> str:
        about = (*row.faults, f"heard from {row.source}")
        return "\n".join((self._text(row, column), *map(visible, about)))

    def cell(self, row: Peer, column: int) -> str:
        return self._text(row, column)[:MAX_TEXT]

    def _text(self, row: Peer, column: int) -> str:
        if column == 0:
            return "! " + STATES[row.state].partition(" ")[2] if row.faults else STATES[row.state]
        if column in (1, 2):
            return visible(row.name if column == 1 else row.kind)
        if column == 3:
            return place_text(row)
        if column == 4:
            age_s = max(0.0, self._now_s - row.heard_s)
            return f"{duration(round(age_s * 10) * 1e8)} ago"
        if column == 5:
            return "" if row.lives_s is None else duration(round(row.lives_s) * 1e9)
        return HOWS[row.how]


class DetailModel(TableModel):
    """What one peer tells, line by line: (name, value)."""

    columns = (Column("Field"), Column("Value"))

    def __init__(self) -> None:
        super().__init__()
        self._faults: tuple[str, ...] = ()

    def show_peer(self, peer: Peer | None) -> None:
        """Show another one's, or nobody's."""
        self._faults = tuple(map(visible, peer.faults)) if peer is not None else ()
        self.show_rows(lines_of(peer) if peer is not None else ())

    def colour(self, row: tuple[str, str], column: int) -> str:
        if row[0] == WRONG and row[1] in self._faults:
            return "warning"
        return "muted" if column == 0 else ""

    def tip(self, row: tuple[str, str], column: int) -> str:
        term = TERMS.get(row[0])
        return f"{row[1]}\n{term.text} ({term.source})" if term is not None else row[1]

    def cell(self, row: tuple[str, str], column: int) -> str:
        return row[column][:MAX_TEXT]


def place_text(peer: Peer) -> str:
    """Where a peer's service is."""
    if not peer.addresses:
        return "nowhere yet"
    port = f":{peer.port}" if peer.port is not None else ""
    return ", ".join(f"[{one}]{port}" if ":" in one and port else f"{one}{port}" for one in peer.addresses)


def lines_of(peer: Peer) -> tuple[tuple[str, str], ...]:
    """All that is known of a peer, what is wrong with it first."""
    rows = [(WRONG, visible(fault)) for fault in peer.faults]
    rows += [("Name", visible(peer.name)), ("Type", visible(peer.kind)), ("Host", visible(peer.host))]
    rows += [("Address", place_text(peer)), ("Heard from", peer.source)]
    rows += [(visible(one.name), visible(one.value)) for one in peer.told]
    return tuple((name, value) for name, value in rows if value)
