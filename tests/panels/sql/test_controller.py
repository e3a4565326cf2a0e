"""What a person does with a database, without Qt.

Also what it stands on: workbench.panels.sql.entrance, workbench.panels.sql.results, workbench.panels.sql.sentences and
workbench.panels.sql.state.
"""

import asyncio
import csv
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.panels.sql.desk import Desk, desk_at
from workbench.errors import LinkLost, LocalFault, LocalMisuse, Refused, TooSlow
from workbench.panels.sql.entrance import select_of
from workbench.panels.sql.routes import ROUTES
from workbench.panels.sql.sentences import failed
from workbench.protocols.sql.pgerrors import link_lost
from workbench.protocols.sql.schema import Table
from workbench.protocols.sql.split import split

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "x.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'one'), (2, NULL), (3, 'three')"
    )
    connection.close()
    return f"sqlite:{path}"


async def test_a_database_is_opened_with_its_tables(file: str):
    async with desk_at(file) as desk:
        assert (desk.state.phase, desk.state.title) == ("open", file)
        assert desk.state.tables == (Table("", "t"),)
        await desk.done(desk.controller.load_fields(Table("", "t")))
        assert [field.name for _, fields in desk.state.fields for field in fields] == ["a", "b"]
        titles = [info.title for info in desk.controller.transcript.channels]
        assert titles == [file, f"{file} (ours, for the tree)", f"{file} (ours, for the tree)"]
    assert desk.state.phase == "ended"


async def test_the_statement_at_the_cursor_or_all_of_them(file: str):
    async with desk_at(file) as desk:
        text = "SELECT a FROM t; SELECT count(*) AS n FROM t;"
        desk.controller.compose(sql=text)
        await desk.done(desk.controller.run_at(3))
        assert desk.rows() == [(1,), (2,), (3,)]
        await desk.done(desk.controller.run_at(text.index("count")))
        assert desk.rows() == [(3,)]
        assert desk.state.verdict.sentence.startswith("one row in ")
        await desk.done(desk.controller.run_all())
        assert [one.rows for one in desk.state.results] == [3, 1]
        desk.controller.show(desk.state.results[0].number)
        assert len(desk.rows()) == 3


async def test_parameters_are_one_a_line(file: str):
    async with desk_at(file) as desk:
        await desk.run("SELECT :x, ?, ?", "5\nx='a b'\n\nNULL")
        assert desk.rows() == [("a b", 5, None)]
        job = await desk.run("SELECT 1; SELECT ?")
        assert isinstance(job.failure, LocalMisuse)
        assert desk.state.mark == (17, 18)
        assert desk.state.problem is job.failure


async def test_a_refusal_stops_the_run_and_marks_its_place_in_the_text(file: str):
    async with desk_at(file) as desk:
        text = "SELECT 1;\nSELECT nix FROM t;\nDELETE FROM t"
        job = await desk.run(text)
        assert isinstance(job.failure, Refused)
        assert [one.ending for one in desk.state.results] == ["done", "failed"]
        assert desk.state.mark is not None
        assert text[slice(*desk.state.mark)] == "nix"
        assert (desk.state.verdict.kind, desk.state.verdict.word) == ("bad", "refused")
        desk.controller.compose(sql=text + " ")
        assert desk.state.mark is None
        await desk.run("SELECT count(*) FROM t")
        assert desk.rows() == [(3,)]
        assert desk.state.problem is None


async def test_the_strip_is_true_whatever_is_run(file: str):
    async with desk_at(file) as desk:
        assert (desk.state.why_not_commit, desk.state.why_not_begin) == ("no transaction is open", "")
        await desk.run("BEGIN; INSERT INTO t VALUES (4, ''); SAVEPOINT s")
        assert (desk.state.transaction.transaction, desk.state.transaction.savepoints) == ("open", ("s",))
        assert desk.state.statements == 3
        assert desk.state.why_not_begin == "one is open already"
        await desk.done(desk.controller.command("ROLLBACK"))
        assert (desk.state.transaction.transaction, desk.state.statements) == ("idle", 0)
        await desk.done(desk.controller.command("BEGIN"))
        await desk.run("DELETE FROM t")
        await desk.done(desk.controller.command("COMMIT"))
        assert desk.state.verdict.sentence == "COMMIT was carried out"
        await desk.run("SELECT count(*) FROM t")
        assert desk.rows() == [(0,)]


@pytest.mark.covers("C14.43")
async def test_closing_with_an_open_transaction_says_what_became_of_it(file: str):
    async with desk_at(file) as desk:
        await desk.run("BEGIN; DELETE FROM t")
        for job in reversed(desk.scope.jobs):
            job.cancel()
        await desk.until(lambda state: state.phase == "ended")
        assert "rolled back" in desk.state.verdict.sentence
    async with desk_at(file) as desk:
        await desk.run("SELECT count(*) FROM t")
        assert desk.rows() == [(3,)]


async def test_the_tree_follows_what_was_committed(file: str):
    async with desk_at(file) as desk:
        await desk.run("BEGIN; CREATE TABLE u (x)")
        assert desk.state.tables == (Table("", "t"),)
        await desk.done(desk.controller.command("COMMIT"))
        assert desk.state.tables == (Table("", "t"), Table("", "u"))


async def test_the_database_sorts(file: str):
    async with desk_at(file) as desk:
        await desk.run("SELECT a, b FROM t WHERE a < ? -- behind", "3")
        await desk.done(desk.controller.sort(0, downward=True))
        assert desk.rows() == [(2, None), (1, "one")]
        assert desk.state.result is not None
        assert desk.state.result.sorted_by == (0, True)
        await desk.done(desk.controller.sort(1, downward=False))
        assert desk.rows() == [(2, None), (1, "one")]
        await desk.run("PRAGMA user_version")
        assert "only the rows of a SELECT" in desk.state.why_not_sort


