"""Connections by TCP that keep what they said and heard."""

import contextlib
import fcntl
import socket
import struct
import termios
import time

from .places import address_text
from .steps import LocalFault, PeerMisbehaved, Refused, as_text, symbol_of, tell

LIMIT = 1_000_000
"""Octets that one read takes at most."""


class Octets:
    """What a read brought. complete: all that was asked for came."""

    def __init__(self, data, complete=True, source=""):
        self.data, self.complete, self.source = data, complete, source
        self.text, self.hex, self.size = as_text(data), data.hex(" "), len(data)
        shown = self.text if len(self.text) <= 100 else self.text[:100] + "..."
        tell(f"{shown!r}{f' from {source}' if source else ''}")


class Tries:
    """A send that was repeated: how often the system took the octets before it said no."""

    def __init__(self, taken, error):
        self.taken, self.errno = taken, symbol_of(error)
        tell(f"the system took it {taken} times, and then said: {error}")


def family_of(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class Listener:
    """A socket that waits for connections."""

    def __init__(self, sock):
        self.sock, self.place = sock, sock.getsockname()[:2]
        self.port, self.address = self.place[1], address_text(self.place)
        tell(f"on {self.address}")

    def accept(self, timeout_s=5.0):
        self.sock.settimeout(timeout_s)
        return Connection(self.sock.accept()[0])

    def close(self):
        self.sock.close()

    def waiting(self):
        """Connections that the system has completed and nobody has accepted: Linux counts them as unacked."""
        data = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        return struct.unpack_from("=I", data, 24)[0]


def listen(at="127.0.0.1", port=0, backlog=128, options=()):
    """Listen; port 0 is a free one."""
    sock = socket.socket(family_of(at))
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family_of(at) == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        for option in options:
            sock.setsockopt(*option)
        sock.bind((at, port))
        sock.listen(backlog)
    except OSError as error:
        sock.close()
        raise LocalFault(f"{at} can't be listened on: {error}") from error
    return Listener(sock)


def connect(to, timeout_s=5.0, source="", options=()):
    """Connect. source: the address of ours to call from."""
    sock = socket.socket(family_of(to[0]))
    try:
        sock.settimeout(timeout_s)
        for option in options:
            sock.setsockopt(*option)
        if source:
            try:
                sock.bind((source, 0))
            except OSError as error:
                raise LocalFault(f"{source} is no address of ours: {error}") from error
        sock.connect(to)
    except BaseException:
        sock.close()
        raise
    return Connection(sock)


class Connection:
    """A connection by TCP. end: how the peer's half ended; unread: octets that we closed over."""

    tls_version = cipher = alert = alert_by = ""  # as start_tls() finds them
    trusted, certificate_code = False, 0

    def __init__(self, sock):
        self.sock = sock
        self.local, self.peer = address_text(sock.getsockname()), address_text(sock.getpeername())
        self.local_port, self.peer_port = sock.getsockname()[1], sock.getpeername()[1]
        host = sock.getpeername()[0]
        mapped = host.removeprefix("::ffff:")
        self.peer_host = host if mapped == host else f"{mapped} (mapped)"
        self.heard, self.said = bytearray(), bytearray()
        self.sends, self.unread = 0, 0
        self.spoke_first, self.end = "", ""
        self.sending = self.receiving = "open"
        self.kept = b""
        tell(f"{self.local} to {self.peer}")

    received = property(lambda self: as_text(self.heard))
    received_hex = property(lambda self: self.heard.hex(" "))
    received_size = property(lambda self: len(self.heard))
    sent = property(lambda self: as_text(self.said))
    sent_size = property(lambda self: len(self.said))

    def send(self, data, timeout_s=5.0):
        """Hand octets to the system until it has taken all of them."""
        rest, until = memoryview(data), time.monotonic() + timeout_s
        while rest:
            self.sock.settimeout(max(until - time.monotonic(), 0.001))
            try:
                taken = self.sock.send(rest)
            except TimeoutError as error:
                error.stage = "send"
                raise
            except ConnectionResetError:
                self.end = self.end or "RST"
                raise
            self.said += rest[:taken]
            self.spoke_first = self.spoke_first or "sent"
            rest = rest[taken:]
        self.sends += 1

    def receive(self, limit=LIMIT, timeout_s=5.0):
        """What is there; b"" at the end."""
        if self.kept:
            data, self.kept = self.kept[:limit], self.kept[limit:]
            return data
        if self.end:
            return b""
        self.sock.settimeout(timeout_s)
        try:
            data = self.sock.recv(limit)
        except TimeoutError as error:
            if error.errno is not None:  # the system's own: the connection was given up
                return self.ended("timeout", "reset")
            error.stage = "receive"
            raise
        except ConnectionResetError:
            return self.ended("RST", "reset")
        if not data:
            # Under TLS an end has two names more: close_notify, and truncated.
            return self.ended(getattr(self.sock, "end", "FIN"), "finished")
        self.heard += data
        self.spoke_first = self.spoke_first or "received"
        return data

    def ended(self, end, state):
        self.end, self.receiving = end, state
        tell(f"the end: {end}")
        return b""

    def read(self, at_most=LIMIT, timeout_s=5.0):
        return Octets(self.receive(at_most, timeout_s))

    def exactly(self, count, timeout_s):
        data, until = b"", time.monotonic() + timeout_s
        while len(data) < count and (
            piece := self.receive(count - len(data), max(until - time.monotonic(), 0.001))
        ):
            data += piece
        return data

    def read_exactly(self, count, timeout_s=5.0):
        data = self.exactly(count, timeout_s)
        return Octets(data, len(data) == count)

    def read_announced(self, width, timeout_s=5.0):
        """A length of so many octets, and then as many octets as it says."""
        length = self.exactly(width, timeout_s)
        count = int.from_bytes(length, "big")
        if count > LIMIT:
            raise PeerMisbehaved(f"{count} octets are announced; {LIMIT} are the most that we take")
        data = self.exactly(count, timeout_s) if len(length) == width else b""
        return Octets(data, len(length) == width and len(data) == count)

    def read_until(self, mark, timeout_s=5.0):
        """Up to and including a mark."""
        data, until = b"", time.monotonic() + timeout_s
        while mark not in data:
            piece = self.receive(LIMIT, max(until - time.monotonic(), 0.001))
            if not piece:
                return Octets(data, False)
            data += piece
        stop = data.index(mark) + len(mark)
        self.kept = data[stop:] + self.kept
        return Octets(data[:stop])

    def read_to_end(self, timeout_s=5.0):
        data, until = b"", time.monotonic() + timeout_s
        while piece := self.receive(LIMIT, max(until - time.monotonic(), 0.001)):
            data += piece
            if len(data) > LIMIT:
                raise PeerMisbehaved(f"more than {LIMIT} octets came, and no end")
        return Octets(data)

    def send_until_lost(self, data, timeout_s=5.0):
        """The same octets again and again, until the system says that the connection is gone."""
        for taken in range(1000):
            try:
                self.send(data, timeout_s)
            except OSError as error:
                return Tries(taken, error)
            time.sleep(0.001)
        raise TimeoutError("the system did not say no")

    def finish(self):
        """Send no more (FIN)."""
        self.sock.shutdown(socket.SHUT_WR)
        self.sending = "finished"

    def abort(self):
        """Reset the connection (RST)."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
        self.end = self.end or "RST"

    def close(self):
        with contextlib.suppress(OSError, ValueError):
            self.unread = struct.unpack("i", fcntl.ioctl(self.sock, termios.FIONREAD, bytes(4)))[0]
        self.sock.close()
        self.end, self.sending = self.end or "local", "finished"


def set_options(connection, options):
    for option in options:
        connection.sock.setsockopt(*option)
        tell(f"granted: {connection.sock.getsockopt(*option[:2])}")


def insist(of, text):
    """Go on only if it is there."""
    if text not in of.data:
        raise Refused(f"{text!r} is not there")
    tell("it is there")


class Span:
    """Time since a step ended."""

    def __init__(self, outcome):
        self.elapsed_ms = (time.monotonic() - outcome.ended) * 1000
        tell(f"{self.elapsed_ms:.1f} ms")


class Clock:
    """A time of RFC 868: seconds since 1900 in four octets."""

    def __init__(self, octets):
        if octets.size != 4:
            raise PeerMisbehaved(f"{octets.size} octets are no time; it has four")
        self.unix_s = int.from_bytes(octets.data, "big") - 2_208_988_800
        self.differs_s = self.unix_s - time.time()
        self.utc = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(self.unix_s))
        tell(self.utc)
