"""A socket for a process of its own that waits in its calls: one that may be killed, frozen or burn.

No loop, no transcript: what such a process does is recorded by who talks to it.
"""

import socket


def listening_socket(host: str = "127.0.0.1") -> socket.socket:
    """A listener on a free port, in blocking mode; who asked for it closes it. Raises: OSError."""
    return socket.create_server((host, 0))
