"""Hexadecimal as people and other programs write it: all of it or a mistake, never a part."""

import shutil
import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.hexdump import dump
from workbench.formats.hextext import MAX_LISTING, parse_hex, parse_hexdump

DATA = b"\xde\xad\xbe\xef"


@pytest.mark.parametrize(
    "text",
    [
        "deadbeef",
        "DEADBEEF",
        "de ad be ef",
        " de\tad\r\nbe  ef\n",
        "dead beef",
        "de:ad:be:ef",
        "DE-AD-BE-EF",
        "0xde 0xad 0xbe 0xef",
        "0xde, 0xad,\n0xbe, 0XEF",
        "0xdeadbeef",
        "dead:beef",
        "de,ad,be,ef",
    ],
)
def test_octets_are_read_however_they_are_separated(text: str) -> None:
    assert parse_hex(text) == DATA


def test_nothing_is_no_octets() -> None:
    assert parse_hex("") == b""
    assert parse_hex(" \n") == b""
    assert parse_hexdump("") == b""


PICTURES = [
    ("abc", "^^^", "3 hexadecimal digits"),
    ("de a", "   ^", "this has one"),
    ("de ad bee f", "      ^^^", "3 hexadecimal digits"),
    ("de xx", "   ^", "'x'"),
    ("dexx", "  ^", "'x'"),
    ("dxx", " ^", "'x'"),
    ("de::ad", "   ^", "before this separator"),
    (":de", "^", "before this separator"),
    ("de:", "  ^", "follows this separator"),
    ("de: ad -be", "       ^", "two kinds"),
    ("0x", "^^", "no digits"),
    ("0xg", "^^", "no digits"),
    ("0x5", "  ^", "this has one"),
    ("de\x0cad", "  ^", "'\\x0c'"),
    ("ｄe", "^", "'ｄ'"),
    ("de;ad", "  ^", "';'"),
    ("de 0 xad", "   ^", "this has one"),
]


@pytest.mark.parametrize(("text", "carets", "what"), PICTURES)
def test_each_mistake_is_shown_where_it_is(text: str, carets: str, what: str) -> None:
    mistake = attempt(parse_hex, text)
    check_place(mistake, 0, len(text))
    assert mistake.caret().split("\n")[1] == carets
    assert what in mistake.what


@given(
    st.binary(max_size=50), st.sampled_from(["", " ", ":", "-", ",", ", ", "\n"]), st.sampled_from(["", "0x"])
)
def test_any_octets_are_read_back(data: bytes, separator: str, prefix: str) -> None:
    if prefix and not separator:
        separator = " "
    assert parse_hex(separator.join(f"{prefix}{octet:02x}" for octet in data)) == data


@given(st.text("0123456789abcdefABx:-, \n\tg", max_size=30))
@example("0x0x")
def test_nothing_is_dropped_or_filled_up(text: str) -> None:
    found = attempt(parse_hex, text)
    if isinstance(found, LocalMisuse):
        check_place(found, 0, len(text))
        return
    digits = text.lower().replace("0x", "")
    assert found.hex() == "".join(c for c in digits if c in "0123456789abcdef")


OURS = dump(b"Hello world, this is\n")
XXD = """\
00000000: 4865 6c6c 6f20 776f 726c 642c 2074 6869  Hello world, thi
00000010: 7320 6973 0a                             s is.
"""
HEXDUMP_C = """\
00000000  48 65 6c 6c 6f 20 77 6f  72 6c 64 2c 20 74 68 69  |Hello world, thi|
00000010  73 20 69 73 0a                                    |s is.|
00000015
"""
WIRESHARK = """\
0000   48 65 6c 6c 6f 20 77 6f 72 6c 64 2c 20 74 68 69   Hello world, thi
0010   73 20 69 73 0a                                    s is.
"""
OD = """\
000000 48 65 6c 6c 6f 20 77 6f 72 6c 64 2c 20 74 68 69  >Hello world, thi<
000010 73 20 69 73 0a                                   >s is.<
000015
"""
BARE = """\

  00000100  48 65 6c 6c 6f 20 77 6f 72 6c 64 2c 20 74 68 69
  00000110  73 20 69 73 0a
"""


