"""A UDP socket that calls one peer and hears everybody: who forges an answer is heard, and can be told apart.

A connected socket drops what comes from elsewhere unseen. This one gives it out with its source, recorded in a channel
of its own, and still learns of ICMP errors, which the system tells an unconnected socket only when asked (IP_RECVERR).
Its port is the system's choice, at random.
"""

import socket
import sys
from typing import Any, Final

from workbench.errors import LocalMisuse
from workbench.formats.errno_words import symbol_of
from workbench.formats.target import Target
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.addresses import Address
from workbench.wire.datagram import ASK_RECEIVE_BUFFER, Datagram
from workbench.wire.dial import TargetResolver
from workbench.wire.faults import translated
from workbench.wire.resolve import resolve

_IP_RECVERR: Final = 11
_IPV6_RECVERR: Final = 25
"""linux/in.h, linux/in6.h; Python has no names for them."""


class Caller(Datagram):
    """Made by open_caller; its owner calls aclose().

    called: the address that send() goes to, as `Received.source` spells it.
    """

    def __init__(self, sock: socket.socket, channel: Channel, remote: Address) -> None:
        super().__init__(sock, channel, None)
        self.called = remote.text
        self._called_place = remote.sockaddr
        channel.named(peer=remote.text)

    async def __aenter__(self) -> "Caller":
        return self

    def channel_of(self, peer: str) -> Channel:
        """The channel that records what passes between us and a peer; a stranger has one of its own."""
        return self.channel if peer in ("", self.called) else super().channel_of(peer)

    def _place(self, to: str) -> Any:
        if to not in ("", self.called):
            raise LocalMisuse(f"this socket calls {self.called} and nobody else", stage="send")
        return self._called_place

    def _heard(self, source: str, sockaddr: Any) -> Channel:
        return self.channel if source == self.called else super()._heard(source, sockaddr)

    def _fault(self, error: OSError, doing: str) -> Exception:
        failure = translated(error, "send" if doing == "send" else "receive", where=self.called)
        self.channel.fact("fault", doing=doing, errno=symbol_of(error), sentence=failure.what)
        failure.transcript_index = len(self.channel.transcript) - 1
        return failure


async def open_caller(
    transcript: Transcript,
    remote: Target,
    *,
    resolver: TargetResolver | None = None,
    title: str = "",
    timeout_s: float = 30.0,
) -> Caller:
    """A UDP socket that calls `remote`.

    Raises: Refused (no such name), LinkLost, TooSlow, LocalFault, LocalMisuse; the stage is "resolve" or "connect".
    """
    channel = transcript.open(title or remote.text or str(remote), "udp")
    if resolver is not None:
        opened = await resolver(remote)
        if opened != remote:
            channel.fact("target", asked=str(remote), leads_to=str(opened))
            remote = opened
    if remote.scheme not in ("tcp", "udp") or remote.port is None:
        raise LocalMisuse(
            f"{remote} is no address that datagrams can be sent to",
            text=remote.text,
            start=0,
            end=len(remote.text),
            stage="resolve",
            advice="use HOST:PORT, [V6]:PORT or lab:NAME",
        )
    addresses = await resolve(remote.host, remote.port, channel, kind=socket.SOCK_DGRAM, timeout_s=timeout_s)
    address = addresses[0]
    sock = socket.socket(address.family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ASK_RECEIVE_BUFFER)
        _ask_for_errors(sock)
        sock.bind((_own_host(address), 0))
    except OSError as error:
        sock.close()
        failure = translated(error, "connect", where=address.text)
        channel.fact("failed", **failure.as_dict())
        raise failure from error
    caller = Caller(sock, channel, address)
    channel.fact(
        "datagram.open", local=caller.address, peer=caller.called, receive_buffer=caller.receive_buffer
    )
    return caller


def _ask_for_errors(sock: socket.socket) -> None:
    if sys.platform != "linux":
        return
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)


def _own_host(address: Address) -> str:
    """The address of ours that the system would call this one from: nothing is sent to find out."""
    with socket.socket(address.family, socket.SOCK_DGRAM) as probe:
        probe.connect(address.sockaddr)
        host: str = probe.getsockname()[0]
    return host
