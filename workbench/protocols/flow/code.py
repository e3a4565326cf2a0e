"""Filling a pipe as a script of the standard library, with the remedy that was chosen."""

from workbench.protocols.flow.values import Pipe, Remedy

_HEAD = '''"""Write {octets} octets to an echo server without reading, until nothing moves; {title}."""

import hashlib
import socket
import threading

OCTETS, PIECE = {octets}, {piece}
CLIENT = {{socket.SO_SNDBUF: {client_sndbuf}, socket.SO_RCVBUF: {client_rcvbuf}}}
SERVER = {{socket.SO_SNDBUF: {server_sndbuf}, socket.SO_RCVBUF: {server_rcvbuf}}}
STALL_S = 0.5


def prepared(sock, sizes):
    for option, size in sizes.items():
        if size:  # 0: as the system has it
            sock.setsockopt(socket.SOL_SOCKET, option, size)
    return sock


def echo(listener):
    peer, _ = listener.accept()
    with peer:
        try:
            while data := peer.recv(4096):
                peer.sendall(data)
            peer.shutdown(socket.SHUT_WR)
        except OSError as error:
            print("the server:", type(error).__name__)


listener = prepared(socket.socket(), SERVER)
listener.bind(("127.0.0.1", 0))
listener.listen()
threading.Thread(target=echo, args=[listener], daemon=True).start()
client = prepared(socket.socket(), CLIENT)
client.connect(listener.getsockname())
data = b"".join(b"%015d\\n" % place for place in range(0, OCTETS + 16, 16))[:OCTETS]
came = hashlib.sha256()
sent = received = 0


def write(limit_s):
    """Write one piece, or what the system takes of it; False: it takes nothing for so long."""
    global sent
    client.settimeout(limit_s)
    try:
        sent += client.send(data[sent : sent + PIECE])
    except TimeoutError:
        return False
    return True


def read(limit_s=None, size=65536):
    """Read what is there; False: nothing came for so long, or nothing comes any more."""
    global received
    client.settimeout(limit_s)
    try:
        piece = client.recv(size)
    except TimeoutError:
        return False
    came.update(piece)
    received += len(piece)
    return bool(piece)


while sent < OCTETS and write(STALL_S):
    pass
print("taken by the system:", sent, "of", OCTETS)
'''
_TAIL = """client.shutdown(socket.SHUT_WR)
while read():
    pass
same = came.digest() == hashlib.sha256(data).digest()
print("echoed:", received, "hash equal" if same else "hash differs")
"""
_CLOSE = "client.close()\nlistener.close()\n"
_REMEDIES: dict[Remedy, tuple[str, str]] = {
    "none": (
        "then read what comes",
        "client.settimeout(None)\nif sent < OCTETS:\n    client.close()\n    listener.close()\n"
        '    raise SystemExit("stalled")\n',
    ),
    "read": (
        "then read all that came back, and go on, in waves",
        "while sent < OCTETS:\n    while received < sent and read():\n        pass\n    while sent < OCTETS and "
        "write(0.01):\n        pass\n",
    ),
    "interleave": (
        "then read after every write",
        "while sent < OCTETS:\n    write(0.01)\n    read(0.01, PIECE)\n",
    ),
    "both": (
        "then write and read at the same time",
        "client.settimeout(None)\n\n\ndef write_rest():\n    client.sendall(data[sent:])\n    "
        "client.shutdown(socket.SHUT_WR)\n\n\nwriter = threading.Thread(target=write_rest)\nwriter.start()\n"
        "while piece := client.recv(65536):\n    came.update(piece)\n    received += len(piece)\nwriter.join()\n"
        "same = came.digest() == hashlib.sha256(data).digest()\n"
        'print("echoed:", received, "hash equal" if same else "hash differs")\n',
    ),
    "deadline": (
        "then give up after a deadline",
        "while sent < OCTETS:\n    if not write({deadline_s:g}):\n        client.close()\n"
        "        listener.close()\n"
        '        raise SystemExit("gave up: unknown how much arrived")\n',
    ),
}


def python(pipe: Pipe, remedy: Remedy = "none", deadline_s: float = 2.0) -> str:
    """The script: it prints how far it came, and whether what came back is the same."""
    title, body = _REMEDIES[remedy]
    head = _HEAD.format(
        octets=pipe.octets,
        piece=pipe.piece,
        client_sndbuf=pipe.client_sndbuf,
        client_rcvbuf=pipe.client_rcvbuf,
        server_sndbuf=pipe.server_sndbuf,
        server_rcvbuf=pipe.server_rcvbuf,
        title=title,
    )
    body = body.replace("{deadline_s:g}", f"{deadline_s:g}")
    # The one that reads in parallel has read to the end by then.
    return head + body + ("" if remedy == "both" else _TAIL) + _CLOSE
