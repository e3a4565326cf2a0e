"""Plain blocking servers of the standard library, the same for us and for every peer.

    python -m tests.bench.servers echo [CHAIN KEY]            sends back what it gets, a thread for each connection
    python -m tests.bench.servers source OCTETS [CHAIN KEY]   sends so many octets to whoever connects, then finishes
    python -m tests.bench.servers flood PORT RATE SECONDS     sends datagrams there once a line comes, and says how many

With a certificate chain and its key (PEM files) they speak TLS. The port is printed on the first line. They run until
they are ended.
"""

import hashlib
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

PIECE = 1024 * 1024
SEED = b"network workbench"
DATAGRAM = b"x" * 75
"""As large as those that Packet Sender was measured with."""
BURST_S = 0.001


def block() -> bytes:
    """1 MiB of what `source` sends: the same each time, and not a single octet over and over."""
    return b"".join(hashlib.sha256(SEED + bytes([number])).digest() for number in range(64)) * (PIECE // 2048)


def digest(octets: int) -> str:
    """SHA-256 of what `source` sends."""
    found, piece = hashlib.sha256(), block()
    for place in range(0, octets, PIECE):
        found.update(piece[: octets - place])
    return found.hexdigest()


def echo(connection: socket.socket) -> None:
    """Send back what comes until the other side has finished."""
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := connection.recv(65536):
            connection.sendall(data)


def source(octets: int, connection: socket.socket) -> None:
    """Send so many octets, then finish."""
    with connection:
        view = memoryview(block())
        for place in range(0, octets, PIECE):
            connection.sendall(view[: octets - place])
        if isinstance(connection, ssl.SSLSocket):
            # Some clients are gone before they answer our close_notify.
            with suppress(OSError):
                connection.unwrap()


def flood(port: int, rate: int, seconds: float) -> int:
    """Send datagrams to a port of loopback at an even rate; returns how many."""
    total = int(rate * seconds)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect(("127.0.0.1", port))
        began = time.perf_counter()
        sent = 0
        while sent < total:
            due = min(total, int((time.perf_counter() - began + BURST_S) * rate))
            for _ in range(due - sent):
                sender.send(DATAGRAM)
            sent = due
            time.sleep(BURST_S / 2)
    return total


def serve(talk: Callable[[socket.socket], None], files: Sequence[str]) -> None:
    """Accept until the process is ended, a thread for each connection."""
    context = None
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_talk, args=(talk, connection, context), daemon=True).start()


def _talk(
    talk: Callable[[socket.socket], None], connection: socket.socket, context: ssl.SSLContext | None
) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        talk(connection if context is None else context.wrap_socket(connection, server_side=True))


def main() -> None:
    """Serve until the process is ended."""
    kind, *more = sys.argv[1:]
    if kind == "flood":
        print("ready", flush=True)
        sys.stdin.readline()
        print(flood(int(more[0]), int(more[1]), float(more[2])), flush=True)
    elif kind == "echo":
        serve(echo, more)
    else:
        serve(partial(source, int(more[0])), more[1:])


if __name__ == "__main__":
    main()
