"""The rows of a result: packed, bounded, read back by number; a full disk keeps what came before."""

import errno
import os
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import LocalFault
from workbench.protocols.sql import rows as module
from workbench.protocols.sql.rows import PACK_OCTETS, Rows
from workbench.protocols.sql.values import Column

ONE = (Column("a"),)
VALUES = (
    st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=5) | st.binary(max_size=5)
)


@settings(max_examples=40)
@given(st.lists(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=9), max_size=9), st.data())
def test_every_row_comes_back_by_its_number(packs: list[list[tuple[object, ...]]], data: st.DataObject):
    rows = Rows((Column("a"), Column("b")))
    for pack in packs:
        rows.add(pack)
    flat = [row for pack in packs for row in pack]
    assert len(rows) == rows.total == len(flat)
    assert list(map(repr, rows.read())) == list(map(repr, flat))
    if flat:
        at = data.draw(st.integers(0, len(flat) - 1))
        assert repr(rows.row(at)) == repr(flat[at])
        assert list(map(repr, rows.read(at, at + 3))) == list(map(repr, flat[at : at + 3]))
    with pytest.raises(IndexError):
        rows.row(len(flat))
    rows.close()
    assert len(rows) == 0


def test_a_million_rows_take_next_to_no_memory():
    rows = Rows(ONE)
    pack = [(f"a text of some length, number {number}",) for number in range(256)]
    tracemalloc.start()
    try:
        for _ in range(4000):
            rows.add(pack)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(rows) == 1_024_000
    assert most < 8 * 1024 * 1024
    assert rows.row(777_777) == pack[777_777 % 256]
    rows.close()


def test_a_pack_of_wide_rows_is_made_smaller():
    rows = Rows(ONE)
    wide = [(bytes([number]) * (PACK_OCTETS // 3),) for number in range(8)]
    rows.add(wide)
    assert [row[0][0] for row in rows.read()] == list(range(8))
    assert len(rows._places) >= 4
    rows.close()


def test_beyond_the_bound_rows_are_counted_and_left_out():
    heard: list[int] = []
    rows = Rows(ONE, keep=5, on_more=lambda: heard.append(len(rows)))
    for start in range(0, 12, 3):
        rows.add([(number,) for number in range(start, start + 3)])
    assert [row[0] for row in rows.read()] == [0, 1, 2, 3, 4]
    assert (len(rows), rows.total, rows.left_out) == (5, 12, 7)
    assert heard == [3, 5, 5, 5]
    rows.close()


def test_a_full_disk_is_told_and_what_came_stays(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "KEEP_IN_MEMORY", 1000)
    rows = Rows(ONE)
    rows.add([(number,) for number in range(10)])

    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    monkeypatch.setattr(os, "pwritev", full)
    rows.add([("x" * 500,)])
    with pytest.raises(LocalFault, match="No space left") as caught:
        rows.add([("x" * 100_000,)])
    assert caught.value.errno_name == "ENOSPC"
    assert rows.fault is caught.value
    assert rows.row(9) == (9,)
    rows.add([("more",)])
    assert rows.left_out >= 1
    rows.close()
