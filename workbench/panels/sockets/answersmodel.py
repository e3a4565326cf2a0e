"""The table of answers by UDP: who, how quickly, how much, and whether it was somebody who had not been asked."""

from workbench.formats.charset import visible
from workbench.formats.quantity import duration, octets
from workbench.protocols.raw.question import Answer
from workbench.ui.tables import Column, TableModel

STRANGER = "from someone else"


class AnswersModel(TableModel):
    """Rows of Answer; the last thousand."""

    columns = (
        Column("From", "The sender's address, as the datagram has it: it may be forged"),
        Column("Name", "What this machine's own files call the address; names of others are not asked for"),
        Column("After", "Time since the last datagram that we sent", is_number=True),
        Column("Size", "Octets of the datagram", is_number=True),
        Column("Attempt", "Which of our attempts it came after", is_number=True),
        Column("Says", "Its first octets"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}
        """By host: names that were found."""

    def name(self, host: str, name: str) -> None:
        """A name was found."""
        self.names[host] = name
        self.touch()

    def sign(self, row: Answer, column: int) -> tuple[str, str] | None:
        return ("warning", "warning") if column == 0 and row.stranger else None

    def colour(self, row: Answer, column: int) -> str:
        return "warning" if row.stranger else ""

    def cell(self, row: Answer, column: int) -> str:
        if column == 0:
            return f"{row.source}, {STRANGER}" if row.stranger else row.source
        if column == 1:
            return self.names.get(row.source.rpartition(":")[0].strip("[]"), "")
        if column == 2:
            return duration(row.latency_s * 1e9) if row.latency_s is not None else "unasked"
        if column == 3:
            return octets(row.octets) + (", cut" if row.truncated else "")
        if column == 4:
            return str(row.attempt)
        return visible(row.data.decode("utf-8", "replace"))
