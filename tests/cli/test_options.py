"""Values that several verbs read the same way."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cli.options import (
    MAX_TIMEOUT_S,
    read_count,
    read_line_ending,
    read_listening_target,
    read_seconds,
)
from workbench.errors import LocalMisuse


@pytest.mark.parametrize(
    ("text", "seconds"), [("30", 30.0), ("0.5", 0.5), (".5", 0.5), ("1e1", 10.0), ("86400", 86400)]
)
def test_seconds_are_read(text: str, seconds: float):
    assert read_seconds(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "nan",
        "inf",
        "-inf",
        "1_0",
        " 1",
        "1 ",
        "5s",
        "1e99",
        "86401",
        "١",
        "0x10",
        "--",
        "1,5",
        "𝟓",
    ],
)
def test_what_is_no_time_to_wait_is_marked_whole(text: str):
    with pytest.raises(LocalMisuse) as caught:
        read_seconds(text)
    assert (caught.value.text, caught.value.start, caught.value.end) == (text, 0, len(text))
    assert caught.value.advice


@given(st.text(max_size=12))
def test_any_text_is_a_time_within_bounds_or_refused(text: str):
    try:
        seconds = read_seconds(text)
    except LocalMisuse:
        return
    assert math.isfinite(seconds)
    assert 0 < seconds <= MAX_TIMEOUT_S


def test_a_count_is_a_whole_number_from_one():
    assert read_count("1") == 1
    assert read_count("1000000") == 1_000_000


@pytest.mark.parametrize("text", ["", "0", "-1", "1.0", "1e3", "٣", "1000001", "9" * 5000])
def test_what_is_no_count_is_refused(text: str):
    with pytest.raises(LocalMisuse) as caught:
        read_count(text)
    assert len(caught.value.what) < 200


def test_port_0_is_for_listening():
    assert read_listening_target("127.0.0.1:0").port == 0


def test_a_line_ending_has_a_known_name():
    assert read_line_ending("crlf") == "crlf"
    with pytest.raises(LocalMisuse):
        read_line_ending("dos")
