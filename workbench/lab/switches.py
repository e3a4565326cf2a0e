"""Switches: what can be turned on a Lab service, declared with type and bounds, checked before anything starts.

A service declares its switches in the catalogue. What a person gives is completed by the defaults and becomes the
Turned of one running service; a wrong name or value is a LocalMisuse that names it and what may have been meant. In
the terminal switches are written `delay_ms=50,reset,text="a, b"`.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse

Kind = Literal["flag", "count", "text", "choice"]
Value = bool | int | str | None

MAX_TEXT = 4096
"""Characters of a text switch: a page to send, far below the control protocol's line."""


class Switch(NamedTuple):
    """One thing that can be turned.

    kind: "flag" (yes or no), "count" (a whole number from low to high), "text", "choice" (one of `choices`).
    default None: off; only a count can be off. what: one line for a person, unit included. check: of a text; raises
    LocalMisuse.
    """

    name: str
    kind: Kind
    default: Value
    what: str
    low: int = 0
    high: int = 2**31 - 1
    choices: tuple[str, ...] = ()
    check: Callable[[str], object] | None = None

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        shown: dict[str, object] = {
            "name": self.name,
            "kind": self.kind,
            "default": self.default,
            "what": self.what,
        }
        if self.kind == "count":
            shown["low"], shown["high"] = self.low, self.high
        if self.kind == "choice":
            shown["choices"] = list(self.choices)
        return shown


class Turned:
    """The switches of one running service: every declared one has a checked value."""

    def __init__(self, values: Mapping[str, Value], changed: Mapping[str, Value]) -> None:
        self._values = values
        self.changed = changed

    def flag(self, name: str) -> bool:
        """A yes or no."""
        return self._values[name] is True

    def count(self, name: str) -> int:
        """A whole number; 0 where the switch is off."""
        value = self._values[name]
        return value if type(value) is int else 0

    def maybe(self, name: str) -> int | None:
        """A whole number, or None where the switch is off."""
        value = self._values[name]
        return value if type(value) is int else None

    def text(self, name: str) -> str:
        """A text or the chosen word."""
        value = self._values[name]
        return value if isinstance(value, str) else ""

    def key(self) -> tuple[tuple[str, Value], ...]:
        """Equal for equal behaviour: what differs from the defaults, in order of names."""
        return tuple(sorted(self.changed.items()))


TCP_SWITCHES = (
    Switch("delay_ms", "count", 0, "milliseconds to wait before each answer", high=600_000),
    Switch("rate", "count", 0, "at most so many octets a second are sent; 0: as fast as it goes"),
    Switch("one_byte", "flag", False, "send every octet in a segment of its own"),
    Switch(
        "cut_after",
        "count",
        None,
        "end the connection after so many octets were sent; 0: at once",
        high=2**40,
    ),
    Switch("reset", "flag", False, "end connections with RST where it would be FIN"),
    Switch("freeze", "flag", False, "never read what the client sends"),
    Switch(
        "connections", "count", 256, "so many clients at once; more wait in the backlog", low=1, high=1024
    ),
    # 128 overflow when a client connects and leaves faster than a busy machine accepts; each SYN lost costs a second.
    Switch("backlog", "count", 1024, "connections the system may queue up", low=0, high=4096),
)
UDP_SWITCHES = (
    Switch("delay_ms", "count", 0, "milliseconds to wait before each answer", high=600_000),
    Switch("drop_first", "count", 0, "leave so many datagrams unanswered, then answer"),
    Switch("copies", "count", 1, "send each answer so many times", low=1, high=10),
)


def turn(declared: Iterable[Switch], given: Mapping[str, object], *, service: str) -> Turned:
    """Check what was given and complete it.

    Args:
        given: values as JSON or a terminal gives them: "50", "yes" and "off" are read as a number, a yes, off.

    Raises: LocalMisuse: no such switch, a value of the wrong kind or out of bounds.
    """
    known = {switch.name: switch for switch in declared}
    values: dict[str, Value] = {name: switch.default for name, switch in known.items()}
    changed: dict[str, Value] = {}
    for name, value in given.items():
        switch = known.get(name)
        if switch is None:
            raise _unknown(name, known, service)
        values[name] = checked = _checked(switch, value)
        if checked != switch.default:
            changed[name] = checked
    return Turned(values, changed)


