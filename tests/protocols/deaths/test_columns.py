"""Findings leave and come back the same, those of systems that we don't know too."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.deaths.columns import MAX_OCTETS, document, read_columns, write_columns
from workbench.protocols.deaths.values import Cell, Column, System

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=20)
NAMES = WORDS.filter(bool)
CELLS = st.builds(Cell, NAMES, NAMES, WORDS, WORDS, st.floats(0, 1e6), WORDS)
COLUMNS = st.builds(
    Column, st.builds(System, WORDS, WORDS, WORDS), st.lists(CELLS, max_size=5).map(tuple), WORDS
)


@pytest.mark.covers("C2.14")
@given(st.lists(COLUMNS, max_size=4).map(tuple))
def test_what_is_exported_is_imported_identically(columns):
    assert read_columns(write_columns(columns)) == columns


@pytest.mark.covers("C2.14")
def test_a_column_of_an_unknown_system_with_unknown_cells_is_kept():
    column = {
        "name": "a classmate's",
        "system": {"os": "Plan 9", "release": "4", "python": "3.99"},
        "cells": [
            {"death": "meteor", "call": "pray", "told": "omen", "symbol": "EDOOM", "ms": 1, "result": ""}
        ],
        "room": 12,
    }
    text = json.dumps({"schema": "socket.deaths/1", "columns": [column]})
    (read,) = read_columns(text)
    assert str(read.system) == "Plan 9 4, Python 3.99"
    assert read.cell("meteor", "pray").symbol == "EDOOM"
    assert json.loads(json.dumps(document([read])))["columns"] == [column]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1"),
        ('{"schema": ', "line 1, column 12"),
        ("[]", "does not begin"),
        ('{"schema": "socket.deaths/2"}', "does not begin"),
        ('{"schema": "socket.deaths/1"}', '"columns" is no list'),
        ('{"schema": "socket.deaths/1", "columns": [1]}', "columns[0] is no object"),
        ('{"schema": "socket.deaths/1", "columns": [{}]}', "columns[0].system is no object"),
        ('{"schema": "socket.deaths/1", "columns": [{"system": {}}]}', "columns[0].cells"),
        ('{"schema": "socket.deaths/1", "columns": [{"system": {"os": 1}, "cells": []}]}', "system.os"),
        (
            '{"schema": "socket.deaths/1", "columns": [{"system": {}, "cells": [[]]}]}',
            "cells[0] is no object",
        ),
        (
            '{"schema": "socket.deaths/1", "columns": [{"system": {}, "cells": [{"ms": true}]}]}',
            "cells[0].ms",
        ),
        ('{"schema": "socket.deaths/1", "columns": [{"system": {}, "cells": [{"ms": 1}]}]}', "no death"),
        ("[" * 100_000, "nested too deeply"),
        ("x" * (MAX_OCTETS + 1), "at most"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(text, words):
    with pytest.raises(LocalMisuse) as caught:
        read_columns(text)
    assert words in caught.value.what
    assert caught.value.advice


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS, lambda x: st.lists(x) | st.dictionaries(WORDS, x)
)


@given(JSON)
def test_any_json_is_columns_or_refused(value):
    for text in (json.dumps(value), json.dumps({"schema": "socket.deaths/1", "columns": [value]})):
        with pytest.raises(LocalMisuse):
            read_columns(text)
