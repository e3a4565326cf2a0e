"""A session with a PostgreSQL server, over libpq's asynchronous interface, on our own loop.

Each statement goes by the extended query: the text once, the values beside it, and no second statement can hide in it.
Rows come in packs as they arrive (chunked rows mode), so that the first is shown while the last is not yet made, and a
million take no memory here. A cancelled statement is cancelled at the server, and its answer is waited for: that is the
proof. Where none comes in time the connection is given up.

Source: PostgreSQL documentation, libpq (Asynchronous Command Processing, Retrieving Query Results in Chunks, Canceling
Queries in Progress) and Message Flow (Extended Query).
"""

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from workbench.errors import LinkLost, LocalFault, TooSlow, WorkbenchError
from workbench.protocols.sql.cells import type_name
from workbench.protocols.sql.parameters import Bound
from workbench.protocols.sql.pgerrors import link_lost, notice_of, rejected
from workbench.protocols.sql.pgtap import Tap
from workbench.protocols.sql.pgwait import readable, ready
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.session import SLICE_S, MakeRows, Session, written
from workbench.protocols.sql.values import Column, Notice, Outcome, Peer, Statement, Status, Transaction
from workbench.transcript.recorder import Channel

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn, PGresult

PACK_ROWS = 64
"""Rows that libpq gathers: with more a result of wide rows would take memory, with fewer each row costs more."""
CANCEL_AGAIN_S = 0.2
"""A request that overtakes the statement is thrown away by the server: it is sent again while there is no answer."""
MAX_NOTICES = 200
BYTEA_OID = 17
COPY_COLUMN = (Column("copy", "text", 25),)


