"""Groups, broadcasts, losses: on loopback, with the standard library's sockets as peers."""

import socket

import pytest

from tests.kit.ports import OWN_GROUP
from workbench.errors import LinkLost, LocalFault, LocalMisuse, TooSlow
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.multicast import check_group, overflow_count, watch_overflow
from workbench.wire.options import parse_setting

GROUP = OWN_GROUP
LOOPBACK = parse_target("127.0.0.1:0", listening=True)
ANYWHERE = parse_target("0.0.0.0:0", listening=True)


def named(transcript: Transcript, name: str) -> list[dict]:
    return [dict(event.values) for event in transcript.events() if event.name == name]


async def test_what_is_sent_to_a_group_is_heard_until_it_is_left():
    transcript = Transcript()
    async with await open_datagram(transcript, local=ANYWHERE) as datagram:
        port = int(datagram.address.rpartition(":")[2])
        datagram.membership.join(GROUP, "127.0.0.1")
        assert datagram.membership.groups == (GROUP,)
        with speaker() as sock:
            sock.sendto(b"to all", ("127.0.0.1", port))
            assert (await datagram.receive(timeout_s=15)).data == b"to all"
            assert joined(port) is True
        datagram.membership.leave(GROUP, "127.0.0.1")
        assert datagram.membership.groups == ()
        assert joined(port) is False
        with pytest.raises(LocalMisuse, match="was not joined"):
            datagram.membership.leave(GROUP, "127.0.0.1")
    assert named(transcript, "multicast.joined") == [{"group": GROUP, "interface": "127.0.0.1"}]
    assert len(named(transcript, "multicast.left")) == 1
    transcript.close()


@pytest.mark.covers("C5.22")
async def test_a_group_on_the_loopback_interface_is_heard_and_after_leaving_it_is_not():
    transcript = Transcript()
    group, shared = "239.255.1.1", [parse_setting("REUSEADDR=1")]
    async with await open_datagram(transcript, local=ANYWHERE, settings=shared) as datagram:
        place = (group, int(datagram.address.rpartition(":")[2]))
        datagram.membership.join(group, "127.0.0.1")
        # A second program here has joined it too: that must not make the first one hear what it has left.
        also = parse_target(f"0.0.0.0:{place[1]}", listening=True)
        async with await open_datagram(transcript, local=also, settings=shared) as other:
            other.membership.join(group, "127.0.0.1")
            with speaker() as sock:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
                sock.sendto(b"first", place)
                assert (await datagram.receive(timeout_s=5)).data == b"first"
                datagram.membership.leave(group, "127.0.0.1")
                sock.sendto(b"second", place)
                # On loopback it has arrived wherever it is to arrive once another member has it.
                assert [(await other.receive(timeout_s=5)).data for _ in range(2)] == [b"first", b"second"]
                with pytest.raises(TooSlow):
                    await datagram.receive(timeout_s=0.05)
    transcript.close()


def speaker() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def joined(_port: int) -> bool:
    """Whether the system lists the group: in the kernel's own words, little-endian hexadecimal."""
    packed = socket.inet_aton(GROUP)[::-1].hex().upper()
    with open("/proc/net/igmp", encoding="ascii") as table:
        return packed in table.read()


async def test_a_wrong_group_or_interface_is_refused():
    transcript = Transcript()
    async with await open_datagram(transcript, local=LOOPBACK) as datagram:
        with pytest.raises(LocalMisuse, match="no address of a group"):
            datagram.membership.join("192.0.2.1")
        with pytest.raises(LocalMisuse, match="don't mix"):
            datagram.membership.join("ff02::1")
        with pytest.raises(LocalMisuse, match="no network interface"):
            datagram.membership.join(GROUP, "nonsense")
        with pytest.raises((LocalFault, LinkLost)):
            datagram.membership.join(GROUP, "192.0.2.1")
    assert named(transcript, "multicast.failed")[0]["errno"]
    transcript.close()


def test_groups_are_told_by_their_address():
    assert check_group("224.0.0.1") == socket.AF_INET
    assert check_group("ff02::fb") == socket.AF_INET6
    for text in ("223.255.255.255", "240.0.0.1", "::1", "x"):
        with pytest.raises(LocalMisuse):
            check_group(text)


async def test_datagrams_that_found_no_room_are_counted():
    transcript = Transcript()
    settings = [parse_setting("RCVBUF=4096")]
    async with await open_datagram(transcript, local=LOOPBACK, settings=settings) as datagram:
        if datagram.lost is None:
            pytest.skip("this system does not count them")
        host, _, port = datagram.address.rpartition(":")
        with speaker() as sock:
            for _ in range(200):
                sock.sendto(bytes(500), (host, int(port)))
            # The count comes with the next datagram that finds room.
            for _ in range(50):
                await datagram.receive(timeout_s=15)
                sock.sendto(bytes(500), (host, int(port)))
        assert datagram.lost > 0
    (first, *_) = named(transcript, "datagram.lost")
    assert first["total"] >= first["count"] > 0
    transcript.close()


async def test_a_datagram_longer_than_the_room_for_it_is_told():
    transcript = Transcript()
    async with await open_datagram(transcript, local=LOOPBACK) as datagram:
        host, _, port = datagram.address.rpartition(":")
        with speaker() as sock:
            sock.sendto(b"0123456789", (host, int(port)))
        received = await datagram.receive(limit=4, timeout_s=15)
    assert (received.data, received.truncated) == (b"0123", True)
    assert named(transcript, "datagram.truncated")[0]["kept"] == 4
    transcript.close()


async def test_a_datagram_is_sent_from_the_address_asked_for():
    transcript = Transcript()
    with speaker() as peer:
        peer.bind(("127.0.0.1", 0))
        remote = parse_target(f"127.0.0.1:{peer.getsockname()[1]}")
        local = parse_target("127.0.0.2:0", listening=True)
        async with await open_datagram(transcript, remote=remote, local=local) as datagram:
            await datagram.send(b"x")
            _, source = peer.recvfrom(10)
        assert source[0] == "127.0.0.2"
        with pytest.raises(LocalMisuse, match="don't mix"):
            await open_datagram(transcript, remote=remote, local=parse_target("[::1]:0", listening=True))
    transcript.close()


def test_a_count_that_is_not_there_is_none():
    assert overflow_count([]) == 0
    assert overflow_count([(socket.SOL_SOCKET, 40, b"\1")]) == 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        assert watch_overflow(sock) >= 0
