"""Figures as a Markdown table that also reads well in a terminal."""

from collections.abc import Sequence

from tests.bench.figures import Figure

HEADS = ("measurement", "what", "ours", "peer", "theirs", "ratio", "must", "aim", "mark", "note")
RIGHT = {"ours", "theirs", "ratio", "must", "aim"}
NOT_INSTALLED = "not installed"


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line; numbers at the right of their columns."""
    rows = [_cells(figure) for figure in figures]
    widths = [max(len(head), *(len(row[at]) for row in rows)) for at, head in enumerate(HEADS)]
    lines = [_line(HEADS, widths), _rule(widths), *(_line(row, widths) for row in rows)]
    return "\n".join(lines)


def in_unit(value: float | None, unit: str) -> str:
    """A number as a table shows it: three digits that say something, and its unit."""
    if value is None:
        return ""
    size = abs(value)
    if size >= 1000 or not unit:
        digits = f"{value:,.0f}"
    elif size >= 100:
        digits = f"{value:.0f}"
    elif size >= 10:
        digits = f"{value:.1f}"
    elif size >= 1:
        digits = f"{value:.2f}"
    else:
        digits = f"{value:.3f}"
    return f"{digits}{'' if unit in ('x', '/s', '') else ' '}{unit}"


def summary(figures: Sequence[Figure]) -> str:
    """How many budgets were kept; the names of those that were not."""
    bounded = [figure for figure in figures if figure.mark]
    missed = [
        f"{figure.what} ({in_unit(figure.ours, figure.unit)})"
        for figure in bounded
        if figure.mark == "missed"
    ]
    kept = sum(figure.mark in ("met", "aim met", "aim not met") for figure in bounded)
    unknown = sum(figure.mark == "not measured" for figure in bounded)
    parts = [f"{kept} of {len(bounded) - unknown} budgets kept"]
    if missed:
        parts.append("missed: " + ", ".join(missed))
    if unknown:
        parts.append(f"{unknown} not measured")
    return "; ".join(parts)


def _cells(figure: Figure) -> tuple[str, ...]:
    unit = figure.unit
    theirs = in_unit(figure.theirs, unit)
    return (
        figure.measurement,
        figure.what,
        in_unit(figure.ours, unit),
        figure.peer,
        theirs if theirs or not figure.peer else NOT_INSTALLED,
        in_unit(figure.ratio, "x"),
        bound(figure, figure.budget.must),
        bound(figure, figure.budget.aim),
        figure.mark,
        figure.note,
    )


def bound(figure: Figure, value: float | None) -> str:
    """A bound of a figure as a table shows it."""
    if value is None:
        return ""
    return ("≥ " if figure.more_is_better else "≤ ") + in_unit(value, figure.unit)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if head in RIGHT else cell.ljust(width)
        for cell, width, head in zip(cells, widths, HEADS, strict=True)
    ]
    return f"| {' | '.join(padded)} |".replace("\n", " ")


def _rule(widths: Sequence[int]) -> str:
    dashes = [
        "-" * (width - 1) + (":" if head in RIGHT else "-") for width, head in zip(widths, HEADS, strict=True)
    ]
    return f"| {' | '.join(dashes)} |"
