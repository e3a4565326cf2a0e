"""The methods of the Lab's XML-RPC server, each with its signatures and its help."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from xmlrpc.client import Fault

MAX_POWER = 10_000
MAX_CALLS_AT_ONCE = 1000
"""In one system.multicall: it multiplies whatever a client may do, tries of a login too."""

CATEGORIES: Final = ({"id": 7, "title": "Weather"}, {"id": 3, "title": "Books"}, {"id": 9, "title": "Empty"})
ITEMS: Final = {
    7: ("Fog in the harbour", "Wind from the west"),
    3: ("Tide tables", "Knots", "A lighthouse keeper's diary"),
    9: (),
}


class Told(NamedTuple):
    """A method. signatures: each the type that comes back and those of the arguments."""

    call: Callable[..., object]
    signatures: tuple[tuple[str, ...], ...]
    help: str


def _pow(base: object, exponent: object) -> int:
    if not isinstance(base, int) or not isinstance(exponent, int):
        raise Fault(-32602, "pow takes two whole numbers")
    _need(0 <= exponent <= MAX_POWER and abs(base) <= MAX_POWER, f"pow takes numbers up to {MAX_POWER}")
    return int(_as_int(base**exponent))


def _as_int(result: float) -> float:
    if isinstance(result, int) and not -(2**31) <= result < 2**31:
        raise Fault(2, "the result needs more than the 32 bits of an int")
    return result


def _add(first: object, second: object) -> float:
    if not isinstance(first, int | float) or not isinstance(second, int | float):
        raise Fault(-32602, "add takes two numbers")
    return _as_int(first + second)


def _echo(value: object) -> object:
    return value


def kind(value: object) -> str:
    """The name of the type as it arrived: a boolean is no int here."""
    names = {
        "bool": "boolean",
        "str": "string",
        "float": "double",
        "list": "array",
        "dict": "struct",
        "NoneType": "nil",
    }
    name = type(value).__name__
    return {"DateTime": "dateTime.iso8601", "Binary": "base64"}.get(name, names.get(name, name))


def _fail(code: object, text: object) -> object:
    if not isinstance(code, int) or not isinstance(text, str):
        raise Fault(-32602, "fail takes a whole number and a text")
    raise Fault(code, text)


def _divide(first: float, second: float) -> float:
    _need(second != 0, "nobody can divide by nothing")
    return first / second


def _categories() -> Sequence[object]:
    return list(CATEGORIES)


def _items(category: int) -> Sequence[object]:
    if category not in ITEMS:
        raise Fault(404, f"there is no category {category}")
    return [{"number": at, "title": title} for at, title in enumerate(ITEMS[category], start=1)]


def _need(is_so: bool, what: str) -> None:
    if not is_so:
        raise Fault(-32602, what)


METHODS: Final[dict[str, Told]] = {
    "pow": Told(_pow, (("int", "int", "int"),), "The first number to the power of the second."),
    "add": Told(
        _add,
        (("int", "int", "int"), ("double", "double", "double")),
        "The sum of two numbers; whole ones give a whole one.",
    ),
    "echo": Told(_echo, (), "Gives back what it got: see what a round trip does to a value."),
    "kind": Told(
        kind, (("string", "int"), ("string", "boolean"), ("string", "string")), "The type of what arrived."
    ),
    "divide": Told(_divide, (("double", "double", "double"),), "The first number divided by the second."),
    "fail": Told(
        _fail, (("int", "int", "string"),), "Answers with a fault of this number and text, whatever you do."
    ),
    "feed.categories": Told(_categories, (("array",),), "The categories, each a struct of id and title."),
    "feed.items": Told(
        _items, (("array", "int"),), "What stands in a category, by its <b>id</b>, not by its row."
    ),
}