async def test_what_never_ends_is_cancelled_and_the_session_stays(file: str):
    async with desk_at(file) as desk:
        await desk.run("BEGIN; DELETE FROM t WHERE a = 1")
        desk.controller.compose(sql=ENDLESS)
        job = desk.scope.launch(desk.controller.run_all(), name="run")
        await desk.until(lambda state: state.busy)
        assert desk.state.why_not_run == "running first has to end"
        job.cancel()
        await desk.until(lambda state: not state.busy)
        assert desk.state.results[-1].ending == "cancelled"
        assert (desk.state.verdict.word, desk.state.phase) == ("cancelled", "open")
        assert desk.state.transaction.transaction == "open"


async def test_rows_are_there_while_they_still_come(file: str):
    async with desk_at(file) as desk:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        desk.controller.compose(sql=endless)
        job = desk.scope.launch(desk.controller.run_all(), name="run")

        def count() -> int:
            rows = desk.controller.rows()
            return len(rows) if rows is not None else 0

        await desk.until(lambda _state: count() > 1000)
        assert job.is_running
        job.cancel()
        await desk.until(lambda state: not state.busy)
        assert desk.rows()[:2] == [(1,), (2,)]


async def test_rows_leave_as_a_file_and_the_session_as_a_script(file: str, tmp_path: Path):
    async with desk_at(file) as desk:
        await desk.run("SELECT a, b FROM t WHERE a > ?", "1")
        await desk.done(desk.controller.export(str(tmp_path / "out.csv")))
        with open(tmp_path / "out.csv", encoding="utf-8", newline="") as opened:
            assert list(csv.reader(opened)) == [["a", "b"], ["2", ""], ["3", "three"]]
        script = desk.controller.copy_as_python()
        made = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
        )
        assert made.stdout == "(2, None)\n(3, 'three')\n"
        assert ".parameter set" in desk.controller.copy_as_shell()
        job = await desk.done(desk.controller.export("/nowhere/at/all.csv"))
        assert isinstance(job.failure, LocalFault)


async def test_nothing_is_run_where_nothing_is_open():
    desk = Desk(target="sqlite:/nowhere/x.db", sql="SELECT 1")
    job = await desk.done(desk.controller.run_all())
    assert isinstance(job.failure, LocalMisuse)
    job = await desk.done(desk.controller.open())
    assert isinstance(job.failure, LocalFault)
    assert desk.state.phase == "failed"
    with pytest.raises(LocalMisuse):
        desk.controller.copy_as_python()
    desk.controller.close()


async def test_what_says_that_it_is_over_takes_the_next_target_at_once(file: str):
    async with desk_at(file) as desk:
        [job] = desk.scope.jobs
        job.cancel()
        await desk.until(lambda state: not state.is_live)
        assert not job.is_running


async def test_what_is_lost_is_over_when_it_is_closed_and_not_before(file: str):
    async with desk_at(file) as desk:
        [job] = desk.scope.jobs
        session, closed = desk.controller._session, asyncio.Event()
        assert session is not None
        aclose = session.aclose

        async def slow() -> None:
            await closed.wait()
            await aclose()

        session.aclose = slow  # type: ignore[method-assign]  # this one object only
        assert desk.controller._lost is not None
        desk.controller._lost.set_result(LinkLost("it is gone", stage="receive"))
        await desk.until(lambda state: state.problem is not None)
        assert (desk.state.is_live, job.is_running) == (True, True)
        closed.set()
        await desk.until(lambda state: not state.is_live)
        assert (desk.state.phase, job.is_running) == ("failed", False)


async def test_a_server_that_hangs_is_left_by_cancelling_and_by_the_deadline():
    with scripted_peer([("stall",)]) as peer:
        desk = Desk(target=f"127.0.0.1:{peer.port}", user="anna")
        job = desk.open()
        await desk.until(lambda state: state.stage in ("greeting", "tls"))
        job.cancel()
        await desk.until(lambda state: state.phase == "ended")
        desk.controller.close()
    with scripted_peer([("stall",)]) as peer:
        desk = Desk(target=f"127.0.0.1:{peer.port}", user="anna")
        desk.controller.timeout_s = 0.2
        job = await desk.done(desk.controller.open())
        assert isinstance(job.failure, TooSlow)
        desk.controller.close()


async def test_memory_has_its_tree_too():
    async with desk_at("sqlite::memory:") as desk:
        await desk.run("CREATE TABLE m (a)")
        assert desk.state.tables == (Table("", "m"),)


def test_small_words():
    assert select_of(Table("s", 'a"b')) == 'SELECT * FROM "s"."a""b";'
    assert select_of(Table("public", "t")) == 'SELECT * FROM "t";'
    lost = failed(link_lost("gone", split("COMMIT", "postgresql")[0]))
    assert (lost.word, "unknown" in lost.sentence) == ("unknown", True)
    assert ROUTES[0].id == "off"
    assert len({route.id for route in ROUTES}) == len(ROUTES)


async def test_two_things_at_once_are_refused(file: str):
    async with desk_at(file) as desk:
        desk.controller.compose(sql=ENDLESS)
        first = desk.scope.launch(desk.controller.run_all(), name="run")
        await desk.until(lambda state: state.busy)
        with pytest.raises(LocalMisuse):
            await desk.controller.run_all()
        assert desk.state.busy
        first.cancel()
        await desk.until(lambda state: not state.busy)
        await asyncio.sleep(0)
