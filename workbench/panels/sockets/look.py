"""One look at a socket: whom it joins, its options, and what Linux tells of a connection. No Qt here."""

from typing import NamedTuple

from workbench.panels.sockets.rows import Row
from workbench.wire.datagram import Datagram
from workbench.wire.options import OPTIONS, Option, Value, value_text
from workbench.wire.stream import Stream
from workbench.wire.tcpinfo import Queues, TcpInfo

UNTOLD = "not measurable here"
"""What stands in place of a figure that this system, or this kind of socket, does not tell."""

_INFO = (
    ("state", "", "the state of the connection for our system (RFC 9293 3.3.2)"),
    ("rtt_us", "us", "round trip, smoothed: from sending to the acknowledgement"),
    ("rtt_var_us", "us", "how much it varies"),
    ("min_rtt_us", "us", "the shortest one seen"),
    ("rto_us", "us", "wait before an unacknowledged segment is sent again (RFC 6298)"),
    ("retransmits", "", "times the segment that waits now was sent again"),
    ("total_retrans", "segments", "sent again so far"),
    ("bytes_retrans", "B", "octets of those"),
    ("lost", "segments", "believed lost"),
    ("unacked", "segments", "under way, not acknowledged"),
    ("sacked", "segments", "acknowledged out of order (RFC 2018)"),
    ("snd_cwnd", "segments", "the congestion window: how many may be under way (RFC 5681)"),
    ("snd_wnd", "B", "the window that the peer offers"),
    ("snd_mss", "B", "largest segment we send"),
    ("rcv_mss", "B", "largest segment we expect"),
    ("pmtu", "B", "largest packet of the path"),
    ("bytes_sent", "B", "octets sent, those sent again included"),
    ("bytes_acked", "B", "octets that the peer's system has confirmed"),
    ("bytes_received", "B", "octets that arrived"),
    ("segs_out", "segments", "sent, acknowledgements included"),
    ("segs_in", "segments", "received, acknowledgements included"),
    ("delivery_rate", "B/s", "measured by our system"),
    ("probes", "", "keep-alive or window probes without an answer"),
)
_QUEUES = (
    ("unread", "arrived, and nobody has read them"),
    ("unacknowledged", "handed over, and the peer's system has not confirmed them"),
    ("not_sent", "of those, the ones that have not left yet"),
)


class SocketLook(NamedTuple):
    """What was seen. info: None for sockets and systems that have none; queues: None once it is closed."""

    protocol: str
    local: str
    peer: str
    options: dict[str, Value]
    info: TcpInfo | None
    queues: Queues | None

    def rows(self) -> tuple[Row, ...]:
        """As a tree for people: the five of the 5-tuple, the options, the queues, TCP_INFO."""
        return (
            Row("tuple", "Connection", children=self._tuple()),
            Row("queues", "Queues", children=self._queues()),
            Row("options", "Options", children=tuple(self._option(option) for option in OPTIONS)),
            Row("info", "TCP_INFO", children=self._info()),
        )

    def _tuple(self) -> tuple[Row, ...]:
        return (
            Row("tuple.protocol", "Protocol", self.protocol, "the first of the five that name a connection"),
            *_ends("local", "Our", self.local),
            *_ends("peer", "Peer's", self.peer),
        )

    def _option(self, option: Option) -> Row:
        key = f"option.{option.name}"
        if option.name not in self.options:
            return Row(key, option.name, UNTOLD, "this kind of socket, or this system, has it not", "untold")
        value = self.options[option.name]
        what = f"{option.what} ({option.source})"
        if option.early:
            what += "; only before the socket is bound does setting it change anything"
        return Row(key, option.name, option_text(option, value), what, option.kind)

    def _queues(self) -> tuple[Row, ...]:
        return tuple(
            _figure(f"queue.{name}", name, getattr(self.queues, name, None), "B", what)
            for name, what in _QUEUES
        )

    def _info(self) -> tuple[Row, ...]:
        return tuple(
            _figure(f"info.{name}", name, getattr(self.info, name, None), unit, what)
            for name, unit, what in _INFO
        )


def look_at(endpoint: Stream | Datagram) -> SocketLook | None:
    """One look; None once it is closed."""
    if not endpoint.is_open:
        return None
    if isinstance(endpoint, Datagram):
        return SocketLook("UDP", endpoint.address, endpoint.peer, endpoint.options.read(), None, None)
    is_unix = endpoint.channel.layer == "unix"
    return SocketLook(
        "Unix stream" if is_unix else "TCP",
        endpoint.local,
        endpoint.peer,
        endpoint.options.read(),
        endpoint.tcp_info(),
        endpoint.queues(),
    )


def option_text(option: Option, value: Value) -> str:
    """A value with its unit: "on", "off", "7200 s"."""
    if option.kind == "flag":
        return "on" if value else "off"
    if value is None or not option.unit:
        return value_text(value)
    return f"{value:,} {option.unit}"


def _ends(key: str, whose: str, address: str) -> tuple[Row, ...]:
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal():
        what = "a socket file, or nothing where it has no name"
        return (Row(f"tuple.{key}", f"{whose} end", address or "no name", what),)
    return (
        Row(f"tuple.{key}.address", f"{whose} address", host.strip("[]"), ""),
        Row(f"tuple.{key}.port", f"{whose} port", port, ""),
    )


def _figure(key: str, name: str, value: object, unit: str, what: str) -> Row:
    title = name.removesuffix("_us").replace("_", " ")
    if value is None:
        return Row(key, title, UNTOLD, what, "untold")
    if not isinstance(value, int):
        return Row(key, title, str(value), what)
    if unit == "us":
        return Row(key, title, f"{value / 1000:,.3f} ms", what, "figure")
    return Row(key, title, f"{value:,} {unit}".rstrip(), what, "figure")
