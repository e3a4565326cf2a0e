"""A session with SQLite: its thread, its transaction, its mistakes and their places, its end at any moment.

Also what it stands on: workbench.protocols.sql.sqlite_errors, workbench.protocols.sql.worker,
workbench.protocols.sql.transaction, workbench.protocols.sql.session, workbench.protocols.sql.schema,
workbench.protocols.sql.opening, workbench.protocols.sql.cells, workbench.protocols.sql.values.
"""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from tests.protocols.sql.runs import facts, failure, rows, run, sqlite_at, until
from workbench.errors import LocalFault, PeerMisbehaved, TooSlow
from workbench.formats.target import parse_target
from workbench.protocols.sql import schema
from workbench.protocols.sql.cells import json_of, octets_of, text_of
from workbench.protocols.sql.failures import Rejected
from workbench.protocols.sql.opening import open_sql
from workbench.protocols.sql.values import Column
from workbench.transcript.recorder import Transcript
from workbench.transcript.redact import shown

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.mark.covers("C14.4")
async def test_statements_and_what_came_of_each(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as session:
        ran = await run(
            session,
            "CREATE TABLE t (a INTEGER UNIQUE, b TEXT); INSERT INTO t VALUES (?, :b), (2, NULL); "
            "SELECT a, b AS x FROM t",
            "5",
            "b=O'Neil",
        )
        assert [one.outcome.tag for one in ran] == ["CREATE", "INSERT", "SELECT"]
        assert [one.outcome.affected for one in ran] == [None, 2, None]
        assert ran[2].rows == [(5, "O'Neil"), (2, None)]
        assert ran[2].outcome.columns == (Column("a", "INTEGER", 0, "t.a"), Column("x", "TEXT", 0, "t.b"))
        (empty,) = await run(session, "SELECT a FROM t WHERE 0")
        assert (empty.outcome.rows, [column.name for column in empty.outcome.columns]) == (0, ["a"])
        refused = await failure(session, "INSERT INTO t VALUES (0)")
        assert "2 columns but 1 values" in refused.what


@pytest.mark.covers("C14.24")
async def test_a_refusal_has_its_code_and_its_place(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as session:
        await run(session, "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)")
        error = await failure(session, "SELECT 'Grüße',\n  nix FROM t")
        assert isinstance(error, Rejected)
        assert (error.code, error.text[error.start : error.end]) == ("SQLITE_ERROR", "nix")
        assert error.caret().split("\n") == ["  nix FROM t", "  ^^^"]
        double = await failure(session, "INSERT INTO t VALUES (1)")
        assert isinstance(double, Rejected)
        assert (double.code, double.start) == ("SQLITE_CONSTRAINT_UNIQUE", None)
        assert double.transcript_index is not None


async def test_the_transaction_is_as_sqlite_says_it(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as session:
        await run(session, "CREATE TABLE t (a)")
        assert session.status.transaction == "idle"
        await run(session, "BEGIN")
        assert (session.status.transaction, session.status.note) == ("open", "holds no lock yet")
        await run(session, 'SAVEPOINT one; INSERT INTO t VALUES (1); SAVEPOINT "Two"; SAVEPOINT three')
        assert (session.status.savepoints, session.status.note) == (
            ("one", "Two", "three"),
            "holds the write lock",
        )
        await run(session, "ROLLBACK TO Two")
        assert session.status.savepoints == ("one", "Two")
        await run(session, "RELEASE one")
        assert session.status.savepoints == ()
        await failure(session, "nonsense")
        assert session.status.transaction == "open"
        await run(session, "COMMIT")
        assert session.status.transaction == "idle"
        await run(session, "SAVEPOINT alone")
        assert (session.status.transaction, session.status.savepoints) == ("open", ("alone",))
        # SQLite itself gives the whole transaction up on this conflict.
        await run(session, "CREATE UNIQUE INDEX u ON t (a)")
        await failure(session, "INSERT OR ROLLBACK INTO t VALUES (1)")
        assert (session.status.transaction, session.status.savepoints) == ("idle", ())


@pytest.mark.covers("C14.44")
async def test_a_statement_that_never_ends_is_cancelled_and_the_session_goes_on(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as session:
        await run(session, "CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1)")
        endless = asyncio.create_task(run(session, ENDLESS))
        await until(lambda: session.steps)
        endless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await endless
        assert facts(session)[-1] == ("sql.cancelled", {"proof": "SQLITE_INTERRUPT"})
        assert session.status.transaction == "open"
        assert await rows(session, "SELECT a FROM t") == [(1,)]
        slow = await failure(session, ENDLESS, timeout_s=0.05)
        assert isinstance(slow, TooSlow)
        assert await rows(session, "SELECT 1") == [(1,)]


async def test_closing_in_the_middle_ends_the_thread(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as session:
        endless = asyncio.create_task(run(session, ENDLESS))
        await until(lambda: session.steps)
        await session.aclose()
        with pytest.raises(Exception, match=r"closed|interrupt"):
            await endless
        assert not session.is_open
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("sqlite")]
        assert isinstance(await failure(session, "SELECT 1"), LocalFault)


async def test_a_lock_is_waited_for_and_told(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as one, sqlite_at(tmp_path / "x.db", busy_s=0.1) as other:
        await run(one, "CREATE TABLE t (a); BEGIN IMMEDIATE")
        error = await failure(other, "INSERT INTO t VALUES (1)")
        assert isinstance(error, Rejected)
        assert error.code == "SQLITE_BUSY"
        assert "sql.waits" in [name for name, _ in facts(other)]
        waiting = asyncio.create_task(run(one, "COMMIT"))
        await run(other, "INSERT INTO t VALUES (2)")
        await waiting


async def test_waiting_for_a_lock_can_be_cancelled(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as one, sqlite_at(tmp_path / "x.db", busy_s=60) as other:
        await run(one, "CREATE TABLE t (a); BEGIN EXCLUSIVE")
        waiting = asyncio.create_task(run(other, "INSERT INTO t VALUES (1)"))
        await until(lambda: "sql.waits" in [name for name, _ in facts(other)])
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await run(one, "ROLLBACK")
        assert await rows(other, "SELECT count(*) FROM t") == [(0,)]


@pytest.mark.covers("C14.5")
async def test_nobody_else_sees_what_is_not_committed(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as one, sqlite_at(tmp_path / "x.db") as other:
        await run(
            one,
            "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2); BEGIN; DELETE FROM t; INSERT INTO t VALUES (0)",
        )
        assert await rows(one, "SELECT count(*) FROM t") == [(1,)]
        assert await rows(other, "SELECT count(*) FROM t") == [(2,)]
        await run(one, "COMMIT")
        assert await rows(other, "SELECT count(*) FROM t") == [(1,)]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "can't be opened"),
        (b"a letter and no database" * 100, "no SQLite database"),
        (b"cut", "damaged|no SQLite|read"),
    ],
)
async def test_a_file_that_is_none(content: bytes | None, what: str, tmp_path: Path):
    path = tmp_path / "x.db"
    if content == b"cut":
        with sqlite3.connect(path) as made:
            made.execute("CREATE TABLE t (a)")
            made.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 100)
        made.close()
        path.write_bytes(path.read_bytes()[:3000])
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(LocalFault, match=what) as caught:
        async with sqlite_at(path, "rw") as session:
            await run(session, "SELECT * FROM t")
    assert caught.value.exit_code == 5
    if content is None:
        assert caught.value.errno_name == "ENOENT"
        assert "mode=rwc" in caught.value.advice
        assert not path.exists()


async def test_a_file_that_may_only_be_read(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as session:
        await run(session, "CREATE TABLE t (a)")
    async with sqlite_at(tmp_path / "x.db", "ro") as session:
        error = await failure(session, "INSERT INTO t VALUES (1)")
        assert isinstance(error, Rejected)
        assert error.code == "SQLITE_READONLY"


async def test_a_full_disk_is_this_machines_fault(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as session:
        # The file may not grow any more: to SQLite that is the same.
        await run(session, "CREATE TABLE t (a); PRAGMA max_page_count = 4")
        error = await failure(session, "INSERT INTO t VALUES (zeroblob(100000))")
        assert isinstance(error, LocalFault)
        assert error.errno_name == "ENOSPC"
        assert session.status.transaction == "idle"


async def test_a_text_that_is_none_is_told_with_its_octets():
    async with sqlite_at(":memory:") as session:
        error = await failure(session, "SELECT CAST(x'41ff42' AS TEXT)")
        assert isinstance(error, PeerMisbehaved)
        assert error.data == b"A\xffB"
        assert await rows(session, "SELECT 1") == [(1,)]


async def test_every_kind_of_value_comes_as_it_is():
    async with sqlite_at(":memory:") as session:
        (ran,) = await run(session, "SELECT 1, 1.5, 'a', x'00ff', NULL, 9223372036854775807, 1e999")
        assert ran.rows[0][:6] == (1, 1.5, "a", b"\x00\xff", None, 2**63 - 1)
        shown_ = [
            json_of(value, column) for value, column in zip(ran.rows[0], ran.outcome.columns, strict=True)
        ]
        assert shown_[3] == {"hex": "00ff", "octets": 2}
        assert shown_[6] == "inf"
        plain = Column("x")
        assert [text_of(value, plain) for value in (None, 1.5, b"\xff", "ä")] == ["", "1.5", "\\xff", "ä"]
        assert octets_of(b"1", plain) == b"1"
        assert octets_of("1", plain) is None


async def test_what_is_recorded_has_the_statement_the_values_and_no_password(tmp_path: Path):
    async with sqlite_at(tmp_path / "x.db") as session:
        await failure(session, "CREATE USER a PASSWORD 'geheim'")
        await run(session, "SELECT ?", "7")
        transcript = session.channel.transcript
        said = b"".join(shown(transcript, event) for event in transcript.events() if event.kind == "bytes")
        assert said == b"CREATE USER a PASSWORD '******';\nSELECT ?;\n"
        assert ("sql.parameters", {"values": ["7"], "count": 1}) in facts(session)


async def test_the_tree_of_tables_is_asked_over_a_session(tmp_path: Path):
    transcript = Transcript()
    target = parse_target(f"sqlite:{tmp_path / 'x.db'}?mode=rwc")
    session = await open_sql(target, transcript)
    await run(
        session,
        'CREATE TABLE "a b" (id INTEGER PRIMARY KEY, t TEXT NOT NULL); CREATE VIEW v AS SELECT 1 AS one',
    )
    found = await schema.tables(session)
    assert found == (schema.Table("", "a b"), schema.Table("", "v", "view"))
    assert await schema.fields(session, found[0]) == (
        schema.Field("id", "INTEGER, key"),
        schema.Field("t", "TEXT, not null"),
    )
    await session.aclose()
    transcript.close()