class PostgresSession(Session):
    """A connection that is logged in. Made by open_postgres()."""

    def __init__(self, channel: Channel, connection: "PGconn", tap: Tap, peer: Peer) -> None:
        super().__init__(channel)
        self.peer = peer
        self._connection = connection
        self._tap = tap
        self._is_finished = False
        self._notices: list[Notice] = []
        connection.notice_handler = self._on_notice
        self._see_status()

    async def _run(
        self, statement: Statement, bound: Bound, make_rows: MakeRows, timeout_s: float | None
    ) -> Outcome:
        if self._is_finished:
            raise LinkLost("the connection was closed", stage="request")
        self._notices.clear()
        began_ns = time.monotonic_ns()
        answer = _Answer(self, statement, bound, make_rows, timeout_s)
        try:
            self._tap.start()
            self._send(bound)
            await self._flushed(timeout_s)
            # Whatever the server does now: what was asked can be seen.
            self._tap.drain()
            await answer.taken()
        except (asyncio.CancelledError, TooSlow, LocalFault):
            await self._cancel()
            raise
        finally:
            self._see_end(statement, is_well=answer.failure is None)
            self._tell_end(answer)
        if answer.failure is not None:
            raise answer.failure
        notices = (*self._notices, *self._heard())
        return Outcome(
            answer.tag,
            answer.affected,
            answer.total,
            answer.columns,
            time.monotonic_ns() - began_ns,
            notices[:MAX_NOTICES],
        )

    async def aclose(self) -> None:
        # What is being cancelled has its time for that; a socket that somebody waits for must not be closed under them.
        with suppress(TimeoutError):
            async with asyncio.timeout(self.cancel_within_s + 0.1):
                await self._turn.acquire()
                self._turn.release()
        if self._is_finished:
            return
        with suppress(WorkbenchError):
            self._tap.drain()
        self.channel.fact("sql.closed", transaction=self.status.transaction)
        self._finish()

    # ---- sending

    def _send(self, bound: Bound) -> None:
        import psycopg
        from psycopg import pq

        values = [_octets(one.value, one.text) for one in bound.values]
        is_binary = [isinstance(one.value, bytes) for one in bound.values]
        try:
            self._connection.send_query_params(
                bound.text.encode("utf-8", "replace"),
                values or None,
                [BYTEA_OID if binary else 0 for binary in is_binary] or None,
                [pq.Format.BINARY if binary else pq.Format.TEXT for binary in is_binary] or None,
            )
            self._connection.set_chunked_rows_mode(PACK_ROWS)
        except psycopg.Error as error:
            raise self._lost(None, str(error)) from error

    async def _flushed(self, timeout_s: float | None) -> None:
        import psycopg

        try:
            while self._connection.flush():
                # A server that does not read may be waiting for us to read what it says meanwhile.
                if await ready(self._connection.socket, timeout_s):
                    self._connection.consume_input()
        except psycopg.Error as error:
            raise self._lost(None, str(error)) from error

    # ---- for the answer

    async def next_result(self, statement: Statement, timeout_s: float | None) -> "PGresult | None":
        """What the server says next; None: the statement is over. Raises: LinkLost, PeerMisbehaved, TooSlow."""
        import psycopg

        try:
            while self._connection.is_busy():
                # libpq takes 16 KiB at a time: more is mostly there already, and asking is cheaper than waiting.
                self._connection.consume_input()
                if not self._connection.is_busy():
                    break
                await readable(self._connection.socket, timeout_s)
            return self._connection.get_result()
        except psycopg.Error as error:
            raise self._lost(statement, str(error)) from error

    def _lost(self, statement: Statement | None, text: str) -> WorkbenchError:
        with suppress(WorkbenchError):
            self._tap.drain()
        failure = link_lost(self._connection.get_error_message() or text, statement)
        failure.transcript_index = self.channel.fact("sql.lost", sentence=failure.what)
        self._finish()
        return failure

    def check(self, statement: Statement) -> None:
        """Raises: LinkLost: libpq has given the connection up."""
        from psycopg import pq

        if self._connection.status == pq.ConnStatus.BAD:
            raise self._lost(statement, "")

    def enough_traced(self) -> None:
        """From here on rows are counted instead."""
        self._tap.stop()

    # ---- cancelling

    async def _cancel(self) -> None:
        """Ask the server to stop, and wait for its word; without it the connection is of no use any more."""
        if self._is_finished:
            return
        proof = ""
        try:
            async with asyncio.timeout(self.cancel_within_s):
                proof = await self._cancelled()
        except (TimeoutError, WorkbenchError):
            proof = ""
        except asyncio.CancelledError:
            self._give_up()
            raise
        if not proof:
            self._give_up()
            return
        with suppress(WorkbenchError):
            self._tap.drain()
        self.channel.fact("sql.cancelled", proof=proof)

    async def _cancelled(self) -> str:
        ending = asyncio.get_running_loop().create_task(self._drained(), name="sql/cancelled")
        try:
            while not ending.done():
                await self._ask_to_cancel()
                await asyncio.wait((ending,), timeout=CANCEL_AGAIN_S)
            return ending.result()
        finally:
            if not ending.done():
                ending.cancel()
                await asyncio.wait((ending,))

    async def _ask_to_cancel(self) -> None:
        import psycopg
        from psycopg import pq

        self.channel.fact("sql.cancelling", pid=self._connection.backend_pid)
        asking = self._connection.cancel_conn()
        try:
            asking.start()
            while (state := asking.poll()) not in (pq.PollingStatus.OK, pq.PollingStatus.FAILED):
                await ready(asking.socket, None, writing=state == pq.PollingStatus.WRITING)
        except psycopg.Error as error:
            raise LinkLost(f"the server can't be asked to cancel: {error}", stage="cancel") from error
        finally:
            asking.finish()

    async def _drained(self) -> str:
        """Everything up to the end of the statement is taken; "57014" if the server says that it was cancelled."""
        from psycopg import pq

        proof = "ended before"
        nothing = Statement("", 0, 0, 0)
        while (result := await self.next_result(nothing, None)) is not None:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                code = result.error_field(pq.DiagnosticField.SQLSTATE)
                proof = code.decode() if code else proof
            elif result.status == pq.ExecStatus.COPY_IN:
                self._connection.put_copy_end(b"cancelled")
            elif result.status == pq.ExecStatus.COPY_OUT:
                # What is left of it would have to be read to its end.
                return ""
        return proof

    def _give_up(self) -> None:
        if not self._is_finished:
            self.channel.fact("sql.given_up", within_s=self.cancel_within_s)
            self._finish()

    def _finish(self) -> None:
        if not self._is_finished:
            self._is_finished = True
            self._connection.finish()
            self._tap.close()
            self.status = Status("lost")

    # ---- what the server says of itself

    def _see_end(self, statement: Statement, *, is_well: bool) -> None:
        if self._is_finished:
            return
        self._see_status()
        if is_well or self.status.transaction == "idle":
            self.savepoints.ran(statement, "postgresql", is_idle=self.status.transaction == "idle")
            self.status = Status(self.status.transaction, self.savepoints.names)

    def _see_status(self) -> None:
        from psycopg import pq

        states: dict[int, Transaction] = {
            pq.TransactionStatus.IDLE: "idle",
            pq.TransactionStatus.INTRANS: "open",
            pq.TransactionStatus.ACTIVE: "open",
            pq.TransactionStatus.INERROR: "failed",
        }
        self.status = Status(
            states.get(self._connection.transaction_status, "lost"), self.savepoints.names, ""
        )

    def _tell_end(self, answer: "_Answer") -> None:
        if self._is_finished:
            return
        if self._tap.is_on:
            with suppress(WorkbenchError):
                self._tap.drain()
        if answer.untraced:
            self.channel.fact("sql.untraced", rows=answer.untraced)
        if answer.tag:
            self.channel.fact(
                "sql.done",
                tag=answer.tag,
                rows=answer.total if answer.columns else None,
                affected=answer.affected,
                transaction=self.status.transaction,
            )
        if answer.failure is not None:
            answer.failure.transcript_index = len(self.channel.transcript) - 1

    def _on_notice(self, result: "PGresult") -> None:
        if len(self._notices) < MAX_NOTICES:
            self._notices.append(notice_of(result))

    def _heard(self) -> list[Notice]:
        heard: list[Notice] = []
        while (one := self._connection.notifies()) is not None and len(heard) < MAX_NOTICES:
            name, payload = one.relname.decode("utf-8", "replace"), one.extra.decode("utf-8", "replace")
            heard.append(Notice("NOTIFY", f"{name}: {payload}" if payload else name))
        return heard


