"""Copied scripts run without the workbench and say the same: Python and sqlite3's shell. psql: tests/real."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.protocols.sql.runs import rows, sqlite_at
from workbench.errors import LocalMisuse
from workbench.protocols.sql.code import Recipe, python, shell
from workbench.protocols.sql.database import Database
from workbench.protocols.sql.parameters import Bound, Parameters
from workbench.protocols.sql.split import split

TEXT = """
CREATE TABLE t (a, b, c, d);
INSERT INTO t VALUES (?, ?, ?, ?);
INSERT INTO t VALUES (:a, :b, :a, NULL);
SELECT * FROM t;
"""
GIVEN = ("5", "1.5", "NULL", "x'00ff'", 'a=O\'Neil \\ "q"\n;', "b=''")


def recipe(path: Path) -> Recipe:
    statements = split(TEXT, "sqlite")
    parameters = Parameters(GIVEN, statements, "sqlite")
    bound = tuple(parameters.bind(one) for one in statements)
    return Recipe(Database("sqlite", str(path)), has_password=False, statements=bound)


async def content(path: Path) -> object:
    async with sqlite_at(path, "rw") as session:
        return await rows(session, "SELECT * FROM t")


async def test_the_script_of_python_does_the_same(tmp_path: Path):
    script = python(recipe(tmp_path / "x.db"))
    made = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    said = 'O\'Neil \\ "q"\n;'
    assert made.stdout == f"(5, 1.5, None, b'\\x00\\xff')\n({said!r}, '', {said!r}, None)\n"
    assert await content(tmp_path / "x.db") == [(5, 1.5, None, b"\x00\xff"), (said, "", said, None)]


@pytest.mark.real("sqlite3")
async def test_the_script_for_the_shell_does_the_same(tmp_path: Path):
    script = shell(recipe(tmp_path / "x.db"))
    sh = shutil.which("sh")
    assert sh is not None
    subprocess.run([sh, "-ec", script], capture_output=True, timeout=60, check=True)
    said = 'O\'Neil \\ "q"\n;'
    assert await content(tmp_path / "x.db") == [(5, 1.5, None, b"\x00\xff"), (said, "", said, None)]


def test_no_password_leaves_with_a_script():
    database = Database("postgresql", host="h", user="anna", name="d")
    bound = Bound("ALTER ROLE a PASSWORD 'geheim'", ())
    made = Recipe(database, has_password=True, statements=(bound,))
    assert "geheim" not in python(made) + shell(made)
    assert "getpass.getpass('Password of anna: ')" in python(made)


def test_nothing_run_is_nothing_to_copy():
    for make in (python, shell):
        with pytest.raises(LocalMisuse):
            make(Recipe(Database("sqlite", "x"), has_password=False, statements=()))
