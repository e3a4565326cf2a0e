"""The calls that can be made by hand: what a person gives each, what it does, where that is written."""
# ruff: noqa: E501 - one call is one entry, so that the list reads as a list

from typing import Final, Literal, NamedTuple

Kind = Literal[
    "family",
    "type",
    "number",
    "address",
    "data",
    "flags",
    "how",
    "yes",
    "seconds",
    "level",
    "option",
    "value",
    "mode",
    "descriptor",
]
Place = Literal["desk", "socket", "file"]
Doing = Literal["connect", "bind", "listen", "accept", "send", "receive", "resolve", "open"]


class Param(NamedTuple):
    """One thing that a call is given. default: what an empty field means; None: it must be filled in."""

    name: str
    kind: Kind
    what: str
    default: str | None = None


class Spec(NamedTuple):
    """One call.

    place: what it is made on. doing: in whose words its errors are told. waits: it can wait for somebody else.
    """

    name: str
    place: Place
    params: tuple[Param, ...]
    what: str
    source: str
    doing: Doing = "open"
    waits: bool = False


_ADDRESS = Param("address", "address", "HOST:PORT, unix:PATH, @a for the address of a, or lab:NAME")
_FLAGS = Param("flags", "flags", "OOB, PEEK, DONTWAIT, TRUNC, WAITALL; joined by |", "")
_SIZE = Param("size", "number", "at most so many octets", "65536")
_DATA = Param("data", "data", "what to send; \\r\\n and \\x00 as everywhere")
_LEVEL = Param("level", "level", "SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_UDP")
_OPTION = Param("option", "option", "its name, like SO_RCVBUF, or its number")
_TIMES = Param("times", "number", "how often the data is repeated within the one call", "1")

# fmt: off
_ALL: Final = (
    Spec("socket", "desk", (Param("family", "family", "AF_...", "INET"), Param("type", "type", "SOCK_...", "STREAM"), Param("protocol", "number", "0 is the usual one", "0")), "makes a socket: a descriptor without address or peer", "socket(2)"),
    Spec("adopt", "desk", (Param("descriptor", "descriptor", "a number that detach gave"),), "makes a socket object of a descriptor that is open already", "Python: socket.socket(fileno=...)"),
    Spec("bind", "socket", (_ADDRESS,), "gives the socket an address of this machine; port 0 lets the system choose", "bind(2)", "bind"),
    Spec("listen", "socket", (Param("backlog", "number", "how many may wait", "128"),), "makes it a listener: the system completes connections from now on", "listen(2)", "listen"),
    Spec("accept", "socket", (), "takes the oldest connection that waits, as a socket of its own", "accept(2)", "accept", True),
    Spec("connect", "socket", (_ADDRESS,), "asks for a connection and waits for the answer; for datagrams it only notes the peer", "connect(2)", "connect", True),
    Spec("connect_ex", "socket", (_ADDRESS,), "as connect, but an errno is a result and no exception", "Python: socket.connect_ex", "connect", True),
    Spec("send", "socket", (_DATA, _FLAGS, _TIMES), "hands octets to the system once; it may take fewer than were offered", "send(2)", "send", True),
    Spec("sendall", "socket", (_DATA, _TIMES), "hands over until all is taken; after an error nobody knows how much was", "Python: socket.sendall", "send", True),
    Spec("sendto", "socket", (_DATA, _ADDRESS, _FLAGS), "sends one datagram to an address", "sendto(2)", "send", True),
    Spec("recv", "socket", (_SIZE, _FLAGS), "takes what is there, at most so much; nothing at all means that the peer has finished", "recv(2)", "receive", True),
    Spec("recvfrom", "socket", (_SIZE, _FLAGS), "as recv, and tells who sent it", "recvfrom(2)", "receive", True),
    Spec("shutdown", "socket", (Param("how", "how", "SHUT_RD, SHUT_WR or SHUT_RDWR", "WR"),), "ends directions of the connection, for everybody who holds it; there is no way back", "shutdown(2), RFC 9293 3.6", "connect"),
    Spec("close", "socket", (), "gives this descriptor back; the connection ends with its last owner", "close(2)"),
    Spec("detach", "socket", (), "parts the socket object from its descriptor, which stays open", "Python: socket.detach"),
    Spec("dup", "socket", (), "makes a second descriptor of the same socket", "dup(2)"),
    Spec("getsockname", "socket", (), "tells our own address", "getsockname(2)"),
    Spec("getpeername", "socket", (), "tells the peer's address", "getpeername(2)", "connect"),
    Spec("setblocking", "socket", (Param("blocking", "yes", "yes: calls wait; no: they say at once that they would", "no"),), "chooses whether calls wait", "fcntl(2), O_NONBLOCK"),
    Spec("settimeout", "socket", (Param("seconds", "seconds", "none waits for ever, 0 not at all", "1"),), "chooses how long calls wait", "Python: socket.settimeout"),
    Spec("setsockopt", "socket", (_LEVEL, _OPTION, Param("value", "value", "1, 10000, 1,0 (a struct of ints), x0100 (octets), \"lo\" (text)")), "asks the system for an option", "setsockopt(2)"),
    Spec("getsockopt", "socket", (_LEVEL, _OPTION, Param("buflen", "number", "0: as a number; else as so many octets", "0")), "reads an option, as a number or as octets", "getsockopt(2)"),
    Spec("poll", "socket", (), "asks, without waiting, what the socket is ready for", "poll(2)"),
    Spec("unplug", "socket", (), "pulls its cable: nothing reaches it any more, and nobody is told (no call of the system; a filter)", "socket(7), SO_ATTACH_FILTER"),
    Spec("spin", "socket", (Param("seconds", "seconds", "how long", "0.2"),), "asks without waiting, again and again, whether anything came: what it costs is measured", "Python: socket.setblocking", "receive"),
    Spec("read", "socket", (_SIZE,), "reads as from any descriptor (os.read)", "read(2)", "receive", True),
    Spec("write", "socket", (_DATA,), "writes as to any descriptor (os.write)", "write(2)", "send", True),
    Spec("makefile", "socket", (Param("mode", "mode", "r, w or rw, with b for octets instead of text", "rw"), Param("buffering", "number", "-1 the usual buffer, 0 none, 1 by line", "-1")), "puts a file over the socket, with a buffer of its own", "Python: socket.makefile"),
    Spec("file_write", "file", (_DATA,), "writes into the file's buffer; it leaves when the buffer is full, or by flush", "Python: io.BufferedWriter.write", "send", True),
    Spec("flush", "file", (), "hands the buffer to the system", "Python: io.BufferedWriter.flush", "send", True),
    Spec("readline", "file", (Param("limit", "number", "at most so many characters or octets; -1 as many as there are", "-1"),), "reads to the next line end", "Python: io.TextIOBase.readline", "receive", True),
    Spec("file_read", "file", (Param("size", "number", "so many characters or octets", "1"),), "reads so much, or to the end", "Python: io.BufferedReader.read", "receive", True),
    Spec("file_close", "file", (), "flushes, and gives the file up; the socket lives on until it is closed too", "Python: io.IOBase.close", "send", True),
)
# fmt: on
CALLS: Final[dict[str, Spec]] = {spec.name: spec for spec in _ALL}
"""Every call by its name, in the order in which a person meets them."""
FILE_CALLS: Final[dict[str, str]] = {"write": "file_write", "read": "file_read", "close": "file_close"}
"""Calls that a file and a socket both have, by Python's name, and what the file's is called here."""


def python_name(call: str) -> str:
    """What Python calls it: "file_write" is write."""
    return call.removeprefix("file_")
