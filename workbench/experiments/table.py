"""Strict reading of one TOML table: every key is asked for by name and kind, and what nobody asked for is refused."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from workbench.errors import LocalMisuse

MAX_TEXT = 16_384
"""Characters of one text of a card: an explanation of ten pages, or a message that nobody reads in a list of steps."""
MAX_ITEMS = 200
"""Of any list in a card: more steps than that is a program, not an experiment."""


def misuse(where: str, what: str, advice: str = "") -> LocalMisuse:
    """A mistake in a card; `where` names the file and the key."""
    return LocalMisuse(f"{where}: {what}", stage="experiment", advice=advice)


class Table:
    """One table of a card.

    Args:
        values: as tomllib gave it; also to be read as they are, for tables whose keys are not known beforehand.
        where: the file and the table's place in it, for the sentences: "half-close.toml: step 3".
    """

    def __init__(self, values: object, where: str) -> None:
        if not isinstance(values, Mapping):
            raise misuse(where, "must be a table", "write it as [name] with lines of key = value under it")
        self.where = where
        self.values = values
        self._asked: set[str] = set()

    def place(self, key: str) -> str:
        """The key's place as the sentences name it."""
        return f"{self.where}, {key}" if key else self.where

    def wrong(self, key: str, what: str, advice: str = "") -> LocalMisuse:
        """A mistake at a key of this table."""
        return misuse(self.place(key), what, advice)

    def has(self, key: str) -> bool:
        """Whether the key is there; asking for it so does not count as reading it."""
        return key in self.values

    @property
    def names(self) -> list[str]:
        """All keys, in the file's order."""
        return [str(key) for key in self.values]

    def raw(self, key: str, advice: str = "") -> Any:
        """The value of a key that must be there, unchecked."""
        self._asked.add(key)
        if key not in self.values:
            raise self.wrong(key, "is missing", advice)
        return self.values[key]

    def text(
        self, key: str, advice: str = "", *, default: str | None = None, may_be_empty: bool = False
    ) -> str:
        """A text; at most MAX_TEXT characters, not blank unless it may be."""
        if default is not None and key not in self.values:
            return default
        value = self.raw(key, advice)
        return checked_text(value, self.place(key), may_be_empty=may_be_empty)

    def whole(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        """A whole number within bounds."""
        if default is not None and key not in self.values:
            return default
        value = self.raw(key)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(key, f"must be a whole number from {low} to {high}, not {shown(value)}")
        return value

    def table(self, key: str, advice: str = "", *, may_be_empty: bool = True) -> "Table":
        """A table that must be there."""
        table = Table(self.raw(key, advice), self.place(key))
        if not may_be_empty and not table.values:
            raise self.wrong(key, "is empty", advice)
        return table

    def items(self, key: str, advice: str = "", *, needed: bool = True) -> list[Any]:
        """A list, unchecked but for its length; with needed it must be there and hold something."""
        if not needed and key not in self.values:
            return []
        value = self.raw(key, advice)
        if not isinstance(value, list):
            raise self.wrong(key, f"must be a list, not {shown(value)}", advice)
        if needed and not value:
            raise self.wrong(key, "is empty", advice)
        if len(value) > MAX_ITEMS:
            raise self.wrong(key, f"holds {len(value)} entries; {MAX_ITEMS} are the most")
        return value

    def texts(self, key: str, advice: str = "", *, needed: bool = True) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(
            checked_text(value, f"{self.place(key)} {number}")
            for number, value in enumerate(self.items(key, advice, needed=needed), start=1)
        )

    def done(self, known: Callable[[], list[str]] | None = None) -> None:
        """Refuse what nobody asked for.

        Args:
            known: the keys that may stand here, where not all of them were asked for.
        """
        for key in self.names:
            if key not in self._asked:
                self.refuse(key, known() if known is not None else sorted(self._asked))

    def refuse(self, key: str, known: list[str]) -> NoReturn:
        """Raise the mistake of a key that may not stand here."""
        from workbench.lab.switches import near

        raise misuse(self.where, f"the key {shown(key)} means nothing here", near(key[:40], known))


def checked_text(value: object, where: str, *, may_be_empty: bool = False) -> str:
    """A text that a card may hold. Raises: LocalMisuse."""
    if not isinstance(value, str):
        raise misuse(where, f"must be text, not {shown(value)}", "put it in double quotes")
    if len(value) > MAX_TEXT:
        raise misuse(where, f"has {len(value)} characters; {MAX_TEXT} are the most")
    if not may_be_empty and not value.strip():
        raise misuse(where, "is empty")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise misuse(where, "holds half of a surrogate pair", "write the whole character") from None
    return value


def shown(value: object) -> str:
    """A value of a card, short enough for a sentence."""
    try:
        text = repr(value)
    except ValueError:
        # Python writes no whole number of more than 4300 digits; TOML's hexadecimal notation can make one.
        text = "a number of thousands of digits"
    return text if len(text) <= 40 else text[:39] + "…"
