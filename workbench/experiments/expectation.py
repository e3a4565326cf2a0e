"""What must have been seen: the comparisons, their reading from a card, and their verdicts.

    [[expect]]
    that = "client.received"        a named step and one of the values that things.py knows for it
    equals = "hello\\r\\n"            one comparison or several; all must hold

equals, one_of: the value itself. contains, lacks, matches: of texts; matches is a regular expression that may match
anywhere. at_least, at_most: of numbers, inclusive. same_as, differs_from: another value, written as in `that`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from workbench.errors import LocalMisuse
from workbench.experiments.table import MAX_ITEMS, Table, checked_text, misuse, shown
from workbench.experiments.things import Field, Made, Seen, Type, Value, described, fields_of
from workbench.experiments.values import Expectation
from workbench.experiments.verbs import Makes, quoted
from workbench.transcript.recorder import Transcript

COMPARISONS: dict[str, str] = {
    "equals": "",
    "one_of": "",
    "contains": "something with ",
    "lacks": "something without ",
    "matches": "something that matches ",
    "at_least": "at least ",
    "at_most": "at most ",
    "same_as": "the same as ",
    "differs_from": "something else than ",
}
"""Every comparison, and how its side of the sentence begins."""

_ONLY: dict[str, tuple[Type, ...]] = {
    "contains": ("text",),
    "lacks": ("text",),
    "matches": ("text",),
    "at_least": ("number",),
    "at_most": ("number",),
}
_OTHERS = ("same_as", "differs_from")
_SHOWN = 200
"""Octets of a value in a sentence: two that differ late must be seen to differ."""
_AROUND = 30
"""Characters shown on both sides of what was looked for in a long text."""
PATTERN_TIMEOUT_S = 0.25
"""A pattern of a card may not hold the loop longer; `re` would hold it for ever."""

Kinds = Mapping[str, Makes]
"""What the named steps of a card make."""


class Verdict(NamedTuple):
    """One expectation after the steps were played.

    what: the value in words, "what the client received". expected, seen: as people read them; seen is "" when it did
    not come to that. ok: whether all its tests hold. event: the event of the transcript that shows it, if one does.
    """

    expectation: Expectation
    what: str
    expected: str
    seen: str
    ok: bool
    event: int | None

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        what = self.what[:1].upper() + self.what[1:]
        if not self.seen:
            return f"{what}: it did not come to that; expected was {self.expected}."
        if not self.ok:
            return f"{what}: {self.seen}, but expected was {self.expected}."
        return (
            f"{what}: {self.seen}."
            if self.seen == self.expected
            else f"{what}: {self.seen} ({self.expected})."
        )


def read_expectation(table: Table, kinds: Kinds) -> Expectation:
    """One [[expect]] of a card.

    Raises: LocalMisuse: no such step or value, no comparison, one that does not fit the value.
    """
    name, field, known = _value(table, "that", kinds)
    tests: list[tuple[str, object]] = []
    for comparison in table.names:
        if comparison == "that":
            continue
        if comparison not in COMPARISONS:
            table.refuse(comparison, list(COMPARISONS))
        tests.append((comparison, _compared(table, comparison, known.type, kinds)))
    if not tests:
        raise misuse(table.where, "compares with nothing", f"add one of {', '.join(COMPARISONS)}")
    return Expectation(name, field, tuple(tests))


def _value(table: Table, key: str, kinds: Kinds) -> tuple[str, str, Field]:
    """The step, the name of the value and the value that a key names."""
    text = table.text(key, 'write "NAME.VALUE", like "client.received"')
    name, _, field = text.partition(".")
    if name not in kinds:
        names = ", ".join(kinds) or "none"
        raise table.wrong(key, f"no step has the name {shown(name)}", f"named steps: {names}")
    fields = fields_of(kinds[name])
    if field not in fields:
        raise table.wrong(key, f"{name} has no value {shown(field)}", f"it has {', '.join(fields)}")
    return name, field, fields[field]


def _compared(table: Table, comparison: str, wanted: Type, kinds: Kinds) -> object:
    allowed = _ONLY.get(comparison)
    if allowed is not None and wanted not in allowed:
        raise table.wrong(comparison, f"compares {allowed[0]}s, and this value is a {wanted}")
    where = table.place(comparison)
    if comparison in _OTHERS:
        name, field, other = _value(table, comparison, kinds)
        if other.type != wanted:
            raise misuse(where, f"is a {other.type}, and the value is a {wanted}")
        return name, field
    value = table.raw(comparison)
    if comparison == "matches":
        pattern = checked_text(value, where)
        _compiled(pattern, where)
        return pattern
    if comparison != "one_of":
        return _checked(value, wanted, where)
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_ITEMS:
        raise misuse(where, "must be a list of the values that are right")
    return tuple(_checked(one, wanted, where) for one in value)


def _checked(value: object, wanted: Type, where: str) -> object:
    match wanted:
        case "text":
            return checked_text(value, where, may_be_empty=True)
        case "number":
            if isinstance(value, int | float) and not isinstance(value, bool):
                return value
        case "flag":
            if isinstance(value, bool):
                return value
        case "list":
            if isinstance(value, list) and len(value) <= MAX_ITEMS and all(type(one) is int for one in value):
                return value
    raise misuse(where, f"must be a {wanted}, not {shown(value)}", "compare with a value of the same kind")


def _compiled(pattern: str, where: str) -> Any:
    import regex

    try:
        return regex.compile(pattern)
    except regex.error as error:
        place = min(error.pos or 0, len(pattern))
        raise LocalMisuse(
            f"{where}: not a regular expression: {error.msg}",
            text=pattern,
            start=place,
            end=min(place + 1, len(pattern)),
            stage="experiment",
        ) from error


# Verdicts -----------------------------------------------------------------------------------------------------------


def judge(
    expectation: Expectation, made: Mapping[str, Made], kinds: Kinds, transcript: Transcript
) -> Verdict:
    """Compare what was seen with what was expected.

    Args:
        made: what the steps that were played left, by name.
        kinds: of the card as it is written; a step that made something else has nothing to see here.
    """
    field = fields_of(kinds[expectation.name])[expectation.field]
    expected = " and ".join(
        COMPARISONS[test] + _said(test, value, kinds) for test, value in expectation.tests
    )
    what = described(expectation.name, field)
    seen = _look(expectation.name, expectation.field, made, transcript)
    if seen is None:
        return Verdict(expectation, what, expected, "", False, None)
    ok = all(_holds(test, value, seen.value, made, transcript) for test, value in expectation.tests)
    return Verdict(expectation, what, expected, said(_part(seen.value, expectation.tests)), ok, seen.event)


def _part(value: Value, tests: Sequence[tuple[str, object]]) -> Value:
    """Of a long text the part that shows what was looked for, if it is there."""
    if not isinstance(value, str) or len(value) <= _SHOWN:
        return value
    for test, wanted in tests:
        if test in ("contains", "lacks") and isinstance(wanted, str) and wanted in value:
            place = value.index(wanted)
            start, stop = max(0, place - _AROUND), place + len(wanted) + _AROUND
            return f"{'…' * (start > 0)}{value[start:stop]}{'…' * (stop < len(value))}"
    # Where something is missing, no part of the text shows it better than its beginning.
    return f"{value[: 2 * _AROUND]}…" if all(test == "lacks" for test, _ in tests) else value


def _look(name: str, field: str, made: Mapping[str, Made], transcript: Transcript) -> Seen | None:
    thing = made.get(name)
    if thing is None:
        return None
    found = fields_of(thing.kind).get(field)
    return found.look(thing, transcript) if found is not None else None


def _holds(test: str, value: Any, seen: Any, made: Mapping[str, Made], transcript: Transcript) -> bool:
    match test:
        case "one_of":
            return seen in value
        case "contains":
            return bool(value in seen)
        case "lacks":
            return bool(value not in seen)
        case "matches":
            return _matches(value, seen)
        case "at_least":
            return bool(seen >= value)
        case "at_most":
            return bool(seen <= value)
        case "same_as" | "differs_from":
            name, field = value
            other = _look(name, field, made, transcript)
            return other is not None and (other.value == seen) is (test == "same_as")
    return bool(seen == value)


def _matches(pattern: str, seen: str) -> bool:
    try:
        return _compiled(pattern, "matches").search(seen, timeout=PATTERN_TIMEOUT_S) is not None
    except TimeoutError:
        return False


def _said(test: str, value: Any, kinds: Kinds) -> str:
    if test in _OTHERS:
        name, field = value
        return described(name, fields_of(kinds[name])[field])
    if test == "matches":
        return f"“{value}”"
    if test == "one_of":
        return " or ".join(said(one) for one in value)
    return said(value)


def said(value: Value) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return quoted(value.encode("utf-8", "surrogatepass"), at_most=_SHOWN)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:,.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
