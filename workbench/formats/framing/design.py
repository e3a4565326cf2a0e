"""A message format of a person's own: fields one behind the other, some of which say how long others are.

    magic: u16 = 0xCAFE      a constant, checked by the receiver
    kind: u8                 u8 to u64, i8 to i64; "u16le" is little-endian, else the highest octet comes first
    size: u16                what "size" says below is filled in by the encoder
    name: text[8]            8 octets of UTF-8, filled up with NUL
    body: octets[size]       as many octets as "size" says

A message is typed as the value of the one field that is free, or as NAME=VALUE NAME=VALUE where several are.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.framing.decoder import Break, Held
from workbench.formats.framing.lengths import too_large
from workbench.formats.framing.values import (
    MAX_MESSAGE,
    Broken,
    Part,
    Remark,
    Wire,
    octets_of,
    write_marks,
)

MAX_FIELDS: Final = 100
Value = int | bytes
Kind = Literal["number", "octets", "text"]


class Field(NamedTuple):
    """One field.

    size: octets, where they are fixed. by: the name of the field that says the size otherwise. constant: what it always
    is. start, stop: where it stands in the text.
    """

    name: str
    kind: Kind
    size: int = 0
    order: Literal["big", "little"] = "big"
    signed: bool = False
    by: str = ""
    constant: int | None = None
    start: int = 0
    stop: int = 0

    @property
    def written(self) -> str:
        """Its type as people write it."""
        if self.kind != "number":
            return f"{self.kind}[{self.by or self.size}]"
        return f"{'i' if self.signed else 'u'}{8 * self.size}{'le' if self.order == 'little' else ''}"

    @property
    def bounds(self) -> tuple[int, int]:
        """Of a number: the least and the greatest value."""
        bits = 8 * self.size
        return (-(1 << bits - 1), (1 << bits - 1) - 1) if self.signed else (0, (1 << bits) - 1)


class Shown(NamedTuple):
    """A field of a message that was read, with its place."""

    field: Field
    value: Value
    start: int
    stop: int


@dataclass(frozen=True)
class Design:
    """A format; made by design_text.read_design."""

    fields: tuple[Field, ...]
    title: str = "Your own"

    @cached_property
    def lengths(self) -> Mapping[str, Field]:
        """The fields whose size others say, by the names of those others."""
        return {field.by: field for field in self.fields if field.by}

    @cached_property
    def free(self) -> tuple[Field, ...]:
        """The fields that a message gives values to."""
        return tuple(
            field for field in self.fields if field.constant is None and field.name not in self.lengths
        )

    # ---- writing

    def read_values(self, data: bytes) -> dict[str, Value]:
        """What a message as it is typed gives to each free field. Raises: LocalMisuse."""
        if len(self.free) == 1 and self.free[0].kind != "number":
            return {self.free[0].name: data}
        try:
            words = shlex.split(data.decode("utf-8"))
        except ValueError as error:
            raise LocalMisuse(f"the message can't be read: {error}", advice=self._hint) from error
        values: dict[str, Value] = {}
        for word in words:
            name, equals, text = word.partition("=")
            field = next((field for field in self.free if field.name == name), None)
            if not equals or field is None or name in values:
                raise LocalMisuse(f"{word!r} gives no field its value", advice=self._hint)
            values[name] = _number(field, text) if field.kind == "number" else text.encode()
        for field in self.free:
            if field.name not in values:
                raise LocalMisuse(f"the field {field.name} has no value", advice=self._hint)
        return values

    @property
    def _hint(self) -> str:
        return "write " + " ".join(f"{field.name}=VALUE" for field in self.free)

    def write(self, values: Mapping[str, Value]) -> Wire:
        """Octets from the free fields' values. Raises: LocalMisuse: one does not fit."""
        parts: list[tuple[bytes, Part, str]] = []
        for field in self.fields:
            measured = self.lengths.get(field.name)
            if measured is not None:
                size = len(_octets(measured, values[measured.name]))
                parts.append(
                    (_word(field, size), "length", f"{field.name}: length {size} of {measured.name}")
                )
            elif field.constant is not None:
                parts.append(
                    (_word(field, field.constant), "check", f"{field.name}: always {field.constant:#x}")
                )
            elif field.kind == "number":
                value = values[field.name]
                assert isinstance(value, int)
                parts.append((_word(field, value), "data", f"{field.name}: {value}"))
            else:
                parts.append((_octets(field, values[field.name]), "data", field.name))
        return write_marks(tuple(parts))

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """That it does not fit, or that nothing is free."""
        try:
            self.encode(data)
        except LocalMisuse as misuse:
            return (Remark("width-overflow", misuse.what, 0, len(data), stops=True),)
        return ()

    def encode(self, data: bytes) -> Wire:
        """A message as it is typed. Raises: LocalMisuse."""
        return self.write(self.read_values(data))

    # ---- reading

    def decoder(self, limit: int = MAX_MESSAGE) -> "DesignDecoder":
        """Reads it."""
        return DesignDecoder(self, limit)

    def read(self, data: bytes, at: int = 0) -> tuple[Shown, ...]:
        """The fields of a whole message at `at` of a stream. Raises: LocalMisuse: it is no whole message."""
        found: list[Shown] = []
        sizes: dict[str, int] = {}
        place = 0
        for field in self.fields:
            size = sizes[field.by] if field.by else field.size
            octets = data[place : place + size]
            if len(octets) < size:
                raise LocalMisuse(f"the message ends in the field {field.name}")
            value = value_of(field, octets)
            if isinstance(value, int):
                sizes[field.name] = value
            found.append(Shown(field, value, at + place, at + place + size))
            place += size
        return tuple(found)

    def say(self, data: bytes) -> bytes:
        """A whole message as a person types it."""
        shown = {each.field.name: each.value for each in self.read(data)}
        if len(self.free) == 1 and self.free[0].kind != "number":
            value = shown[self.free[0].name]
            assert isinstance(value, bytes)
            return value
        words = []
        for field in self.free:
            value = shown[field.name]
            text = str(value) if isinstance(value, int) else value.decode("utf-8", "backslashreplace")
            words.append(f"{field.name}={shlex.quote(text) if text else ''}")
        return " ".join(words).encode()


