"""Datagrams: each a message of its own, an empty one included, with the address it came from.

A socket bound to a remote address hears only that one, and learns of ICMP errors on the next call; a bound one hears
everybody, and each peer gets a channel of its own.
"""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any, NamedTuple

from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.formats.errno_words import symbol_of
from workbench.formats.target import Target
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.addresses import Address, address_text
from workbench.wire.dial import TargetResolver
from workbench.wire.faults import Doing, translated
from workbench.wire.listen import bind_address
from workbench.wire.multicast import Membership, overflow_count, watch_overflow
from workbench.wire.options import Options, Setting, apply
from workbench.wire.pace import Pace
from workbench.wire.port_names import addresses_of
from workbench.wire.readiness import Readiness

MAX_DATAGRAM = 65535
"""The length field of UDP has 16 bits (RFC 768); over IPv4 65,507 octets are left for the payload."""
MAX_PEERS = 1024
"""Peers that can be answered; also the channels made for them: a flood from forged addresses must not make one each,
so what comes after shares the socket's own channel."""
YIELD_AFTER = 64
"""Datagrams taken in a row before the loop's other work gets its turn: 2 ms with all that a window does about each."""
_CUT = int(socket.MSG_TRUNC)
"""As a plain number: an operation on Python's flags takes 4 us."""
ASK_RECEIVE_BUFFER = 4 * 1024 * 1024
"""A burst while nobody reads waits in the system's buffer; 208 KiB, the default, lose at 8,000 a second (measured)."""


class Received(NamedTuple):
    """One datagram: its octets, whom it came from ("127.0.0.1:9"), whether the system had to cut it."""

    data: bytes
    source: str
    truncated: bool


class Datagram:
    """A UDP socket. Made by open_datagram; its owner calls aclose().

    asked: whom it was opened to talk to; "" for a bound one.
    lost: datagrams that arrived and were thrown away because nobody read in time; None where the system does not count.
    """

    def __init__(self, sock: socket.socket, channel: Channel, remote: Address | None) -> None:
        self._sock = sock
        self._remote = remote
        self._ready = Readiness(sock)
        self._pace = Pace(channel)
        self._closed = False
        self._in_a_row = 0
        self._opened = 0
        self._channels: dict[str, Channel] = {}
        self._places: dict[str, Any] = {}
        self._ancillary = watch_overflow(sock)
        self.lost: int | None = 0 if self._ancillary else None
        self.options = Options(sock, channel)
        self.membership = Membership(sock, channel)
        self.channel = channel
        self.family = sock.family
        self.address = address_text(sock.getsockname())
        self.peer = remote.text if remote else ""
        self.asked = self.peer
        self.receive_buffer = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        channel.named(local=self.address, peer=self.peer)

    @property
    def peers(self) -> tuple[str, ...]:
        """Everybody who can be answered, in order of appearance; for a bound socket."""
        return tuple(self._places)

    @property
    def is_open(self) -> bool:
        """Whether aclose() is still to come."""
        return not self._closed

    def channel_of(self, peer: str) -> Channel:
        """The channel that records what passes between us and a peer."""
        return self._channels.get(peer, self.channel)

    def know(self, place: Address) -> None:
        """Let `send` name an address, as `place.text`, that was not heard yet. For a bound socket."""
        if self._remote is None:
            self._places.setdefault(place.text, place.sockaddr)

    async def send(self, data: bytes, to: str = "", *, timeout_s: float | None = None) -> None:
        """Send one datagram, an empty one too. That it was sent says nothing about arrival.

        Args:
            to: of a bound socket, a peer that was heard or "HOST:PORT" as `source` spelled it.

        Raises: LocalMisuse (too large, nobody to send to), LinkLost (an ICMP error about an earlier one).
        """
        place = self._place(to)
        while True:
            if self._closed:
                raise LocalMisuse("this socket is closed", stage="send")
            if self.channel.is_behind:
                await self._pace.room()
                continue
            try:
                if place is None:
                    self._sock.send(data)
                else:
                    self._sock.sendto(data, place)
                break
            except (BlockingIOError, InterruptedError):
                await self._ready.writable(timeout_s)
            except OSError as error:
                raise self._fault(error, "send") from error
        self.channel_of(to).sent(bytes(data))

    async def receive(self, *, limit: int = MAX_DATAGRAM, timeout_s: float | None = None) -> Received:
        """The next datagram.

        Args:
            limit: octets; the rest of a longer one is lost, and `truncated` says so.

        Raises: TooSlow after timeout_s (the socket goes on); LinkLost for an ICMP error about one we sent, or once
            this socket is closed.
        """
        while not self._closed:
            if self.channel.is_behind:
                await self._pace.room()
                continue
            try:
                data, ancillary, flags, sockaddr = self._sock.recvmsg(limit, self._ancillary)
            except (BlockingIOError, InterruptedError):
                self._in_a_row = 0
                await self._ready.readable(timeout_s, "no datagram arrived")
                continue
            except OSError as error:
                raise self._fault(error, "receive") from error
            if ancillary:
                self._count_lost(overflow_count(ancillary))
            source = self.peer or address_text(sockaddr)
            channel = self._heard(source, sockaddr)
            channel.received(data)
            truncated = bool(flags & _CUT)
            if truncated:
                channel.fact("datagram.truncated", source=source, kept=len(data))
            self._in_a_row += 1
            if self._in_a_row >= YIELD_AFTER:
                self._in_a_row = 0
                await asyncio.sleep(0)
            return Received(data, source, truncated)
        raise LinkLost("this socket is closed", stage="receive")

    def _count_lost(self, total: int) -> None:
        """The system's own count, which comes with each datagram; it can be one burst late."""
        if self.lost is not None and total > self.lost:
            self.channel.fact("datagram.lost", count=total - self.lost, total=total)
            self.lost = total

    async def aclose(self) -> None:
        """Give the socket back; idempotent. UDP tells the peer nothing."""
        if self._closed:
            return
        self._closed = True
        self.channel.fact("close", unread=0)
        self._ready.close()
        self._pace.close()
        self._sock.close()
        await asyncio.sleep(0)

    def _place(self, to: str) -> Any:
        if self._remote is not None:
            return None
        place = self._places.get(to)
        if place is None:
            raise LocalMisuse(
                f"nothing was heard from {to!r} yet" if to else "a bound socket must be told whom to send to",
                stage="send",
                advice="choose one of the peers, or open a socket to that address",
            )
        return place

    def _heard(self, source: str, sockaddr: Any) -> Channel:
        if self._remote is not None:
            return self.channel
        if source not in self._places:
            if len(self._places) >= MAX_PEERS:
                # The one that appeared first makes room; its channel stays in the transcript.
                oldest = next(iter(self._places))
                del self._places[oldest]
                self._channels.pop(oldest, None)
            self._places[source] = sockaddr
            if self._opened < MAX_PEERS:
                self._opened += 1
                channel = self.channel.transcript.open(f"{self.address} ← {source}", "udp")
                channel.named(local=self.address, peer=source)
                self._channels[source] = channel
        return self.channel_of(source)

    def _fault(self, error: OSError, doing: str) -> Exception:
        failure = translated(error, "send" if doing == "send" else "receive", where=self.peer or self.address)
        self.channel.fact("fault", doing=doing, errno=symbol_of(error), sentence=failure.what)
        failure.transcript_index = len(self.channel.transcript) - 1
        return failure

    async def __aenter__(self) -> "Datagram":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()


