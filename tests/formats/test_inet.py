"""IP addresses against the standard library: the same ones are right, and a mistake has a place."""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.inet import (
    check_ipv4,
    check_ipv6,
    check_zone,
    is_digits,
    looks_like_ipv4,
    looks_like_ipv6,
)

V6_LIKE = st.text("0123456789abcF:.", min_size=1, max_size=40) | st.lists(
    st.sampled_from(["0", "1", "ffff", "12345", "", ":", "1.2.3.4", "1.2.3", "256.1.1.1"]),
    min_size=1,
    max_size=10,
).map(":".join)
V4_LIKE = st.lists(
    st.sampled_from(["0", "1", "12", "255", "256", "01", "", "a", "1000"]), min_size=1, max_size=5
).map(".".join)


@given(V6_LIKE.filter(bool))
@example("1:2:3:4:5:6:7::")
@example("::2:3:4:5:6:7:8")
@example("1::2:3:4:5:6:7:8")
@example("1:2:3:4:5:6:1.2.3.4")
@example("::")
@example(":")
@example(":::")
@example("1:2:3:4:5:6:7:8:9")
def test_ipv6_is_right_where_the_library_says_so(text: str) -> None:
    try:
        ipaddress.IPv6Address(text)
        expected = True
    except ValueError:
        expected = False
    if ":" in text:
        assert looks_like_ipv6(text) == expected
    mistake = attempt(check_ipv6, f"[{text}]", 1, 1 + len(text))
    assert (mistake is None) == expected
    if mistake is not None:
        check_place(mistake, 1, 1 + len(text))


@given(V4_LIKE.filter(bool))
def test_ipv4_is_right_where_the_library_says_so(text: str) -> None:
    try:
        ipaddress.IPv4Address(text)
        expected = True
    except ValueError:
        expected = False
    mistake = attempt(check_ipv4, f"::{text}:", 2, 2 + len(text))
    assert (mistake is None) == expected
    if mistake is not None:
        check_place(mistake, 2, 2 + len(text))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "1.2.3", "2130706433", "0x7f.1", "010.0.0.1", "256.1.1.1.", "0X7F"]
)
def test_what_resolvers_read_as_a_number_is_no_name(host: str) -> None:
    assert looks_like_ipv4(host)


@pytest.mark.parametrize("host", ["a", "1.a", "0y7f.1", "1x2", "１.2.3.4", "0x7g"])
def test_names_are_no_numbers(host: str) -> None:
    assert not looks_like_ipv4(host)


def test_only_0_to_9_are_digits() -> None:
    assert is_digits("0123456789")
    assert not any(map(is_digits, ["", "１", "²", "-1", "+1", "1_0", " 1", "٣"]))


@pytest.mark.parametrize("zone", ["eth0", "2", "wlp3s0", "br-1234", "a" * 15])
def test_interfaces_are_zones(zone: str) -> None:
    check_zone(zone, 0, len(zone))
    assert looks_like_ipv6(f"fe80::1%{zone}")


@pytest.mark.parametrize(
    ("zone", "start", "end"), [("", 0, 0), ("e t", 1, 2), ("a" * 16, 0, 16), ("é", 0, 1)]
)
def test_a_wrong_zone_has_a_place(zone: str, start: int, end: int) -> None:
    with pytest.raises(LocalMisuse) as caught:
        check_zone(zone, 0, len(zone))
    assert (caught.value.start, caught.value.end) == (start, end)
    assert not looks_like_ipv6(f"fe80::1%{zone}")
