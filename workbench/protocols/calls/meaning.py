"""What an exception of a call means: the system's errors by symbol and call, and those that Python itself raises."""

import socket
from typing import Final

from workbench.formats.errno_words import symbol_of, words
from workbench.protocols.calls.spec import Spec
from workbench.wire.faults import first_open_port

_BY_CALL: Final[dict[tuple[str, str], tuple[str, str, str]]] = {
    ("accept", "EINVAL"): (
        "this socket does not listen: nobody can have connected to it",
        "bind, listen, then accept",
        "accept(2)",
    ),
    ("shutdown", "ENOTCONN"): ("there is no connection to shut down", "connect first", "shutdown(2)"),
    ("getpeername", "ENOTCONN"): ("there is no peer yet", "connect first", "getpeername(2)"),
    ("recv", "EINVAL"): (
        "there is no urgent octet: none came, it was read already, or SO_OOBINLINE leaves it in the stream",
        "poll tells POLLPRI while one waits",
        "tcp(7)",
    ),
    ("socket", "ESOCKTNOSUPPORT"): (
        "this family has no socket of this type",
        "IPv4 and IPv6 have STREAM and DGRAM",
        "socket(2)",
    ),
    ("socket", "EPROTONOSUPPORT"): (
        "this family does not have this protocol for this type",
        "leave the protocol at 0",
        "socket(2)",
    ),
    ("socket", "EAFNOSUPPORT"): (
        "this system has no such family of addresses: its kernel was built without it, or nobody loaded it",
        "IPv4, IPv6 and Unix are everywhere",
        "socket(2)",
    ),
    ("socket", "EPERM"): ("only an administrator may make this socket", "choose STREAM or DGRAM", "raw(7)"),
    ("setsockopt", "ENOPROTOOPT"): (
        "there is no such option at this level, or it can only be read",
        "the table of options says which can be set",
        "setsockopt(2)",
    ),
    ("setsockopt", "EINVAL"): (
        "the value has the wrong size or is out of range",
        "the table says what it takes",
        "",
    ),
    ("setsockopt", "ENODEV"): (
        "there is no such network interface",
        "ip link shows their names",
        "socket(7)",
    ),
    ("getsockopt", "ENOPROTOOPT"): ("there is no such option at this level", "", "getsockopt(2)"),
    ("listen", "EOPNOTSUPP"): (
        "datagrams have no connections, so there is nothing to listen for",
        "",
        "listen(2)",
    ),
    ("listen", "ENOTSUP"): (
        "datagrams have no connections, so there is nothing to listen for",
        "",
        "listen(2)",
    ),
    ("accept", "ENOTSUP"): (
        "datagrams have no connections to accept",
        "recvfrom tells who sent",
        "accept(2)",
    ),
}
_ANY_CALL: Final[dict[str, tuple[str, str, str]]] = {
    "EAGAIN": (
        "nothing is ready, and this socket does not wait",
        "poll tells when it is; or setblocking yes",
        "socket(7), O_NONBLOCK",
    ),
    "EINPROGRESS": (
        "the connection is being made; this socket does not wait for it",
        "it is made, or has failed, once poll says POLLOUT; SO_ERROR tells which",
        "connect(2)",
    ),
    "EALREADY": ("an earlier connect still goes on", "wait until poll says POLLOUT", "connect(2)"),
    "EISCONN": ("it is connected already", "another connection needs another socket", "connect(2)"),
    "EBADF": (
        "this descriptor was given back: there is no socket behind the object",
        "make another",
        "close(2)",
    ),
    "ECONNABORTED": (
        "the connection was given up here, before it was made",
        "an attempt that has failed can't be tried again: make another socket",
        "connect(2)",
    ),
}


def meaning_of(error: Exception, spec: Spec) -> tuple[str, str, str]:
    """A sentence, what to try, and where that is written."""
    symbol = symbol_of(error) if isinstance(error, OSError) else ""
    found = _BY_CALL.get((spec.name, symbol)) or (_ANY_CALL.get(symbol) if symbol else None)
    if found is not None:
        return found
    if symbol:
        sentence, advice = words(symbol, spec.doing, first_open_port=first_open_port(), said=str(error))
        return sentence, advice, spec.source
    return _python_says(error)


def _python_says(error: Exception) -> tuple[str, str, str]:
    if isinstance(error, TimeoutError):
        return (
            "nothing happened in the time that settimeout allows",
            "what was asked for may still happen; wait longer, or give up",
            "Python: socket.settimeout",
        )
    if isinstance(error, socket.gaierror | socket.herror):
        return str(error.strerror or error), "check the spelling", "getaddrinfo(3)"
    if isinstance(error, OverflowError):
        return (
            "the number has no place in the field for it: a port has 16 bits, 0 to 65535",
            "choose a port up to 65535",
            "RFC 9293 3.1",
        )
    if isinstance(error, TypeError) and "hostname" in str(error):
        return (
            "this can be no name: a part between two dots has 1 to 63 octets",
            "check the dots and the length",
            "RFC 1035 2.3.4",
        )
    if isinstance(error, TypeError):
        return "this is an address of another family", "HOST:PORT for INET, unix:PATH for UNIX", "socket(7)"
    if "timed out object" in str(error):
        return (
            "a read of this file ran into the timeout once: nobody knows what it had in hand, so it reads no more",
            "read from the socket itself, or make another file",
            "Python: socket.makefile",
        )
    return str(error), "", ""
