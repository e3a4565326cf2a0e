"""Columns as JSON: what one machine found, for another to stand beside. What we don't know is kept as it came.

{"schema": "socket.deaths/1", "columns": [{"name", "system": {"os", "release", "python"}, "cells": [{"death", "call",
"told", "symbol", "ms", "result"}]}]}
"""

import json
from collections.abc import Sequence
from typing import Any

from workbench.errors import LocalMisuse
from workbench.protocols.deaths.values import Cell, Column, System

SCHEMA = "socket.deaths/1"
MAX_OCTETS = 1024 * 1024
MAX_COLUMNS = 64
MAX_CELLS = 500
MAX_WORD = 100
"""Characters of a name in a file of somebody else."""


def document(columns: Sequence[Column]) -> dict[str, object]:
    """The columns as one document."""
    return {"schema": SCHEMA, "columns": [_column(column) for column in columns]}


def write_columns(columns: Sequence[Column]) -> str:
    """As a file."""
    return json.dumps(document(columns), indent=1, ensure_ascii=False) + "\n"


def read_columns(text: str) -> tuple[Column, ...]:
    """The columns of a file.

    Raises: LocalMisuse with the place, where JSON tells one: it is no such document, or too large.
    """
    if len(text) > MAX_OCTETS:
        raise _wrong(f"the file has {len(text)} characters, and at most {MAX_OCTETS} are read")
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise _wrong(f"line {error.lineno}, column {error.colno}: {error.msg}", text, error.pos) from error
    except RecursionError as error:
        raise _wrong("it is nested too deeply") from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise _wrong(f'it does not begin with "schema": "{SCHEMA}"')
    columns = found.get("columns")
    if not isinstance(columns, list) or len(columns) > MAX_COLUMNS:
        raise _wrong(f'"columns" is no list of at most {MAX_COLUMNS}')
    return tuple(_read_column(each, f"columns[{at}]") for at, each in enumerate(columns))


def _column(column: Column) -> dict[str, object]:
    cells = [cell._asdict() for cell in column.cells]
    return {**column.extra, "name": column.name, "system": column.system._asdict(), "cells": cells}


def _read_column(found: object, place: str) -> Column:
    if not isinstance(found, dict):
        raise _wrong(f"{place} is no object")
    system, cells = found.get("system"), found.get("cells")
    if not isinstance(system, dict):
        raise _wrong(f"{place}.system is no object")
    if not isinstance(cells, list) or len(cells) > MAX_CELLS:
        raise _wrong(f"{place}.cells is no list of at most {MAX_CELLS}")
    return Column(
        System(*(_word(system, name, f"{place}.system") for name in System._fields)),
        tuple(_read_cell(each, f"{place}.cells[{at}]") for at, each in enumerate(cells)),
        _word(found, "name", place),
        {key: value for key, value in found.items() if key not in ("name", "system", "cells")},
    )


def _read_cell(found: object, place: str) -> Cell:
    if not isinstance(found, dict):
        raise _wrong(f"{place} is no object")
    ms = found.get("ms")
    if isinstance(ms, bool) or not isinstance(ms, int | float) or not 0 <= ms < 1e9:
        raise _wrong(f"{place}.ms is no time")
    words = {name: _word(found, name, place) for name in ("death", "call", "told", "symbol", "result")}
    if not words["death"] or not words["call"]:
        raise _wrong(f"{place} names no death, or no call")
    return Cell(words["death"], words["call"], words["told"], words["symbol"], float(ms), words["result"])


def _word(found: dict[str, Any], name: str, place: str) -> str:
    value = found.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_WORD or not value.isprintable():
        raise _wrong(f"{place}.{name} is no text of at most {MAX_WORD} characters")
    return value


def _wrong(what: str, text: str = "", at: int = 0) -> LocalMisuse:
    return LocalMisuse(
        f"these are no findings about dying connections: {what}",
        text=text,
        start=at,
        end=min(at + 1, len(text)),
        stage="import",
        advice="a file that “Export” of this page, or `workbench socket deaths --json`, has written",
    )
