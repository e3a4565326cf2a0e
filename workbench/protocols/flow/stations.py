"""Measuring where the octets of one direction are.

Each station has a measure of its own: what the program wrote, the two queues of its system, what has arrived as the
peer's system counts it (TCP_INFO), its receive queue, and what the peer's program says that it read. That they add up
is found, not made: `Stations.adds_up`. Of a peer in another program of this machine the system's table tells the
receive queue; what its program has is then the difference. Of one elsewhere only the confirmed octets are known.
"""

from workbench.protocols.flow.table import Entry, read_entry
from workbench.protocols.flow.values import Stations
from workbench.transcript.records import Direction
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream
from workbench.wire.tcpinfo import Queues, TcpInfo

LOOKS = 8
"""Between the looks at both ends the system may carry something on: then they are taken again."""
_FIN_NOT_CONFIRMED = ("FIN-WAIT-1", "CLOSING", "LAST-ACK")
_FIN_ARRIVED = ("CLOSE-WAIT", "LAST-ACK", "CLOSING", "TIME-WAIT")


def taken(stream: Stream) -> int:
    """Octets that the system took from the program so far."""
    return len(stream.channel.stream(Direction.SENT))


def given(stream: Stream) -> int:
    """Octets that the program took from the system so far."""
    return len(stream.channel.stream(Direction.RECEIVED))


def measure(sender: Stream, receiver: Stream | None = None, *, written: int | None = None) -> Stations:
    """Where the octets from sender to receiver are now.

    Args:
        receiver: the same connection, as the peer holds it; None where another program has it.
        written: what the sender's program wrote in all; what its system took, if not given.
    """
    handed = taken(sender)
    written = handed if written is None else max(written, handed)
    found: Stations | None = None
    for _ in range(LOOKS if receiver is not None else 0):
        assert receiver is not None
        found = _both(written, handed, sender, receiver) or found
        if found is not None and found.adds_up:
            break
    return found or _unseen(written, handed, sender)


def _both(written: int, handed: int, sender: Stream, receiver: Stream) -> Stations | None:
    ours, theirs = sender.queues(), receiver.queues()
    info, peer_info = sender.tcp_info(), receiver.tcp_info()
    if ours is None or theirs is None or ours.not_sent is None or info is None:
        return None
    if peer_info is None or peer_info.bytes_received is None:
        return None
    left = handed - _not_sent(ours, info)
    has_fin = receiver.receiving is HalfState.FINISHED or peer_info.state in _FIN_ARRIVED
    arrived = peer_info.bytes_received - has_fin
    return Stations(
        written,
        written - handed,
        _not_sent(ours, info),
        left - arrived,
        theirs.unread,
        given(receiver),
        way="measured",
    )


def _unseen(written: int, handed: int, sender: Stream) -> Stations:
    """Only this end is ours."""
    ours, info = sender.queues(), sender.tcp_info()
    if ours is None or info is None or ours.not_sent is None or ours.unacknowledged is None:
        return Stations(written, written - handed, None, None, None, None, handed)
    not_sent = _not_sent(ours, info)
    fin = 1 if info.state in _FIN_NOT_CONFIRMED and ours.unacknowledged else 0
    unconfirmed = max(0, ours.unacknowledged - fin)
    on_wire = max(0, unconfirmed - not_sent)
    there = handed - unconfirmed
    peer = read_entry(sender.peer, sender.local)
    if peer is None:
        return Stations(written, written - handed, not_sent, on_wire, None, None, there)
    return _by_table(written, handed, not_sent, on_wire, peer)


def _by_table(written: int, handed: int, not_sent: int, unconfirmed: int, peer: Entry) -> Stations:
    """The peer's system is this one, its program is not: what waits there is told, the rest is the difference.

    What was sent and is not confirmed may lie in the peer's queue already: the queue counts.
    """
    unread = max(0, peer.unread - (peer.state in _FIN_ARRIVED and peer.unread > 0))
    behind = handed - not_sent
    read = max(0, behind - unconfirmed - unread)
    return Stations(
        written,
        written - handed,
        not_sent,
        max(0, behind - unread - read),
        min(unread, behind),
        read,
        way="difference",
    )


def _not_sent(queues: Queues, info: TcpInfo) -> int:
    # A FIN takes a number of its own (RFC 9293 section 3.4), and waits behind the octets like one.
    waiting = queues.not_sent or 0
    return max(0, waiting - 1) if info.state in _FIN_NOT_CONFIRMED and waiting else waiting
