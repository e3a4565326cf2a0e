"""A letter on its way: every line end CRLF, every dot at the beginning of a line doubled, in pieces (RFC 5321 4.5.2).

A lone CR or LF is never sent: servers disagree whether one ends a line, and a second letter can be smuggled in between.
"""

from collections.abc import Iterator

from workbench.protocols.smtp.values import LetterForm

PIECE = 128 * 1024
"""Octets of the letter at a time: a window's heartbeat goes on between two of them."""
END = b".\r\n"


class LetterWriter:
    """Turns a letter into what goes over the wire, piece by piece; `form` is complete once all pieces were taken."""

    def __init__(self, letter: bytes) -> None:
        self._letter = letter
        self._line = 0
        self._in_header = True
        self._header_end = b""
        self.form = LetterForm(0)

    def pieces(self) -> Iterator[bytes]:
        """The letter with its last line ended, without the final dot. Each piece ends with a whole line end, or in the
        middle of a line; never between CR and LF.
        """
        letter, place = memoryview(self._letter), 0
        at_start = True
        while place < len(letter):
            stop = min(place + PIECE, len(letter))
            while stop < len(letter) and letter[stop - 1] == 0x0D:
                stop += 1
            piece, at_start = self._converted(bytes(letter[place:stop]), at_start)
            place = stop
            yield piece
        if not at_start:
            self._count(b"\r\n")
            self.form = self.form._replace(unended=True)
            yield b"\r\n"

    def _converted(self, piece: bytes, at_start: bool) -> tuple[bytes, bool]:
        """A piece that does not end between CR and LF; whether a line begins at its start, and then at its end."""
        whole = piece.count(b"\r\n")
        ends = piece.count(b"\r") + piece.count(b"\n") - 2 * whole
        if ends:
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
        self._count(piece)
        stuffed = piece.count(b"\r\n.")
        if stuffed:
            piece = piece.replace(b"\r\n.", b"\r\n..")
        if at_start and piece.startswith(b"."):
            piece = b"." + piece
            stuffed += 1
        self.form = self.form._replace(ends=self.form.ends + ends, stuffed=self.form.stuffed + stuffed)
        return piece, piece.endswith(b"\r\n")

    def _count(self, piece: bytes) -> None:
        form = self.form
        lines = piece.split(b"\r\n")
        lengths = [len(line) for line in lines]
        lengths[0] += self._line
        self._line = lengths[-1]
        is_8bit = not piece.isascii()
        self.form = form._replace(
            octets=form.octets + len(piece),
            longest=max(form.longest, *lengths),
            is_8bit=form.is_8bit or is_8bit,
            header_8bit=form.header_8bit or self._header_8bit(piece, is_8bit),
            nul=form.nul + piece.count(b"\0"),
        )

    def _header_8bit(self, piece: bytes, is_8bit: bool) -> bool:
        if not self._in_header:
            return False
        # The empty line may lie across two pieces; the header of a letter fits into one in practice.
        joined = self._header_end + piece
        end = joined.find(b"\r\n\r\n")
        self._header_end = joined[-3:]
        if end >= 0:
            self._in_header = False
            return not joined[:end].isascii()
        return is_8bit
