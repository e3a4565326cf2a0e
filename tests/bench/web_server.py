"""A web server for us and for every peer: python -m tests.bench.web_server OCTETS. Its first line is its port.

It answers everything with so many octets, as fast as it can, and closes the connection.
"""

import socket
import sys

from tests.bench.servers import PIECE, block


def main() -> None:
    """Serve one client after the other, on loopback."""
    octets = int(sys.argv[1])
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {octets}\r\n"
    piece = block()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            client, _ = listening.accept()
            with client:
                asked = b""
                while b"\r\n\r\n" not in asked and (more := client.recv(65536)):
                    asked += more
                client.sendall(head.encode() + b"Connection: close\r\n\r\n")
                for place in range(0, octets, PIECE):
                    client.sendall(piece[: octets - place])


if __name__ == "__main__":
    main()
