"""XML-RPC calls and values to octets; what can't be said is refused with its place."""

import base64
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from workbench.errors import LocalMisuse
from workbench.protocols.xmlrpc.sentences import SPEC
from workbench.protocols.xmlrpc.values import I8_HIGH, I8_LOW, INT_HIGH, INT_LOW, Call, Value

MAX_DEPTH = 64
"""Arrays and structs inside each other; ours. Python's own reader has no limit, and dies at a thousand."""
MAX_NAME = 255  # of a method; ours
METHOD: Final = re.compile(r"[A-Za-z0-9_.:/]+")
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DATE: Final = re.compile(
    r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}T[0-9]{2}:?[0-9]{2}:?[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9:]+)?"
)


def write_call(call: Call) -> bytes:
    """A call as octets. Raises: LocalMisuse: what can't be said."""
    params = "".join(f"<param>{write_value(value)}</param>\n" for value in call.params)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<methodCall>\n'
        f"<methodName>{checked_method(call.method)}</methodName>\n<params>\n{params}</params>\n</methodCall>\n"
    ).encode()


def checked_method(name: str) -> str:
    """A method's name. Raises: LocalMisuse with the place."""
    advice = "letters, digits, _ . : and / are allowed"
    if not name:
        raise LocalMisuse(
            "there is no method", text=name, start=0, end=0, advice="for example system.listMethods"
        )
    found = METHOD.match(name)
    end = found.end() if found else 0
    if end < len(name):
        what = f"{name[end]!r} can't be part of a method's name"
        raise LocalMisuse(what, text=name, start=end, end=end + 1, advice=advice, source=SPEC)
    if len(name) > MAX_NAME:
        raise LocalMisuse(f"the method's name has more than {MAX_NAME} characters", advice="shorten it")
    return name


def write_value(value: Value, depth: int = 0) -> str:
    """A value as XML. Raises: LocalMisuse: what can't be said."""
    if depth > MAX_DEPTH:
        raise LocalMisuse(f"the value is nested more than {MAX_DEPTH} deep", advice="send it in parts")
    if value.type == "array":
        inside = "".join(write_value(item, depth + 1) for item in value.items())
        return f"<value><array><data>{inside}</data></array></value>"
    if value.type == "struct":
        parts = [
            f"<member><name>{_escaped(name)}</name>{write_value(member, depth + 1)}</member>"
            for name, member in value.members()
        ]
        return f"<value><struct>{''.join(parts)}</struct></value>"
    if value.type == "nil":
        return "<value><nil/></value>"
    return f"<value><{value.type}>{_WRITERS[value.type](value.data)}</{value.type}></value>"


def _escaped(data: object) -> str:
    text = str(data)
    if found := _NO_XML.search(text):
        at = found.start()
        raise LocalMisuse(
            f"the character U+{ord(text[at]):04X} can't stand in XML",
            text=text,
            start=at,
            end=at + 1,
            advice="send it as base64",
            source="XML 1.0 section 2.2",
        )
    # A bare CR would be read as a line end (XML 1.0 section 2.11).
    return escape(text).replace("\r", "&#13;")


def _whole(low: int, high: int, name: str) -> Callable[[object], str]:
    def written(data: object) -> str:
        if not isinstance(data, int) or not low <= data <= high:
            what = f"{data} is no {name}: those go from {low} to {high}"
            raise LocalMisuse(what, advice="send it as i8, or as a string", source=SPEC)
        return str(int(data))

    return written


def _double(data: object) -> str:
    number = float(data) if isinstance(data, (int, float)) else math.nan
    if not math.isfinite(number):
        raise LocalMisuse(f"{data} can't be sent as a double", advice="send it as a string", source=SPEC)
    # The specification knows no exponent: a decimal point and digits is all.
    return format(Decimal(repr(number)), "f")


def _date(data: object) -> str:
    text = str(data)
    if not DATE.fullmatch(text):
        raise LocalMisuse(
            "this is no date and time",
            text=text,
            start=0,
            end=len(text),
            advice="write 20261123T14:08:55",
            source=SPEC,
        )
    return text


_WRITERS: Final[dict[str, Callable[[object], str]]] = {
    "int": _whole(INT_LOW, INT_HIGH, "int"),
    "i8": _whole(I8_LOW, I8_HIGH, "i8"),
    "boolean": lambda data: "1" if data else "0",
    "string": _escaped,
    "double": _double,
    "dateTime.iso8601": _date,
    "base64": lambda data: base64.b64encode(data if isinstance(data, bytes) else b"").decode("ascii"),
}
