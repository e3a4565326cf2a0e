"""UDP sockets that keep what they said and heard."""

import errno
import socket

from .places import address_text
from .steps import LocalMisuse, as_text, symbol_of, tell
from .streams import Octets, family_of


class Datagrams:
    """A UDP socket."""

    def __init__(self, sock, peer=""):
        self.sock, self.place, self.peer = sock, sock.getsockname()[:2], peer
        self.port = self.local_port = self.place[1]
        self.local = self.address = address_text(self.place)
        self.came, self.went, self.fault = [], [], ""
        tell(f"{self.local} to {peer}" if peer else f"on {self.local}")

    received = property(lambda self: as_text(b"".join(data for data, _ in self.came)))
    received_sizes = property(lambda self: [len(data) for data, _ in self.came])
    received_count = property(lambda self: len(self.came))
    sent = property(lambda self: as_text(b"".join(self.went)))
    sent_sizes = property(lambda self: [len(data) for data in self.went])
    sent_count = property(lambda self: len(self.went))

    @property
    def received_from(self):
        """How many came from each sender, in the order in which they were first heard."""
        senders = [source for _, source in self.came]
        return [senders.count(source) for source in dict.fromkeys(senders)]

    def send(self, data, to=None, timeout_s=5.0):
        self.sock.settimeout(timeout_s)
        try:
            self.sock.send(data) if to is None else self.sock.sendto(data, to)
        except OSError as error:
            self.fault = symbol_of(error)
            if error.errno == errno.EMSGSIZE:
                raise LocalMisuse(f"{len(data)} octets are too many for a datagram") from error
            raise
        self.went.append(data)

    def receive(self, at_most=65535, timeout_s=5.0):
        self.sock.settimeout(timeout_s)
        try:
            data, _, flags, source = self.sock.recvmsg(at_most)
        except TimeoutError:
            raise
        except OSError as error:
            self.fault = symbol_of(error)
            raise
        text = address_text(source) if source else self.peer
        self.came.append((data, text))
        return Octets(data, not flags & socket.MSG_TRUNC, text)

    def close(self):
        self.sock.close()


def open_datagrams(at="127.0.0.1", port=0, to=None, options=()):
    """A UDP socket: for one peer alone where `to` is given, for everybody else."""
    sock = socket.socket(family_of(to[0] if to else at), socket.SOCK_DGRAM)
    try:
        for option in options:
            sock.setsockopt(*option)
        if to is None or port:
            sock.bind(("127.0.0.1" if to else at, port))
        if to is not None:
            sock.connect(to)
    except BaseException:
        sock.close()
        raise
    if to is not None and sock.getsockname() == sock.getpeername():
        # The system has lent us the very port that we talk to, where nobody is any more: take another.
        with sock:
            return open_datagrams(at, port, to, options)
    return Datagrams(sock, address_text(sock.getpeername()) if to else "")
