"""Sizes of datagrams: the marks are sums of headers, and the fragments those that the system counts."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.raw.datagram_size import BEYOND, MOST, fate, fragments, marks
from workbench.wire.addresses import has_ipv6_loopback

FAMILIES = ("IPv4", "IPv6")


@pytest.mark.covers("C1.12")
def test_the_marks_are_the_known_ones():
    assert [mark.size for mark in marks("IPv4")] == [512, 1232, 1472, 65507]
    assert [mark.size for mark in marks("IPv6")] == [512, 1232, 1452, 65527]
    assert "does not split it for you" in marks("IPv4")[-1].beyond


@pytest.mark.parametrize(
    ("size", "family", "packets"),
    [(0, "IPv4", 1), (1472, "IPv4", 1), (1473, "IPv4", 2), (2952, "IPv4", 2), (2953, "IPv4", 3), (65507, "IPv4", 45),
     (65508, "IPv4", 0), (1452, "IPv6", 1), (1453, "IPv6", 2), (65527, "IPv6", 46), (65528, "IPv6", 0)],
)  # fmt: skip
def test_fragments_begin_at_multiples_of_eight(size, family, packets):
    assert fragments(size, family) == packets


def test_what_becomes_of_each_is_told():
    assert fate(1400).word == "one packet"
    assert "1428 octets" in fate(1400).sentence
    assert "smaller link" in fate(1400).sentence
    assert "smaller link" not in fate(1232).sentence
    assert fate(1473).lost == pytest.approx(0.0199)
    assert fate(65507).lost == pytest.approx(1 - 0.99**45)
    assert fate(65508).is_refused
    assert "1 too many" in fate(65508).sentence


@given(st.integers(0, BEYOND), st.sampled_from(FAMILIES))
def test_all_octets_fit_into_the_fragments_and_one_less_would_not_do(size, family):
    packets = fragments(size, family)
    assert (packets == 0) == (size > MOST[family])
    if packets > 1:
        header = 20 if family == "IPv4" else 48
        room = (1500 - header) // 8 * 8
        assert room * (packets - 1) < size + 8 <= room * packets
        assert fate(size, family).lost > fate(0, family).lost


@pytest.mark.covers("C1.12")
@pytest.mark.parametrize(("family", "host"), [("IPv4", "127.0.0.1"), ("IPv6", "::1")])
def test_the_limit_is_the_one_that_this_system_has(family, host):
    if family == "IPv6" and not has_ipv6_loopback():
        pytest.skip("no IPv6 here")
    kind = socket.AF_INET6 if family == "IPv6" else socket.AF_INET
    with socket.socket(kind, socket.SOCK_DGRAM) as hearing, socket.socket(kind, socket.SOCK_DGRAM) as sending:
        hearing.bind((host, 0))
        sending.connect(hearing.getsockname())
        assert sending.send(bytes(MOST[family])) == MOST[family]
        with pytest.raises(OSError, match="too long"):
            sending.send(bytes(MOST[family] + 1))
