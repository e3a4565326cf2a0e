"""What a person types for a call, to values: lines like `a.send "hello\\r\\n"`, and each argument by its kind.

Nothing is guessed, and what the system itself should judge is let through: port 65536, text in a reader, a backlog of
-1. Only what can't be written down as a value at all is refused, at its place.
"""

import re
import socket
import struct
from difflib import get_close_matches
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.payload import parse_hex, parse_payload
from workbench.formats.place import mistake
from workbench.protocols.calls.spec import CALLS, FILE_CALLS, Kind, Param
from workbench.protocols.calls.values import FAMILIES, FLAGS, HOWS, TYPES, Named, short

MAX_LINE = 4096
MAX_REPEATED = 16 * 1024 * 1024
"""Octets that one call may offer: more than any system takes at once, and made in a few milliseconds."""
_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,7}")
_HEAD: Final = re.compile(r"\s*(?:(?P<made>\w+)\s*=\s*)?(?:(?P<on>\w+)\.)?(?P<call>\w+)(?=\s|$)")
_TOKEN: Final = re.compile(r'\s*(?P<token>(?:\w+=)?"(?:[^"\\]|\\.)*"|[^\s"]\S*)', re.DOTALL)
LEVELS: Final = ("SOL_SOCKET", "IPPROTO_TCP", "IPPROTO_IP", "IPPROTO_IPV6", "IPPROTO_UDP")


class Line(NamedTuple):
    """A call as it is typed. made: what its result is to be called, "" for the next free name."""

    made: str
    on: str
    call: str
    given: dict[str, str]


class Where(NamedTuple):
    """An address as it is typed. Exactly one of host, path, of and lab says something.

    of: the socket whose address is meant. lab: a name that the Lab resolves.
    """

    host: str | None = None
    port: int = 0
    path: str | None = None
    of: str = ""
    lab: str = ""


class Argument(NamedTuple):
    """A value, and how Python writes it."""

    value: object
    code: str


def parse_line(text: str) -> Line:
    """Read `b = a.accept`, `b.send "hello"`, `b.recv 100 PEEK`; arguments in the call's order, or as name=value.

    Raises: LocalMisuse with the place.
    """
    if len(text) > MAX_LINE:
        raise mistake(text, MAX_LINE, len(text), f"a call has at most {MAX_LINE} characters", "")
    head = _HEAD.match(text)
    if head is None:
        raise mistake(text, 0, len(text), "this is no call", 'write it like a.send "hello"')
    made, on, call = head["made"] or "", head["on"] or "", head["call"]
    for name, group in ((made, "made"), (on, "on")):
        if name and not _NAME.fullmatch(name):
            raise mistake(
                text, *head.span(group), f"{name} is no name of ours", "a small letter, then digits"
            )
    if call not in CALLS:
        near = get_close_matches(call, CALLS, 1)
        advice = f"perhaps {near[0]} is meant" if near else f"there are {', '.join(CALLS)}"
        raise mistake(text, *head.span("call"), f"there is no call {call}", advice)
    spec = CALLS[call]
    if (spec.place == "desk") != (not on):
        wanted = "is made on nothing" if spec.place == "desk" else "is made on a socket: a." + call
        raise mistake(text, *head.span("call"), f"{call} {wanted}", spec.what)
    return Line(made, on, call, _given(text, head.end(), spec.params, call))


def _given(text: str, at: int, params: tuple[Param, ...], call: str) -> dict[str, str]:
    given: dict[str, str] = {}
    rest = [param.name for param in params]
    end = len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise mistake(text, at, end, "a quotation mark is not closed", 'write "text"')
        token, at = found["token"], found.end()
        name, equals, value = token.partition("=")
        if equals and name in rest:
            token = value
        elif rest:
            name = rest[0]
        else:
            raise mistake(text, found.start("token"), at, f"{call} takes no more", CALLS[call].what)
        rest.remove(name)
        given[name] = token
    return given


def spoken_name(on: str, call: str, *, is_file: bool) -> str:
    """The name of a call as it is listed: close on a file is file_close."""
    return FILE_CALLS.get(call, call) if is_file else call


def read(param: Param, text: str) -> Argument:
    """A typed argument as a value. Addresses become a Where. Raises: LocalMisuse with the place."""
    if not text:
        if param.default is None:
            raise mistake(text, 0, 0, f"{param.name} is missing", param.what)
        text = param.default
    try:
        return _READERS[param.kind](text)
    except ValueError as error:
        raise mistake(text, 0, len(text), f"{param.name}: {error}", param.what) from error


def _constant(constants: tuple[Named, ...], text: str) -> Argument:
    for each in constants:
        if text.upper() in (each.name, short(each.name)):
            if each.number is None:
                raise ValueError(f"this system's Python has no {each.name}")
            return Argument(each.number, f"socket.{each.name}")
    return _number(text)


