"""The results of the last run: their rows, and what the state says of them. No Qt."""

from collections.abc import Callable
from dataclasses import replace

from workbench.errors import WorkbenchError
from workbench.panels.sql.state import Ending, Result
from workbench.protocols.sql.failures import Rejected
from workbench.protocols.sql.masks import masked
from workbench.protocols.sql.parameters import Bound
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.values import Column, Outcome, Statement

MAX_RESULTS = 200
"""Of one run that are listed; a longer script keeps the youngest ones."""
MAX_TEXT = 400
"""Characters of a statement in the list."""


class Results:
    """Rows by number, and the tuple that the state shows. tell: called when rows came."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._numbers = 0
        self._rows: dict[int, Rows] = {}
        self._sources: dict[int, tuple[Statement, Bound]] = {}
        self.listed: tuple[Result, ...] = ()

    def rows(self, number: int | None) -> Rows | None:
        """The rows of a result; None where it has none."""
        return self._rows.get(number) if number is not None else None

    def source(self, number: int) -> tuple[Statement, Bound]:
        """What was run."""
        return self._sources[number]

    def clear(self) -> None:
        """Give the rows of all results back."""
        for rows in self._rows.values():
            rows.close()
        self._rows.clear()
        self._sources.clear()
        self.listed = ()

    def begin(self, statement: Statement, bound: Bound, sorted_by: tuple[int, bool] | None = None) -> int:
        """A statement is run now; returns its number."""
        self._numbers += 1
        text = masked(statement.text)
        fresh = Result(
            self._numbers,
            text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…",
            statement.keyword,
            statement.start,
            statement.end,
            sorted_by=sorted_by,
        )
        if len(self.listed) >= MAX_RESULTS:
            self._forget(self.listed[0].number)
        self.listed = (*self.listed, fresh)
        self._sources[self._numbers] = (statement, bound)
        return self._numbers

    def make(self, number: int, columns: tuple[Column, ...]) -> Rows:
        """It has rows: they go here."""
        rows = self._rows[number] = Rows(columns, on_more=self._tell)
        self._change(number, columns=columns)
        return rows

    def done(self, number: int, outcome: Outcome) -> None:
        """It was carried out."""
        rows = self._rows.get(number)
        self._change(
            number,
            ending="done",
            tag=outcome.tag,
            affected=outcome.affected,
            rows=outcome.rows,
            left_out=rows.left_out if rows is not None else 0,
            elapsed_ns=outcome.elapsed_ns,
            notices=outcome.notices,
        )

    def ended(self, number: int, ending: Ending, failure: WorkbenchError | None = None) -> None:
        """It was not; what came of its rows stays."""
        rows = self._rows.get(number)
        said = ""
        if failure is not None:
            more = (
                "; ".join(f"{name}: {text}" for name, text in failure.more)
                if isinstance(failure, Rejected)
                else ""
            )
            said = " ".join(
                part for part in (failure.what, f"({failure.reply})" if failure.reply else "", more) if part
            )
        self._change(number, ending=ending, rows=rows.total if rows is not None else 0, said=said)

    def _change(self, number: int, **fields: object) -> None:
        self.listed = tuple(
            replace(one, **fields) if one.number == number else one  # type: ignore[arg-type]  # by name
            for one in self.listed
        )

    def _forget(self, number: int) -> None:
        self.listed = tuple(one for one in self.listed if one.number != number)
        self._sources.pop(number, None)
        if (rows := self._rows.pop(number, None)) is not None:
            rows.close()
