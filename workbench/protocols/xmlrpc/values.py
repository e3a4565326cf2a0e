"""Values of XML-RPC with their types, calls, answers, and what a server says of its methods."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

Type = Literal[
    "int", "i8", "boolean", "string", "double", "dateTime.iso8601", "base64", "struct", "array", "nil"
]
TYPES: Final[tuple[Type, ...]] = (
    "int",
    "i8",
    "boolean",
    "string",
    "double",
    "dateTime.iso8601",
    "base64",
    "struct",
    "array",
    "nil",
)
INT_LOW, INT_HIGH = -(2**31), 2**31 - 1
I8_LOW, I8_HIGH = -(2**63), 2**63 - 1


class Value(NamedTuple):
    """One value and its type.

    data: int, bool, str (of a string, and of a date as it is written), float, bytes; of an array a tuple of Values, of
    a struct one of (name, Value); None of nil. start, stop: its octets in the answer; -1 where it came from none.
    """

    type: Type
    data: object
    start: int = -1
    stop: int = -1

    def plain(self) -> object:
        """As JSON has it; what JSON has no type for is an object with one key: {"$base64": "..."}."""
        if self.type == "array":
            return [value.plain() for value in self.items()]
        if self.type == "struct":
            return {name: value.plain() for name, value in self.members()}
        if isinstance(self.data, bytes):
            import base64

            return {"$base64": base64.b64encode(self.data).decode("ascii")}
        if self.type == "dateTime.iso8601":
            return {"$dateTime": self.data}
        return self.data

    def items(self) -> "tuple[Value, ...]":
        """Of an array: its values."""
        return self.data if isinstance(self.data, tuple) and self.type == "array" else ()

    def members(self) -> "tuple[tuple[str, Value], ...]":
        """Of a struct: its names and values, in order, doubled names too."""
        return self.data if isinstance(self.data, tuple) and self.type == "struct" else ()


class Call(NamedTuple):
    """A method and its arguments."""

    method: str
    params: tuple[Value, ...] = ()


class Fault(NamedTuple):
    """A server's no: its number and its words."""

    code: int
    text: str


class Warned(NamedTuple):
    """What an answer does otherwise than the specification says, and was read all the same. start, stop: octets."""

    what: str
    start: int
    stop: int


class Answer(NamedTuple):
    """What came back: a value, or a fault. warnings: what had to be read leniently."""

    value: Value | None
    fault: Fault | None = None
    warnings: tuple[Warned, ...] = ()


class Method(NamedTuple):
    """What a server tells of one of its methods.

    signatures: each the type that comes back, then those of the arguments. said: what it answered instead of
    signatures, and why there are none; "" where it told them.
    """

    name: str
    signatures: tuple[tuple[str, ...], ...] = ()
    said: str = ""
    help: str = ""

    def lines(self) -> Iterator[str]:
        """Each signature as people write it."""
        for signature in self.signatures:
            yield f"{signature[0] if signature else '?'} {self.name}({', '.join(signature[1:])})"
