"""SQLite: a library and a file, no server. It runs in a thread of its own, by apsw, which adds nothing of its own to
the statements (no hidden BEGIN). The session is told as facts: the statements as sent, what came of each as a fact.

Files are not trusted: functions in their schema that could do harm are off, and the schema can't be written around.

Source: SQLite "Defense Against The Dark Arts", "sqlite3_interrupt", "sqlite3_error_offset".
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.errors import LocalFault, TooSlow
from workbench.formats.quantity import duration_s
from workbench.protocols.sql.database import MEMORY, Database
from workbench.protocols.sql.masks import secret_ranges
from workbench.protocols.sql.parameters import Bound
from workbench.protocols.sql.session import SLICE_S, MakeRows, Session, written
from workbench.protocols.sql.sqlite_errors import cancelled_by_us, translated
from workbench.protocols.sql.values import Column, Outcome, Peer, Row, Statement, Status
from workbench.protocols.sql.worker import Worker
from workbench.transcript.recorder import Channel

if TYPE_CHECKING:
    import apsw

LAYER = "sqlite"
BUSY_S = 5.0
"""How long a lock of somebody else is waited for; sqlite3 of Python waits as long."""
BUSY_PAUSE_S = 0.02
STEPS_BETWEEN = 10_000
"""Instructions of SQLite's machine between two looks at whether to stop: a few tenths of a millisecond."""
FIRST_ROWS = 64
"""The first rows go out at once; each further call brings twice as many, up to what a slice of time allows."""
MOST_ROWS = 8192
MAX_VALUE = 256 * 1024 * 1024
"""Octets of one value; SQLite itself goes to a thousand million, which nothing here could show."""
SHOWN_PARAMETERS = 20
_CHANGING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "WITH")
_LOCKS = ("holds no lock yet", "holds a read lock", "holds the write lock")

T = TypeVar("T")