def _family(text: str) -> Argument:
    return _constant(FAMILIES, text)


def _type(text: str) -> Argument:
    return _constant(TYPES, text)


def _number(text: str) -> Argument:
    if not re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
        raise ValueError(f"{text} is no whole number")
    return Argument(int(text), str(int(text)))


def _flags(text: str) -> Argument:
    if not text:
        return Argument(0, "")
    parts = [_constant(FLAGS, part.strip()) for part in text.split("|")]
    value = 0
    for part in parts:
        value |= int(str(part.value))
    return Argument(value, " | ".join(part.code for part in parts))


def _how(text: str) -> Argument:
    name = text.upper() if text.upper().startswith("SHUT_") else f"SHUT_{text.upper()}"
    if name not in HOWS:
        raise ValueError(f"{text} is none of {', '.join(HOWS)}")
    return Argument(int(getattr(socket, name)), f"socket.{name}")


def _yes(text: str) -> Argument:
    if text.lower() not in ("yes", "no", "1", "0", "true", "false"):
        raise ValueError(f"{text} is neither yes nor no")
    value = text.lower() in ("yes", "1", "true")
    return Argument(value, str(value))


def _seconds(text: str) -> Argument:
    if text.lower() == "none":
        return Argument(None, "None")
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII):
        raise ValueError(f"{text} is no time in seconds")
    return Argument(float(text), f"{float(text):g}")


def _data(text: str) -> Argument:
    data = parse_payload(unquoted(text))
    return Argument(data, repr(data))


def unquoted(text: str) -> str:
    """Without the quotation marks around it; an escaped one inside becomes itself."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('\\"', '"')
    return text


def _level(text: str) -> Argument:
    name = text.upper()
    if name in LEVELS:
        return Argument(int(getattr(socket, name)), f"socket.{name}")
    return _number(text)


def _option(text: str) -> Argument:
    name = text.upper()
    number = getattr(socket, name, None) if re.fullmatch(r"[A-Z][A-Z0-9_]*", name, re.ASCII) else None
    if isinstance(number, int):
        return Argument(int(number), f"socket.{name}")
    if not text.isdecimal():
        raise ValueError(f"this system's Python has no {name}")
    return _number(text)


def _value(text: str) -> Argument:
    """A number, a struct of ints, octets, or text."""
    value: int | bytes
    if text.startswith('"'):
        value = parse_payload(unquoted(text))
    elif text.startswith("x"):
        value = parse_hex(text[1:])
    elif "," in text:
        value = struct.pack(f"{text.count(',') + 1}i", *(_int32(part) for part in text.split(",")))
    else:
        value = _int32(text)
    return Argument(value, repr(value))


def _int32(text: str) -> int:
    if not re.fullmatch(r"\s*-?\d{1,10}\s*", text, re.ASCII) or not -(2**31) <= int(text) < 2**31:
        raise ValueError(f"{text} is no number of 32 bits")
    return int(text)


def _mode(text: str) -> Argument:
    if len(text) > 8:
        raise ValueError(f"{text[:20]} is no mode")
    return Argument(text, repr(text))


def _address(text: str) -> Argument:
    text = unquoted(text)
    if text.startswith("@"):
        if not _NAME.fullmatch(text[1:]):
            raise ValueError(f"{text} names no socket")
        return Argument(Where(of=text[1:]), f"{text[1:]}.getsockname()")
    if text.startswith("lab:"):
        return Argument(Where(lab=text), "")
    if text.startswith("unix:"):
        return Argument(Where(path=text.removeprefix("unix:")), repr(text.removeprefix("unix:")))
    host, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch(r"-?\d{1,10}", port, re.ASCII):
        raise ValueError(f"{text} has no port")
    host = host.removeprefix("[").removesuffix("]")
    return Argument(Where(host, int(port)), repr((host, int(port))))


_READERS: Final = {
    "family": _family,
    "type": _type,
    "number": _number,
    "address": _address,
    "data": _data,
    "flags": _flags,
    "how": _how,
    "yes": _yes,
    "seconds": _seconds,
    "level": _level,
    "option": _option,
    "value": _value,
    "mode": _mode,
    "descriptor": _number,
}
KINDS: Final[tuple[Kind, ...]] = tuple(_READERS)  # type: ignore[arg-type]  # a test compares them


def repeated(data: bytes, times: int) -> bytes:
    """The data so often. Raises: LocalMisuse: too much to hold."""
    if times < 0 or len(data) * times > MAX_REPEATED:
        raise LocalMisuse(f"one call offers at most {MAX_REPEATED} octets", stage="input")
    return data * times
