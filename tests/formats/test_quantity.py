"""Numbers with units: short, and never rounded into a unit that they have not reached."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.quantity import count, duration, duration_s, octets, rate

S = 1_000_000_000


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (43, "43 B"),
        (1023, "1023 B"),
        (1023.7, "1.0 KiB"),
        (1024, "1.0 KiB"),
        (1234, "1.2 KiB"),
        (1024 * 1023.9, "1023.9 KiB"),
        (1024 * 1024 - 1, "1.0 MiB"),
        (64 * 1024**2, "64.0 MiB"),
        (2**30, "1.0 GiB"),
        (2**70, "1024.0 EiB"),
        (-5000, "-4.9 KiB"),
    ],
)
def test_sizes(number: float, text: str) -> None:
    assert octets(number) == text


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0 s"),
        (0.4, "0.4 ns"),
        (850, "850 ns"),
        (999.7, "1 µs"),
        (12_345, "12.3 µs"),
        (999_949, "1 ms"),
        (3_100_000, "3.1 ms"),
        (100_000_000, "100 ms"),
        (S - 1, "1 s"),
        (1_254_000_000, "1.25 s"),
        (59.94 * S, "59.9 s"),
        (59.96 * S, "1 min"),
        (125 * S, "2 min 5 s"),
        (3600 * S, "1 h"),
        (12_000 * S, "3 h 20 min"),
        (187_200 * S, "2 d 4 h"),
        (-3_100_000, "-3.1 ms"),
    ],
)
def test_times(ns: float, text: str) -> None:
    assert duration(ns) == text


def test_what_is_left_of_a_limit_has_no_more_digits_than_anybody_reads() -> None:
    assert [duration_s(seconds) for seconds in (2.95912, 30, 0.05, 90.0)] == [
        "2.96 s",
        "30 s",
        "50 ms",
        "1 min 30 s",
    ]


def test_rates() -> None:
    assert rate(64 * 2**20, 2 * S // 10) == "320.0 MiB/s"
    assert rate(5, 0) == ""
    assert rate(0, S) == "0 B/s"


def test_counts() -> None:
    assert count(0, "event") == "no events"
    assert count(1, "event") == "1 event"
    assert count(12_345, "event") == "12,345 events"
    assert count(1, "reply", "replies") == "1 reply"
    assert count(2, "reply", "replies") == "2 replies"


UNITS = {"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9, "min": 6e10, "h": 3.6e12, "d": 8.64e13}


@given(st.integers(1, 10**19))
def test_a_written_time_is_near_the_real_one(ns: int) -> None:
    words = duration(ns).split()
    meant = sum(float(number) * UNITS[unit] for number, unit in zip(words[::2], words[1::2], strict=True))
    assert abs(meant - ns) <= ns / 20 or len(words) == 4
    assert abs(meant - ns) < ns / 10 + 1
    assert len(words) in (2, 4)


@given(st.integers(0, 2**70))
def test_a_written_size_is_near_the_real_one(number: int) -> None:
    value, unit = octets(number).split()
    meant = float(value) * 1024 ** ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].index(unit)
    assert abs(meant - number) <= number / 20
    assert float(value) < 1024 or unit == "EiB"