class DesignDecoder(Held):
    """Field after field; a constant is checked as soon as it is there, a length before anything is kept for it."""

    def __init__(self, design: Design, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._design = design
        self._number = 0
        self._size = 0
        self._sizes: dict[str, int] = {}

    def _step(self) -> bool:
        field = self._design.fields[self._number]
        size = self._next()
        # Counted from the beginning of the message: what was read of it stays held.
        start = self._at + self._size
        octets = bytes(self._held[start : start + size])
        if len(octets) < size:
            return False
        if field.kind == "number":
            self._check(field, octets)
        self._size += size
        self._number += 1
        if self._number == len(self._design.fields):
            message = self._peek(self._size)
            self._at += self._size
            self._number = self._size = 0
            self._sizes.clear()
            self._emit(self._design.say(message), self._place)
        return True

    def _next(self) -> int:
        field = self._design.fields[self._number]
        return self._sizes[field.by] if field.by else field.size

    def _check(self, field: Field, octets: bytes) -> None:
        value = value_of(field, octets)
        assert isinstance(value, int)
        at = self._place + self._size
        if field.constant is not None and value != field.constant:
            what = f"{field.name} is {value:#x} and must be {field.constant:#x}"
            raise Break(Broken(what, at, octets))
        if field.name in self._design.lengths and value > self.limit:
            raise too_large(self.limit, value, at, octets)
        self._sizes[field.name] = value

    def _where(self) -> tuple[str, int, int | None]:
        if not self._left:
            return "before a message", 0, self._next()
        field = self._design.fields[self._number]
        return f"in the field {field.name}", self._left, self._next() - (self._left - self._size)


def value_of(field: Field, octets: bytes) -> Value:
    """What the octets of a field mean; a text without the NULs behind it."""
    if field.kind == "number":
        return int.from_bytes(octets, field.order, signed=field.signed)
    return octets.rstrip(b"\0") if field.kind == "text" and not field.by else octets


def _number(field: Field, text: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        raise LocalMisuse(
            f"{text!r} is no number for {field.name}", advice="write it like 5 or 0x05"
        ) from None


def _word(field: Field, value: int) -> bytes:
    low, high = field.bounds
    if not low <= value <= high:
        what = f"{field.name}: {value:,} does not fit into {octets_of(field.size)} ({low:,} to {high:,})"
        raise LocalMisuse(what, advice="choose a wider type, or send less")
    return value.to_bytes(field.size, field.order, signed=field.signed)


def _octets(field: Field, value: Value) -> bytes:
    assert isinstance(value, bytes)
    if field.by:
        return value
    if len(value) > field.size or (field.kind == "octets" and len(value) != field.size):
        what = f"{field.name}: {octets_of(len(value))}, and the field has {field.size}"
        raise LocalMisuse(what, advice="make the field wider, or let another field say its length")
    return value.ljust(field.size, b"\0")
