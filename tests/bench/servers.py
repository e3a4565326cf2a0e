"""Plain blocking servers of the standard library, the same for us and for every peer.

    python -m tests.bench.servers echo            sends back what it gets, a thread for each connection
    python -m tests.bench.servers source OCTETS   sends so many octets to whoever connects, then finishes

The port is printed on the first line. They run until they are ended.
"""

import hashlib
import socket
import sys
import threading
from functools import partial

PIECE = 1024 * 1024
SEED = b"network workbench"


def payload(octets: int) -> bytes:
    """What `source` sends: the same each time, and not a single octet over and over."""
    block = b"".join(hashlib.sha256(SEED + bytes([number])).digest() for number in range(64)) * (
        PIECE // 2048
    )
    return (block * (octets // PIECE + 1))[:octets]


def echo(connection: socket.socket) -> None:
    """Send back what comes until the other side has finished."""
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := connection.recv(65536):
            connection.sendall(data)


def source(data: bytes, connection: socket.socket) -> None:
    """Send all of `data`, then finish."""
    with connection:
        view = memoryview(data)
        for start in range(0, len(view), PIECE):
            connection.sendall(view[start : start + PIECE])


def main() -> None:
    """Serve until the process is ended."""
    kind = sys.argv[1]
    serve = echo if kind == "echo" else partial(source, payload(int(sys.argv[2])))
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
