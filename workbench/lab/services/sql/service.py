"""A database of SQLite with a story in it: a file of its own for each Lab, to be read, changed and ruined at will."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence

from workbench import assets
from workbench.formats.target import Target
from workbench.lab.switches import Turned

STORY = "lab/story.sql"
NAME = "story.db"
DARK_HOUR = "1987-11-08 23:00:00"
"""When the lamp was out: the story's answer."""
CUT_AT = 5000
"""Octets that are left of a file that was cut off: its first page says that there are more."""
GARBAGE = b"This is a letter and no database, whatever its name says.\n" * 100


class Sql:
    """One file. There is nothing to accept: whoever opens it reads and writes it alone.

    Args:
        turned: `state`, what is wrong with the file; `readings`, how many rows its large table has.
    """

    open_now = 0
    seen = 0

    def __init__(self, turned: Turned) -> None:
        self.turned = turned
        self._folder = ""
        self._holder: sqlite3.Connection | None = None

    def make(self) -> Target:
        """Make the file and say where it is. Raises: OSError: there is no room for it."""
        self._folder = tempfile.mkdtemp(prefix="workbench-lab-sql-")
        path = os.path.join(self._folder, NAME)
        try:
            self._fill(path)
            self._spoil(path, self.turned.text("state"))
        except BaseException:
            self.remove()
            raise
        return Target("sqlite", "", None, path)

    async def serve(self, _sockets: Sequence[object]) -> None:
        """Keep the file until cancelled; then it is gone, whoever still has it open."""
        try:
            await asyncio.Event().wait()
        finally:
            self.remove()

    def remove(self) -> None:
        """Let the lock go and take the folder away. Idempotent."""
        if self._holder is not None:
            self._holder.close()
            self._holder = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    def _fill(self, path: str) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            # Nothing of it has to survive a power cut, and waiting for the disk is most of the time it takes.
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(assets.read_text(STORY))
            connection.execute("BEGIN")
            connection.execute(
                "INSERT INTO readings (taken, wind, light) WITH RECURSIVE hours(n) AS "
                "(SELECT 0 UNION ALL SELECT n + 1 FROM hours WHERE n + 1 < ?) "
                "SELECT datetime('1987-11-01', n || ' hours'), (n * 7919 % 97) / 4.0, "
                "CASE WHEN n % 24 BETWEEN 7 AND 16 THEN NULL ELSE 1 END FROM hours WHERE ? > 0",
                (self.turned.count("readings"), self.turned.count("readings")),
            )
            connection.execute("UPDATE readings SET light = 0 WHERE taken = ?", (DARK_HOUR,))
            connection.execute("COMMIT")
        finally:
            connection.close()

    def _spoil(self, path: str, state: str) -> None:
        if state == "garbage":
            with open(path, "wb") as file:
                file.write(GARBAGE)
        elif state == "cut":
            os.truncate(path, CUT_AT)
        elif state == "locked":
            self._holder = sqlite3.connect(path, isolation_level=None)
            self._holder.execute("BEGIN EXCLUSIVE")
