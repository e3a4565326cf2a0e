"""Values of a result: what type they have, and how they are shown and exported.

PostgreSQL sends text, and the column says what it means; SQLite has a type for each value. What would lose something
on its way stays text: numeric, dates, intervals.
"""

import math
from collections.abc import Callable

from workbench.protocols.sql.values import Column, Value

BOOL, BYTEA = 16, 17
_WHOLE = (20, 21, 23, 26)
_FLOAT = (700, 701)
_SIZED = {1042: "character", 1043: "character varying"}
_TYPES = {
    16: "boolean",
    17: "bytea",
    18: '"char"',
    19: "name",
    20: "bigint",
    21: "smallint",
    23: "integer",
    24: "regproc",
    25: "text",
    26: "oid",
    114: "json",
    142: "xml",
    600: "point",
    700: "real",
    701: "double precision",
    705: "unknown",
    790: "money",
    829: "macaddr",
    869: "inet",
    650: "cidr",
    1000: "boolean[]",
    1005: "smallint[]",
    1007: "integer[]",
    1009: "text[]",
    1015: "character varying[]",
    1016: "bigint[]",
    1021: "real[]",
    1022: "double precision[]",
    1042: "character",
    1043: "character varying",
    1082: "date",
    1083: "time",
    1114: "timestamp",
    1184: "timestamptz",
    1186: "interval",
    1231: "numeric[]",
    1266: "timetz",
    1560: "bit",
    1562: "bit varying",
    1700: "numeric",
    2205: "regclass",
    2206: "regtype",
    2249: "record",
    2278: "void",
    2950: "uuid",
    3802: "jsonb",
    3904: "int4range",
    3908: "tsrange",
    3910: "tstzrange",
    3912: "daterange",
    3926: "int8range",
}
"""Built-in types by number (pg_type.dat); others are shown by their number."""
_VARHDRSZ = 4
"""The modifier of a text type is its length and these octets; of numeric 16 bits of precision, 11 of scale."""


def type_name(oid: int, modifier: int = -1) -> str:
    """A type of PostgreSQL by its number, with its length where it has one."""
    name = _TYPES.get(oid, f"type {oid}")
    if modifier >= _VARHDRSZ:
        if oid in _SIZED:
            return f"{name}({modifier - _VARHDRSZ})"
        if oid == 1700:
            packed = modifier - _VARHDRSZ
            return f"{name}({packed >> 16 & 0xFFFF},{packed & 0x7FF})"
    return name


def is_number(column: Column) -> bool:
    """Whether a column of PostgreSQL holds numbers, for aligning them."""
    return column.oid in (*_WHOLE, *_FLOAT, 790, 1700)


def _bool(text: str) -> Value:
    return text == "t"


def _bytea(text: str) -> Value:
    if text.startswith("\\x"):
        try:
            return bytes.fromhex(text[2:])
        except ValueError:
            return text
    return text


def _whole(text: str) -> Value:
    return int(text)


def _float(text: str) -> Value:
    return float(text)


_READ: dict[int, Callable[[str], Value]] = {
    BOOL: _bool,
    BYTEA: _bytea,
    **dict.fromkeys(_WHOLE, _whole),
    **dict.fromkeys(_FLOAT, _float),
}


def value_of(raw: object, column: Column) -> Value:
    """A value as it was kept, as one of Python: octets of PostgreSQL's text are read by the column's type."""
    if column.oid == 0 or raw is None:
        return raw  # type: ignore[return-value]  # SQLite's values are Python's
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    read = _READ.get(column.oid)
    try:
        return read(text) if read is not None else text
    except ValueError:
        return text


def json_of(raw: object, column: Column) -> object:
    """A value in a document: what JSON has no word for is told as a dictionary or as text."""
    value = value_of(raw, column)
    if isinstance(value, bytes):
        return {"hex": value.hex(), "octets": len(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def text_of(raw: object, column: Column) -> str:
    """A value as text: what PostgreSQL sent, what SQLite's shell would say; NULL is the empty text."""
    if raw is None:
        return ""
    if column.oid:
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    if isinstance(raw, bytes):
        return "\\x" + raw.hex()
    return repr(raw) if isinstance(raw, float) else str(raw)


def octets_of(raw: object, column: Column) -> bytes | None:
    """The octets of a binary value; None where it is none."""
    value = value_of(raw, column) if column.oid == BYTEA else raw
    return value if isinstance(value, bytes) and column.oid in (0, BYTEA) else None
