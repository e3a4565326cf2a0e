"""Payloads with blanks that are filled in when they are sent: counters, dates, random octets, lengths, checks.

The language is that of payload.py, and besides `${NAME ...}`; a dollar sign with a brace that is meant as text is
written `$${`. Words behind the name are options, `key=value`, in any order:

    ${counter from=1 step=1 name=a as=dec4}     goes on with every payload that is sent
    ${date %Y-%m-%d %H:%M:%S}   ${date utc %H}   ${time}   ${unix}   ${http-date}
    ${random 4}  octets         ${random 1..6}  a number           ${uuid}
    ${begin NAME} ... ${end NAME}               a span, for the fields below
    ${length NAME as=u16 plus=2}                octets of the span; without NAME of all that follows
    ${crc16-modbus NAME as=le}                  any of crc.CHECKS over the span; without NAME over all before it

How a number is written: as=dec, hex, HEX, each with a width behind it for leading zeros (dec4), or as octets: u8, u16,
u24, u32, u64, highest octet first, and with "le" behind it lowest first. Checks are be, le, hex or HEX.

Strategy: parsed once, strictly, with the place of each mistake; filled in as often as it is sent. Lengths are resolved
before checks. A check that lies within its own span counts there as zeros, as in IP. What can't be resolved, because
two fields depend on each other, is a mistake, and so is a number that does not fit its field: nothing is cut.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.crc import CHECKS
from workbench.formats.macro_run import Run
from workbench.formats.number_form import FORMS, NumberForm, number_form
from workbench.formats.payload import LINE_ENDINGS, Piece, parse_pieces
from workbench.formats.place import mistake

MAX_MACROS: Final = 200
MAX_RANDOM: Final = 65_535
"""Octets: the largest datagram; more random octets are a file's business."""
MAX_NUMBER: Final = 2**64 - 1
DIRECTIVES: Final = "YmdHMSfjybaBApIzZuGV%"
"""Of strftime, those that say the same on every system."""
HTTP_DATE: Final = "%a, %d %b %Y %H:%M:%S GMT"

_OPEN: Final = re.compile(r"\$\$\{|\$\{")
_WORD: Final = re.compile(r"\S+")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}\Z")
_RANGE: Final = re.compile(r"(\d{1,20})\.\.(\d{1,20})\Z")
_CHECK_FORMS: Final = ("be", "le", "hex", "HEX")

Fill = Callable[[Run], bytes]


class Field(NamedTuple):
    """One blank, `text[start:end]`.

    kind: "fill" for what needs nothing else, "length", "check", "begin", "end". fill: of the first. span: its name,
    "" for none. form: how a number is written. check: a name of CHECKS; order: of a check's value. plus: added to a
    length.
    """

    start: int
    end: int
    kind: str
    fill: Fill | None = None
    span: str = ""
    form: NumberForm = FORMS["dec"]
    check: str = ""
    order: str = "be"
    plus: int = 0


class Template(NamedTuple):
    """A payload that was read. parts: octets and blanks in their order."""

    text: str
    encoding: str
    parts: tuple[Piece | Field, ...]

    @property
    def has_macros(self) -> bool:
        """Whether anything is filled in when it is sent."""
        return any(isinstance(part, Field) for part in self.parts)

    def render(self, run: Run) -> bytes:
        """The octets of this time. Raises: LocalMisuse: a number does not fit its field; with its place."""
        return b"".join(piece.data for piece in self.pieces(run))

    def pieces(self, run: Run) -> list[Piece]:
        """The same, piece by piece, each with the text that made it. Raises: as `render`."""
        from workbench.formats.macro_fill import filled

        return filled(self, run)


def parse_template(text: str, *, encoding: str = "utf-8", line_ending: str = "as typed") -> Template:
    """A payload with its macros.

    Raises: LocalMisuse with the place of the mistake, in the text or in a macro.
    """
    if line_ending not in LINE_ENDINGS:
        parse_pieces("", encoding=encoding, line_ending=line_ending)
    reader = _Reader(text, encoding, line_ending)
    template = Template(text, encoding, tuple(reader.parts()))
    if template.has_macros:
        from workbench.formats.macro_fill import check_resolvable, check_spans

        check_spans(template)
        check_resolvable(template)
    return template


