"""Our session against a real PostgreSQL server, with psql beside it: one server for the whole run.

What is behind it: workbench.protocols.sql.postgres, workbench.protocols.sql.pgtap, workbench.protocols.sql.pgerrors.
"""

import asyncio
import contextlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.cli.terminal import Terminal
from tests.protocols.sql.postgres_server import PASSWORD, Postgres, is_there, postgres
from tests.protocols.sql.runs import facts, failure, rows, run, until
from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, Untrusted
from workbench.formats.target import Target, parse_target
from workbench.lab.control import Relayed
from workbench.lab.registry import Registry
from workbench.protocols.sql import schema
from workbench.protocols.sql.cells import json_of, text_of
from workbench.protocols.sql.code import Recipe, python, shell
from workbench.protocols.sql.database import read_database
from workbench.protocols.sql.explain import explain
from workbench.protocols.sql.failures import Rejected
from workbench.protocols.sql.opening import open_sql
from workbench.protocols.sql.parameters import Parameters
from workbench.protocols.sql.postgres import PostgresSession
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.split import split
from workbench.transcript.export import write_hex, write_jsonl, write_text
from workbench.transcript.pcapng import write_pcapng
from workbench.transcript.recorder import Transcript
from workbench.transcript.redact import shown

pytestmark = [
    pytest.mark.real("psql"),
    pytest.mark.skipif(
        not is_there() and os.environ.get("WORKBENCH_REQUIRE_REAL") != "1",
        reason="PostgreSQL is not installed",
    ),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        running.psql(
            "CREATE TABLE ch14 (mynum integer UNIQUE, mystring varchar(30));"
            f"SET password_encryption = 'md5'; CREATE ROLE old LOGIN PASSWORD '{PASSWORD}';"
            f"CREATE ROLE clear LOGIN PASSWORD '{PASSWORD}'"
        )
        yield running


@pytest.fixture
def terminal(capfd: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capfd)


@contextlib.asynccontextmanager
async def session_at(
    server: Postgres, *, password: str = PASSWORD, user: str = "keeper", options: str = "", **more: object
) -> AsyncIterator[PostgresSession]:
    transcript = Transcript()
    try:
        target = parse_target(server.url(user, options))
        session = await open_sql(target, transcript, password=password, **more)  # type: ignore[arg-type]
        assert isinstance(session, PostgresSession)
        try:
            yield session
        finally:
            await session.aclose()
    finally:
        transcript.close()


def said(transcript: Transcript) -> str:
    return b"".join(
        shown(transcript, event) for event in transcript.events() if event.kind == "bytes"
    ).decode()


@pytest.mark.covers("C14.4", "C14.13", "C14.14")
async def test_statements_tags_columns_and_rows(server: Postgres):
    async with session_at(server) as session:
        ran = await run(
            session,
            "DELETE FROM ch14; INSERT INTO ch14 VALUES (5, 'Five'); INSERT INTO ch14 VALUES (0); SELECT * FROM ch14",
        )
        assert [one.outcome.tag for one in ran][1:] == ["INSERT 0 1", "INSERT 0 1", "SELECT 2"]
        assert [one.outcome.affected for one in ran][1:] == [1, 1, None]
        columns = ran[3].outcome.columns
        assert [(column.name, column.type) for column in columns] == [
            ("mynum", "integer"),
            ("mystring", "character varying(30)"),
        ]
        assert [
            [json_of(value, column) for value, column in zip(row, columns, strict=True)]
            for row in ran[3].rows
        ] == [
            [5, "Five"],
            [0, None],
        ]
    assert server.psql("SELECT * FROM ch14 ORDER BY 1") == "0|\n5|Five\n"


@pytest.mark.covers("C14.33")
async def test_values_travel_beside_the_text_and_come_back_as_they_went(server: Postgres):
    async with session_at(server) as session:
        evil = "O'Neil; DROP TABLE ch14--"
        text = "SELECT :name::text, $1::int, $2::numeric, $3::bytea, :name::text, $4::text, true, 1.5::float8, now()"
        (ran,) = await run(session, text, f"name={evil}", "7", "1.50", "x'00ff'", "NULL")
        values = [
            json_of(value, column) for value, column in zip(ran.rows[0], ran.outcome.columns, strict=True)
        ]
        assert values[:8] == [evil, 7, "1.50", {"hex": "00ff", "octets": 2}, evil, None, True, 1.5]
        assert text_of(ran.rows[0][2], ran.outcome.columns[2]) == "1.50"
        assert "select" not in said(session.channel.transcript).lower().replace("select $5", "").replace(
            "select 1", ""
        )
        assert evil in said(session.channel.transcript)


@pytest.mark.covers("C14.24")
async def test_a_mistake_is_pointed_at_as_it_was_typed(server: Postgres):
    async with session_at(server) as session:
        error = await failure(session, "SELECT :long_name::int,\n  nix FROM ch14", "long_name=5")
        assert isinstance(error, Rejected)
        assert (error.code, error.text[error.start : error.end]) == ("42703", "nix")
        assert error.advice == "there is no such column"
        await run(session, "DELETE FROM ch14; INSERT INTO ch14 VALUES (1, 'a')")
        double = await failure(session, "INSERT INTO ch14 VALUES (1, 'b')")
        assert isinstance(double, Rejected)
        assert (double.code, dict(double.more)["constraint"]) == ("23505", "ch14_mynum_key")
        assert double.transcript_index is not None


@pytest.mark.covers("C14.26")
async def test_a_failed_transaction_answers_commit_with_rollback(server: Postgres):
    async with session_at(server) as session:
        await run(session, "DELETE FROM ch14; BEGIN; INSERT INTO ch14 VALUES (77); SAVEPOINT a")
        assert (session.status.transaction, session.status.savepoints) == ("open", ("a",))
        await failure(session, "nonsense")
        assert session.status.transaction == "failed"
        ignored = await failure(session, "SELECT 1")
        assert isinstance(ignored, Rejected)
        assert ignored.code == "25P02"
        await run(session, "ROLLBACK TO a")
        assert (session.status.transaction, session.status.savepoints) == ("open", ("a",))
        await failure(session, "nonsense")
        (answer,) = await run(session, "COMMIT")
        assert answer.outcome.tag == "ROLLBACK"
        assert session.status.transaction == "idle"
    assert server.psql("SELECT count(*) FROM ch14") == "0\n"


@pytest.mark.covers("C14.30")
async def test_another_session_sees_nothing_before_the_commit(server: Postgres):
    async with session_at(server) as one:
        await run(one, "DELETE FROM ch14; BEGIN; INSERT INTO ch14 VALUES (1)")
        assert [row[0] for row in await rows(one, "SELECT count(*) FROM ch14")] == [b"1"]
        assert server.psql("SELECT count(*) FROM ch14") == "0\n"
        await run(one, "COMMIT")
        assert server.psql("SELECT count(*) FROM ch14") == "1\n"


@pytest.mark.covers("C14.44")
@pytest.mark.parametrize("text", ["SELECT pg_sleep(60)", "SELECT * FROM generate_series(1, 1000000000)"])
async def test_a_cancelled_statement_is_cancelled_at_the_server(server: Postgres, text: str):
    async with session_at(server) as session:
        ((pid,),) = await rows(session, "SELECT pg_backend_pid()")
        await run(session, "BEGIN")
        running = asyncio.create_task(run(session, text, timeout_s=None))
        await until(lambda: server_is_at(session, text))
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert facts(session)[-1] == ("sql.cancelled", {"proof": "57014"})
        assert session.status.transaction == "failed"
        await run(session, "ROLLBACK")
        assert await rows(session, "SELECT 1") == [(b"1",)]
        # Its own process at the server: others may still end what another test began, or clean up.
        assert server.psql(f"SELECT state FROM pg_stat_activity WHERE pid = {pid.decode()}") == "idle\n"


def server_is_at(session: PostgresSession, text: str) -> bool:
    return text in said(session.channel.transcript)


async def test_a_long_result_is_counted_in_the_conversation_and_takes_no_memory(server: Postgres):
    async with session_at(server) as session:
        (statement,) = split(
            "SELECT i, 'row number ' || i FROM generate_series(1, 300000) AS i", "postgresql"
        )
        made: list[Rows] = []
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        bound = Parameters((), (statement,), "postgresql").bind(statement)
        outcome = await session.run(statement, bound, lambda columns: made.append(Rows(columns)) or made[-1])
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert (outcome.rows, outcome.tag, len(made[0])) == (300_000, "SELECT 300000", 300_000)
        assert made[0].row(299_999) == (b"300000", b"row number 300000")
        assert grown < 40 * 1024, f"{grown} KiB"
        assert ("sql.untraced", {"rows": 300_000 - 64}) in facts(session)
        assert said(session.channel.transcript).count("DataRow") == 64
        await run(session, "SELECT 'traced again'")
        assert "traced again" in said(session.channel.transcript)
        made[0].close()


async def test_notices_copy_and_many_kinds_of_statements(server: Postgres):
    async with session_at(server) as session:
        ran = await run(
            session,
            "DO $$ BEGIN RAISE NOTICE 'hello %', 5; END $$; LISTEN x; NOTIFY x, 'there'; "
            "COPY (SELECT 1, 2) TO STDOUT; SHOW server_version",
        )
        assert [(one.severity, one.text) for one in ran[0].outcome.notices] == [("NOTICE", "hello 5")]
        assert [(one.severity, one.text) for one in ran[2].outcome.notices] == [("NOTIFY", "x: there")]
        assert ran[3].rows == [(b"1\t2",)]
        assert isinstance(await failure(session, "COPY ch14 FROM STDIN"), Rejected)
        two = await failure(session, "SELECT 1 +;")
        assert isinstance(two, Rejected)
        assert two.code == "42601"
        assert await rows(session, "SELECT 1") == [(b"1",)]


@pytest.mark.covers("C14.1")
async def test_why_nobody_gets_in_is_told_apart_by_its_stage(server: Postgres):
    wrong = [
        ({"password": "falsch"}, Refused, "login", "28P01"),
        ({"user": "nobody"}, Refused, "login", "28P01"),
        ({"password": ""}, LocalMisuse, "login", ""),
    ]
    for said_, kind, stage, code in wrong:
        with pytest.raises(kind) as caught:
            async with session_at(server, **said_):  # type: ignore[arg-type]
                pass
        assert (caught.value.stage, code in caught.value.reply) == (stage, True)
        assert "falsch" not in str(caught.value.as_dict())
    transcript = Transcript()
    target = parse_target(server.url().replace("/postgres", "/none"))
    with pytest.raises(Refused, match="3D000"):
        await open_sql(target, transcript, password=PASSWORD)
    transcript.close()


@pytest.mark.covers("C14.20")
async def test_tls_in_every_mode(server: Postgres):
    for options, is_on in (("?sslmode=disable", False), ("?sslmode=require", True), ("", True)):
        async with session_at(server, options=options) as session:
            assert dict(session.peer.facts)["TLS"] == ("on" if is_on else "off, in clear")
    async with session_at(server, options=f"?sslmode=verify-full&sslrootcert={server.ca}") as session:
        assert (await rows(session, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) == [(b"t",)]
    with pytest.raises(Untrusted):
        async with session_at(server, options="?sslmode=verify-full&sslrootcert=system"):
            pass


@pytest.mark.parametrize("user", ["keeper", "old", "clear"])
async def test_no_way_to_log_in_leaves_the_password_anywhere(server: Postgres, user: str):
    async with session_at(server, user=user) as session:
        await failure(session, f"ALTER ROLE nobody PASSWORD '{PASSWORD}'")
        transcript = session.channel.transcript
        written = b"".join(
            b"".join(write(transcript)) for write in (write_text, write_jsonl, write_hex, write_pcapng)
        )
        assert PASSWORD.encode() not in written
        assert PASSWORD.encode().hex().encode() not in written
        names = {explain(transcript, event).what.partition(" ")[0] for event in transcript.events()}  # type: ignore[union-attr]
        assert names >= {
            "StartupMessage",
            "Parse",
            "Bind",
            "Execute",
            "Sync",
            "ErrorResponse",
            "ReadyForQuery",
        }
        assert names & {"SASLResponse", "PasswordMessage"}


async def test_the_tree_of_tables(server: Postgres):
    async with session_at(server) as session:
        found = await schema.tables(session)
        assert schema.Table("public", "ch14") in found
        assert await schema.fields(session, schema.Table("public", "ch14")) == (
            schema.Field("mynum", "integer"),
            schema.Field("mystring", "character varying(30)"),
        )


async def test_a_connection_that_is_cut_ends_the_session_with_its_stage(server: Postgres):
    registry = Registry(lambda: None)
    relay = await registry.relay(
        Relayed(1, f"127.0.0.1:{server.port}", "tcp", {"cut_after": 6000, "direction": "to-client"}), "test"
    )

    async def lead(_target: Target) -> Target:
        return relay.target

    try:
        async with session_at(server, options="?sslmode=disable", through=lead) as session:
            error = await failure(session, "SELECT repeat('x', 100) FROM generate_series(1, 10000)")
            assert isinstance(error, LinkLost | PeerMisbehaved)
            assert error.committed == "maybe"
            assert not session.is_open
    finally:
        await registry.aclose()


async def test_copied_scripts_do_the_same(server: Postgres):
    text = "CREATE TEMP TABLE t (a int, b text); INSERT INTO t VALUES ($1, :b); SELECT * FROM t"
    statements = split(text, "postgresql")
    parameters = Parameters(("5", 'b=O\'Neil \\ "q"'), statements, "postgresql")
    bound = tuple(parameters.bind(one) for one in statements)
    database = read_database(parse_target(server.url(options="?sslmode=require")))
    made = Recipe(database, has_password=True, statements=bound)
    environment = {**os.environ, "PGPASSWORD": PASSWORD}
    sh = shutil.which("sh")
    assert sh is not None
    by_psql = subprocess.run(
        [sh, "-ec", shell(made)], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert ' 5 | O\'Neil \\ "q"' in by_psql.stdout
    by_python = subprocess.run(
        [sys.executable, "-c", python(made)],
        input=PASSWORD + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "(5, 'O\\'Neil \\\\ \"q\"')" in by_python.stdout


def test_the_verb_says_the_same_as_psql(server: Postgres, terminal: Terminal, tmp_path):
    url = server.url().replace("keeper@", f"keeper:{PASSWORD}@")
    done = terminal(
        "sql",
        "run",
        url,
        "SELECT 1 AS a, NULL AS b; SELECT $1::int + 1 AS c",
        "--param",
        "41",
        "--json",
        "--transcript",
        str(tmp_path / "t.jsonl"),
    )
    assert done.code == 0, done
    document = done.document
    assert (document["rows"], document["columns"], document["transaction"]) == (
        [[42]],
        [{"name": "c", "type": "integer"}],
        "idle",
    )
    assert document["statements"][0]["rows"] == [[1, None]]
    assert PASSWORD not in done.out + done.err + (tmp_path / "t.jsonl").read_text(encoding="utf-8")
    refused = terminal("sql", "run", url, "BEGIN; SELECT nix", "--json")
    assert refused.code == 1
    assert (refused.document["code"], refused.document["transaction"]) == ("42703", "failed")
    wrong = terminal("sql", "run", server.url(), "SELECT 1", "--json")
    assert wrong.code == 2
