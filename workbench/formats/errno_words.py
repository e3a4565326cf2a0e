"""What the system's error symbols mean to a person who connects, binds, sends, receives, accepts or resolves.

The same symbol says different things at different calls (ECONNREFUSED on a UDP receive is an answer to an
*earlier* send), so sentences are chosen by symbol and by what was being done. Symbols are compared, never
numbers: the numbers differ between systems, and the resolver's overlap with the others. What is not in the
table is said in the system's own words.
"""

from functools import cache
from typing import Final, Literal, NamedTuple

Doing = Literal["connect", "bind", "listen", "accept", "send", "receive", "resolve", "open"]


class Words(NamedTuple):
    """A sentence without full stop, and what to try; advice may be ""."""

    sentence: str
    advice: str = ""


_RESET_ADVICE: Final = (
    "look at the last lines before it: the peer ends so when it crashed, or closed with data unread"
)
_FILES_ADVICE: Final = "close some connections, or raise the limit (ulimit -n)"
_DOWN_ADVICE: Final = "check the network and its routes (ip route), or use 127.0.0.1"

_BY_CALL: Final[dict[tuple[str, str], Words]] = {
    ("connect", "ECONNREFUSED"): Words(
        "nothing listens on this port: the machine answered with a reset",
        "start the server, or check the port",
    ),
    ("connect", "ETIMEDOUT"): Words(
        "nobody answered: the machine is off, or something on the way drops the packets",
        "check the address; a firewall that drops looks the same as a machine that is off",
    ),
    ("connect", "ECONNRESET"): Words(
        "the peer reset the connection while it was being made",
        "its queue of waiting connections may be full; try again",
    ),
    ("connect", "EADDRNOTAVAIL"): Words(
        "this machine has no free address and port to call from",
        "the local address must be one of this machine's; or wait until closed connections free their ports",
    ),
    ("connect", "EADDRINUSE"): Words(
        "a connection between these two addresses exists already",
        "leave the local port to the system, or wait a minute",
    ),
    ("connect", "EACCES"): Words(
        "the system does not allow this connection",
        "a broadcast address needs its option; else a local firewall or the socket file's permissions refuse it",
    ),
    ("connect", "EPERM"): Words(
        "a rule of this machine's firewall forbids this connection", "look at its rules"
    ),
    ("connect", "ENOENT"): Words("there is no such socket file", "start the server, or check the path"),
    ("connect", "ENOTSOCK"): Words("this file is no socket", "check the path"),
    ("connect", "EPROTOTYPE"): Words(
        "this socket is of another kind: datagrams where a stream was asked for, or the other way round",
        "choose the other kind",
    ),
    ("connect", "EAGAIN"): Words(
        "the server's queue of waiting connections is full", "try again in a moment, or let the server accept"
    ),
    ("connect", "EINVAL"): Words(
        "this address cannot be called with this socket",
        "a link-local IPv6 address needs its zone: fe80::1%eth0",
    ),
    ("connect", "EISCONN"): Words("this socket is connected already", "open another one"),
    ("bind", "EADDRINUSE"): Words(
        "another program listens on this port, or a connection that ended a moment ago still holds it",
        "choose another port, or 0 to let the system choose; ss -ltnp shows who listens",
    ),
    ("bind", "EADDRNOTAVAIL"): Words(
        "this address is none of this machine's",
        "listen on 127.0.0.1, on 0.0.0.0 or [::] for all, or on an address that ip address shows",
    ),
    ("bind", "EACCES"): Words(
        "this user may not listen here", "choose a port above 1023, or check the permissions of the folder"
    ),
    ("bind", "EINVAL"): Words("this socket has an address already", "open another one"),
    ("bind", "ENOENT"): Words(
        "the folder for this socket file does not exist", "make it, or choose another path"
    ),
    ("bind", "ENOTDIR"): Words("a part of this path is no folder", "check the path"),
    ("bind", "ENODEV"): Words("there is no such network interface", "ip link shows their names"),
    ("listen", "EADDRINUSE"): Words("another socket listens on this port", "choose another port, or 0"),
    ("accept", "EMFILE"): Words("a client waits, but this program has no more files to open", _FILES_ADVICE),
    ("accept", "ENFILE"): Words("a client waits, but this machine has no more files to open", _FILES_ADVICE),
    ("accept", "ECONNABORTED"): Words("the client left before it was accepted", "go on accepting"),
    ("accept", "EINVAL"): Words("this socket does not listen yet", "listen first, then accept"),
    ("send", "EPIPE"): Words(
        "this side has finished sending, or the peer has closed the connection",
        "what was sent last may not have arrived; open a new connection",
    ),
    ("send", "ECONNRESET"): Words(
        "the peer reset the connection: what was sent last may be lost", _RESET_ADVICE
    ),
    ("send", "EMSGSIZE"): Words(
        "this is too long for one datagram, and it is not split for you: nothing was sent",
        "UDP carries at most 65,507 octets over IPv4 (65,527 over IPv6), and 1,472 fit through Ethernet in one piece",
    ),
    ("send", "ECONNREFUSED"): Words(
        "an earlier datagram was refused: nothing listens on that port",
        "the machine answered with ICMP port unreachable; start the server, or check the port",
    ),
    ("send", "EDESTADDRREQ"): Words("this datagram has no address to go to", "choose a peer"),
    ("send", "ENOTCONN"): Words("there is no connection to send on", "connect first"),
    ("send", "EACCES"): Words("a broadcast address needs the broadcast option", "switch SO_BROADCAST on"),
    ("send", "EPERM"): Words("a rule of this machine's firewall forbids this packet", "look at its rules"),
    ("send", "ETIMEDOUT"): Words(
        "the peer acknowledged nothing for so long that the system gave up",
        "check the way to it, and connect again",
    ),
    ("send", "ENOBUFS"): Words("the network interface's queue is full", "send more slowly"),
    ("send", "EAFNOSUPPORT"): Words(
        "this socket cannot reach that kind of address: IPv4 and IPv6 were mixed",
        "use an address of the same kind",
    ),
    ("receive", "ECONNRESET"): Words("the peer reset the connection", _RESET_ADVICE),
    ("receive", "ECONNREFUSED"): Words(
        "the datagram sent before was refused: nothing listens on that port",
        "the machine answered with ICMP port unreachable; start the server, or check the port",
    ),
    ("receive", "ETIMEDOUT"): Words(
        "the peer answered none of our packets any more",
        "check the way to the peer, and connect again",
    ),
    ("receive", "ENOTCONN"): Words("there is no connection to receive from", "connect first"),
    ("receive", "EMSGSIZE"): Words("a datagram was longer than the room for it", "read with 65,535 octets"),
    ("open", "EAFNOSUPPORT"): Words(
        "this machine has no such kind of address switched on", "try IPv4 (127.0.0.1)"
    ),
}

