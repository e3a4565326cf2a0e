"""A result to a file of comma-separated values (RFC 4180). NULL is nothing at all and the empty text "", so that the
two stay apart. It goes to a partial file, which becomes the file when all is in it."""

import asyncio
import os
import time
from collections.abc import Callable, Iterable

from workbench.errors import LocalFault
from workbench.formats.errno_words import symbol_of
from workbench.protocols.sql.cells import text_of
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.session import SLICE_S

_SPECIAL = frozenset(',"\r\n')


def line(cells: Iterable[str | None]) -> str:
    """One record of a file, with its line end."""
    return ",".join(_cell(cell) for cell in cells) + "\r\n"


def _cell(text: str | None) -> str:
    if text is None:
        return ""
    if not text or not _SPECIAL.isdisjoint(text) or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


async def export_csv(rows: Rows, path: str, progress: Callable[[int, int | None], None] | None = None) -> int:
    """Write the rows that are kept to a file; returns how many.

    Raises: LocalFault: the file can't be written; a partial one is gone then.
    """
    partial = f"{path}.partial"
    total, done = len(rows), 0
    try:
        # Into the system's cache, in slices: what blocks here is a disk, and it blocks for one slice.
        with open(partial, "w", encoding="utf-8", errors="replace", newline="") as file:  # noqa: ASYNC230 - see above
            file.write(line(column.name for column in rows.columns))
            until = time.monotonic() + SLICE_S
            for row in rows.read(0, total):
                file.write(
                    line(
                        None if value is None else text_of(value, column)
                        for value, column in zip(row, rows.columns, strict=True)
                    )
                )
                done += 1
                if time.monotonic() > until:
                    if progress is not None:
                        progress(done, total)
                    await asyncio.sleep(0)
                    until = time.monotonic() + SLICE_S
        os.replace(partial, path)
    except OSError as error:
        _drop(partial)
        raise LocalFault(
            f"{path} can't be written: {error.strerror}", stage="export", errno_name=symbol_of(error)
        ) from error
    except BaseException:
        _drop(partial)
        raise
    return done


def _drop(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
