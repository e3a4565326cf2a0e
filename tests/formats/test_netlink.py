"""Messages of rtnetlink: made by hand, cut anywhere, and any octets at all."""

import socket
import struct

from hypothesis import given
from hypothesis import strategies as st

from workbench.formats import netlink


def attribute(kind: int, data: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def message(kind: int, body: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 1, 0) + body + bytes(-len(body) % 4)


LINK = (
    struct.pack("=BxHiII", 0, 1, 4, 0x1043, 0)
    + attribute(3, b"eth0\0")
    + attribute(4, struct.pack("=I", 1500))
)
LINK += attribute(1, bytes.fromhex("02fc00000001"))
ADDRESS = struct.pack("=BBBBI", 2, 24, 0x80, 0, 4) + attribute(1, bytes([192, 0, 2, 2]))
PEER = (
    struct.pack("=BBBBI", 2, 32, 0x80, 0, 4)
    + attribute(1, bytes([192, 0, 2, 9]))
    + attribute(2, bytes([192, 0, 2, 2]))
)
ROUTE = struct.pack("=BBBBBBBBI", 2, 32, 0, 0, 254, 0, 0, 1, 0)
ROUTE += (
    attribute(4, struct.pack("=I", 4))
    + attribute(5, bytes([192, 0, 2, 1]))
    + attribute(7, bytes([192, 0, 2, 2]))
)


def test_an_interface_is_read():
    link = netlink.read_link(LINK)
    assert link == netlink.Link(
        4, "eth0", ("UP", "BROADCAST", "RUNNING", "MULTICAST"), 1500, "02:fc:00:00:00:01"
    )


def test_an_address_is_read_and_of_two_ends_ours():
    assert netlink.read_address(ADDRESS) == netlink.Assigned(4, "192.0.2.2", 24, "global")
    peer = netlink.read_address(PEER)
    assert peer is not None
    assert peer.address == "192.0.2.2"


def test_a_way_is_read():
    assert netlink.read_way(ROUTE) == netlink.Way(4, "192.0.2.1", "192.0.2.2", 32, False)


def test_several_messages_come_in_one_read():
    data = message(16, LINK) + message(20, ADDRESS) + message(3, b"\0\0\0\0")
    assert [each.kind for each in netlink.messages(data)] == [16, 20, 3]
    assert netlink.error_of(netlink.Message(2, struct.pack("=i", -101))) == 101


def test_requests_have_the_lengths_that_they_say():
    for request in (
        netlink.dump(netlink.GET_LINK, 0, 1),
        netlink.ask_way("192.0.2.1", 2),
        netlink.ask_way("::1", 3, 4),
    ):
        assert struct.unpack_from("=I", request)[0] == len(request)
    assert socket.inet_pton(socket.AF_INET6, "::1") in netlink.ask_way("::1", 3)


@given(st.binary(max_size=200))
def test_any_octets_are_messages_or_nothing(data: bytes):
    for each in netlink.messages(data):
        netlink.error_of(each)
    for read in (netlink.read_link, netlink.read_address, netlink.read_way):
        read(data)


@given(st.integers(0, len(ROUTE)))
def test_a_cut_message_is_read_as_far_as_it_goes(cut: int):
    netlink.read_way(ROUTE[:cut])
    netlink.read_link(LINK[:cut])
    netlink.read_address(ADDRESS[:cut])
