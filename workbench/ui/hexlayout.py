"""Where each octet of a hex view stands: pure geometry in characters and pixels, and back from pixels to octets.

A row is `offset  xx xx xx xx xx xx xx xx  xx ...   text`: groups of eight, two spaces between groups, three before
the text. Rows hold 8, 16, 24 or 32 octets, as many as fit.
"""

from typing import NamedTuple, Protocol

WIDTHS = (32, 24, 16, 8)
GROUP = 8
LEAST_DIGITS = 4

# What stands for an octet in the text column: itself if ASCII prints it, else a middle dot, so that "." is always a
# dot.
TEXT_TABLE = str.maketrans({chr(c): "\u00b7" for c in range(256) if not 0x20 <= c < 0x7F})


class Octets(Protocol):
    """Any source of bytes a view can show: a stream of a transcript, a file, a value."""

    def __len__(self) -> int:
        """How many there are at present."""
        ...

    def read(self, start: int, stop: int) -> bytes:
        """Those from start to stop; fewer where there are fewer."""
        ...


class HeldOctets:
    """Octets that are in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def read(self, start: int, stop: int) -> bytes:
        return self._data[start:stop]


class Place(NamedTuple):
    """What lies under a point: the octet nearest to it, and whether the point is in the text column."""

    offset: int
    in_text: bool


class HexLayout(NamedTuple):
    """One way to lay out rows.

    Attributes:
        columns: octets in a row.
        digits: of the offset.
        char_width: of the fixed font, in pixels; may be a fraction.
        row_height: in pixels.
        margin: before the first and behind the last character, in pixels.
    """

    columns: int
    digits: int
    char_width: float
    row_height: int
    margin: int

    @property
    def hex_start(self) -> int:
        """The character at which the first octet begins."""
        return self.digits + 2

    @property
    def text_start(self) -> int:
        """The character at which the text column begins."""
        return self.hex_start + self.columns * 3 - 1 + (self.columns // GROUP - 1) + 3

    @property
    def width(self) -> int:
        """Of a whole row in pixels."""
        return round((self.text_start + self.columns) * self.char_width) + 2 * self.margin

    def hex_x(self, column: int) -> float:
        """Left edge of an octet's two digits."""
        return self.margin + (self.hex_start + column * 3 + column // GROUP) * self.char_width

    def text_x(self, column: int) -> float:
        """Left edge of an octet's letter."""
        return self.margin + (self.text_start + column) * self.char_width

    def spans(self, first: int, last: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """(x, width) in the hex and in the text column of the octets from column `first` to `last`, both included."""
        hex_left = self.hex_x(first)
        text_left = self.text_x(first)
        return (
            (hex_left, self.hex_x(last) + 2 * self.char_width - hex_left),
            (text_left, self.text_x(last) + self.char_width - text_left),
        )

    def place(self, x: float, row: int, size: int) -> Place | None:
        """The octet nearest to x in an absolute row, of `size` there are; None when there are none."""
        if size <= 0:
            return None
        character = (x - self.margin) / self.char_width
        in_text = character >= self.text_start - 1.5
        if in_text:
            column = int(character - self.text_start)
        else:
            # Half a space at either side belongs to the octet; the gap between groups is shared.
            cell = character - self.hex_start + 0.5
            group = int(cell // (GROUP * 3 + 1))
            column = group * GROUP + min(int(cell - group * (GROUP * 3 + 1)) // 3, GROUP - 1)
        column = min(max(column, 0), self.columns - 1)
        return Place(min(max(row, 0) * self.columns + column, size - 1), in_text)


def fitting(width: int, size: int, char_width: float, row_height: int, margin: int) -> HexLayout:
    """The layout with the most octets in a row that needs no more than `width` pixels, or the narrowest."""
    digits = max(LEAST_DIGITS, len(f"{max(size - 1, 0):x}") + 1 & ~1)
    for columns in WIDTHS:
        layout = HexLayout(columns, digits, char_width, row_height, margin)
        if layout.width <= width:
            return layout
    return HexLayout(WIDTHS[-1], digits, char_width, row_height, margin)


def row_hex(row: bytes) -> str:
    """The octets of one row in groups of eight."""
    return "  ".join(row[at : at + GROUP].hex(" ") for at in range(0, len(row), GROUP))


def row_letters(row: bytes) -> str:
    """The text column of one row."""
    return row.decode("latin-1").translate(TEXT_TABLE)
