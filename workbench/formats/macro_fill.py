"""Filling the blanks of a payload: what needs nothing first, then lengths, then checks."""

from workbench.formats.charset import encoding_named
from workbench.formats.crc import CHECKS
from workbench.formats.macro import Field, Template, written
from workbench.formats.macro_run import Run
from workbench.formats.payload import Piece
from workbench.formats.place import mistake

_VARIES = "its own length depends on the number in it"


def filled(template: Template, run: Run) -> list[Piece]:
    """Every part with its octets of this time. Raises: LocalMisuse: a number does not fit its field."""
    run.begin()
    filling = _Filling(template)
    for at, part in enumerate(template.parts):
        if isinstance(part, Field) and part.fill is not None:
            filling.known[at] = part.fill(run)
    return filling.pieces()


def check_resolvable(template: Template) -> None:
    """Raises: LocalMisuse: a length that lies within what it measures without a width; checks that cover each other."""
    filling = _Filling(template)
    for at, part in enumerate(template.parts):
        if isinstance(part, Field) and part.fill is not None:
            # Any octets do: whether fields depend on each other does not depend on them.
            filling.known[at] = b""
    filling.only_order = True
    filling.pieces()


def check_spans(template: Template) -> None:
    """Raises: LocalMisuse: a span that is not closed, or ends without a beginning, or is nowhere."""
    text = template.text
    fields = [part for part in template.parts if isinstance(part, Field)]
    opened: dict[str, Field] = {}
    closed: set[str] = set()
    for field in fields:
        if field.kind == "begin":
            if field.span in opened:
                what = f"the span {field.span} begins twice"
                raise mistake(text, field.start, field.end, what, "give each span a name of its own")
            opened[field.span] = field
        elif field.kind == "end":
            if field.span not in opened or field.span in closed:
                what = f"no span {field.span} is open here"
                raise mistake(text, field.start, field.end, what, f"write ${{begin {field.span}}} before it")
            closed.add(field.span)
    for name, field in opened.items():
        if name not in closed:
            what = f"the span {name} never ends"
            raise mistake(text, field.start, field.end, what, f"write ${{end {name}}} behind it")
    for field in fields:
        if field.kind in ("length", "check") and field.span and field.span not in opened:
            what = f"there is no span {field.span}"
            advice = f"write ${{begin {field.span}}} and ${{end {field.span}}} around it"
            raise mistake(text, field.start, field.end, what, advice)


class _Filling:
    def __init__(self, template: Template) -> None:
        self._template = template
        self._codec = encoding_named(template.encoding)
        self._parts = template.parts
        self.known: dict[int, bytes] = {
            at: part.data for at, part in enumerate(template.parts) if isinstance(part, Piece)
        }
        self.only_order = False
        self._sizes: dict[int, int] = {}
        self._open: list[int] = []
        self._spans = self._ranges()

    def pieces(self) -> list[Piece]:
        found = []
        for at, part in enumerate(self._parts):
            data = part.data if isinstance(part, Piece) else self._octets(at, part)
            found.append(Piece(part.start, part.end, data))
        return found

    def _ranges(self) -> dict[str, range]:
        begins: dict[str, int] = {}
        found: dict[str, range] = {}
        for at, part in enumerate(self._parts):
            if isinstance(part, Field) and part.kind == "begin":
                begins[part.span] = at
            elif isinstance(part, Field) and part.kind == "end":
                found[part.span] = range(begins[part.span], at)
        return found

    def _covered(self, at: int, field: Field) -> range:
        if field.span:
            return self._spans[field.span]
        return range(at + 1, len(self._parts)) if field.kind == "length" else range(at)

    def _octets(self, at: int, field: Field) -> bytes:
        if at in self.known:
            return self.known[at]
        if field.kind in ("begin", "end"):
            self.known[at] = b""
        elif field.kind == "length":
            self.known[at] = self._length(at, field)
        else:
            self.known[at] = self._check(at, field)
        return self.known[at]

    # ---- lengths

    def _size(self, at: int) -> int:
        """Octets of one part, without filling checks in."""
        if at in self._sizes:
            return self._sizes[at]
        part = self._parts[at]
        if at in self.known:
            size = len(self.known[at])
        elif isinstance(part, Piece) or part.kind in ("begin", "end"):
            size = 0
        elif part.kind == "check":
            size = len(self._check_written(part, 0))
        else:
            fixed = part.form.size(self._codec)
            size = fixed if fixed is not None else len(self._length(at, part))
        self._sizes[at] = size
        return size

    def _length(self, at: int, field: Field) -> bytes:
        self._enter(at, field, f"this length can't be found: {_VARIES}", "give it a width, like as=dec4")
        number = sum(self._size(each) for each in self._covered(at, field)) + field.plus
        self._open.pop()
        if self.only_order:
            return field.form.write(0, self._codec) or b""
        return written(number, field.form, self._codec, self._template.text, field.start, field.end)

    # ---- checks

    def _check(self, at: int, field: Field) -> bytes:
        what = "these checks cover each other: none of them can be the first"
        self._enter(at, field, what, "let one of them cover a span without the other")
        data = bytearray()
        for each in self._covered(at, field):
            part = self._parts[each]
            if each == at:
                data += bytes(self._size(each))
            else:
                data += part.data if isinstance(part, Piece) else self._octets(each, part)
        self._open.pop()
        if self.only_order:
            return self._check_written(field, 0)
        return self._check_written(field, CHECKS[field.check].compute(bytes(data)))

    def _check_written(self, field: Field, number: int) -> bytes:
        octets = CHECKS[field.check].octets
        if field.order in ("be", "le"):
            return number.to_bytes(octets, "big" if field.order == "be" else "little")
        digits = f"{number:0{octets * 2}x}"
        return (digits if field.order == "hex" else digits.upper()).encode(self._codec)

    def _enter(self, at: int, field: Field, what: str, advice: str) -> None:
        if at in self._open:
            raise mistake(self._template.text, field.start, field.end, what, advice)
        self._open.append(at)
