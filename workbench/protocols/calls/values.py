"""What calls by hand are about: families and types, a descriptor as it stands, what a call came to."""

import socket
from typing import Final, NamedTuple

CREATED, BOUND, LISTENING, CONNECTING, CONNECTED = "CREATED", "BOUND", "LISTENING", "CONNECTING", "CONNECTED"
HALF_CLOSED, ENDED, CLOSED, DETACHED = "HALF-CLOSED", "ENDED", "CLOSED", "DETACHED"
LAMPS: Final = (CREATED, BOUND, LISTENING, CONNECTING, CONNECTED, HALF_CLOSED, CLOSED)
"""The states that a view shows as lamps, in the order in which a socket may come to them."""


class Named(NamedTuple):
    """A constant of the socket module. what: for people. number: None where this system's Python lacks it."""

    name: str
    what: str
    number: int | None


def _named(name: str, what: str) -> Named:
    number = getattr(socket, name, None)
    return Named(name, what, None if number is None else int(number))


FAMILIES: Final = (
    _named("AF_INET", "IPv4"),
    _named("AF_INET6", "IPv6"),
    _named("AF_UNIX", "Unix: a file of this machine"),
    _named("AF_VSOCK", "virtual machines and their host"),
    _named("AF_BLUETOOTH", "Bluetooth"),
    _named("AF_IPX", "IPX: the networks of NetWare, gone from today's systems"),
    _named("AF_APPLETALK", "AppleTalk: gone from today's systems"),
)
"""Communication domains: what an address looks like."""
TYPES: Final = (
    _named("SOCK_STREAM", "octets in order, without borders"),
    _named("SOCK_DGRAM", "messages, each by itself"),
    _named("SOCK_SEQPACKET", "messages in order, over a connection"),
    _named("SOCK_RAW", "packets as they are; for administrators"),
)
"""What a socket carries."""
FLAGS: Final = (
    _named("MSG_OOB", "urgent data: one octet beside the stream"),
    _named("MSG_PEEK", "look, and leave it there"),
    _named("MSG_DONTWAIT", "do not wait, this once"),
    _named("MSG_TRUNC", "tell the whole length of a datagram"),
    _named("MSG_WAITALL", "wait for all of it"),
)
HOWS: Final = ("SHUT_RD", "SHUT_WR", "SHUT_RDWR")


def short(name: str) -> str:
    """A constant's name without its beginning: "INET", "STREAM", "OOB"."""
    return name.partition("_")[2]


def name_of(constants: tuple[Named, ...], number: int) -> str:
    """The short name of a number; the number where it has none."""
    return next((short(each.name) for each in constants if each.number == number), str(number))


def address_notes(address: object) -> str:
    """What else an address says: IPv4 in IPv6's clothes, flow and scope."""
    if not isinstance(address, tuple) or len(address) != 4:
        return ""
    host, _, flow, scope = address
    v4 = str(host).removeprefix("::ffff:")
    inside = f"IPv4 address {v4}, mapped into IPv6 (RFC 4291 2.5.5.2); " if v4 != host and "." in v4 else ""
    return f"{inside}flow {flow}, scope {scope}"


class FileView(NamedTuple):
    """A file over a socket. held: octets that were written and that the system has not got yet."""

    name: str
    of: str
    mode: str
    buffering: int
    held: int
    is_closed: bool


class Descriptor(NamedTuple):
    """A socket as it stands.

    fd: -1 once it is given back. state: one of the words above; tcp_state: RFC 9293's, "" where the system tells none.
    mode: "blocking", "non-blocking", "timeout 1.5 s". owners: how many hold the connection, itself, duplicates and
    files; holders: their names. unread, unsent: octets in the system's queues. ended: the directions that shutdown
    took. dead_since: the call that told of the first error, 0 for none. history: every state with its time, counted
    from the making. options: those that were set here, by name. waiting: the call that goes on.
    notes: what else the peer's address says, else our own: flow and scope, an IPv4 address inside.
    """

    name: str
    fd: int
    family: str
    kind: str
    protocol: int
    state: str
    tcp_state: str
    mode: str
    local: str
    peer: str
    owners: int
    holders: tuple[str, ...]
    unread: int | None
    unsent: int | None
    ended: tuple[str, ...]
    dead_since: int
    history: tuple[tuple[str, int], ...]
    options: tuple[str, ...]
    waiting: str
    notes: str = ""

    @property
    def is_stream(self) -> bool:
        """Whether it carries a stream, which can be read as a file."""
        return self.kind == "STREAM"


class Outcome(NamedTuple):
    """What a call came to.

    number: from 1. call: its name; on: the socket or file, "" for making one. text: as Python is written.
    result: as Python shows it; "" after a failure. raised: the class of the exception; errno: its symbol; said: its own
    words. sentence, advice, source: what it means. remark: what else is worth knowing. accepted, offered: octets, None
    where the call moves none. data: what was read. concerns: calls whose octets an error belongs to. event: the
    transcript's. made: the names of what came into being. is_cancelled: a person ended the wait.
    """

    number: int
    call: str
    on: str
    text: str
    result: str = ""
    raised: str = ""
    errno: str = ""
    said: str = ""
    sentence: str = ""
    advice: str = ""
    source: str = ""
    remark: str = ""
    accepted: int | None = None
    offered: int | None = None
    data: bytes = b""
    concerns: tuple[int, ...] = ()
    elapsed_ns: int = 0
    event: int | None = None
    made: tuple[str, ...] = ()
    is_cancelled: bool = False

    @property
    def is_ok(self) -> bool:
        """Whether the call did what it is for."""
        return not self.raised and not self.is_cancelled