class _Reader:
    def __init__(self, text: str, encoding: str, line_ending: str) -> None:
        self.text = text
        self.encoding = encoding
        self.line_ending = line_ending

    def parts(self) -> list[Piece | Field]:
        found: list[Piece | Field] = []
        at = fields = 0
        while (opened := _OPEN.search(self.text, at)) is not None:
            found += self._plain(at, opened.start())
            if opened[0] == "$${":
                found.append(Piece(opened.start(), opened.end(), "${".encode(self._codec)))
                at = opened.end()
                continue
            field = self._field(opened.start())
            found.append(field)
            at, fields = field.end, fields + 1
            if fields > MAX_MACROS:
                what = f"more than {MAX_MACROS} macros in one payload"
                raise mistake(self.text, field.start, field.end, what, "send it in several payloads")
        return found + list(self._plain(at, len(self.text)))

    @property
    def _codec(self) -> str:
        from workbench.formats.charset import encoding_named

        return encoding_named(self.encoding)

    def _plain(self, start: int, end: int) -> list[Piece]:
        try:
            pieces = parse_pieces(self.text[start:end], encoding=self.encoding, line_ending=self.line_ending)
        except LocalMisuse as wrong:
            if wrong.start is not None and wrong.text == self.text[start:end]:
                wrong.text, wrong.start, wrong.end = self.text, wrong.start + start, (wrong.end or 0) + start
            raise
        return [Piece(piece.start + start, piece.end + start, piece.data) for piece in pieces]

    def _field(self, start: int) -> Field:
        close = self.text.find("}", start)
        if close < 0:
            end = self.text.find("\n", start)
            end = len(self.text) if end < 0 else end
            what = "this macro is never closed"
            raise mistake(self.text, start, end, what, "write a closing brace, or $${ for the text ${")
        return _Macro(self.text, start, close + 1, self._codec).field()


