"""XML-RPC calls and answers from octets to values; every octet of a stranger bounded. `encode` is the way there.

Reading is lenient where servers are known to differ (white space, dates, an untyped value), and each leniency is told;
what has no meaning is refused with its place. A document type is refused outright: no answer needs one, and everything
that XML can do harm with begins there.
"""

import base64
import binascii
import re
from typing import Final, NamedTuple
from xml.parsers import expat

from workbench.errors import PeerMisbehaved
from workbench.protocols.xmlrpc.encode import DATE, MAX_DEPTH, METHOD
from workbench.protocols.xmlrpc.sentences import SPEC
from workbench.protocols.xmlrpc.values import (
    I8_HIGH,
    I8_LOW,
    INT_HIGH,
    INT_LOW,
    Answer,
    Call,
    Fault,
    Type,
    Value,
    Warned,
)

MAX_OCTETS = 32 * 1024 * 1024  # ours
MAX_VALUES = 1_000_000
MAX_WARNINGS = 100
_INT: Final = re.compile(r"[+-]?[0-9]{1,20}")
_DOUBLE: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SIMPLE_DATE: Final = re.compile(r"[0-9]{8}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_ALIASES: Final[dict[str, Type]] = {
    "i4": "int",
    "int": "int",
    "i8": "i8",
    "boolean": "boolean",
    "string": "string",
    "double": "double",
    "dateTime.iso8601": "dateTime.iso8601",
    "base64": "base64",
    "nil": "nil",
    "ex:nil": "nil",
    "ex:i8": "i8",
}


class _Open(NamedTuple):
    name: str
    start: int


def read_answer(data: bytes) -> Answer:
    """An answer's value or fault. Raises: PeerMisbehaved with the place."""
    reader = _Reader(data, "methodResponse")
    values = reader.values
    if reader.is_fault:
        return Answer(None, _fault(values, data), tuple(reader.warnings))
    if len(values) != 1:
        raise _broken(f"the answer holds {len(values)} values where one belongs", data, 0)
    return Answer(values[0], None, tuple(reader.warnings))


def read_call(data: bytes) -> Call:
    """A call as a server reads it. Raises: PeerMisbehaved with the place."""
    reader = _Reader(data, "methodCall")
    if not METHOD.fullmatch(reader.method):
        raise _broken("the call names no method", data, 0)
    return Call(reader.method, tuple(reader.values))


def _fault(values: list[Value], data: bytes) -> Fault:
    members = dict(values[0].members()) if len(values) == 1 else {}
    code, text = members.get("faultCode"), members.get("faultString")
    if code is None or text is None or code.type not in ("int", "i8") or text.type != "string":
        raise _broken("the fault has no faultCode and faultString of their types", data, 0)
    assert isinstance(code.data, int)
    return Fault(code.data, str(text.data))


def _broken(what: str, data: bytes, at: int) -> PeerMisbehaved:
    line = data.count(b"\n", 0, at) + 1
    column = at - (data.rfind(b"\n", 0, at) + 1) + 1
    return PeerMisbehaved(
        f"{what} (line {line}, column {column})",
        stage="answer",
        data=data[max(0, at - 40) : at + 200],
        committed="maybe",
        source=SPEC,
    )


