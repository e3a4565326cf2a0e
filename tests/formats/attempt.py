"""Trying a parser on anything: either a value, or a mistake that a person can see and mend."""

from collections.abc import Callable
from typing import Any

from workbench.errors import LocalMisuse


def attempt(parse: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    """What the parser returns, or the LocalMisuse that it raises; anything else goes through."""
    try:
        return parse(*args, **keywords)
    except LocalMisuse as mistake:
        return mistake


def check_place(mistake: LocalMisuse, first: int, last: int) -> None:
    """The mistake has a place from `first` to `last`, a picture whose caret is there, and advice."""
    assert mistake.start is not None
    assert mistake.end is not None
    assert first <= mistake.start <= mistake.end <= last
    assert mistake.advice
    assert mistake.what
    assert not mistake.what.endswith(".")
    line, carets = mistake.caret().split("\n")
    assert line.isprintable()
    assert carets.strip(" ").strip("^") == ""
    assert "^" in carets
    line_start = mistake.text.rfind("\n", 0, mistake.start) + 1
    assert carets.index("^") == mistake.start - line_start
    assert len(carets) <= len(line) + 1
