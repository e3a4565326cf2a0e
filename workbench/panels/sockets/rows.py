"""Facts as a tree of rows: name, value, and what it means. What the session's parts show, without Qt."""

from typing import Literal, NamedTuple

Kind = Literal["", "good", "bad", "untold", "figure", "flag", "count", "linger"]
"""good, bad: a decision. untold: nobody tells, drawn hatched. figure: a number. flag, count, linger: can be set."""

SETTABLE = frozenset({"flag", "count", "linger"})


class Row(NamedTuple):
    """One line. key: names it from one look to the next, so that a selection stays; unique in its tree."""

    key: str
    name: str
    value: str = ""
    what: str = ""
    kind: Kind = ""
    children: tuple["Row", ...] = ()

    @property
    def is_settable(self) -> bool:
        """Whether a person can set the value."""
        return self.kind in SETTABLE


def as_text(rows: tuple[Row, ...], depth: int = 0) -> str:
    """The tree as lines, children indented."""
    lines = []
    for row in rows:
        told = "  ".join(part for part in (f"{row.name}:" if row.value else row.name, row.value) if part)
        lines.append(f"{'  ' * depth}{told}\n")
        lines.append(as_text(row.children, depth + 1))
    return "".join(lines)