_ANYWHERE: Final[dict[str, Words]] = {
    "EAFNOSUPPORT": Words(
        "this machine cannot use this kind of address", "IPv6 may be switched off here: try an IPv4 address"
    ),
    "ENETUNREACH": Words("this machine knows no way to that network", _DOWN_ADVICE),
    "ENETDOWN": Words("the network interface is down", _DOWN_ADVICE),
    "EHOSTUNREACH": Words(
        "a router or this machine says that the host cannot be reached",
        "check the address, and whether the machine is on",
    ),
    "EHOSTDOWN": Words("the host does not answer on its own network", "check whether the machine is on"),
    "EMFILE": Words("this program has no more files to open", _FILES_ADVICE),
    "ENFILE": Words("this machine has no more files to open", _FILES_ADVICE),
    "ENOBUFS": Words(
        "the system has no memory for network buffers left", "close some connections and try again"
    ),
    "ENOMEM": Words("the system has no memory left", "close something and try again"),
    "ECONNABORTED": Words("this machine gave the connection up", "connect again"),
    "ECONNRESET": Words("the peer reset the connection", _RESET_ADVICE),
    "ECONNREFUSED": Words("nothing listens there", "start the server, or check the port"),
    "ETIMEDOUT": Words("no answer came in time", "check the address and the way to it"),
    "EPIPE": Words("the connection is closed in this direction", "open a new connection"),
    "EADDRINUSE": Words("this address and port are in use", "choose another port, or 0"),
    "EADDRNOTAVAIL": Words("this address is none of this machine's", "ip address shows them"),
    "EACCES": Words("the system does not allow this", "check permissions and firewall"),
    "EPERM": Words("the system does not allow this", "check permissions and firewall"),
    "EPROTONOSUPPORT": Words("this system does not speak that protocol", "choose another one"),
    "ENOTCONN": Words("there is no connection", "connect first"),
    "ENAMETOOLONG": Words("this path is too long", "a socket's path has at most 107 octets"),
    "ENOSPC": Words("the disk is full", "make room, then try again"),
    "EDQUOT": Words("this user's share of the disk is used up", "make room, then try again"),
    "EFBIG": Words(
        "the file has reached the largest size allowed", "raise the limit (ulimit -f), or save elsewhere"
    ),
    "EBADF": Words("this socket is closed already", "open another one"),
    # The resolver's own symbols (getaddrinfo, RFC 3493 section 6.1).
    "EAI_NONAME": Words("there is no such name, or it has no address", "check the spelling"),
    "EAI_NODATA": Words("the name exists, but has no address of this kind", "try the other of IPv4 and IPv6"),
    "EAI_AGAIN": Words(
        "the name server did not answer, so nobody knows whether this name exists",
        "check the network and the name server in /etc/resolv.conf, then try again",
    ),
    "EAI_FAIL": Words("the name server answered with a failure", "ask another name server, or try later"),
    "EAI_FAMILY": Words("the resolver does not know this kind of address", "try the other of IPv4 and IPv6"),
    "EAI_ADDRFAMILY": Words("the name has no address of this kind", "try the other of IPv4 and IPv6"),
    "EAI_SERVICE": Words("the resolver does not know this port or service", "write the port as a number"),
    "EAI_SOCKTYPE": Words("the resolver does not know this kind of socket", "choose TCP or UDP"),
    "EAI_MEMORY": Words("the resolver has no memory left", "close something and try again"),
    "EAI_SYSTEM": Words("the system failed while the name was looked up", "try again"),
}

