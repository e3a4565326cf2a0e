"""What the SQL panel shows. Frozen: the controller replaces it, the view draws it."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.protocols.sql.schema import Field, Table
from workbench.protocols.sql.values import Column, Dialect, Notice, Status

Phase = Literal["idle", "opening", "open", "ended", "failed"]
Ending = Literal["running", "done", "failed", "cancelled"]

SORTABLE = ("SELECT", "VALUES", "WITH", "TABLE")
"""Statements that can stand within another one, which sorts them: the database sorts, never the table."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed: everything that survives a restart. Never a password.

    sql: the editor's text. parameters: one a line. tls: sslmode, "" for the address's own.
    """

    target: str = ""
    user: str = ""
    tls: str = ""
    route: str = "off"
    sql: str = ""
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One statement that was run. start, end: its place in the editor's text when it was. sorted_by: column and whether
    downward; its rows are the controller's, by `number`."""

    number: int
    text: str
    keyword: str = ""
    start: int = 0
    end: int = 0
    ending: Ending = "running"
    tag: str = ""
    columns: tuple[Column, ...] = ()
    affected: int | None = None
    rows: int = 0
    left_out: int = 0
    elapsed_ns: int = 0
    notices: tuple[Notice, ...] = ()
    said: str = ""
    sorted_by: tuple[int, bool] | None = None


@dataclass(frozen=True, slots=True)
class SqlState:
    """The session.

    title, version, facts: of whom one talks to. transaction: as the database says it; statements: run since it began.
    busy: what is going on; "" for nothing. results: of the last run; shown: the number of the one to be seen.
    tables: () before they are known; fields: of tables that were looked into. mark: place of an error in the text.
    """

    form: Form = field(default_factory=Form)
    phase: Phase = "idle"
    stage: str = ""
    dialect: Dialect = "sqlite"
    title: str = ""
    version: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    transaction: Status = field(default_factory=Status)
    statements: int = 0
    busy: str = ""
    results: tuple[Result, ...] = ()
    shown: int | None = None
    tables: tuple[Table, ...] = ()
    fields: tuple[tuple[Table, tuple[Field, ...]], ...] = ()
    schema_note: str = ""
    mark: tuple[int, int] | None = None
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def is_live(self) -> bool:
        """Whether there is something to cancel or to close."""
        return self.phase in ("opening", "open")

    @property
    def result(self) -> Result | None:
        """The one to be seen."""
        return next((one for one in self.results if one.number == self.shown), None)

    @property
    def why_not_run(self) -> str:
        """Why nothing can be run now; "" when it can."""
        if self.phase != "open":
            return "open a database first"
        return f"{self.busy} first has to end" if self.busy else ""

    @property
    def why_not_begin(self) -> str:
        """Why no transaction can be begun; "" when it can."""
        if self.why_not_run:
            return self.why_not_run
        return "one is open already" if self.transaction.transaction != "idle" else ""

    @property
    def why_not_commit(self) -> str:
        """Why nothing can be committed; "" when it can."""
        if self.why_not_run:
            return self.why_not_run
        if self.transaction.transaction == "failed":
            return "the transaction has failed: COMMIT would roll back"
        return "" if self.transaction.transaction == "open" else "no transaction is open"

    @property
    def why_not_rollback(self) -> str:
        """Why nothing can be rolled back; "" when it can."""
        if self.why_not_run:
            return self.why_not_run
        return "" if self.transaction.transaction in ("open", "failed") else "no transaction is open"

    @property
    def why_not_export(self) -> str:
        """Why no rows can be exported; "" when they can."""
        result = self.result
        if result is None or not result.columns:
            return "run a statement that has rows"
        return "its rows are still coming" if result.ending == "running" else ""

    @property
    def why_not_sort(self) -> str:
        """Why the database can't sort the result; "" when it can."""
        result = self.result
        if self.why_not_run or result is None or not result.columns:
            return self.why_not_run or "there is no result"
        return "" if result.keyword in SORTABLE else "only the rows of a SELECT can be asked for in order"
