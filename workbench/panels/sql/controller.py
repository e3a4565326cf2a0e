"""What a person does with a database. No Qt here.

One job is the session from opening to its end, so that the status bar lists it, Esc cancels it and closing the panel
ends it. What is run is a job of its own: cancelled, it is cancelled at the database before it is over here.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.formats.target import Target, parse_target
from workbench.jobs.job import current_job
from workbench.jobs.verdict import OUR_FAULT, Verdict
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, through
from workbench.panels.sql.entrance import HURRY_S, MAX_STATEMENTS, enter, recipe
from workbench.panels.sql.results import Results
from workbench.panels.sql.routes import ROUTES
from workbench.panels.sql.sentences import after_run, count_of, failed
from workbench.panels.sql.state import Phase, SqlState
from workbench.protocols.sql import schema
from workbench.protocols.sql.code import Recipe, python, shell
from workbench.protocols.sql.database import MEMORY, PORT
from workbench.protocols.sql.export import export_csv
from workbench.protocols.sql.parameters import Bound, Parameters, within
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.session import Session
from workbench.protocols.sql.split import split, statement_at
from workbench.protocols.sql.values import Column, Outcome, Statement
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

_CHANGES_SCHEMA = ("CREATE", "DROP", "ALTER")


class SqlController(Observed[SqlState]):
    """The panel's session.

    Args:
        new_transcript: makes what a session records into.
        resolve: says where lab:NAME is.
        relay: starts a relay; without one every route is straight.

    Attributes:
        password: what was typed. Not part of the form: it is kept nowhere, and goes with this object.
        transcript: of the last session.
    """

    def __init__(
        self,
        new_transcript: Callable[[], Transcript],
        resolve: TargetResolver,
        *,
        relay: RelayStarter | None = None,
    ) -> None:
        self._new_transcript = new_transcript
        self._resolve = resolve
        self._relay = relay
        super().__init__(SqlState())
        self.transcript = new_transcript()
        self.password = ""
        self.timeout_s = 30.0
        self._session: Session | None = None
        self._opened: Target | None = None
        self._lost: asyncio.Future[WorkbenchError] | None = None
        self._results = Results(self.tell_all)
        self._ran: list[Bound] = []
        self._had_password = False
        self._has_other_tables = False

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form; another text has no mark of an error."""
        form = replace(self.state.form, **fields)  # type: ignore[arg-type]  # names checked by replace
        mark = self.state.mark if form.sql == self.state.form.sql else None
        self.replace(form=form, mark=mark)

    def show(self, number: int) -> None:
        """Show another result of the last run."""
        self.replace(shown=number)

    def rows(self) -> Rows | None:
        """The rows of the result that is shown; they grow while it runs."""
        return self._results.rows(self.state.shown)

    def dismiss(self) -> None:
        """Forget the failure that is shown."""
        self.replace(problem=None)

    # ---- the session

    async def open(self) -> None:
        """Open the database and stay until the session has ended. Raises: WorkbenchError, also the state's problem."""
        self._begin()
        self._lost = asyncio.get_running_loop().create_future()
        over: tuple[Phase, Verdict] = ("failed", OUR_FAULT)
        try:
            if (fault := self.transcript.fault) is not None:
                raise fault
            self._opened = await self._target()
            session = self._session = await self._open_session(self._opened, "", self._say_stage)
            peer = session.peer
            self.replace(
                phase="open",
                dialect=peer.dialect,
                title=peer.title,
                version=peer.version,
                facts=peer.facts,
                transaction=session.status,
                verdict=Verdict("good", "open", f"{peer.title}, {peer.version}"),
            )
            self._say_stage("open")
            await self.load_schema()
            raise await self._lost
        except WorkbenchError as failure:
            over = ("failed", failed(failure))
            self.replace(problem=failure, busy="", verdict=over[1])
            raise
        except asyncio.CancelledError:
            rest = self._rolled_back()
            over = (
                "ended",
                Verdict("warning" if rest else "info", "closed", f"we closed this session{rest}"),
            )
            raise
        finally:
            try:
                await self._leave()
            finally:
                # Not before: what says that it is over has to take the next target at once.
                self.replace(phase=over[0], busy="", verdict=over[1])

    def _begin(self) -> None:
        if len(self.transcript):
            self.transcript.close()
            self.transcript = self._new_transcript()
        self._results.clear()
        self._ran.clear()
        self._had_password = bool(self.password)
        empty = SqlState(form=self.state.form)
        self.state = replace(
            empty, phase="opening", verdict=Verdict("running", "opening", f"{self.state.form.target} …")
        )
        self.tell_all()

    async def _target(self) -> Target:
        target = parse_target(self.state.form.target, default_port=PORT)
        return await self._resolve(target) if target.is_lab else target

    async def _open_session(
        self, target: Target, title: str, report: Callable[[str], None] | None = None
    ) -> Session:
        form, way = self.state.form, through(ROUTES, self.state.form.route, self._relay)
        return await enter(
            form, target, self.password, self.transcript, way, title, timeout_s=self.timeout_s, report=report
        )

    def _rolled_back(self) -> str:
        """What closing means for an open transaction."""
        was = self._session.status.transaction if self._session is not None else "idle"
        return "; the open transaction was rolled back" if was in ("open", "failed") else ""

    async def _leave(self) -> None:
        session, self._session = self._session, None
        self._lost = None
        if session is not None:
            await session.aclose()

    # ---- running

    async def run_at(self, place: int) -> None:
        """Run the statement in which the cursor stands. Raises: WorkbenchError, which is also the state's problem."""
        one = statement_at(self.statements(), place)
        await self._run((one,) if one is not None else ())

    async def run_all(self) -> None:
        """Run all statements, up to the first that is refused. Raises: as run_at()."""
        await self._run(self.statements())

    async def sort(self, column: int, *, downward: bool) -> None:
        """Have the database run the shown statement again, its rows in the order of a column. Raises: as run_at()."""
        result = self.state.result
        if result is None or self.state.why_not_sort:
            raise LocalMisuse(self.state.why_not_sort or "there is no result", stage="request")
        statement, bound = self._results.source(result.number)
        sorted_bound = within(
            bound, "SELECT * FROM (\n", f"\n) AS workbench ORDER BY {column + 1}{' DESC' * downward}"
        )
        async with self._acting("sorting"):
            self._results.clear()
            await self._run_one(statement, sorted_bound, (column, downward))

    async def command(self, text: str) -> None:
        """Say BEGIN, COMMIT or ROLLBACK; the results stay. Raises: as run_at()."""
        statement = Statement(text, 0, len(text), len(text), text)
        async with self._acting(text) as session:
            outcome = await session.run(statement, Bound(text, ()), Rows, timeout_s=None)
            self._after(session, Bound(text, ()), outcome)
            is_other = outcome.tag not in (text, "START TRANSACTION")
            sentence = (
                f"the server answered {outcome.tag} to {text}: nothing was committed"
                if is_other
                else f"{text} was carried out"
            )
            self.replace(verdict=Verdict("warning" if is_other else "good", outcome.tag.lower(), sentence))

    def statements(self) -> tuple[Statement, ...]:
        """Those of the editor's text, as the database reads it."""
        return split(self.state.form.sql, self.state.dialect)

    async def _run(self, statements: Sequence[Statement]) -> None:
        async with self._acting("running"):
            if not statements:
                raise LocalMisuse("there is no statement here", stage="request", advice="write one: SELECT 1")
            given = [one for one in self.state.form.parameters.splitlines() if one.strip()]
            parameters = Parameters(given, statements, self.state.dialect)
            bound = [self._bound(parameters, one) for one in statements]
            parameters.check_used()
            self._results.clear()
            self.replace(results=(), shown=None, mark=None)
            outcomes = [await self._run_one(*one) for one in zip(statements, bound, strict=True)]
            self.replace(verdict=after_run(outcomes, self._results.listed))

    def _bound(self, parameters: Parameters, statement: Statement) -> Bound:
        try:
            return parameters.bind(statement)
        except LocalMisuse as mistake:
            if mistake.start is not None and mistake.end is not None and mistake.text == statement.text:
                self.replace(mark=(statement.start + mistake.start, statement.start + mistake.end))
            raise

    async def _run_one(
        self, statement: Statement, bound: Bound, sorted_by: tuple[int, bool] | None = None
    ) -> Outcome:
        session = self._live()
        number = self._results.begin(statement, bound, sorted_by)

        def make(columns: tuple[Column, ...]) -> Rows:
            rows = self._results.make(number, columns)
            self.replace(results=self._results.listed, shown=number)
            return rows

        self.replace(results=self._results.listed, shown=number)
        try:
            outcome = await session.run(statement, bound, make)
        except asyncio.CancelledError:
            self._results.ended(number, "cancelled")
            self.replace(
                results=self._results.listed,
                transaction=session.status,
                verdict=Verdict("warning", "cancelled", f"{statement.keyword} was cancelled at the database"),
            )
            raise
        except WorkbenchError as failure:
            self._results.ended(number, "failed", failure)
            mark = self.state.mark
            start, end = getattr(failure, "start", None), getattr(failure, "end", None)
            if start is not None and end is not None:
                mark = (statement.start + start, statement.start + end)
            self.replace(results=self._results.listed, mark=mark)
            raise
        self._results.done(number, outcome)
        self._after(session, bound, outcome)
        self.replace(results=self._results.listed)
        if sorted_by is not None:
            sentence = f"{count_of(outcome.rows)}, sorted by {outcome.columns[sorted_by[0]].name}"
            self.replace(verdict=Verdict("good", "sorted", sentence))
        return outcome

    def _after(self, session: Session, bound: Bound, outcome: Outcome) -> None:
        if len(self._ran) < MAX_STATEMENTS:
            self._ran.append(bound)
        status = session.status
        statements = self.state.statements + 1 if status.transaction != "idle" else 0
        self._has_other_tables |= outcome.tag.upper().startswith(_CHANGES_SCHEMA)
        self.replace(transaction=status, statements=statements)

    # ---- the schema

    async def load_schema(self) -> None:
        """Ask for tables and views, over a session of its own. What fails is a note, and no problem."""
        try:
            async with self._beside() as session:
                tables = await schema.tables(session, timeout_s=self.timeout_s)
            self.replace(tables=tables, fields=(), schema_note="" if tables else "there is no table yet")
        except WorkbenchError as failure:
            self.replace(schema_note=failure.what)

    async def load_fields(self, table: schema.Table) -> None:
        """Ask for the columns of a table that was opened in the tree."""
        if any(known == table for known, _ in self.state.fields):
            return
        try:
            async with self._beside() as session:
                fields = await schema.fields(session, table, timeout_s=self.timeout_s)
            self.replace(fields=(*self.state.fields, (table, fields)))
        except WorkbenchError as failure:
            self.replace(schema_note=failure.what)

    @asynccontextmanager
    async def _beside(self) -> AsyncIterator[Session]:
        if self._opened is None or self._session is None:
            raise LocalMisuse("not connected", stage="request")
        if self._opened.path.startswith(MEMORY):
            yield self._session
            return
        beside = await self._open_session(self._opened, f"{self.state.form.target} (ours, for the tree)")
        try:
            yield beside
        finally:
            await beside.aclose()

    # ---- leaving

    async def export(self, path: str) -> None:
        """Write the rows of the shown result to a file. Raises: WorkbenchError, which is also the state's problem."""
        rows = self.rows()
        if rows is None or self.state.why_not_export:
            raise LocalMisuse(self.state.why_not_export or "there are no rows", stage="export")
        try:
            count = await export_csv(rows, path, self._progress)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        self.replace(verdict=Verdict("good", "exported", f"{count_of(count)} to {path}"))

    def copy_as_python(self) -> str:
        """The session as a script. Raises: LocalMisuse: nothing was run yet."""
        return python(self._recipe())

    def copy_as_shell(self) -> str:
        """As copy_as_python(), for sqlite3 or psql."""
        return shell(self._recipe())

    def _recipe(self) -> Recipe:
        return recipe(self._opened, self.state.form, has_password=self._had_password, ran=self._ran)

    def hurry(self) -> None:
        """The panel closes: what is cancelled now has less than a second for that."""
        if self._session is not None:
            self._session.cancel_within_s = HURRY_S

    def close(self) -> None:
        """Give the results and the conversation back."""
        self._results.clear()
        self.transcript.close()

    # ---- within

    @asynccontextmanager
    async def _acting(self, what: str) -> AsyncIterator[Session]:
        """One thing at a time; a failure is the state's problem, and a lost connection ends the session."""
        if self.state.why_not_run:
            raise LocalMisuse(self.state.why_not_run, stage="request")
        session = self._live()
        self.replace(problem=None, busy=what, verdict=Verdict("running", what.lower(), "…"))
        try:
            yield session
            if self._has_other_tables and session.status.transaction == "idle":
                # Within the transaction only this session sees them, and the tree is another one's.
                self._has_other_tables = False
                await self.load_schema()
        except WorkbenchError as failure:
            self.replace(problem=failure, verdict=failed(failure), transaction=session.status)
            if not session.is_open:
                self._end(failure)
            raise
        finally:
            if not session.is_open and self.state.phase == "open":
                self._end(LinkLost("the connection was given up", stage="request", committed="maybe"))
            self.replace(busy="")

    def _end(self, failure: WorkbenchError) -> None:
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(failure)

    def _live(self) -> Session:
        if self._session is None:
            raise LocalMisuse("open a database first", stage="request")
        return self._session

    def _say_stage(self, stage: str) -> None:
        if (job := current_job()) is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)

    def _progress(self, done: int, total: int | None) -> None:
        if (job := current_job()) is not None:
            job.progress(done, total=total)
