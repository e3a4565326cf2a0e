"""What Linux knows of a connection: its TCP state and times (TCP_INFO), and what waits in both queues.

The structure grew with the kernel: the first 104 octets are in every one since 2.6; the rest is read where it reaches
as far as the window's size (since 5.4).
"""

import fcntl
import socket
import struct
import sys
import termios
from typing import Final, NamedTuple

STATES: Final[dict[int, str]] = {
    1: "ESTABLISHED",
    2: "SYN-SENT",
    3: "SYN-RECEIVED",
    4: "FIN-WAIT-1",
    5: "FIN-WAIT-2",
    6: "TIME-WAIT",
    7: "CLOSED",
    8: "CLOSE-WAIT",
    9: "LAST-ACK",
    10: "LISTEN",
    11: "CLOSING",
}
"""RFC 9293's names for the numbers of Linux (include/net/tcp_states.h)."""

_BASE: Final = struct.Struct("=8B24I")
_MORE: Final = struct.Struct("=4Q6I4Q2I2Q4I")
"""linux/tcp.h, struct tcp_info: pacing_rate to snd_wnd."""
_ASK_OCTETS: Final = 512
_SIOCOUTQNSD: Final = 0x894B
"""Octets that were handed over and not sent once (linux/sockios.h); Python has no name for it."""


class TcpInfo(NamedTuple):
    """One look at a connection. Times in microseconds where the name says us, sizes in octets.

    state: RFC 9293's word. retransmits: of the segment that waits now; total_retrans: of all segments so far.
    unacked, lost, sacked: segments. snd_cwnd: segments that may be under way. snd_mss, rcv_mss, pmtu: octets.
    rtt_us, rtt_var_us: smoothed round-trip time and its spread; rto_us: wait before a segment is sent again.
    From min_rtt_us on: None on kernels that don't tell.
    """

    state: str
    retransmits: int
    probes: int
    rto_us: int
    snd_mss: int
    rcv_mss: int
    unacked: int
    sacked: int
    lost: int
    pmtu: int
    rtt_us: int
    rtt_var_us: int
    snd_cwnd: int
    total_retrans: int
    min_rtt_us: int | None = None
    bytes_acked: int | None = None
    bytes_received: int | None = None
    segs_out: int | None = None
    segs_in: int | None = None
    not_sent: int | None = None
    delivery_rate: int | None = None
    bytes_sent: int | None = None
    bytes_retrans: int | None = None
    snd_wnd: int | None = None


class Queues(NamedTuple):
    """Octets that wait in the system; None where it can't tell.

    unread: arrived, and nobody read them. unacknowledged: handed over, and the peer's system has not confirmed them.
    not_sent: of those, the ones that never left.
    """

    unread: int
    unacknowledged: int | None
    not_sent: int | None


def parse_tcp_info(data: bytes) -> TcpInfo | None:
    """The structure as the kernel filled it, however much of it; None if not even the oldest part is there."""
    if len(data) < _BASE.size:
        return None
    base = _BASE.unpack_from(data)
    u32 = base[8:]
    info = TcpInfo(
        state=STATES.get(base[0], f"state {base[0]}"),
        retransmits=base[2],
        probes=base[3],
        rto_us=u32[0],
        snd_mss=u32[2],
        rcv_mss=u32[3],
        unacked=u32[4],
        sacked=u32[5],
        lost=u32[6],
        pmtu=u32[13],
        rtt_us=u32[15],
        rtt_var_us=u32[16],
        snd_cwnd=u32[18],
        total_retrans=u32[23],
    )
    if len(data) < _BASE.size + _MORE.size:
        return info
    more = _MORE.unpack_from(data, _BASE.size)
    return info._replace(
        bytes_acked=more[2],
        bytes_received=more[3],
        segs_out=more[4],
        segs_in=more[5],
        not_sent=more[6],
        min_rtt_us=more[7],
        delivery_rate=more[10],
        bytes_sent=more[16],
        bytes_retrans=more[17],
        snd_wnd=more[21],
    )


def read_tcp_info(sock: socket.socket) -> TcpInfo | None:
    """One look at a TCP socket; None for another kind, a closed one, and on systems other than Linux."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return parse_tcp_info(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ASK_OCTETS))
    except OSError:
        return None


def read_queues(sock: socket.socket) -> Queues | None:
    """What waits in both directions; None for a closed socket."""
    unread = _count(sock, termios.FIONREAD)
    if unread is None:
        return None
    return Queues(unread, _count(sock, termios.TIOCOUTQ), _not_sent(sock))


def _not_sent(sock: socket.socket) -> int | None:
    return _count(sock, _SIOCOUTQNSD) if sys.platform.startswith("linux") else None


def _count(sock: socket.socket, request: int) -> int | None:
    if sock.fileno() < 0:
        return None
    try:
        return int(struct.unpack("i", fcntl.ioctl(sock.fileno(), request, b"\0\0\0\0"))[0])
    except OSError:
        return None
