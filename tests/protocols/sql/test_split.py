"""A text to its statements, each with its place; SQLite's own judgement and PostgreSQL's rules beside ours."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.sql.split import split, statement_at
from workbench.protocols.sql.values import Dialect

TRIGGER = "CREATE TEMP TRIGGER t AFTER INSERT ON x BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM y; END"
ATOMIC = (
    "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END"
)
PIECES = (
    "SELECT 1",
    ";",
    "'a;b'",
    "-- x;\n",
    "/* ; */",
    '"q;"',
    "\n",
    " ",
    "BEGIN",
    "END",
    "CASE",
    TRIGGER,
    "x",
)


def texts(text: str, dialect: Dialect = "sqlite") -> list[str]:
    return [one.text for one in split(text, dialect)]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" ; ;; -- only a remark;\n /* ; */ ", []),
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1;SELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';'; SELECT ';' -- ;", ["SELECT ';'", "SELECT ';'"]),
        ("-- first;\nSELECT 1 /* ; */ + 1; SELECT 2", ["SELECT 1 /* ; */ + 1", "SELECT 2"]),
        ("BEGIN; UPDATE x SET a = 1; END; SELECT 1", ["BEGIN", "UPDATE x SET a = 1", "END", "SELECT 1"]),
        ("SELECT 'left open; SELECT 2", ["SELECT 'left open; SELECT 2"]),
    ],
)
def test_semicolons_end_statements_where_they_are_none_of_the_text(
    dialect: Dialect, text: str, found: list[str]
):
    assert texts(text, dialect) == found


def test_a_trigger_is_one_statement():
    assert texts(f"{TRIGGER}; SELECT 1;") == [TRIGGER, "SELECT 1"]
    assert texts(f"explain {TRIGGER.lower()}; SELECT 1") == [f"explain {TRIGGER.lower()}", "SELECT 1"]


@pytest.mark.parametrize(
    "whole",
    [
        ATOMIC,
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2; $$",
        "DO $x$ BEGIN RAISE NOTICE $$ ; $$; END $x$",
        "CREATE RULE r AS ON INSERT TO x DO ALSO (DELETE FROM a; DELETE FROM b)",
        r"SELECT E'it\';s'",
        "/* /* ; */ ; */ SELECT 1",
    ],
)
def test_what_postgresql_keeps_together(whole: str):
    assert [one.rstrip() for one in texts(f"{whole}; SELECT 2", "postgresql")] == [
        whole.removeprefix("/* /* ; */ ; */ "),
        "SELECT 2",
    ]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_sqlite_itself_calls_each_of_ours_complete_and_none_of_its_beginnings(text: str):
    for one in split(text, "sqlite"):
        if one.stop > one.end:
            assert sqlite3.complete_statement(text[one.start : one.stop])
        if one.keyword != "CREATE" and ";" not in one.text:
            assert not sqlite3.complete_statement(one.text)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@given(st.text(alphabet="SELECT ;'\"$-/*\n1()aÄ😀", max_size=60))
def test_places_are_those_of_the_text(dialect: Dialect, text: str):
    last = 0
    for one in split(text, dialect):
        assert text[one.start : one.end] == one.text
        assert last <= one.start < one.end <= one.stop <= len(text)
        assert one.text.strip() == one.text or one.text
        last = one.stop


def test_the_statement_at_a_cursor():
    found = split("SELECT 1;\n\nSELECT 2; -- behind", "sqlite")
    assert [one.keyword for one in found] == ["SELECT", "SELECT"]
    assert statement_at(found, 0) == found[0]
    assert statement_at(found, 9) == found[0]
    assert statement_at(found, 12) == found[1]
    assert statement_at(found, 500) == found[1]
    assert statement_at((), 0) is None
    assert statement_at(split("  SELECT 1", "sqlite"), 0) is not None
