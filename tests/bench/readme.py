"""The README's table: every figure with its budget and its peers, and the machine they belong to."""

from collections.abc import Mapping, Sequence

from tests.bench import machine
from tests.bench.figures import Figure
from tests.bench.machine import QUIET_LOAD
from tests.bench.table import NOT_INSTALLED, bound, in_unit, summary

BEGIN, END = "<!-- figures: written by bench --readme -->", "<!-- figures end -->"
HEADS = "| what | here | budget | beside | there | here by there |\n|---|---:|---:|---|---:|---:|"
BUSY = "The machine had other work meanwhile: alone on it, the times are shorter."
SIGNS = {"missed": " ✗", "met": " ✓", "aim met": " ✓", "aim not met": " ✓"}


def rewritten(text: str, figures: Sequence[Figure], described: Mapping[str, object]) -> str:
    """The README with these figures between its two marks.

    Raises: RuntimeError where a mark is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise RuntimeError(f"the README has no place for the figures, between {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{section(figures, described)}\n{END}{after}"


def section(figures: Sequence[Figure], described: Mapping[str, object]) -> str:
    """The table and the sentences below it."""
    rows = []
    last = ""
    for figure in figures:
        what = figure.what
        rows.append(_row(figure, "" if what == last else what))
        last = what
    return "\n".join(
        [
            HEADS,
            *rows,
            "",
            f"{summary(figures).partition(';')[0]}.",
            f"Measured in {described['seconds']} s on {machine.sentence(dict(described))}, "
            f"{described['load_at_end']} at the end.",
            *([BUSY] if float(str(described["load"])) > QUIET_LOAD else ()),
        ]
    )


def _row(figure: Figure, what: str) -> str:
    must = bound(figure, figure.budget.must) if figure.budget.must is not None else ""
    ours = "not measured" if figure.ours is None else in_unit(figure.ours, figure.unit)
    there = in_unit(figure.theirs, figure.unit)
    cells = (
        what,
        "" if figure.peer and not what else ours,
        must + (SIGNS.get(figure.mark, "") if must else ""),
        figure.peer,
        there if there or not figure.peer else NOT_INSTALLED,
        in_unit(figure.ratio, "x"),
    )
    return "| " + " | ".join(cells) + " |"
