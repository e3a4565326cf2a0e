"""Peers as the state shows them, from what the wire has. No Qt."""

from workbench.panels.sockets.state import Peer
from workbench.protocols.raw.link import Link
from workbench.transcript.records import Direction
from workbench.wire.datagram import Datagram


def peer_of(link: Link, *, closed: bool = False) -> Peer:
    """The peer of a connection. closed: it was given back, whatever the stream says."""
    stream = link.stream
    return Peer(
        stream.channel.number,
        stream.peer,
        stream.local,
        stream.sending,
        stream.receiving,
        link.sent,
        link.received,
        stream.end.sentence if stream.end else "",
        not closed and stream.is_open,
        link.handshake is not None,
        link.report,
    )


def datagram_peer(socket_: Datagram, address: str, is_open: bool) -> Peer:
    """The peer behind an address."""
    channel = socket_.channel_of(address)
    return Peer(
        channel.number,
        address,
        socket_.address,
        sent=len(channel.stream(Direction.SENT)),
        received=len(channel.stream(Direction.RECEIVED)),
        is_open=is_open,
    )
