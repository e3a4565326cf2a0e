"""Parameters: found in a statement, typed from what a person wrote, put into the order in which they are sent.

A value is never pasted into the text: it travels beside it, so that nothing in it can be read as SQL. What a person
types becomes a value by its looks: NULL, whole numbers, numbers with a point, x'00ff', 'quoted text'; all else is text.

Source: SQLite "Binding values to prepared statements"; PostgreSQL documentation, Extended Query.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.protocols.sql.lexer import Token, tokens
from workbench.protocols.sql.values import Dialect, Statement, Value

MAX_PARAMETERS = 32_766
"""SQLite's SQLITE_MAX_VARIABLE_NUMBER; PostgreSQL's message counts to 65,535."""
_WHOLE = re.compile(r"[+-]?\d{1,19}")
_POINT = re.compile(r"[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d{1,3})?")
_HEX = re.compile(r"[xX]'((?:[0-9a-fA-F]{2})*)'")
_QUOTED = re.compile(r"'((?:[^']|'')*)'", re.DOTALL)
_NAMED = re.compile(r"\s*[:@$]?([^\W\d]\w*)\s*=(.*)", re.DOTALL)


class Typed(NamedTuple):
    """A value, and the text it was typed as: 1.50 is the number 1.5 for one database, and exact for the other."""

    value: Value
    text: str


class Bound(NamedTuple):
    """A statement ready to be sent.

    text: as the database takes it. values: in its order. shifts: places in `text` where it is longer (or shorter) than
    what was typed, for finding an error's place again.
    """

    text: str
    values: tuple[Typed, ...]
    shifts: tuple[tuple[int, int], ...] = ()

    def place(self, at: int) -> int:
        """The place in the text as typed of a place in the text as sent."""
        return at - sum(longer for place, longer in self.shifts if place <= at)


def within(bound: Bound, before: str, behind: str) -> Bound:
    """The same statement as a part of a larger one, with its values; places of errors are still those of the inner."""
    longer = len(before)
    shifts = ((0, longer), *((place + longer, more) for place, more in bound.shifts))
    return Bound(before + bound.text + behind, bound.values, shifts)


def typed(text: str) -> Typed:
    """A value from a person's text."""
    if text.upper() == "NULL":
        return Typed(None, text)
    if _WHOLE.fullmatch(text) and -(2**63) <= int(text) < 2**63:
        return Typed(int(text), text)
    if _POINT.fullmatch(text):
        return Typed(float(text), text)
    if (found := _HEX.fullmatch(text)) is not None:
        return Typed(bytes.fromhex(found[1]), text)
    if (found := _QUOTED.fullmatch(text)) is not None:
        plain = found[1].replace("''", "'")
        return Typed(plain, plain)
    return Typed(text, text)


class Parameters:
    """Everything a person gave, handed out to statement after statement.

    Args:
        given: VALUE, or NAME=VALUE where a statement has a parameter of that name.
    """

    def __init__(self, given: Sequence[str], statements: Sequence[Statement], dialect: Dialect) -> None:
        names = {name for one in statements for name in names_of(one.text, dialect) if not name.isdigit()}
        self._dialect = dialect
        self._named: dict[str, Typed] = {}
        self._waiting: list[Typed] = []
        for text in given:
            found = _NAMED.fullmatch(text)
            if found is not None and found[1] in names:
                self._named[found[1]] = typed(found[2].strip())
            else:
                self._waiting.append(typed(text))

    def bind(self, statement: Statement) -> Bound:
        """The next statement with its values. Raises: LocalMisuse: one is missing, with the parameter's place."""
        _check_characters(statement.text)
        if "\0" in statement.text:
            at = statement.text.index("\0")
            raise LocalMisuse(
                "a statement can't hold NUL: the databases' libraries would end it there",
                text=statement.text.replace("\0", "?"),
                start=at,
                end=at + 1,
                advice="remove it; x'00' is the way to write such an octet",
            )
        found = [one for one in tokens(statement.text, self._dialect) if one.kind == "parameter"]
        bind = _bind_sqlite if self._dialect == "sqlite" else _bind_postgresql
        bound, taken = bind(statement.text, found, self._named, self._waiting)
        del self._waiting[:taken]
        _check_no_nul(bound)
        return bound

    def check_used(self) -> None:
        """Raises: LocalMisuse: values are left over."""
        if self._waiting:
            count = len(self._waiting)
            raise LocalMisuse(
                f"{count} value{'s' * (count > 1)} more than the statements have parameters",
                text=self._waiting[0].text,
                start=0,
                end=len(self._waiting[0].text),
                advice="write ? or :name (PostgreSQL: $1 or :name) where a value belongs",
            )


