"""Somebody in the middle of a conversation, who listens in and may change what passes."""

import contextlib
import re
import socket
import struct
import threading

from .places import address_text
from .steps import tell
from .streams import family_of


class Tap:
    """Takes connections on a free port, and passes them on to a server."""

    def __init__(self, to):
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.place, self.to = self.sock.getsockname(), to
        self.heard = {"to-server": bytearray(), "to-client": bytearray()}
        self.flips, self.rewrites, self.open, self.is_over = set(), [], [], False
        tell(f"at {address_text(self.place)}")
        threading.Thread(target=self.accept, daemon=True).start()

    to_server = property(lambda self: legible(self.heard["to-server"]))
    to_client = property(lambda self: legible(self.heard["to-client"]))
    to_server_size = property(lambda self: len(self.heard["to-server"]))
    to_client_size = property(lambda self: len(self.heard["to-client"]))
    last_record_to_server = property(lambda self: last_record(self.heard["to-server"]))
    last_record_to_client = property(lambda self: last_record(self.heard["to-client"]))

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                front = self.sock.accept()[0]
                back = socket.socket(family_of(self.to[0]))
                self.open += [front, back]
                try:
                    back.connect(self.to)
                except OSError:
                    reset(front)
                    continue
                for source, sink, way in ((front, back, "to-server"), (back, front, "to-client")):
                    threading.Thread(target=self.pass_on, args=[source, sink, way], daemon=True).start()

    def pass_on(self, source, sink, way):
        try:
            while data := source.recv(65536):
                self.heard[way] += data
                self.put(sink, self.changed(data, way), way)
            if not self.is_over:
                sink.shutdown(socket.SHUT_WR)
        except (ConnectionResetError, BrokenPipeError):
            if not self.is_over:
                reset(sink)
        except OSError:
            pass  # closed by close()

    def put(self, sink, data, way):
        sink.sendall(data)

    def changed(self, data, way):
        for where, find, put in self.rewrites:
            if where == way:
                data = data.replace(find, put)
        if way in self.flips:
            self.flips.discard(way)
            data = data[:-1] + bytes([data[-1] ^ 1])
        return data

    def flip(self, way):
        """Change one bit, the lowest of the last octet, of the next piece that passes."""
        self.flips.add(way)

    def rewrite(self, way, find, put):
        """From now on put other octets for some, wherever a piece that passes holds them whole."""
        self.rewrites.append((way, find, put))

    def close(self):
        """End all connections in good order, and take no more."""
        self.is_over = True
        self.sock.close()
        for sock in self.open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class Relay(Tap):
    """Passes on so many octets of a direction, and then does one thing: all as its switches say."""

    def __init__(self, to, direction="both", flip=None, cut_after=None, reset_after=None, freeze_after=None):
        self.direction, self.at = direction, flip
        self.after = {"cut": cut_after, "reset": reset_after, "freeze": freeze_after}
        self.passed = {"to-server": 0, "to-client": 0}
        super().__init__(to)

    def put(self, sink, data, way):
        before = self.passed[way]
        self.passed[way] += len(data)
        if self.direction not in ("both", way):
            return sink.sendall(data)
        if self.at is not None and before <= self.at < before + len(data):
            place = self.at - before
            data = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        for deed, after in self.after.items():
            if after is not None and before + len(data) > after:
                sink.sendall(data[: max(0, after - before)])
                return self.end(deed)
        return sink.sendall(data)

    def end(self, deed):
        if deed == "freeze":
            threading.Event().wait()
        self.is_over = True
        for sock in self.open:
            if deed == "reset":
                reset(sock)
            else:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)


def reset(sock):
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # A thread that sits in recv() on it holds it open: this wakes it.
        sock.shutdown(socket.SHUT_RD)
    sock.close()


def legible(data):
    """Octets as somebody who listens in would read them: what is no text is a dot, however long it is."""
    return re.sub(rb"[^\x20-\x7e\r\n\t]+", b"\xb7", bytes(data)).decode("latin-1")


def last_record(data):
    """The size of the last whole record of TLS, without the five octets before it (RFC 8446 section 5.1)."""
    size = place = 0
    while place + 5 <= len(data):
        length = int.from_bytes(data[place + 3 : place + 5], "big")
        place += 5 + length
        if place <= len(data):
            size = length
    return size