class _Reader:
    """Reads one document with expat, which says of everything at which octet it stands."""

    def __init__(self, data: bytes, root: str) -> None:
        if len(data) > MAX_OCTETS:
            raise _broken(f"the document has {len(data):,} octets; {MAX_OCTETS:,} are read", data, 0)
        self._data = data
        self._root = root
        self._stack: list[_Open] = []
        self._text: list[str] = []
        self._frames: list[tuple[str, list[object], str]] = []
        """Open arrays and structs: kind, what is in them, the name of the member that is open."""
        self._typed: list[Value | None] = []
        """For each open value element: the value of the type element inside it."""
        self._count = 0
        self.values: list[Value] = []
        self.warnings: list[Warned] = []
        self.is_fault = False
        self.method = ""
        self._parse()
        if not self._seen:
            raise _broken(f"there is no {root}", data, 0)

    _seen = False

    def _parse(self) -> None:
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._on_doctype
        try:
            parser.Parse(self._data, True)
        except expat.ExpatError as error:
            at = max(0, min(parser.ErrorByteIndex, len(self._data)))
            what = expat.ErrorString(error.code)
            raise _broken(f"this is no XML: {what}", self._data, at) from error
        except LookupError as error:
            raise _broken(f"this is no XML: {error}", self._data, 0) from error

    @property
    def _at(self) -> int:
        return max(0, self._parser.CurrentByteIndex)

    def _on_doctype(self, *_args: object) -> None:
        raise _broken("it declares a document type, which no answer needs", self._data, self._at)

    def _on_start(self, name: str, _attributes: object) -> None:
        at = self._at
        parent = self._stack[-1].name if self._stack else ""
        if name not in _INSIDE.get(parent, ()) and not (not parent and name == self._root):
            where = f"inside {parent}" if parent else "as the outermost element"
            raise _broken(f"{name[:40]} can't stand {where}", self._data, at)
        if not parent:
            self._seen = True
        self._check_text(parent, at)
        self._stack.append(_Open(name, at))
        self._text.clear()
        if name == "value":
            self._typed.append(None)
        elif name in ("array", "struct"):
            self._frames.append((name, [], ""))
            if len(self._frames) > MAX_DEPTH:
                raise _broken(f"values are nested more than {MAX_DEPTH} deep", self._data, at)
        elif name == "fault":
            self.is_fault = True
        if parent == "value" and self._typed[-1] is not None:
            raise _broken("a value with two types", self._data, at)

    def _check_text(self, parent: str, at: int) -> None:
        if self._text and parent not in ("value", "name", "methodName"):
            said = "".join(self._text).strip()
            if said:
                raise _broken(f"text where none belongs: {said[:40]!r}", self._data, at)

    def _on_end(self, name: str) -> None:
        opened = self._stack.pop()
        text = "".join(self._text)
        stop = self._at
        if name == "value":
            self._end_value(opened, text, stop)
        elif name in _ALIASES:
            self._typed[-1] = self._scalar(name, text, opened.start, stop)
        elif name in ("array", "struct"):
            kind, inside, _ = self._frames.pop()
            self._typed[-1] = Value(
                "array" if kind == "array" else "struct", tuple(inside), opened.start, stop
            )
        elif name == "name":
            kind, inside, _ = self._frames[-1]
            self._frames[-1] = (kind, inside, text)
            if any(isinstance(one, tuple) and one[0] == text for one in inside):
                self._warn(f"the member {text[:40]!r} stands twice", opened.start, stop)
        elif name == "methodName":
            self.method = text.strip()
        elif text.strip():
            raise _broken(f"text where none belongs: {text.strip()[:40]!r}", self._data, opened.start)
        self._text.clear()

    def _end_value(self, opened: _Open, text: str, stop: int) -> None:
        typed = self._typed.pop()
        end = self._data.find(b">", stop) + 1
        if typed is None:
            value = Value("string", text, opened.start, end)
        else:
            value = typed._replace(start=opened.start, stop=end)
        self._count += 1
        if self._count > MAX_VALUES:
            raise _broken(f"more than {MAX_VALUES:,} values", self._data, opened.start)
        parent = self._stack[-1].name
        if parent == "data":
            self._frames[-1][1].append(value)
        elif parent == "member":
            kind, inside, name = self._frames[-1]
            inside.append((name, value))
            self._frames[-1] = (kind, inside, "")
        else:
            self.values.append(value)

    def _scalar(self, name: str, text: str, start: int, stop: int) -> Value:
        type_ = _ALIASES[name]
        try:
            data = self._converted(type_, text, start, stop)
        except ValueError as error:
            raise _broken(f"{text.strip()[:40]!r} is no {name}", self._data, start) from error
        if name.startswith("ex:"):
            self._warn(f"{name} is an extension of Apache's", start, stop)
        return Value(type_, data, start, stop)

    def _converted(self, type_: Type, text: str, start: int, stop: int) -> object:
        """Raises: ValueError: the text is none of the type."""
        if type_ == "string":
            return text
        bare = text.strip()
        if bare != text and type_ not in ("base64", "nil"):
            self._warn(f"white space around a value of type {type_}", start, stop)
        if type_ in ("int", "i8"):
            return self._number(type_, bare, start, stop)
        if type_ == "boolean":
            if bare in ("true", "false"):
                self._warn(f"a boolean is 0 or 1, not {bare}", start, stop)
            elif bare not in ("0", "1"):
                raise ValueError(bare)
            return bare in ("1", "true")
        if type_ == "double":
            return self._real(bare, start, stop)
        if type_ == "base64":
            return _from_base64(bare)
        if type_ == "nil":
            if bare:
                raise ValueError(bare)
            return None
        if not DATE.fullmatch(bare):
            raise ValueError(bare)
        if not _SIMPLE_DATE.fullmatch(bare):
            self._warn("a date in another form than 19980717T14:08:55", start, stop)
        return bare

    def _number(self, type_: Type, bare: str, start: int, stop: int) -> int:
        if not _INT.fullmatch(bare):
            raise ValueError(bare)
        number = int(bare)
        if not I8_LOW <= number <= I8_HIGH:
            raise ValueError(bare)
        if type_ == "int" and not INT_LOW <= number <= INT_HIGH:
            self._warn(f"{number} is no int of 32 bits", start, stop)
        return number

    def _real(self, bare: str, start: int, stop: int) -> float | str:
        if bare.lower() in ("nan", "inf", "-inf", "infinity", "-infinity"):
            self._warn(f"{bare} is no double of the specification", start, stop)
            return bare
        if not _DOUBLE.fullmatch(bare):
            raise ValueError(bare)
        if "e" in bare.lower():
            self._warn("a double with an exponent", start, stop)
        return float(bare)

    def _warn(self, what: str, start: int, stop: int) -> None:
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(Warned(what, start, stop))


_INSIDE: Final[dict[str, tuple[str, ...]]] = {
    "methodCall": ("methodName", "params"),
    "methodResponse": ("params", "fault"),
    "params": ("param",),
    "param": ("value",),
    "fault": ("value",),
    "value": (*_ALIASES, "array", "struct"),
    "array": ("data",),
    "data": ("value",),
    "struct": ("member",),
    "member": ("name", "value"),
}


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