def names_of(text: str, dialect: Dialect) -> tuple[str, ...]:
    """The parameters of a statement without their marks, each once, in order; "" for a bare ?."""
    found = [text[one.start + 1 : one.end] for one in tokens(text, dialect) if one.kind == "parameter"]
    return tuple(dict.fromkeys(found))


def _bind_sqlite(
    text: str, found: list[Token], named: Mapping[str, Typed], waiting: Sequence[Typed]
) -> tuple[Bound, int]:
    """SQLite numbers them itself: ? is one more than the highest so far, a new name too."""
    values: dict[int, Typed] = {}
    numbers: dict[str, int] = {}
    taken = 0
    for token in found:
        mark, name = text[token.start], text[token.start + 1 : token.end]
        if mark == "?":
            number = int(name) if name else max(values, default=0) + 1
            _check_number(text, token, number)
            if number not in values:
                place = number - 1 if name else taken
                values[number] = _waiting(text, token, waiting, place)
                taken = max(taken, place + 1)
            continue
        whole = mark + name
        if whole in numbers:
            continue
        numbers[whole] = max(values, default=0) + 1
        if name in named:
            values[numbers[whole]] = named[name]
        else:
            values[numbers[whole]] = _waiting(text, token, waiting, taken)
            taken += 1
    highest = max(values, default=0)
    null = Typed(None, "NULL")
    return Bound(text, tuple(values.get(number, null) for number in range(1, highest + 1))), taken


def _bind_postgresql(
    text: str, found: list[Token], named: Mapping[str, Typed], waiting: Sequence[Typed]
) -> tuple[Bound, int]:
    """$1 stays; :name becomes the next number, since the server knows numbers alone."""
    highest = 0
    for token in found:
        if text[token.start] == "$":
            number = int(text[token.start + 1 : token.end])
            _check_number(text, token, number)
            highest = max(highest, number)
    values = [_waiting(text, _numbered(text, found, at + 1), waiting, at) for at in range(highest)]
    taken = highest
    numbers: dict[str, int] = {}
    pieces: list[str] = []
    shifts: list[tuple[int, int]] = []
    place = length = 0
    for token in found:
        if text[token.start] != ":":
            continue
        name = text[token.start + 1 : token.end]
        if name not in numbers:
            if name in named:
                values.append(named[name])
            else:
                values.append(_waiting(text, token, waiting, taken))
                taken += 1
            numbers[name] = len(values)
        mark = f"${numbers[name]}"
        pieces += (text[place : token.start], mark)
        length += token.start - place + len(mark)
        place = token.end
        shifts.append((length, len(mark) - (token.end - token.start)))
    return Bound("".join((*pieces, text[place:])), tuple(values), tuple(shifts)), taken


def _numbered(text: str, found: list[Token], number: int) -> Token:
    those = (one for one in found if text[one.start : one.end] == f"${number}")
    return next(those, next(one for one in found if text[one.start] == "$"))


def _waiting(text: str, token: Token, waiting: Sequence[Typed], place: int) -> Typed:
    if place < len(waiting):
        return waiting[place]
    shown = text[token.start : token.end]
    raise LocalMisuse(
        f"the parameter {shown} has no value",
        text=text,
        start=token.start,
        end=token.end,
        advice="give one value for each parameter, in their order; NAME=VALUE for one with a name",
    )


def _check_number(text: str, token: Token, number: int) -> None:
    if not 1 <= number <= MAX_PARAMETERS:
        raise LocalMisuse(
            f"parameters are numbered from 1 to {MAX_PARAMETERS}", text=text, start=token.start, end=token.end
        )


def _check_characters(text: str) -> None:
    """Octets of a file or a command line that are no UTF-8 stand in a text as surrogates (PEP 383)."""
    at = next((at for at, character in enumerate(text) if "\ud800" <= character <= "\udfff"), None)
    if at is not None:
        raise LocalMisuse(
            "this octet is no UTF-8, so that no database could take it as a character",
            text=text,
            start=at,
            end=at + 1,
            advice="write the character, or the octet as x'ff'",
        )


def _check_no_nul(bound: Bound) -> None:
    for one in bound.values:
        if isinstance(one.value, str):
            _check_characters(one.value)
        if isinstance(one.value, str) and "\0" in one.value:
            raise LocalMisuse(
                "a text value can't hold NUL: PostgreSQL has no such character, and SQLite's functions end there",
                text=one.text.replace("\0", "?"),
                start=one.text.index("\0"),
                end=one.text.index("\0") + 1,
                advice="send it as octets: x'00'",
            )