class _Macro:
    """One macro, `text[start:end]`, being read."""

    def __init__(self, text: str, start: int, end: int, codec: str) -> None:
        self.text, self.start, self.end, self.codec = text, start, end, codec
        words = [(m[0], m.start(), m.end()) for m in _WORD.finditer(text, start + 2, end - 1)]
        if not words:
            raise mistake(text, start, end, "this macro has no name", f"write one of {_known()}")
        self.name, self.name_start, self.name_end = words[0]
        self.words = words[1:]

    def field(self) -> Field:
        if self.name in CHECKS:
            return self._check()
        reader = _READERS.get(self.name)
        if reader is None:
            what = f"{self.name!r} is no macro"
            raise mistake(self.text, self.name_start, self.name_end, what, f"write one of {_known()}")
        return reader(self)

    # ---- fields

    def counter(self) -> Field:
        given = self._options("from", "step", "name", "as")
        first, step = self._number(given, "from", 1), self._number(given, "step", 1)
        name = given["name"][0] if "name" in given else ""
        form = self._form(given)

        def fill(run: Run) -> bytes:
            return self._written(run.count(name, first, step), form)

        return self._filled(fill)

    def date(self) -> Field:
        utc = bool(self.words) and self.words[0][0] == "utc"
        rest = self.words[1:] if utc else self.words
        pattern = self.text[rest[0][1] : self.end - 1] if rest else "%Y-%m-%d"
        self._check_pattern(pattern, rest[0][1] if rest else 0)

        def fill(run: Run) -> bytes:
            return run.now(utc=utc).strftime(pattern).encode(self.codec)

        return self._filled(fill)

    def time(self) -> Field:
        self._options()
        return self._dated("%H:%M:%S", utc=False)

    def http_date(self) -> Field:
        self._options()
        return self._dated(HTTP_DATE, utc=True)

    def unix(self) -> Field:
        form = self._form(self._options("as"))

        def fill(run: Run) -> bytes:
            return self._written(int(run.now(utc=True).timestamp()), form)

        return self._filled(fill)

    def random(self) -> Field:
        if not self.words:
            what = "random needs to know how many octets, or from where to where"
            raise mistake(
                self.text, self.name_end, self.name_end, what, "write ${random 4} or ${random 1..6}"
            )
        (word, start, end), self.words = self.words[0], self.words[1:]
        given = self._options("as")
        if between := _RANGE.match(word):
            low, high = int(between[1]), int(between[2])
            if low > high or high > MAX_NUMBER:
                what = (
                    f"there is no number from {low} to {high}"
                    if low > high
                    else f"{high} has more than 64 bits"
                )
                raise mistake(self.text, start, end, what, "write the smaller number first, like 1..6")
            form = self._form(given)

            def number(run: Run) -> bytes:
                return self._written(run.random.randint(low, high), form)

            return self._filled(number)
        if not (word.isascii() and word.isdecimal()) or len(word) > 9 or int(word) > MAX_RANDOM or given:
            what = f"{word!r} is no number of octets up to {MAX_RANDOM} and no range"
            if given:
                what = "octets are not written as a number"
            raise mistake(self.text, start, end, what, "write ${random 4} or ${random 1..6 as=u8}")
        size = int(word)
        return self._filled(lambda run: run.random.randbytes(size))

    def uuid(self) -> Field:
        self._options()
        return self._filled(lambda run: run.uuid().encode(self.codec))

    def length(self) -> Field:
        span = self._span_word()
        given = self._options("as", "plus")
        plus = self._number(given, "plus", 0)
        return Field(self.start, self.end, "length", span=span, form=self._form(given), plus=plus)

    def begin(self) -> Field:
        return self._edge("begin")

    def ends(self) -> Field:
        return self._edge("end")

    def _check(self) -> Field:
        span = self._span_word()
        given = self._options("as")
        order, start, end = given.get("as", ("be", 0, 0))
        if order not in _CHECK_FORMS:
            what = f"a check is not written as {order!r}"
            raise mistake(self.text, start, end, what, f"write one of {', '.join(_CHECK_FORMS)}")
        return Field(self.start, self.end, "check", span=span, check=self.name, order=order)

    # ---- pieces of fields

    def _filled(self, fill: Fill) -> Field:
        return Field(self.start, self.end, "fill", fill)

    def _dated(self, pattern: str, *, utc: bool) -> Field:
        return self._filled(lambda run: run.now(utc=utc).strftime(pattern).encode(self.codec))

    def _edge(self, kind: str) -> Field:
        span = self._span_word()
        self._options()
        if not span:
            what = f"{kind} needs the name of the span"
            raise mistake(self.text, self.name_end, self.name_end, what, f"write ${{{kind} body}}")
        return Field(self.start, self.end, kind, span=span)

    def _span_word(self) -> str:
        if not self.words or "=" in self.words[0][0]:
            return ""
        (word, start, end), self.words = self.words[0], self.words[1:]
        if not _NAME.match(word):
            what = f"{word!r} is no name of a span"
            raise mistake(self.text, start, end, what, "write letters, digits, - and _, a letter first")
        return word

    def _options(self, *known: str) -> dict[str, tuple[str, int, int]]:
        """By key: the value and its place."""
        given: dict[str, tuple[str, int, int]] = {}
        for word, start, end in self.words:
            key, equals, value = word.partition("=")
            if not equals or key not in known or not value:
                what = f"{self.name} has no option {key!r}" if equals else f"{word!r} is too much here"
                advice = "it takes " + (", ".join(f"{each}=" for each in known) if known else "nothing else")
                raise mistake(self.text, start, end, what, advice)
            if key in given:
                raise mistake(self.text, start, end, f"{key} stands here twice", "leave one of them out")
            given[key] = value, start + len(key) + 1, end
        return given

    def _number(self, given: dict[str, tuple[str, int, int]], key: str, default: int) -> int:
        if key not in given:
            return default
        value, start, end = given[key]
        digits = value[1:] if value[:1] in "+-" else value
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 19:
            raise mistake(self.text, start, end, f"{value!r} is no whole number", "write digits")
        return int(value)

    def _form(self, given: dict[str, tuple[str, int, int]]) -> NumberForm:
        if "as" not in given:
            return FORMS["dec"]
        name, start, end = given["as"]
        form = number_form(name)
        if form is None:
            what = f"{name!r} is no way to write a number"
            raise mistake(self.text, start, end, what, f"write one of {', '.join(FORMS)}, dec4 or hex8")
        return form

    def _written(self, number: int, form: NumberForm) -> bytes:
        return written(number, form, self.codec, self.text, self.start, self.end)

    def _check_pattern(self, pattern: str, place: int) -> None:
        for found in re.finditer("%(.?)", pattern, re.DOTALL):
            if found[1] not in DIRECTIVES or not found[1]:
                start, end = place + found.start(), place + found.end()
                what = f"{found[0]!r} means nothing here"
                raise mistake(
                    self.text, start, end, what, "write %Y %m %d %H %M %S, or %% for a per cent sign"
                )
        try:
            pattern.encode(self.codec)
        except UnicodeEncodeError as error:
            start = place + error.start
            what = f"{self.codec} has no U+{ord(pattern[error.start]):04X}"
            raise mistake(self.text, start, start + 1, what, "choose another encoding, like utf-8") from error
        if not pattern.isprintable():
            at = place + next(i for i, one in enumerate(pattern) if not one.isprintable())
            raise mistake(
                self.text, at, at + 1, "a date holds no control characters", "end the macro before it"
            )


_READERS: Final[dict[str, Callable[[_Macro], Field]]] = {
    "counter": _Macro.counter,
    "date": _Macro.date,
    "time": _Macro.time,
    "http-date": _Macro.http_date,
    "unix": _Macro.unix,
    "random": _Macro.random,
    "uuid": _Macro.uuid,
    "begin": _Macro.begin,
    "end": _Macro.ends,
    "length": _Macro.length,
}
MACROS: Final = (*_READERS, *CHECKS)
"""All names, for lists and help."""


def written(number: int, form: NumberForm, codec: str, text: str, start: int, end: int) -> bytes:
    """A number in its field. Raises: LocalMisuse, at the field's place: it does not fit."""
    found = form.write(number, codec)
    if found is None:
        advice = "take a wider field, like u32, or dec without a width"
        raise mistake(text, start, end, f"{number} does not fit {form.name}", advice)
    return found


def _known() -> str:
    return ", ".join(_READERS) + ", crc32 and the other checks"