class _Answer:
    """What comes of one statement."""

    def __init__(
        self,
        session: PostgresSession,
        statement: Statement,
        bound: Bound,
        make_rows: MakeRows,
        timeout_s: float | None,
    ) -> None:
        self._session = session
        self._statement = statement
        self._bound = bound
        self._make_rows = make_rows
        self._timeout_s = timeout_s
        self._rows: Rows | None = None
        self._until = 0.0
        self.tag = ""
        self.affected: int | None = None
        self.total = 0
        self.untraced = 0
        self.columns: tuple[Column, ...] = ()
        self.failure: WorkbenchError | None = None

    async def taken(self) -> None:
        """Take everything up to the end of the statement. Raises: as PostgresSession.next_result; LocalFault."""
        self._until = time.monotonic() + SLICE_S
        while (result := await self._session.next_result(self._statement, self._timeout_s)) is not None:
            await self._take(result)
            if time.monotonic() > self._until:
                await asyncio.sleep(0)
                self._until = time.monotonic() + SLICE_S
        self._session.check(self._statement)

    async def _take(self, result: "PGresult") -> None:
        from psycopg import pq

        status = result.status
        if status in (pq.ExecStatus.TUPLES_CHUNK, pq.ExecStatus.TUPLES_OK):
            await self._take_rows(result)
        # A last pack that is not full takes the tag along, and the empty result behind it has none.
        self.tag = (result.command_status or b"").decode("utf-8", "replace") or self.tag
        if status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
            if status == pq.ExecStatus.COMMAND_OK or not self.tag.startswith(("SELECT", "FETCH", "SHOW")):
                self.affected = result.command_tuples
        elif status == pq.ExecStatus.FATAL_ERROR:
            self.failure = rejected(result, self._statement, self._bound)
        elif status == pq.ExecStatus.COPY_IN:
            self._session._connection.put_copy_end(b"the workbench sends no COPY data")
        elif status == pq.ExecStatus.COPY_OUT:
            await self._take_copy()

    async def _take_rows(self, result: "PGresult") -> None:
        if self._rows is None:
            self.columns = tuple(_column(result, at) for at in range(result.nfields))
            self._rows = self._make_rows(self.columns)
        count = result.ntuples
        if not count:
            return
        value, fields = result.get_value, range(result.nfields)
        await self._keep([tuple([value(row, at) for at in fields]) for row in range(count)])

    async def _keep(self, rows: list[tuple[bytes | None, ...]]) -> None:
        assert self._rows is not None
        if self.total >= PACK_ROWS:
            self.untraced += len(rows)
        self.total += len(rows)
        if self.total == PACK_ROWS:
            self._session.enough_traced()
        self._rows.add(rows)
        await written(self._rows)

    async def _take_copy(self) -> None:
        """COPY ... TO STDOUT: each piece is a line, and becomes a row of one column."""
        connection = self._session._connection
        self.columns = COPY_COLUMN
        self._rows = self._make_rows(self.columns)
        while True:
            count, data = connection.get_copy_data(1)
            if count < 0:
                return
            if count == 0:
                await readable(connection.socket, self._timeout_s)
                connection.consume_input()
                continue
            await self._keep([(bytes(data).removesuffix(b"\n"),)])


def _octets(value: object, text: str) -> bytes | None:
    if value is None:
        return None
    return value if isinstance(value, bytes) else text.encode("utf-8", "replace")


def _column(result: "PGresult", at: int) -> Column:
    oid = result.ftype(at)
    name = (result.fname(at) or b"").decode("utf-8", "replace")
    return Column(name, type_name(oid, result.fmod(at)), oid)
