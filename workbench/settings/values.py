"""What a person may set, and which values each setting can have."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple


@dataclass(frozen=True)
class Settings:
    """What a person may set.

    Attributes:
        appearance: "system", "light" or "dark".
        scale_percent: size of everything in the window, 100 is the system's.
        default_timeout_s: how long an operation waits when nothing else is said.
        spool_after_mib: how much of a conversation stays in memory before it goes to a file.
        conversation_rows: rows of the Conversation dock when it is first shown.
        shortcuts: the id of an action to its keys as Qt writes them ("Ctrl+R"); "" takes its keys away.
    """

    appearance: str = "system"
    scale_percent: int = 100
    default_timeout_s: float = 30.0
    spool_after_mib: int = 4
    conversation_rows: int = 10
    shortcuts: dict[str, str] = field(default_factory=dict)


class Rule(NamedTuple):
    """Which values a setting takes, for the program and in words."""

    accepts: Callable[[object], bool]
    words: str


def _whole(low: int, high: int) -> Rule:
    def accepts(value: object) -> bool:
        return type(value) is int and low <= value <= high

    return Rule(accepts, f"a whole number from {low} to {high}")


def _is_timeout(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 86400


RULES: Final[Mapping[str, Rule]] = {
    "appearance": Rule(lambda value: value in ("system", "light", "dark"), '"system", "light" or "dark"'),
    "scale_percent": _whole(50, 300),
    "default_timeout_s": Rule(_is_timeout, "a number of seconds above 0, at most 86400"),
    "spool_after_mib": _whole(1, 1024),
    "conversation_rows": _whole(3, 60),
}


def problem_with(name: str, value: object) -> str:
    """Why a setting cannot have this value, as a sentence; "" when it can.

    Args:
        name: a field of `Settings`.
    """
    if name == "shortcuts":
        wrong = wrong_shortcuts(value)
        return wrong[0] if wrong else ""
    rule = RULES[name]
    return "" if rule.accepts(value) else f"{name} is {shown(value)}, but must be {rule.words}"


def wrong_shortcuts(value: object) -> list[str]:
    """A sentence for each shortcut that is no text, or for the whole if it is no table."""
    if not isinstance(value, Mapping):
        return [f"shortcuts is {shown(value)}, but must be a table"]
    return [
        f'the shortcut of {shown(action)} is {shown(keys)}, but must be text like "Ctrl+R"'
        for action, keys in flat(value)
        if not isinstance(keys, str)
    ]


def shown(value: object) -> str:
    """A value as its file would spell it, shortened to a part of a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 99:
        return "a huge number"  # Python refuses to write thousands of digits
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= 40 else text[:39] + "…"


_DEEPEST = 8  # dots in the id of an action, several times what ours have; a file can nest without end


def flat(table: Mapping[str, object], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """Keys and values; `ftp.retrieve = "F5"` without quotes is a table in a table to TOML, one id to us."""
    for key, value in table.items():
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from flat(value, f"{prefix}{key}.", depth + 1)
        else:
            yield f"{prefix}{key}", value
