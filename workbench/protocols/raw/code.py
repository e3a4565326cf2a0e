"""The same conversation as a script of the standard library, which runs without the workbench."""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.formats.target import Target
from workbench.protocols.raw.serve import Reply
from workbench.protocols.raw.values import Transport

LITERAL_WIDTH = 60
"""Octets of one line of a bytes literal."""


class Recipe(NamedTuple):
    """What the script does: connect (or listen) and send. target is HOST:PORT or unix:PATH, never lab:NAME."""

    target: Target
    transport: Transport = "tcp"
    sends: Sequence[bytes] = ()
    finish: bool = True
    listen: bool = False
    reply: Reply = Reply("none")
    note: str = ""


def python(recipe: Recipe) -> str:
    """The script. It prints what arrives and, on standard error, how the connection ended."""
    head = '"""' + (recipe.note or f"Talk to {recipe.target} by {recipe.transport.upper()}.") + '"""\n'
    if recipe.listen:
        body = _tcp_listener(recipe) if recipe.transport == "tcp" else _udp_listener(recipe)
    else:
        body = _tcp_client(recipe) if recipe.transport == "tcp" else _udp_client(recipe)
    return head + body


def literal(data: bytes) -> str:
    """A bytes literal; long ones as several lines in brackets."""
    if len(data) <= LITERAL_WIDTH:
        return repr(data)
    pieces = [data[at : at + LITERAL_WIDTH] for at in range(0, len(data), LITERAL_WIDTH)]
    return "(\n" + "".join(f"    {piece!r}\n" for piece in pieces) + ")"


def _payloads(recipe: Recipe) -> str:
    lines = "".join(f"    {literal(data)},\n".replace("\n    b", "\n        b") for data in recipe.sends)
    return f"PAYLOADS = [\n{lines}]\n" if recipe.sends else "PAYLOADS = []\n"


def _tcp_client(recipe: Recipe) -> str:
    target, is_unix = recipe.target, recipe.target.scheme == "unix"
    opening = f"socket.create_connection(({target.host!r}, {target.port}), timeout=30)"
    connecting = ""
    if is_unix:
        opening = "socket.socket(socket.AF_UNIX)"
        connecting = f"    connection.settimeout(30)\n    connection.connect({target.path!r})\n"
    finish = "    connection.shutdown(socket.SHUT_WR)  # we send no more; the peer still may\n"
    return f"""
import socket
import sys
import threading

{_payloads(recipe)}

def send(connection):
    for payload in PAYLOADS:
        connection.sendall(payload)
{finish if recipe.finish else ""}

with {opening} as connection:
{connecting}    # Sending has a thread of its own: a peer that answers at once would else block both sides.
    sender = threading.Thread(target=send, args=(connection,))
    sender.start()
    end = "FIN"
    try:
        while data := connection.recv(65536):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    except ConnectionResetError:
        end = "RST"
    sender.join()
print("end:", end, file=sys.stderr)
"""


def _udp_client(recipe: Recipe) -> str:
    return f"""
import socket
import sys

{_payloads(recipe)}

family, kind, _, _, address = socket.getaddrinfo(
    {recipe.target.host!r}, {recipe.target.port}, type=socket.SOCK_DGRAM
)[0]
with socket.socket(family, kind) as endpoint:
    endpoint.settimeout(30)
    endpoint.connect(address)
    for payload in PAYLOADS:
        endpoint.send(payload)
    for _ in PAYLOADS:
        data = endpoint.recv(65535)  # one datagram; an empty one is a message too
        sys.stdout.buffer.write(data)
        print(len(data), "octets", file=sys.stderr)
"""


def _answer(recipe: Recipe) -> str:
    if recipe.reply.rule == "echo":
        return "data"
    return literal(recipe.reply.data) if recipe.reply.rule == "text" else ""


def _tcp_listener(recipe: Recipe) -> str:
    answer = _answer(recipe)
    reply = f"            self.request.sendall({answer})\n" if answer else ""
    target, is_unix = recipe.target, recipe.target.scheme == "unix"
    family = "AF_UNIX" if is_unix else "AF_INET6" if ":" in target.host else "AF_INET"
    place = repr(target.path) if is_unix else f"({target.host!r}, {target.port})"
    return f"""
import socket
import socketserver
import sys


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        print("accepted", self.client_address, file=sys.stderr)
        while data := self.request.recv(65536):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
{reply}        print("finished", self.client_address, file=sys.stderr)


class Server(socketserver.{"ThreadingUnixStreamServer" if is_unix else "ThreadingTCPServer"}):
    address_family = socket.{family}
    allow_reuse_address = True
    daemon_threads = True


with Server({place}, Handler) as server:
    print("listening on", server.server_address, file=sys.stderr, flush=True)
    server.serve_forever()
"""


def _udp_listener(recipe: Recipe) -> str:
    answer = _answer(recipe)
    reply = f"        endpoint.sendto({answer}, sender)\n" if answer else ""
    return f"""
import socket
import sys

with socket.socket(socket.{"AF_INET6" if ":" in recipe.target.host else "AF_INET"}, socket.SOCK_DGRAM) as endpoint:
    endpoint.bind(({recipe.target.host!r}, {recipe.target.port}))
    print("listening on", endpoint.getsockname(), file=sys.stderr, flush=True)
    while True:
        data, sender = endpoint.recvfrom(65535)
        print(len(data), "octets from", sender, file=sys.stderr)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
{reply}"""