def near(name: str, known: Iterable[str]) -> str:
    """A tail for a sentence: what may have been meant, or else all there is."""
    import difflib

    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.55)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "there are " + ", ".join(names) if names else "there are none"


def _unknown(name: str, known: Iterable[str], service: str) -> LocalMisuse:
    shown = name if len(name) <= 40 else name[:39] + "…"
    return LocalMisuse(
        f"{service} has no switch {shown!r}",
        text=name,
        start=0,
        end=len(name),
        stage="lab",
        advice=near(name, known),
    )


def _checked(switch: Switch, value: object) -> Value:
    match switch.kind:
        case "flag":
            return _flag(switch, value)
        case "count":
            return _count(switch, value)
        case "choice":
            if isinstance(value, str) and value in switch.choices:
                return value
            raise _wrong(switch, value, "one of " + ", ".join(switch.choices))
        case "text":
            if isinstance(value, str) and len(value) <= MAX_TEXT:
                if switch.check is not None:
                    switch.check(value)
                return value
            raise _wrong(switch, value, f"text of at most {MAX_TEXT} characters")


def _flag(switch: Switch, value: object) -> bool:
    if isinstance(value, str):
        word = value.lower()
        if word in ("yes", "true", "on", "1"):
            return True
        if word in ("no", "false", "off", "0"):
            return False
    if isinstance(value, bool):
        return value
    raise _wrong(switch, value, "yes or no")


def _count(switch: Switch, value: object) -> int | None:
    may_be_off = switch.default is None
    expected = f"a whole number from {switch.low} to {switch.high}" + (", or off" if may_be_off else "")
    if may_be_off and (value is None or value == "off"):
        return None
    number: object = value
    if isinstance(value, str) and len(value) <= 20:
        digits = value.replace("_", "")
        number = int(digits) if digits.removeprefix("-").isdecimal() and digits.isascii() else value
    elif isinstance(value, float) and math.isfinite(value) and value == int(value):
        number = int(value)
    if type(number) is not int or not switch.low <= number <= switch.high:
        raise _wrong(switch, value, expected)
    return number


def _wrong(switch: Switch, value: object, expected: str) -> LocalMisuse:
    shown = repr(value)
    text = value if isinstance(value, str) else shown
    shown = shown if len(shown) <= 40 else shown[:39] + "…"
    return LocalMisuse(
        f"{switch.name} must be {expected}, not {shown}",
        text=text,
        start=0,
        end=len(text),
        stage="lab",
        advice=f"{switch.name}: {switch.what}",
    )


def parse_switches(text: str) -> dict[str, str]:
    """The terminal's way to write switches, to names and values as text for `turn`.

    `name=value` separated by commas; a name alone means yes; a value with commas stands in double quotes, in which
    a backslash takes the next character as it is.

    Raises: LocalMisuse with the place of the mistake.
    """
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        name, place = _switch_name(text, place)
        if name in found:
            start = place - len(name)
            raise _mistake(f"{name} is given twice", text, start, place)
        value = "yes"
        if place < len(text) and text[place] == "=":
            value, place = _switch_value(text, place + 1)
        found[name] = value
        if place == len(text):
            break
        if text[place] != ",":
            raise _mistake("a comma is missing here", text, place, place)
        place += 1
        if place == len(text):
            raise _mistake("a switch is missing after the comma", text, place, place)
    return found


def _switch_name(text: str, place: int) -> tuple[str, int]:
    end = place
    while end < len(text) and (text[end].isascii() and (text[end].isalnum() or text[end] in "_-")):
        end += 1
    if end == place:
        raise _mistake("the name of a switch is missing here", text, place, min(place + 1, len(text)))
    return text[place:end], end


def _switch_value(text: str, place: int) -> tuple[str, int]:
    if place == len(text) or text[place] != '"':
        end = text.find(",", place)
        end = len(text) if end < 0 else end
        return text[place:end], end
    taken: list[str] = []
    end = place + 1
    while end < len(text):
        if text[end] == '"':
            return "".join(taken), end + 1
        if text[end] == "\\" and end + 1 < len(text):
            end += 1
        taken.append(text[end])
        end += 1
    raise _mistake("the quotation mark that opens here is never closed", text, place, place + 1)


def _mistake(what: str, text: str, start: int, end: int) -> LocalMisuse:
    return LocalMisuse(what, text=text, start=start, end=end, stage="lab")
