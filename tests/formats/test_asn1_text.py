"""Values of ASN.1 in words, and back where an independent library can say what they are."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.harmless import is_harmless
from tests.formats.test_asn1 import VALUES, der, numbered
from workbench.formats.asn1 import walk
from workbench.formats.asn1_text import dotted, integer_text, time_of, type_name, value_text


def text(tag: int, content: bytes) -> str:
    data = der(tag, content)
    return value_text(data, walk(data, opening=False))


@pytest.mark.parametrize(
    ("tag", "content", "words"),
    [
        (1, b"\xff", "true"),
        (1, b"\0", "false"),
        (2, b"\xff", "-1"),
        (2, b"\1\0", "256"),
        (5, b"", ""),
        (6, bytes.fromhex("2a864886f70d01010b"), "sha256WithRSAEncryption (1.2.840.113549.1.1.11)"),
        (6, bytes.fromhex("550403"), "commonName (2.5.4.3)"),
        (6, b"\x2a\x80", "no object identifier: 2a:80"),
        (3, b"\4\xf0", "4 bits: f0"),
        (4, b"\1\2", "01:02"),
        (0x80, b"plain", "plain"),
        (0x80, b"\1", "01"),
        (12, "žluť".encode(), "žluť"),
        (30, "žluť".encode("utf-16-be"), "žluť"),
        (20, b"\xe9", "é"),
        (22, b"\xe9", "\\xe9"),
        (0x30, b"\5\0", "1 value"),
        (23, b"260102030405Z", "2026-01-02 03:04:05 UTC"),
        (24, b"20260102030405Z", "2026-01-02 03:04:05 UTC"),
    ],
)
def test_each_type_has_its_words(tag: int, content: bytes, words: str):
    assert text(tag, content) == words


def test_hostile_characters_are_shown_as_what_they_are():
    shown = text(12, "good.test\0evil\u202e\x1b[2J".encode())
    assert is_harmless(shown)
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@given(VALUES | st.binary(max_size=200))
def test_every_value_has_words_that_can_be_printed(data: bytes):
    for node in numbered(walk(data)):
        assert is_harmless(value_text(data, node))
        assert type_name(node)


@given(
    st.tuples(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**40), max_size=8)).map(
        lambda each: ".".join(map(str, (each[0], each[1], *each[2])))
    )
)
def test_an_identifier_is_the_one_that_was_written(dots: str):
    first, second, *rest = map(int, dots.split("."))
    octets = b""
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(groups))
    assert dotted(octets) == dots


@given(st.integers(-(2**500), 2**500))
def test_a_number_is_told_in_full(number: int):
    content = number.to_bytes(number.bit_length() // 8 + 1, signed=True)
    assert integer_text(content).split(" ")[0] == str(number)


@pytest.mark.parametrize(
    ("tag", "content", "moment", "fault"),
    [
        (23, b"491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), ""),
        (23, b"500101000000Z", datetime(1950, 1, 1, tzinfo=UTC), ""),
        (23, b"2601020304Z", datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "the seconds are missing"),
        (24, b"99991231235959Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), ""),
        (
            24,
            b"20260102030405",
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            "the Z that stands for UTC is missing",
        ),
        (24, b"20260102030405.5Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "parts of a second"),
        (23, b"261332030405Z", None, "no time"),
        (23, b"yesterday", None, "no time"),
        (24, b"", None, "no time"),
        (24, b"\xff", None, "no time"),
    ],
)
def test_times_are_read_as_the_standard_says(tag: int, content: bytes, moment: datetime | None, fault: str):
    data = der(tag, content)
    found, said = time_of(data, walk(data))
    assert found == moment
    assert said.startswith(fault)
    assert bool(said) is bool(fault)
