"""What databases complain about, as errors of ours: with the place in the statement, the code and its words."""

from typing import Any

from workbench.errors import Refused
from workbench.protocols.sql.masks import masked


class Rejected(Refused):
    """The database said no to a statement.

    Args:
        text: the statement as typed. start, end: the place that the database points at, in characters; None for none.
        code: SQLSTATE, or SQLite's symbol. more: its other words (detail, hint ...), as pairs.
    """

    def __init__(
        self,
        what: str,
        *,
        text: str = "",
        start: int | None = None,
        end: int | None = None,
        code: str = "",
        more: tuple[tuple[str, str], ...] = (),
        **rest: Any,
    ) -> None:
        super().__init__(what, **rest)
        self.text = text
        self.start = start
        self.end = start if end is None else end
        self.code = code
        self.more = more

    @property
    def kind(self) -> str:
        return "Refused"

    def caret(self) -> str:
        """Two lines: the statement's line with the mistake, and a caret under it; "" where no place is known."""
        if self.start is None or self.end is None:
            return ""
        text = masked(self.text)
        begin = text.rfind("\n", 0, self.start) + 1
        stop = text.find("\n", self.start)
        line = text[begin:] if stop < 0 else text[begin:stop]
        begin_shown = max(begin, self.start - 60)
        shown = line[begin_shown - begin : begin_shown - begin + 110]
        width = max(1, min(self.end - self.start, begin_shown + len(shown) - self.start))
        plain = "".join(c if c.isprintable() else "?" for c in shown)
        return f"{plain}\n{' ' * (self.start - begin_shown)}{'^' * width}"

    def as_dict(self) -> dict[str, object]:
        shown = super().as_dict()
        if self.start is not None:
            shown["input"] = masked(self.text)
            shown["at"] = {"start": self.start, "end": self.end}
        return shown


def word_at(text: str, start: int) -> int:
    """Where the word (or the one character) ends that begins at `start`."""
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return max(end, min(start + 1, len(text)))