async def open_datagram(
    transcript: Transcript,
    *,
    remote: Target | None = None,
    local: Target | None = None,
    resolver: TargetResolver | None = None,
    title: str = "",
    timeout_s: float = 30.0,
    settings: Sequence[Setting] = (),
    hears_all: bool = False,
) -> Datagram:
    """A UDP socket to one peer (`remote`), or bound to an address of ours (`local`) and hearing everybody.

    With both it calls that peer from that address. `settings`: options, set before the socket is bound.
    `hears_all`: with a remote that is no more than the first to send to, as `asked`; who else answers is heard too, and
    no ICMP error is.

    Raises: Refused (no such name), LinkLost, TooSlow, LocalFault, LocalMisuse; the stage is "resolve", "connect" or
        "bind".
    """
    asked = remote or local
    if asked is None:
        raise LocalMisuse("a datagram socket needs a peer or an address of its own", stage="bind")
    channel = transcript.open(title or asked.text or str(asked), "udp")
    if remote is not None and resolver is not None:
        opened = await resolver(remote)
        if opened != remote:
            channel.fact("target", asked=str(remote), leads_to=str(opened))
            remote = opened
    if remote is not None:
        address = await _remote_address(remote, channel, timeout_s)
    else:
        address = await bind_address(asked, channel, socket.SOCK_DGRAM)
    source = await bind_address(local, channel, socket.SOCK_DGRAM) if remote is not None and local else None
    if source is not None and source.family != address.family:
        raise LocalMisuse(
            f"{source.text} can't call {address.text}: IPv4 and IPv6 don't mix",
            stage="bind",
            advice="choose a local address of the same kind",
        )
    sock = socket.socket(address.family, socket.SOCK_DGRAM)
    place = address
    doing: Doing = "connect" if remote is not None else "bind"
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ASK_RECEIVE_BUFFER)
        apply(sock, settings)
        if source is not None:
            place, doing = source, "bind"
            sock.bind(source.sockaddr)
            place, doing = address, "connect"
        if remote is None:
            sock.bind(address.sockaddr)
        elif not hears_all:
            sock.connect(address.sockaddr)
        elif source is None:
            sock.bind(_near(address))
    except WorkbenchError as refusal:
        sock.close()
        channel.fact("failed", **refusal.as_dict())
        raise
    except OSError as error:
        sock.close()
        failure = translated(error, doing, where=place.text, port=place.sockaddr[1])
        channel.fact("failed", **failure.as_dict())
        raise failure from error
    datagram = Datagram(sock, channel, address if remote is not None and not hears_all else None)
    if hears_all and remote is not None:
        datagram.asked = address.text
        datagram.know(address)
    channel.fact(
        "datagram.open", local=datagram.address, peer=datagram.peer, receive_buffer=datagram.receive_buffer
    )
    datagram.options.record(settings)
    return datagram


def _near(address: Address) -> tuple[str, int]:
    """A free port of the address that is nearest: what stays on loopback is heard on loopback only."""
    if address.family == socket.AF_INET:
        return ("127.0.0.1" if address.host.startswith("127.") else "0.0.0.0"), 0
    return ("::1" if address.host == "::1" else "::"), 0


async def _remote_address(remote: Target, channel: Channel, timeout_s: float) -> Address:
    if remote.scheme not in ("tcp", "udp") or (remote.port is None and not remote.service):
        raise LocalMisuse(
            f"{remote} is no address that datagrams can be sent to",
            text=remote.text,
            start=0,
            end=len(remote.text),
            stage="resolve",
            advice="use HOST:PORT, [V6]:PORT or lab:NAME",
        )
    addresses = await addresses_of(remote, channel, kind=socket.SOCK_DGRAM, timeout_s=timeout_s)
    return addresses[0]
