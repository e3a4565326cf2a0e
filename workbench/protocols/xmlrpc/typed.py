"""Arguments as a person types them: each as JSON, else as a string; and forms for the types that JSON has not."""

import base64
import binascii
import json
import math
from collections.abc import Callable
from typing import Final

from workbench.errors import LocalMisuse
from workbench.protocols.xmlrpc.encode import DATE, MAX_DEPTH, write_value
from workbench.protocols.xmlrpc.values import I8_HIGH, I8_LOW, INT_HIGH, INT_LOW, Type, Value

MAX_TEXT = 4 * 1024 * 1024
"""Characters of one argument; ours."""
_FORMS: Final[dict[str, Type]] = {
    "$base64": "base64",
    "$dateTime": "dateTime.iso8601",
    "$int": "int",
    "$i8": "i8",
    "$double": "double",
    "$string": "string",
}


def read_argument(text: str, type_: str = "") -> Value:
    """The value that a typed argument means.

    Args:
        type_: of XML-RPC; "" to see by the text: JSON, else a string.

    Raises: LocalMisuse with the place: it is none of the type, or can't be sent.
    """
    if len(text) > MAX_TEXT:
        raise LocalMisuse(f"the argument has more than {MAX_TEXT:,} characters", advice="send it in parts")
    value = _of_type(text, type_) if type_ and type_ not in ("array", "struct") else _by_itself(text, type_)
    try:
        write_value(value)
    except LocalMisuse as mistake:
        if mistake.text != text:
            raise LocalMisuse(
                mistake.what, text=text, start=0, end=len(text), advice=mistake.advice, source=mistake.source
            ) from mistake
        raise
    return value


def _by_itself(text: str, type_: str) -> Value:
    try:
        found = from_json(json.loads(text, parse_constant=_no_number))
    except (json.JSONDecodeError, RecursionError) as error:
        if type_:
            at = error.pos if isinstance(error, json.JSONDecodeError) else 0
            what = f"this is no {type_} as JSON writes it"
            raise _mistake(text, what, '["a", 1] or {"name": 1}', at) from error
        return Value("string", text)
    if type_ and found.type != type_:
        raise _mistake(text, f"this is a value of type {found.type}, not {type_}", "choose its own type")
    return found


def _no_number(word: str) -> object:
    raise LocalMisuse(
        f"{word} can't be sent as a double", text=word, start=0, end=len(word), advice='write "NaN" for text'
    )


def from_json(found: object, depth: int = 0) -> Value:
    """A value of JSON. Raises: LocalMisuse: a number that is too large, nested too deep, a form without its value."""
    if depth > MAX_DEPTH:
        raise LocalMisuse(f"the value is nested more than {MAX_DEPTH} deep", advice="send it in parts")
    match found:
        case None:
            return Value("nil", None)
        case bool():
            return Value("boolean", found)
        case int():
            return _whole(found)
        case float():
            return Value("double", found)
        case str():
            return Value("string", found)
        case list():
            return Value("array", tuple(from_json(one, depth + 1) for one in found))
        case dict():
            return _struct(found, depth)
    raise LocalMisuse("JSON has no such value")


def _whole(number: int) -> Value:
    if INT_LOW <= number <= INT_HIGH:
        return Value("int", number)
    if I8_LOW <= number <= I8_HIGH:
        return Value("i8", number)
    raise LocalMisuse(f"{number} needs more than 64 bits", advice="send it as a string")


def _struct(found: dict[str, object], depth: int) -> Value:
    if len(found) == 1:
        ((key, inside),) = found.items()
        if key in _FORMS:
            return _of_type(inside if isinstance(inside, str) else json.dumps(inside), _FORMS[key])
    return Value("struct", tuple((key, from_json(one, depth + 1)) for key, one in found.items()))


def _mistake(text: str, what: str, example: str, at: int = 0) -> LocalMisuse:
    return LocalMisuse(what, text=text, start=at, end=max(len(text), at), advice=f"for example {example}")


def _of_type(text: str, type_: str) -> Value:
    read = _READERS.get(type_)
    if read is None:
        raise LocalMisuse(f"XML-RPC has no type {type_!r}", text=text, start=0, end=len(text))
    return Value(type_, read(text))  # type: ignore[arg-type]  # a key of _READERS


def _number(low: int, high: int, name: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            number = int(text.strip()) if len(text) < 30 and "_" not in text else None
        except ValueError:
            number = None
        if number is None or not low <= number <= high:
            raise _mistake(text, f"this is no {name}: a whole number from {low} to {high}", "42")
        return number

    return read


def _double(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _mistake(text, "this is no double", "1.5")
    return number


def _boolean(text: str) -> object:
    if text.strip() not in ("0", "1", "true", "false"):
        raise _mistake(text, "this is no boolean", "true")
    return text.strip() in ("1", "true")


def _date(text: str) -> object:
    if not DATE.fullmatch(text.strip()):
        raise _mistake(text, "this is no date and time", "20261123T14:08:55")
    return text.strip()


def _octets(text: str) -> object:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _mistake(text, "this is no base64", "AAEC") from error


def _nil(text: str) -> object:
    if text.strip() not in ("", "null", "nil"):
        raise _mistake(text, "nil has no value", "null")
    return None


_READERS: Final[dict[str, Callable[[str], object]]] = {
    "int": _number(INT_LOW, INT_HIGH, "int"),
    "i8": _number(I8_LOW, I8_HIGH, "i8"),
    "double": _double,
    "boolean": _boolean,
    "string": lambda text: text,
    "dateTime.iso8601": _date,
    "base64": _octets,
    "nil": _nil,
}