_SAME: Final = {"EWOULDBLOCK": "EAGAIN", "EOPNOTSUPP": "ENOTSUP", "EDEADLOCK": "EDEADLK"}


def words(
    symbol: str, doing: Doing, *, port: int | None = None, first_open_port: int = 1024, said: str = ""
) -> Words:
    """What an error means and what to try.

    Args:
        symbol: "ECONNREFUSED", "EAI_NONAME" ... (see `symbol_of`).
        doing: the call that failed; "open" is making the socket.
        port: for "bind": the port that was asked for.
        first_open_port: for "bind": the lowest port that any user may take, as the caller has read it from
        the
            system (net.ipv4.ip_unprivileged_port_start on Linux).
        said: the system's own words, for symbols that are not in the tables.
    """
    symbol = _SAME.get(symbol, symbol)
    if doing == "bind" and symbol in ("EACCES", "EPERM") and port is not None and 0 < port < first_open_port:
        return Words(
            f"port {port} is privileged: here only an administrator may listen below {first_open_port}",
            f"choose a port from {first_open_port} on, or 0 to let the system choose",
        )
    found = _BY_CALL.get((doing, symbol)) or _ANYWHERE.get(symbol)
    return found or Words(_system_words(symbol) or said or f"the system says {symbol or 'nothing'}")


def symbol_of(error: OSError) -> str:
    """The symbol of an error: "ECONNREFUSED", "EAI_NONAME"; "" if it carries none that this system knows."""
    import errno
    import socket

    number = error.errno or 0
    if isinstance(error, socket.gaierror):
        return _resolver_symbols().get(number, "")
    if isinstance(error, socket.herror):
        return _NETDB_SYMBOLS.get(number, "")
    symbol = errno.errorcode.get(number, "")
    return _SAME.get(symbol, symbol)


# gethostbyaddr has numbers of its own, the same everywhere (netdb.h), and Python has no names for them.
_NETDB_SYMBOLS: Final = {1: "EAI_NONAME", 2: "EAI_AGAIN", 3: "EAI_FAIL", 4: "EAI_NODATA"}


@cache
def _resolver_symbols() -> dict[int, str]:
    import socket

    # Where two names share a number, the later wins: NONAME, the standard's, is to win over NODATA.
    names = sorted(name for name in vars(socket) if name.startswith("EAI_"))
    return {int(getattr(socket, name)): name for name in names}


def _system_words(symbol: str) -> str:
    """The system's own sentence for a symbol, in its style ours: a small first letter."""
    import errno
    import os

    number = getattr(errno, symbol, None) if symbol else None
    if not isinstance(number, int):
        return ""
    said = os.strerror(number)
    return said[:1].lower() + said[1:]
