"""The tables of the page of framings: rows of words, made when they are looked at."""

from collections.abc import Callable, Sequence
from typing import Any

from workbench.formats.charset import visible
from workbench.formats.framing.numbers import Reading, Row
from workbench.formats.framing.structure import Field
from workbench.formats.framing.values import Message
from workbench.formats.quantity import count
from workbench.panels.sockets.framing.state import Noted, Read, Step
from workbench.ui.tables import Column, TableModel

MAX_SHOWN = 80
"""Octets of a message, or of a read, in one cell."""
Cells = tuple[str, ...]


class WordTable(TableModel):
    """Rows of any kind; what a row says is asked for when it is seen. Streams have many: they are never looked through.

    Args:
        titles: of the columns. cells: the words of a row. numbers: columns of numbers.
    """

    def __init__(
        self, titles: Sequence[str], cells: Callable[[Any], Cells], numbers: frozenset[int] = frozenset()
    ) -> None:
        super().__init__()
        self.columns = tuple(
            Column(title, is_number=at in numbers, is_fixed=title in FIXED) for at, title in enumerate(titles)
        )
        self._cells = cells

    def show_rows(self, rows: Sequence[Any]) -> None:  # type: ignore[override]  # a sequence, as it is
        self.show_anew(rows)

    def cell(self, row: Any, column: int) -> str:
        return self._cells(row)[column]


FIXED = frozenset(("Octets", "Message", "In bits", "Value"))


def shown(data: bytes) -> str:
    """Octets as text where they are, controls as signs; long ones cut."""
    more = "…" if len(data) > MAX_SHOWN else ""
    return visible(data[:MAX_SHOWN].decode("utf-8", "backslashreplace")) + more


class StepsTable(WordTable):
    """The reads, and where the decoder was behind each."""

    def __init__(self) -> None:
        super().__init__(
            ("Place", "Octets", "The decoder is", "Held", "Awaits", "Messages"),
            self._of,
            frozenset((0, 3, 4, 5)),
        )
        self._octets = b""

    def show_read(self, read: Read) -> None:
        """Take the steps of a stream."""
        self._octets = read.data
        self.show_rows(read.steps)

    def _of(self, step: Step) -> Cells:
        data = self._octets[step.start : min(step.stop, step.start + MAX_SHOWN)]
        more = "…" if step.stop - step.start > MAX_SHOWN else ""
        awaited = step.state.awaited
        return (
            f"{step.start:,}",
            f"{data.hex(' ')}{more}" if data else step.what or "nothing",
            step.state.name,
            f"{step.state.held:,}",
            "" if awaited is None else f"{awaited:,} at least" if awaited else "",
            f"+{step.messages}" if step.messages else "",
        )


def messages_table() -> WordTable:
    """The messages that came out."""

    def cells(row: tuple[int, Message]) -> Cells:
        number, message = row
        return (
            f"{number}",
            f"{message.start:,} to {message.stop:,}",
            f"{len(message.data):,}",
            shown(message.data),
            message.data[:MAX_SHOWN].hex(" "),
        )

    return WordTable(("", "Place", "Size", "Message", "Octets"), cells, frozenset((0, 2)))


def noted_table() -> WordTable:
    """What there is to know before sending."""

    def cells(noted: Noted) -> Cells:
        sign = "✕ " if noted.remark.stops else "! " if noted.remark.code in SERIOUS else ""
        return (f"{noted.message}", sign + noted.remark.what)

    return WordTable(("Message", "Before sending"), cells, frozenset((0,)))


SERIOUS = frozenset(("marker-in-data", "bare-lf", "line-end-added", "characters", "empty", "width-overflow"))


def forms_table() -> WordTable:
    """A number in every form."""

    def cells(row: Row) -> Cells:
        size = count(len(row.octets), "octet") if row.octets is not None else ""
        return (row.name, size, row.hex or f"does not fit: {row.why}", row.binary)

    return WordTable(("Form", "Size", "Octets", "In bits"), cells, frozenset((1,)))


def readings_table() -> WordTable:
    """Octets read in every way."""

    def cells(reading: Reading) -> Cells:
        return (reading.name, f"{reading.value:,}" if reading.value is not None else reading.why)

    return WordTable(("Read as", "Value"), cells, frozenset((1,)))


def fields_table() -> WordTable:
    """The fields of a structure."""

    def cells(row: tuple[str, Field]) -> Cells:
        name, field = row
        item, value = field.item, field.value
        if isinstance(value, bool):
            said = str(value)
        elif isinstance(value, int):
            said = f"{value:,}  ({value:#x})"
        else:
            said = "" if value is None else shown(value) if isinstance(value, bytes) else f"{value:g}"
        return (
            name,
            item.code,
            f"{item.start:,} to {item.stop:,}",
            said,
            "; ".join(filter(None, (field.hint, item.what))),
        )

    return WordTable(("Field", "Code", "Place", "Value", "What it is"), cells, frozenset((2,)))


def design_table() -> WordTable:
    """The fields of the messages of a design: message, name, type, place, value."""

    def cells(row: tuple[str, ...]) -> Cells:
        return row

    return WordTable(("Message", "Field", "Type", "Place", "Value"), cells, frozenset((0,)))
