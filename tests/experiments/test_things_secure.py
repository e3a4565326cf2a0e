"""What somebody in between can read, and how long the records are that he can't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.experiments.things_secure import last_record, legible


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"PASS tulip-47\r\n", "PASS tulip-47\r\n"),
        (b"\x16\x03\x01mail.lab.test\x00\xff!", "·mail.lab.test·!"),
        ("é".encode(), "·"),
        (b"\x1b[31m", "·[31m"),
    ],
)
def test_what_is_no_text_is_a_dot(data: bytes, text: str) -> None:
    assert legible(data) == text


@given(st.binary())
def test_it_is_never_longer_and_rules_no_terminal(data: bytes) -> None:
    text = legible(data)
    assert len(text) <= len(data)
    assert all(letter.isprintable() or letter in "\r\n\t" for letter in text)


def record(size: int) -> bytes:
    return b"\x17\x03\x03" + size.to_bytes(2) + bytes(size)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"", 0),
        (record(32), 32),
        (record(300) + record(7), 7),
        (record(300) + record(7)[:-1], 300),
        (record(9) + b"\x17\x03", 9),
        (record(5) + record(0), 0),
    ],
)
def test_the_last_whole_record_is_measured(data: bytes, size: int) -> None:
    assert last_record(data) == size


@given(st.binary())
def test_any_octets_have_a_last_record_or_none(data: bytes) -> None:
    assert 0 <= last_record(data) <= max(0, len(data) - 5)
