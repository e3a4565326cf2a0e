"""Rows of octets, in the layout that other programs know."""

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.formats.hexdump import BLOCK, HexRow, as_ascii, dump, marked_dump, rows


def test_rows_have_offset_octets_and_letters() -> None:
    assert rows(b"Hello\r\n\xff", offset=0x20, width=4) == [
        HexRow(0x20, "48 65 6c 6c", "Hell"),
        HexRow(0x24, "6f 0d 0a ff", "o..."),
    ]
    assert rows(b"") == []
    assert rows(b"12345", width=1)[4] == HexRow(4, "35", "5")


def test_a_dump_is_a_table() -> None:
    assert dump(b"Hello world, this\n", 0x10) == (
        "00000010  48 65 6c 6c 6f 20 77 6f  72 6c 64 2c 20 74 68 69  |Hello world, thi|\n"
        "00000020  73 0a                                             |s.|\n"
    )
    assert dump(b"123456789") == ("00000000  31 32 33 34 35 36 37 38  39                       |123456789|\n")
    assert dump(b"") == ""


@pytest.mark.parametrize("offset", [0, 2**32 - 32, 2**32 - 16, 2**32, 2**36 - 48, 2**40])
def test_offsets_grow_beyond_eight_digits(offset: int) -> None:
    lines = dump(bytes(80), offset).splitlines()
    assert [int(line.split()[0], 16) for line in lines] == [offset + 16 * i for i in range(5)]
    assert {line.index("|") - len(line.split()[0]) for line in lines} == {52}


def test_printable_ascii_is_shown_and_nothing_else() -> None:
    assert as_ascii(bytes(range(256))) == "." * 32 + "".join(map(chr, range(32, 127))) + "." * 129


@given(st.binary(max_size=100), st.integers(0, 2**33), st.integers(1, 40))
@example(bytes(range(256)) * (BLOCK // 128) + b"x", 0, 16)
@example(bytes(3 * BLOCK + 5), 2**32 - BLOCK - 16, 16)
def test_rows_and_dump_hold_all_octets(data: bytes, offset: int, width: int) -> None:
    found = rows(data, offset=offset, width=width)
    assert bytes.fromhex("".join(row.hex for row in found)) == data
    assert "".join(row.ascii for row in found) == as_ascii(data)
    assert [row.offset for row in found] == list(range(offset, offset + len(data), width))
    lines = dump(data, offset).splitlines()
    for row, line in zip(rows(data, offset=offset), lines, strict=True):
        assert line[line.index("|") :] == f"|{row.ascii}|"
        number, _, digits = line[: line.index("|")].partition("  ")
        assert int(number, 16) == row.offset
        assert digits.split() == row.hex.split()


@given(st.binary(max_size=80), st.integers(0, 5))
def test_slices_of_whole_rows_are_dumped_one_by_one(data: bytes, count: int) -> None:
    cut = 16 * count
    assert dump(data[:cut]) + dump(data[cut:], min(cut, len(data))) == dump(data)


# Drawn octet by octet, a block takes Hypothesis many times as long as the dump takes us.
blocks = st.builds(
    lambda seed, more: Random(seed).randbytes(BLOCK) + more, st.integers(0, 2**32), st.binary(max_size=20)
)


@given(st.binary(max_size=200) | blocks, st.integers(0, 2**33))
@example(bytes(range(256)), 2**32 - 32)
def test_a_marked_dump_has_the_same_rows_behind_its_mark(data: bytes, offset: int) -> None:
    wanted = "".join(f"→ {row.offset:08x}  {row.hex:<48}  {row.ascii}\n" for row in rows(data, offset=offset))
    assert marked_dump("→", data, offset).decode() == wanted
