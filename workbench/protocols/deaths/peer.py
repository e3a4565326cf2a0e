"""The helper process that dies: it accepts connections, says so, and goes away as it is told.

Says: the port, then "accepted" for each connection, then "done". Hears: "fin", "rst", "unplug". It reads no octets:
what is sent to it waits in its system.
"""

import selectors
import socket
import struct
import sys
from typing import Any

from workbench.jobs.puppet import end_with_parent
from workbench.wire.blocking import listening_socket
from workbench.wire.unplug import unplug

_LINGER_NONE = struct.pack("ii", 1, 0)


def main() -> None:
    """Serve until the input ends."""
    end_with_parent()
    listener = listening_socket()
    chosen: Any = selectors.DefaultSelector()
    chosen.register(listener, selectors.EVENT_READ)
    chosen.register(sys.stdin, selectors.EVENT_READ)
    held: list[socket.socket] = []
    say(str(listener.getsockname()[1]))
    while True:
        for key, _ in chosen.select():
            if key.fileobj is listener:
                held.append(listener.accept()[0])
                say("accepted")
                continue
            line = sys.stdin.readline()
            if not line:
                return
            die(line.strip(), held)
            say("done")


def die(how: str, held: list[socket.socket]) -> None:
    """End all connections in this way."""
    for sock in held:
        if how == "unplug":
            unplug(sock)
            continue
        if how == "rst":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
        sock.close()
    if how != "unplug":
        held.clear()


def say(line: str) -> None:
    """A line to the parent."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