class SqliteSession(Session):
    """One open file. Made by open_sqlite()."""

    def __init__(self, channel: Channel, database: Database, *, busy_s: float = BUSY_S) -> None:
        super().__init__(channel)
        self.database = database
        self._busy_s = busy_s
        self._busy_since: float | None = None
        self._stop = threading.Event()
        self._steps = 0
        self._loop = asyncio.get_running_loop()
        self._worker: Worker | None = Worker(f"sqlite {os.path.basename(database.path)}")
        self._connection: apsw.Connection | None = None

    @property
    def steps(self) -> int:
        """Instructions that the running statement has taken, to some thousands."""
        return self._steps

    async def open(self) -> None:
        """Open the file. Raises: LocalFault: it can't be opened, or is no database."""
        try:
            found = await self._in_thread(self._open, None)
        except BaseException:
            await self.aclose()
            raise
        self.peer = Peer("sqlite", self.database.title, *found)
        self.channel.named(peer=self.database.path)
        self.channel.fact("sql.opened", file=self.database.path, version=self.peer.version)

    def _open(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        import apsw

        path = self.database.path
        flags = {
            "ro": apsw.SQLITE_OPEN_READONLY,
            "rw": apsw.SQLITE_OPEN_READWRITE,
            "rwc": apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE,
        }[self.database.mode]
        if path == MEMORY:
            flags |= apsw.SQLITE_OPEN_CREATE
        try:
            connection = self._connection = apsw.Connection(path, flags=flags)
            connection.set_busy_handler(self._on_busy)
            connection.set_progress_handler(self._on_progress, STEPS_BETWEEN)
            connection.limit(apsw.SQLITE_LIMIT_LENGTH, MAX_VALUE)
            connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
            connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
            try:
                # SQLite opens a file without a look into it; this is the first one.
                connection.pragma("schema_version")
                facts: tuple[tuple[str, str], ...] = (("journal", str(connection.pragma("journal_mode"))),)
            except apsw.BusyError:
                facts = (("locked", "by somebody else"),)
        except apsw.Error as error:
            raise translated(error, None, None, path, "open") from error
        return f"SQLite {apsw.sqlite_lib_version()}", facts

    async def _run(
        self, statement: Statement, bound: Bound, make_rows: MakeRows, timeout_s: float | None
    ) -> Outcome:
        if self._connection is None:
            raise LocalFault("the file is closed", stage="request")
        self._record(bound)
        began_ns = time.monotonic_ns()
        execution = _Execution(self._connection, bound)
        self._steps = 0
        columns: tuple[Column, ...] = ()
        total = 0
        try:
            await self._in_thread(execution.start, timeout_s)
            columns = execution.columns
            rows = make_rows(columns) if columns else None
            is_done = rows is None
            while not is_done and rows is not None:
                pack, is_done = await self._in_thread(execution.next_rows, timeout_s)
                if pack:
                    total += len(pack)
                    rows.add(pack)
                    await written(rows)
        except asyncio.CancelledError:
            self.channel.fact("sql.cancelled", proof="SQLITE_INTERRUPT")
            raise
        except BaseException as error:
            raise self._failed(error, statement, bound) from error
        finally:
            await self._settle(execution, statement)
        elapsed_ns = time.monotonic_ns() - began_ns
        affected = execution.changed if statement.keyword in _CHANGING and not execution.is_readonly else None
        self.channel.fact(
            "sql.done",
            tag=statement.keyword,
            rows=total if columns else None,
            affected=affected,
            transaction=self.status.transaction,
        )
        return Outcome(statement.keyword, affected, total, columns, elapsed_ns)

    async def aclose(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        self._stop.set()
        if self._connection is not None:
            self._connection.interrupt()
        closing = worker.begin(self._close)
        worker.stop()
        await asyncio.wait((closing,))
        worker.join(1.0)
        self.status = Status("lost")

    # ---- within

    def _record(self, bound: Bound) -> None:
        data = bound.text.encode("utf-8", "surrogateescape") + b";\n"
        self.channel.sent(data, layer=LAYER, secret=secret_ranges(data))
        if bound.values:
            shown = [one.text[:80] for one in bound.values[:SHOWN_PARAMETERS]]
            self.channel.fact("sql.parameters", values=shown, count=len(bound.values))

    def _failed(self, error: BaseException, statement: Statement, bound: Bound) -> BaseException:
        import apsw

        if isinstance(error, apsw.Error | UnicodeDecodeError):
            failure = translated(error, statement, bound, self.database.path, "request")
            code = getattr(failure, "code", "") or failure.reply.partition(":")[0]
            failure.transcript_index = self.channel.fact("sql.refused", code=code, sentence=failure.what)
            return failure
        return error

    async def _settle(self, execution: "_Execution", statement: Statement) -> None:
        """Whatever happened: the statement is over, and what the transaction is now has been asked."""
        if self._worker is None:
            return
        self._stop.clear()
        ended = self._worker.begin(partial(self._ended, execution))
        # Cancelled again, this still has to come to its end: it takes microseconds.
        await asyncio.wait((ended,))
        is_open, lock = ended.result()
        self.savepoints.ran(statement, "sqlite", is_idle=not is_open)
        note = _LOCKS[min(max(lock, 0), 2)] if is_open else ""
        self.status = Status("open" if is_open else "idle", self.savepoints.names, note)

    def _ended(self, execution: "_Execution") -> tuple[bool, int]:
        """The statement is given back; whether a transaction is open now, and which lock it holds."""
        execution.end()
        if self._connection is None:
            return False, 0
        return self._connection.in_transaction, self._connection.txn_state("main")

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close(force=True)

    async def _in_thread(self, call: Callable[[], T], timeout_s: float | None) -> T:
        """A call in the thread; who cancels the waiting, or is tired of it, has interrupted the call then."""
        if self._worker is None:
            raise LocalFault("the file is closed", stage="request")
        self._busy_since = None
        begun = self._worker.begin(call)
        try:
            done, _ = await asyncio.wait((begun,), timeout=timeout_s)
        except asyncio.CancelledError:
            await self._interrupted(begun)
            raise
        if not done:
            await self._interrupted(begun)
            raise TooSlow(f"the statement did not end within {duration_s(timeout_s or 0.0)}", stage="request")
        return begun.result()

    async def _interrupted(self, begun: "asyncio.Future[Any]") -> None:
        self._stop.set()
        if self._connection is not None:
            self._connection.interrupt()
        await asyncio.wait((begun,))
        if not begun.cancelled() and (error := begun.exception()) is not None:
            cancelled_by_us(error)

    def _on_progress(self) -> bool:
        self._steps += STEPS_BETWEEN
        return self._stop.is_set()

    def _on_busy(self, _times: int) -> bool:
        """Somebody else holds a lock: whether to try once more. Called in the thread."""
        now = time.monotonic()
        if self._busy_since is None:
            self._busy_since = now
            self._loop.call_soon_threadsafe(self._tell_waits)
        if now - self._busy_since >= self._busy_s:
            return False
        return not self._stop.wait(BUSY_PAUSE_S)

    def _tell_waits(self) -> None:
        if self._worker is not None:
            self.channel.fact("sql.waits", seconds=self._busy_s)


class _Execution:
    """One statement on its way; every method runs in the thread."""

    def __init__(self, connection: "apsw.Connection", bound: Bound) -> None:
        self._connection = connection
        self._bound = bound
        self._cursor = connection.cursor()
        self._cursor.exec_trace = self._on_begun
        self.columns: tuple[Column, ...] = ()
        self.is_readonly = False
        self.changed = 0
        self._most = FIRST_ROWS

    def start(self) -> None:
        """Run it up to its first row, or to its end."""
        before = self._connection.total_changes()
        self._cursor.execute(self._bound.text, tuple(one.value for one in self._bound.values))
        self._count(before)

    def next_rows(self) -> tuple[list[Row], bool]:
        """Some more rows, and whether these were the last."""
        rows: list[Row] = []
        self._most = min(2 * self._most, MOST_ROWS)
        stop = time.monotonic() + SLICE_S
        for row in self._cursor:
            rows.append(row)
            if len(rows) >= self._most or time.monotonic() > stop:
                return rows, False
        return rows, True

    def end(self) -> None:
        """Give it back, however far it came."""
        self._cursor.close(True)

    def _count(self, before: int) -> None:
        self.changed = self._connection.changes() if self._connection.total_changes() != before else 0

    def _on_begun(self, cursor: Any, _sql: str, _values: object) -> bool:
        self.is_readonly = cursor.is_readonly
        self.columns = tuple(
            Column(name, declared or "", 0, f"{table}.{column}" if table else "")
            for name, declared, _, table, column in cursor.description_full
        )
        return True


async def open_sqlite(database: Database, channel: Channel, *, busy_s: float = BUSY_S) -> SqliteSession:
    """Open a file. Raises: LocalFault: it is not there, may not be read, or is no database."""
    session = SqliteSession(channel, database, busy_s=busy_s)
    await session.open()
    return session
