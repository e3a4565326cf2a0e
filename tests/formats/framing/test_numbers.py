"""Numbers on the wire, beside the standard library's struct and socket."""

import socket
import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.framing.numbers import (
    host_order,
    network_number,
    network_remark,
    read_number,
    read_octets,
    readings,
    rows,
    swap_hint,
    swapped,
)

CODES = {16: "Hh", 32: "Ii", 64: "Qq"}


@pytest.mark.covers("C5.15")
def test_five_in_every_form():
    hexes = {row.name: row.hex for row in rows(5)}
    assert hexes["ASCII digits"] == "35"
    assert bytes.fromhex(hexes["4 ASCII digits"]) == b"0005"
    assert hexes["32 bits, unsigned, big-endian"] == "00 00 00 05"
    assert hexes["32 bits, unsigned, little-endian"] == "05 00 00 00"
    assert hexes["16 bits, signed, big-endian"] == "00 05"
    assert next(row.binary for row in rows(5) if row.bits == 16) == "00000000 00000101"
    assert {reading.name: reading.value for reading in readings(bytes.fromhex("05000000"))} == {
        "unsigned, big-endian": 83886080,
        "signed, big-endian": 83886080,
        "unsigned, little-endian": 5,
        "signed, little-endian": 5,
        "ASCII digits": None,
    }


@given(st.integers(-(2**63), 2**64 - 1))
def test_words_are_those_of_struct(value: int):
    for row in rows(value)[2:]:
        form = (">" if row.order == "big" else "<") + CODES[row.bits][row.signed]
        try:
            assert struct.pack(form, value) == row.octets
        except struct.error:
            assert row.octets is None
            assert "fit" in row.why
            assert (row.hex, row.binary) == ("", "")


def test_digits_that_are_too_few():
    short = rows(12345)[1]
    assert (short.octets, "more than 4 digits" in short.why) == (None, True)
    assert rows(-5)[1].why == "a minus is no digit"
    assert rows(-5)[0].octets == b"-5"


@pytest.mark.covers("C5.18")
def test_htonl_by_value():
    assert network_number(5) == socket.htonl(5)
    assert network_number(5, 16) == socket.htons(5)
    assert network_number(0x01020304) == socket.htonl(0x01020304)
    assert host_order() == sys.byteorder
    remark = network_remark(5)
    assert f"htonl(5) is {socket.htonl(5):,} here" in remark
    assert sys.byteorder in remark
    assert "need" in remark or sys.byteorder == "big"
    assert network_remark(0x05000005).startswith("htonl(83,886,085) is 83,886,085 here")
    assert network_remark(-1) == network_remark(1 << 32) == ""


@pytest.mark.parametrize(
    ("value", "bits", "other"),
    [
        (83886080, 32, 5),
        (0x0500, 16, 5),
        (5, 32, None),
        (0x01020304, 32, None),
        (0, 32, None),
        (80, 16, None),
    ],
)
def test_what_looks_swapped(value: int, bits: int, other: int | None):
    hint = swap_hint(value, bits)
    assert hint == (f"looks byte-swapped: in the other order it is {other}" if other else "")
    assert swapped(swapped(value, bits), bits) == value


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), (" -5 ", -5), ("0x05", 5), ("0b101", 5), ("007", 7), ("1,000", 1000)]
)
def test_numbers_as_people_write_them(text: str, value: int):
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "five", "0xZZ", "1.5", "9" * 30, "-9223372036854775809", "²"])
def test_what_is_no_number_of_64_bits(text: str):
    with pytest.raises(LocalMisuse) as wrong:
        read_number(text)
    assert (wrong.value.start, wrong.value.end) == (0, len(text))


def test_octets_as_people_write_them():
    assert read_octets("00 00 00 05") == b"\0\0\0\5"
    for wrong in ("", "0", "00" * 9):
        with pytest.raises(LocalMisuse):
            read_octets(wrong)
    assert readings(b"42")[-1].value == 42