@pytest.mark.parametrize(
    "listing", [OURS, XXD, HEXDUMP_C, WIRESHARK, OD, BARE, HEXDUMP_C.replace("\n", "\r\n")]
)
def test_a_pasted_listing_is_read(listing: str) -> None:
    assert parse_hexdump(listing) == b"Hello world, this is\n"


def test_a_star_stands_for_equal_rows() -> None:
    listing = (
        "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
        "*\n"
        "00000040  01                                                |.|\n"
        "00000041\n"
    )
    assert parse_hexdump(listing) == bytes(64) + b"\1"
    assert parse_hexdump("0000: 00\n*\n0010\n") == bytes(16)


@pytest.mark.parametrize(
    ("listing", "place", "what"),
    [
        ("hello", "h", "begins with its offset"),
        ("de ad be ef", "de", "begins with its offset"),
        ("00000000 4865 6c6c", "4865", "order of octets is unknown"),
        ("00000000  48 6\n", "6", "this has one"),
        ("00000000  48 6g\n", "g", "'g'"),
        ("00000000  48\n00000010  49\n", "00000010", "says 10, but 1 follows"),
        ("00000000  48 49\n00000001\n", "00000001", "says 1, but 2 follows"),
        ("*\n", "*", "no row stands before"),
        ("0000  48\n*\n*\n0002\n", "*", "no row stands before"),
        ("0000  48\n*\n", "*", "no offset follows"),
        ("0000  48 49\n*\n0005\n", "0005", "do not fill"),
        ("0000  48\n*\nffffffff\n", "ffffffff", "more than 64 MiB"),
        ("00000000  48 65  |Hx|\n", "x", "'x' in this text does not agree"),
        ("00000000: 6548  He\n", "H", "'H' in this text does not agree"),
        ("00000000  48 65  |Hel|\n", "Hel", "3 characters beside 2 octets"),
        ("00000000: 2041  A A\n", "A A", "3 characters beside 2 octets"),
        ("00000000: 2041 42   B\n", "B", "'B' in this text does not agree"),
        ("0" * 17 + "  48\n", "0" * 17, "at most 16 digits"),
    ],
)
def test_a_damaged_listing_is_refused_where_it_is(listing: str, place: str, what: str) -> None:
    mistake = attempt(parse_hexdump, listing)
    check_place(mistake, 0, len(listing))
    assert listing[mistake.start : mistake.end] == place
    assert what in mistake.what


def test_the_limit_is_what_a_star_may_ask_for() -> None:
    assert len(parse_hexdump(f"0000  00\n*\n{MAX_LISTING + 1:x}\n")) == MAX_LISTING + 1


@given(st.binary(max_size=100), st.integers(0, 2**40))
def test_our_own_dump_is_read_back(data: bytes, offset: int) -> None:
    assert parse_hexdump(dump(data, offset)) == data


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(["0000", "0010", ":", "  ", " ", "00", "4865", "|", "*", "\n", ">", "   ", "H."])
    ).map("".join)
)
def test_any_listing_is_octets_or_a_mistake(text: str) -> None:
    found = attempt(parse_hexdump, text)
    if isinstance(found, LocalMisuse):
        check_place(found, 0, len(text))
    else:
        assert isinstance(found, bytes)


@pytest.mark.parametrize(
    "command",
    [["hexdump", "-C"], ["xxd"], ["xxd", "-g1"], ["xxd", "-g8", "-c24"], ["od", "-A", "x", "-t", "x1z"]],
)
def test_listings_of_other_programs_are_read(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    data = bytes(range(256)) + bytes(100) + b"the last row is short  |"
    listing = subprocess.run(command, input=data, capture_output=True, check=True, timeout=60).stdout
    assert parse_hexdump(listing.decode("ascii")) == data


def test_hexdump_agrees_with_our_dump() -> None:
    if shutil.which("hexdump") is None:
        pytest.skip("hexdump is not installed")
    data = bytes(range(256)) + b"odd"
    theirs = subprocess.run(
        ["hexdump", "-Cv"], input=data, capture_output=True, check=True, timeout=60
    ).stdout
    assert theirs.decode("ascii") == dump(data) + f"{len(data):08x}\n"
