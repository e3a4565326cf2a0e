"""The tables of the panel: a folder's entries, the facts of one of them, transfers."""

from collections.abc import Sequence

from workbench.formats.charset import visible
from workbench.formats.quantity import octets
from workbench.panels.files.state import Transfer
from workbench.protocols.ftp.names import why_unsafe
from workbench.protocols.ftp.values import Entry, is_utf8, text_of
from workbench.ui.tables import Column, TableModel

KINDS = {
    "file": "file",
    "folder": "folder",
    "link": "link",
    "other": "neither file nor folder",
    "unknown": "the server does not tell",
}
OUTCOMES = {
    "waiting": "waits",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}
STYLES = {
    "mlsd": "MLSD (RFC 3659 section 7)",
    "unix": "LIST, as Unix prints it",
    "dos": "LIST, as DOS prints it",
    "unread": "no grammar",
}


class EntriesModel(TableModel):
    """A folder's entries."""

    columns = (
        Column("Name", "A folder's ends with /, a link's says where it leads"),
        Column("Size", "Octets, as the server tells", is_number=True),
        Column("Changed", "In UTC where it ends with Z; else in the server's own time"),
        Column("Rights", "As the server spells them"),
    )

    def cell(self, row: Entry, column: int) -> str:
        if column == 0:
            arrow = f" → {text_of(row.target)}" if row.target else ""
            return visible(row.text + arrow) + ("/" if row.kind == "folder" else "")
        if column == 1:
            return octets(row.size) if row.size is not None and row.kind == "file" else ""
        if column == 2:
            return row.modified.replace("T", " ")
        return row.rights or dict(row.facts).get("perm", "")

    def tip(self, row: Entry, column: int) -> str:
        if column == 1 and row.size is not None:
            return f"{row.size:,} octets"
        return self.cell(row, column)


class FactsModel(TableModel):
    """Everything that a listing tells of one entry."""

    columns = (
        Column("Fact", "What is told"),
        Column("Value", "As the server told it, or what was made of it"),
    )

    def show_entry(self, entry: Entry | None) -> None:
        """Take over another entry."""
        self.show_rows(facts_of(entry) if entry is not None else ())

    def cell(self, row: tuple[str, str], column: int) -> str:
        return row[column]


class TransfersModel(TableModel):
    """Files on their way, the youngest first."""

    columns = (
        Column("File", "Down: from the server; up: to it"),
        Column("Octets", "Of the whole file", is_number=True),
        Column("State", "How far it is"),
        Column("Result", "How it ended"),
    )

    def show_transfers(self, transfers: Sequence[Transfer]) -> None:
        """Take over another list."""
        self.show_rows(reversed(transfers))

    def key(self, row: Transfer) -> int:
        return row.number

    def cell(self, row: Transfer, column: int) -> str:
        if column == 0:
            return f"{'↓' if row.direction == 'download' else '↑'} {visible(row.name)}"
        if column == 1:
            return octets(row.done) if row.done or row.total is not None else ""
        if column == 2:
            part = f" {row.done * 100 // row.total} %" if row.outcome == "running" and row.total else ""
            return OUTCOMES[row.outcome] + part
        return visible(row.note)

    def tip(self, row: Transfer, column: int) -> str:
        return row.local if column == 0 else self.cell(row, column)


def facts_of(entry: Entry) -> tuple[tuple[str, str], ...]:
    """What is known of an entry, as rows for people."""
    unsafe = why_unsafe(entry.name)
    rows = [
        ("Name", visible(entry.text)),
        ("Name in octets", "" if is_utf8(entry.name) else entry.name.hex(" ")),
        ("As a name here", f"refused: {unsafe}" if unsafe else ""),
        ("Kind", KINDS[entry.kind]),
        ("Size", f"{entry.size:,} octets" if entry.size is not None and entry.kind == "file" else ""),
        ("Changed", entry.modified.replace("T", " ")),
        ("Leads to", visible(text_of(entry.target))),
        ("Rights", entry.rights),
        ("Owner", visible(entry.owner)),
        ("Guessed", entry.guessed),
        ("Read by", STYLES[entry.style]),
        *((f"fact {name}", visible(value)) for name, value in entry.facts),
        ("Line", visible(text_of(entry.raw))),
    ]
    return tuple((name, value) for name, value in rows if value)
