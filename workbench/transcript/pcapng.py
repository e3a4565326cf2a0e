"""A conversation as a capture file, for Wireshark and its like.

What was recorded is octets, their order and times, and facts: packets are made from these that could have carried
them. A sequence number is the place of an octet in its stream, counted from 1. Handshake, FIN and RST stand where the
facts say so; acknowledgements ride along, and stand alone where one side speaks for long. Of a TLS connection the
records are written, and their keys before all packets when secrets are asked for.
"""

from collections.abc import Iterator

from workbench.formats import pcapng
from workbench.formats.packet import (
    MAX_TCP_PAYLOAD,
    Flags,
    Pair,
    read_endpoint,
    tcp_packet,
    udp_packet,
)
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import ChannelInfo, Direction, Event
from workbench.transcript.redact import shown

APPLICATION = "Network Workbench"
ACKNOWLEDGE_AFTER = 256 * 1024
"""Octets of one side until the other, who says nothing, acknowledges."""
MAX_NAMED = 20
"""Channels named in the file's comment."""
_BLOCK = 512
"""Events between two empty pieces: many of them may make no packet."""

_TRUTH = (
    "Made from what was recorded above the system: octets, their order and their times are true; handshakes, "
    "acknowledgements and the cut into segments are made up."
)


def write_pcapng(transcript: Transcript, *, with_secrets: bool = False) -> Iterator[bytes]:
    """The file in pieces; some are empty, so that who writes it can look at the clock.

    Channels without IP addresses on both ends (Unix sockets, attempts that failed) are left out; so is the second end
    of a connection whose both ends were recorded. The comment of the section names those that held octets.
    """
    channels, left_out = _chosen(transcript)
    yield pcapng.section(APPLICATION, "\n".join([_TRUTH, *left_out]))
    yield pcapng.interface("recorded")
    if with_secrets and transcript.key_log:
        yield pcapng.tls_secrets("".join(f"{line.strip()}\n" for line in transcript.key_log).encode())
    began_ns = transcript.started_wall_ns
    for event in transcript.events():
        if event.index % _BLOCK == 0:
            yield b""
        channel = channels.get(event.channel)
        if channel is None:
            continue
        for packet in channel.packets(transcript, event, with_secrets):
            yield pcapng.packet(packet, began_ns + event.time_ns, channel.comment())


class _Channel:
    """What all channels have: two ends, and a title that is told with the first packet."""

    def __init__(self, info: ChannelInfo, pair: Pair) -> None:
        self._title = f"channel {info.number}: {info.title}"
        self._ways = {Direction.SENT: pair, Direction.RECEIVED: pair.back}

    def comment(self) -> str:
        """The title, once."""
        title, self._title = self._title, ""
        return title

    def packets(self, transcript: Transcript, event: Event, with_secrets: bool) -> Iterator[bytes]:
        """The packets that stand for an event of this channel."""
        raise NotImplementedError


class _Datagrams(_Channel):
    """UDP: each event of octets is a datagram."""

    def packets(self, transcript: Transcript, event: Event, with_secrets: bool) -> Iterator[bytes]:
        if event.layer == "udp" and event.kind == "bytes":
            data = shown(transcript, event, with_secrets=with_secrets)
            yield udp_packet(self._ways[event.direction], data)


