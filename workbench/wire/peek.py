"""A look at what waits at a socket that somebody else reads: a library that owns its connection."""

import os
import socket


def peek(descriptor: int, limit_octets: int) -> bytes:
    """What has come and was not read yet; it stays there. b"": nothing, the end, or no socket that can be looked at."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as sock:
            return sock.recv(limit_octets, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return b""
