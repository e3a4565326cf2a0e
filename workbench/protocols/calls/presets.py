"""Stories of a few calls each, to be made one by one: a client, a server, and what surprises people about both."""
# ruff: noqa: E501 - one story is one entry, so that the list reads as a list

from typing import Final, NamedTuple


class Preset(NamedTuple):
    """Calls in their order. what: what there is to see. needs: the Lab's service that it talks to, or ""."""

    id: str
    title: str
    what: str
    lines: tuple[str, ...]
    needs: str = ""


_PAIR: Final = (
    "a = socket INET STREAM",
    "a.bind 127.0.0.1:0",
    "a.listen 5",
    "b = socket INET STREAM",
    "b.connect @a",
    "c = a.accept",
)

# fmt: off
PRESETS: Final = (
    Preset("client", "A client in four calls", "make, connect, send, receive", ("a = socket INET STREAM", "a.connect lab:echo", 'a.send "hello\\r\\n"', "a.recv 100"), "lab:echo"),
    Preset("server", "A server in five calls", "make, option, bind, listen, accept: the last one waits for a client, which may be another socket here", ("a = socket INET STREAM", "a.setsockopt SOL_SOCKET SO_REUSEADDR 1", "a.bind 127.0.0.1:0", "a.listen 5", "b = a.accept")),
    Preset("both", "Both ends", "a listener, a client and the connection between them, by one pair of hands", (*_PAIR, "b.getsockname", "c.getpeername", 'b.send "hello\\r\\n"', "c.recv 100")),
    Preset("wrong", "In the wrong order", "accept before listen, connect before listen, receive before connect", ("a = socket INET STREAM", "a.bind 127.0.0.1:0", "a.accept", "b = socket INET STREAM", "b.connect @a", "b.recv", "a.listen 5", "c = socket INET STREAM", "c.connect @a", "d = a.accept")),
    Preset("half-close", "Half-close", "one direction ends, the other goes on; then a write after the end", (*_PAIR, 'b.send "that was all\\r\\n"', "b.shutdown WR", "c.recv 100", "c.recv 100", 'c.send "still\\r\\n"', "b.recv 100", 'b.send "oops"')),
    Preset("dup", "Two holders of one connection", "closing one of two changes nothing for the peer; shutdown ends it for both", (*_PAIR, "c.setblocking no", "d = b.dup", "b.close", "c.recv", 'd.send "still here"', "c.recv", "d.shutdown RDWR", "c.recv", 'd.send "x"')),
    Preset("file", "As a file", "octets wait in a buffer until flush, newlines are translated, and the file outlives its socket", (*_PAIR, "b.setblocking no", "f1 = c.makefile rw", 'f1.write "x\\r\\n"', "b.recv", "f1.flush", "b.recv", 'b.send "x\\r\\ny\\n"', "f1.readline", "c.close", "f1.readline", "b.recv", "f1.close", "b.recv")),
    Preset("non-blocking", "Calls that don't wait", "what would wait says so at once, and SO_ERROR tells what became of a connection", ("a = socket INET STREAM", "a.bind 127.0.0.1:0", "b = socket INET STREAM", "b.setblocking no", "b.recv", "b.connect_ex @a", "b.poll", "b.getsockopt SOL_SOCKET SO_ERROR", "a.listen 5", "c = socket INET STREAM", "c.setblocking no", "c.connect_ex @a", "c.poll", "c.recv")),
    Preset("urgent", "SO_OOBINLINE at work", "one urgent octet beside the stream, and in it", (*_PAIR, "c.setblocking no", 'b.send "!" OOB', "c.poll", "c.recv 1 OOB", "c.setsockopt SOL_SOCKET SO_OOBINLINE 1", 'b.send "!" OOB', "c.recv 1")),
    Preset("broadcast", "SO_BROADCAST at work", "a datagram to everybody needs leave; on a stream the option is taken and of no use", ("u = socket INET DGRAM", 'u.sendto "x" 127.255.255.255:9', "u.setsockopt SOL_SOCKET SO_BROADCAST 1", 'u.sendto "x" 127.255.255.255:9', "t = socket INET STREAM", "t.setsockopt SOL_SOCKET SO_BROADCAST 1")),
    Preset("dontroute", "SO_DONTROUTE at work", "only networks that this machine is on are reached; nothing leaves", ("u = socket INET DGRAM", "u.setsockopt SOL_SOCKET SO_DONTROUTE 1", 'u.sendto "x" 198.51.100.7:9', 'u.sendto "x" 127.0.0.1:9')),
    Preset("device", "SO_BINDTODEVICE at work", "one interface alone, and the name that reads back", ("u = socket INET DGRAM", 'u.setsockopt SOL_SOCKET SO_BINDTODEVICE "lo"', "u.getsockopt SOL_SOCKET SO_BINDTODEVICE 16")),
    Preset("keepalive", "SO_KEEPALIVE at work", "the peer's cable is pulled; after two seconds of questions without an answer the read fails", (*_PAIR, "b.setsockopt SOL_SOCKET SO_KEEPALIVE 1", "b.setsockopt IPPROTO_TCP TCP_KEEPIDLE 1", "b.setsockopt IPPROTO_TCP TCP_KEEPINTVL 1", "b.setsockopt IPPROTO_TCP TCP_KEEPCNT 1", "c.unplug", "b.recv")),
    Preset("reuse", "SO_REUSEADDR at work", "an address that is taken, until both sides allow it; listening is for one all the same", ("a = socket INET STREAM", "a.bind 127.0.0.1:0", "b = socket INET STREAM", "b.bind @a", "a.setsockopt SOL_SOCKET SO_REUSEADDR 1", "b.setsockopt SOL_SOCKET SO_REUSEADDR 1", "b.bind @a", "a.listen 5", "b.listen 5")),
    Preset("type", "SO_TYPE at work", "what a socket is can be read, and not changed", ("a = socket INET STREAM", "b = socket INET DGRAM", "a.getsockopt SOL_SOCKET SO_TYPE", "b.getsockopt SOL_SOCKET SO_TYPE", "a.setsockopt SOL_SOCKET SO_TYPE 2")),
    Preset("once", "An error is told once", "after a reset the first read fails, the next sees a mere end", (*_PAIR, "c.setsockopt SOL_SOCKET SO_LINGER 1,0", "c.close", "b.recv", "b.recv", 'b.send "x"')),
)
# fmt: on