class _Connection(_Channel):
    """TCP: octets become segments, facts become SYN, FIN and RST."""

    def __init__(self, info: ChannelInfo, pair: Pair) -> None:
        super().__init__(info, pair)
        self._peer = info.peer
        self._next = {Direction.SENT: 0, Direction.RECEIVED: 0}
        self._told = {Direction.SENT: 0, Direction.RECEIVED: 0}
        self._finished: set[Direction] = set()
        self._is_asked = False
        self._is_open = False
        self._is_over = False

    def packets(self, transcript: Transcript, event: Event, with_secrets: bool) -> Iterator[bytes]:
        if self._is_over:
            return
        if event.kind == "fact":
            yield from self._fact(event)
        elif event.layer == "tcp" and event.direction not in self._finished:
            yield from self._opened(Direction.SENT)
            for start in range(0, event.size, MAX_TCP_PAYLOAD):
                data = shown(transcript, event, start, start + MAX_TCP_PAYLOAD, with_secrets=with_secrets)
                yield from self._data(event.direction, data)

    def _data(self, side: Direction, data: bytes) -> Iterator[bytes]:
        yield self._segment(side, Flags.PSH | Flags.ACK, data)
        other = _other(side)
        if self._next[side] - self._told[other] >= ACKNOWLEDGE_AFTER:
            yield self._segment(other, Flags.ACK)

    def _fact(self, event: Event) -> Iterator[bytes]:
        name, values = event.name, event.values
        if name == "accept.complete":
            yield from self._opened(Direction.RECEIVED)
        elif name == "connect.started" and values.get("address") == self._peer:
            yield from self._asked(Direction.SENT)
        elif name == "connect.complete":
            yield from self._opened(Direction.SENT)
        elif not self._is_open:
            return
        elif name == "finish.sent":
            yield from self._fin(Direction.SENT)
        elif name == "reset.sent":
            yield from self._reset(Direction.SENT)
        elif name == "end":
            side = Direction.RECEIVED if values.get("by") == "peer" else Direction.SENT
            if values.get("kind") == "RST":
                yield from self._reset(side)
            elif values.get("kind") in ("FIN", "truncated"):
                yield from self._fin(side)
        elif name == "close":
            # The system tells the peer with a reset when octets were left unread (RFC 2525 section 2.17).
            yield from self._reset(Direction.SENT) if values.get("unread") else self._fin(Direction.SENT)

    def _asked(self, side: Direction) -> Iterator[bytes]:
        if not self._is_asked:
            self._is_asked = True
            yield self._segment(side, Flags.SYN)

    def _opened(self, side: Direction) -> Iterator[bytes]:
        """The rest of the handshake that `side` began."""
        if not self._is_open:
            yield from self._asked(side)
            self._is_open = True
            yield self._segment(_other(side), Flags.SYN | Flags.ACK)
            yield self._segment(side, Flags.ACK)

    def _fin(self, side: Direction) -> Iterator[bytes]:
        if side not in self._finished:
            self._finished.add(side)
            yield self._segment(side, Flags.FIN | Flags.ACK)
            yield self._segment(_other(side), Flags.ACK)

    def _reset(self, side: Direction) -> Iterator[bytes]:
        self._is_over = True
        yield self._segment(side, Flags.RST | Flags.ACK)

    def _segment(self, side: Direction, flags: int, data: bytes = b"") -> bytes:
        sequence, acknowledged = self._next[side], self._next[_other(side)]
        self._next[side] = sequence + len(data) + bool(flags & (Flags.SYN | Flags.FIN))
        self._told[side] = acknowledged
        return tcp_packet(self._ways[side], sequence, acknowledged, flags, data)


def _other(side: Direction) -> Direction:
    return Direction.RECEIVED if side is Direction.SENT else Direction.SENT


def _chosen(transcript: Transcript) -> tuple[dict[int, _Channel], list[str]]:
    """The channels that can be written, and a sentence about each other one that carried octets."""
    kinds: dict[str, type[_Channel]] = {"udp": _Datagrams, "tcp": _Connection}
    chosen: dict[int, _Channel] = {}
    first_end: dict[tuple[str, str, str], int] = {}
    left_out: list[str] = []
    for info in transcript.channels:
        layer = next((layer for layer in kinds if _carried(transcript, info.number, layer)), "")
        local, peer = read_endpoint(info.local), read_endpoint(info.peer)
        same = first_end.get((layer, info.peer, info.local))
        if local is None or peer is None or len(local.address) != len(peer.address):
            if layer:
                left_out.append(f"Channel {info.number} ({info.title}) has no IP addresses and is left out.")
        elif same is not None:
            left_out.append(f"Channel {info.number} is the other end of channel {same} and is left out.")
        else:
            layer = layer or info.layer
            first_end[layer, info.local, info.peer] = info.number
            chosen[info.number] = kinds.get(layer, _Connection)(info, Pair(local, peer))
    if len(left_out) > MAX_NAMED:
        left_out[MAX_NAMED:] = [f"{len(left_out) - MAX_NAMED} more channels are left out."]
    return chosen, left_out


def _carried(transcript: Transcript, channel: int, layer: str) -> bool:
    """Whether octets passed; an empty datagram is one of those that carried none, and its channel says its layer."""
    return any(len(transcript.stream(channel, way, layer)) for way in (Direction.SENT, Direction.RECEIVED))
