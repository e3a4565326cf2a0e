"""Checks over octets: by the values that everybody lists, and beside the standard library's own."""

import binascii
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.crc import CHECKS, CRCS, crc, fletcher16, internet_checksum, lrc, sum8, xor8


@pytest.mark.parametrize("name", CRCS)
def test_the_nine_digits_have_the_value_that_everybody_lists(name: str):
    assert f"{crc(name, b'123456789'):x}" == f"{CRCS[name].check:x}"


@given(st.binary(max_size=300))
def test_two_of_them_are_those_of_the_standard_library(data: bytes):
    assert crc("crc32", data) == zlib.crc32(data)
    assert crc("crc16-xmodem", data) == binascii.crc_hqx(data, 0)
    assert crc("crc16-ccitt", data) == binascii.crc_hqx(data, 0xFFFF)


@given(st.binary(max_size=64))
def test_every_value_fits_its_octets(data: bytes):
    for name, check in CHECKS.items():
        assert 0 <= check.compute(data) < 256**check.octets, name


@given(st.binary(min_size=1, max_size=64), st.data())
def test_one_bit_that_flips_changes_every_crc(data: bytes, draw: st.DataObject):
    at = draw.draw(st.integers(0, len(data) * 8 - 1))
    flipped = bytearray(data)
    flipped[at // 8] ^= 1 << (at % 8)
    for name in CRCS:
        assert crc(name, bytes(flipped)) != crc(name, data), name


@given(st.binary(max_size=63))
def test_a_modbus_frame_with_its_crc_leaves_nothing(data: bytes):
    assert crc("crc16-modbus", data + crc("crc16-modbus", data).to_bytes(2, "little")) == 0


def test_sums():
    assert (sum8(b"\xff\x02"), xor8(b"\x0f\xf0\x01"), lrc(b"\x01\x02")) == (1, 0xFE, 0xFD)
    # The example of RFC 1071 section 3: the sum is ddf2, the checksum its complement.
    assert internet_checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D
    assert internet_checksum(b"\x01") == 0xFEFF
    assert fletcher16(b"abcde") == 0xC8F0
