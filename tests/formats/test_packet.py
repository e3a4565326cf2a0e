"""Packets: taken apart by other code they say the same, and their checksums add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.capture import taken_apart
from workbench.formats.packet import (
    MAX_TCP_PAYLOAD,
    MAX_UDP_PAYLOAD,
    Endpoint,
    Flags,
    Pair,
    read_endpoint,
    tcp_packet,
    udp_packet,
)

ports = st.integers(0, 65_535)


def _pairs(size: int):
    ends = st.builds(Endpoint, st.binary(min_size=size, max_size=size), ports)
    return st.builds(Pair, ends, ends)


pairs = st.one_of(_pairs(4), _pairs(16))


@given(pairs, st.integers(0, 2**34), st.integers(0, 2**34), st.binary(max_size=60))
def test_a_segment_says_what_it_was_made_of(pair: Pair, sequence: int, acknowledged: int, payload: bytes):
    found = taken_apart(tcp_packet(pair, sequence, acknowledged, Flags.PSH | Flags.ACK, payload))
    assert (found.protocol, found.flags, found.payload) == ("tcp", "PA", payload)
    assert (found.sequence, found.acknowledged) == (sequence % 2**32, acknowledged % 2**32)
    assert (found.source[1], found.to[1]) == (pair.source.port, pair.to.port)


@given(pairs, st.binary(max_size=60))
def test_a_datagram_says_what_it_was_made_of(pair: Pair, payload: bytes):
    found = taken_apart(udp_packet(pair, payload))
    assert (found.protocol, found.payload) == ("udp", payload)
    assert (found.source[1], found.to[1]) == (pair.source.port, pair.to.port)


@pytest.mark.parametrize("address", ["127.0.0.1", "[::1]"])
def test_every_checksum_is_right_and_a_datagram_never_has_none(address: str):
    end = read_endpoint(f"{address}:9")
    assert end is not None
    pair = Pair(end, end)
    zeros = []
    for number in range(65_536):
        data = number.to_bytes(2, "big")
        packet = udp_packet(pair, data)
        place = len(packet) - 4
        if packet[place : place + 2] == b"\xff\xff":
            taken_apart(packet)
            zeros.append(number)
        assert packet[place : place + 2] != b"\0\0"
    assert len(zeros) >= 1


def test_a_segments_checksum_is_never_the_other_spelling_of_zero():
    end = read_endpoint("127.0.0.1:9")
    assert end is not None
    checksums = {
        tcp_packet(Pair(end, end), 1, 1, Flags.ACK, number.to_bytes(2, "big"))[36:38]
        for number in range(65_536)
    }
    assert b"\xff\xff" not in checksums
    assert b"\0\0" in checksums


@pytest.mark.parametrize("address", ["127.0.0.1", "[::1]"])
def test_the_largest_payloads_fit(address: str):
    end = read_endpoint(f"{address}:9")
    assert end is not None
    pair = Pair(end, end)
    assert (
        len(taken_apart(tcp_packet(pair, 0, 0, Flags.ACK, b"x" * MAX_TCP_PAYLOAD)).payload) == MAX_TCP_PAYLOAD
    )
    most = MAX_UDP_PAYLOAD - (20 if len(end.address) == 4 else 0)
    assert len(taken_apart(udp_packet(pair, b"x" * most)).payload) == most


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("127.0.0.1:80", bytes([127, 0, 0, 1]), 80),
        ("[::1]:65535", bytes(15) + b"\1", 65_535),
        ("[fe80::1%eth0]:0", b"\xfe\x80" + bytes(13) + b"\1", 0),
    ],
)
def test_an_endpoint_is_read(text: str, address: bytes, port: int):
    assert read_endpoint(text) == Endpoint(address, port)


@pytest.mark.parametrize(
    "text",
    ["", "unix:/run/x", "localhost:80", "127.0.0.1", "127.0.0.1:65536", "::1:x", "127.0.0.1:²", "[]:1"],
)
def test_what_is_no_ip_address_and_port_is_none(text: str):
    assert read_endpoint(text) is None
