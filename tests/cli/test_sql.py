"""`workbench sql run` as people and programs use it. It stands on workbench.cli.sql_run; PostgreSQL: tests/real."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer


@pytest.mark.covers("C14.22")
def test_the_lab_has_a_database_that_is_asked_at_once(terminal: Terminal):
    document = checked(run_cli("sql", "run", "lab:sql", "SELECT seen, ship FROM missing", "--json").json)
    assert document["rows"] == [["1987-11-08 23:50:00", "Octet"]]
    assert document["columns"] == [{"name": "seen", "type": "TEXT"}, {"name": "ship", "type": "TEXT"}]
    assert (document["transaction"], document["affected"], document["lab"]) == ("idle", None, "private")
    said = terminal(
        "sql", "run", "lab:sql", "SELECT * FROM letters; SELECT sender FROM letters WHERE sender IS NULL"
    )
    assert said.code == 0
    assert "Tomasz O'Hara" in said.out
    assert "NULL" in said.out
    assert "\\x00ff" in said.out


def test_statements_of_a_file_and_what_came_of_each(terminal: Terminal, tmp_path: Path):
    file = tmp_path / "x.db"
    text = "CREATE TABLE t (a, b); INSERT INTO t VALUES (?, :b), (2, x'00ff'); SELECT a, b AS a FROM t"
    said = terminal(
        "sql", "run", f"sqlite:{file}?mode=rwc", text, "--param", "5", "--param", "b=O'Neil", "--json"
    )
    assert said.code == 0, said
    document = said.document
    assert document["rows"] == [[5, "O'Neil"], [2, {"hex": "00ff", "octets": 2}]]
    assert [column["name"] for column in document["columns"]] == ["a", "a"]
    assert [one["affected"] for one in document["statements"]] == [None, 2, None]
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (2,)
    connection.close()


def test_rows_beyond_the_limit_are_counted(terminal: Terminal):
    said = terminal("sql", "run", "lab:sql", "SELECT * FROM readings", "--limit", "2", "--json")
    assert (len(said.document["rows"]), said.document["rows_left_out"]) == (2, 1998)


def test_what_is_refused_ends_the_run_and_points(terminal: Terminal, tmp_path: Path):
    file = tmp_path / "x.db"
    text = "CREATE TABLE t (a UNIQUE); BEGIN; INSERT INTO t VALUES (1); SELECT 1,\n nix; COMMIT"
    said = terminal("sql", "run", f"sqlite:{file}?mode=rwc", text, "--json")
    assert said.code == 1
    document = said.document
    assert document["failure"]["kind"] == "Refused"
    assert document["failure"]["input"][document["failure"]["at"]["start"] :].startswith("nix")
    assert (document["code"], document["transaction"]) == ("SQLITE_ERROR", "open")
    assert [one["tag"] for one in document["statements"]] == ["CREATE", "BEGIN", "INSERT"]
    again = terminal("sql", "run", f"sqlite:{file}", "SELECT count(*) FROM t; nonsense")
    assert again.code == 1
    assert "^^^^^^^^" in again.err
    assert again.out.split() == ["count(*)", "--------", "0"]


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("sqlite:/nowhere/x.db", "SELECT 1"), 5),
        (("sqlite:x.db?mode=odd", "SELECT 1"), 2),
        (("http://h/", "SELECT 1"), 2),
        (("lab:sql", " -- nothing"), 2),
        (("lab:sql", "SELECT ?"), 2),
        (("lab:sql", "SELECT 1", "--param", "5"), 2),
        (("lab:sql", "SELECT 1", "--relay", ""), 2),
        (("lab:sql", "SELECT 1", "--limit", "0"), 2),
        (("postgresql://u@h/d?odd=1", "SELECT 1"), 2),
    ],
)
def test_mistakes_are_told_before_anything_is_done(argv: tuple[str, ...], code: int, terminal: Terminal):
    said = terminal("sql", "run", *argv, "--json")
    assert said.code == code, said
    assert said.document["ok"] is False


def test_no_server_is_exit_code_3_and_the_password_stands_nowhere(terminal: Terminal, tmp_path: Path):
    port = free_port()
    for name in ("t.txt", "t.jsonl", "t.pcapng"):
        url = f"postgresql://anna:geheim-17@127.0.0.1:{port}/d"
        said = terminal("sql", "run", url, "SELECT 1", "--json", "--transcript", str(tmp_path / name))
        assert said.code == 3
        assert said.document["failure"]["errno"] == "ECONNREFUSED"
        assert said.document["target"] == f"postgresql://anna@127.0.0.1:{port}/d"
        assert "geheim" not in said.out + said.err
        assert b"geheim" not in (tmp_path / name).read_bytes()
    odd = terminal("sql", "run", f"postgresql://anna:geheim-17@127.0.0.1:{port}x/d", "SELECT 1")
    assert odd.code == 2
    assert "geheim" not in odd.out + odd.err


def test_a_server_that_never_answers_ends_by_the_deadline(terminal: Terminal):
    with scripted_peer([("stall",)]) as peer:
        said = terminal(
            "sql",
            "run",
            f"postgresql://anna@127.0.0.1:{peer.port}/d",
            "SELECT 1",
            "--timeout",
            "0.3",
            "--json",
        )
    assert said.code == 3
    assert said.document["failure"]["kind"] == "TooSlow"


def test_statements_from_standard_input():
    made = run_cli("sql", "run", "lab:sql", "-", "--json", input=b"SELECT 'from a pipe' AS x;")
    assert checked(made.json)["rows"] == [["from a pipe"]]


@pytest.mark.parametrize(
    ("target", "end"), [("nope", 4), ("localhost:5432", 14), ("http://h/x", 4), ("", 0), ("[::1]", 5)]
)
def test_what_is_no_database_is_answered_with_the_three_forms(target: str, end: int, terminal: Terminal):
    said = terminal("sql", "run", target, "SELECT 1", "--json")
    assert said.code == 2
    failure = said.document["failure"]
    assert failure["at"] == {"start": 0, "end": end}
    for form in ("sqlite:FILE", "postgresql://USER@HOST/DATABASE", "lab:sql"):
        assert form in failure["try"]
