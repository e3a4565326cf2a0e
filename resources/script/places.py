"""Where the servers are that the program is told."""

import contextlib
import socket
import sys
import threading


def arguments(needs, known=None, own=None):
    """What stands on the command line, NAME=VALUE for each thing that is needed, or is known without.

    own: servers of this program, for who names none: what each does with a connection.
    """
    given = {**(known or {}), **dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)}
    for name, converse in (own or {}).items():
        if name not in given:
            given[name] = own_server(converse)
    if missing := [name for name in needs if name not in given]:
        print(
            f"usage: {sys.argv[0] or 'python3 -'} {' '.join(f'{name}=...' for name in needs)}",
            file=sys.stderr,
        )
        for name in missing:
            print(f"    {name}={needs[name]}", file=sys.stderr)
        sys.exit(2)
    return given


def own_server(converse):
    """A server on a free port, in threads of this program; where it is."""
    listener = socket.create_server(("127.0.0.1", 0))

    def host(sock):
        with contextlib.suppress(OSError), sock:
            converse(sock)

    def accept():
        while True:
            threading.Thread(target=host, args=[listener.accept()[0]], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return address_text(listener.getsockname())


def place(text):
    """HOST:PORT or [V6]:PORT as the two."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def address_text(address):
    """An address of a socket as HOST:PORT or [V6]:PORT."""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
