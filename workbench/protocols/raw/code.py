"""The same conversation as a script of the standard library, which runs without the workbench."""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.formats.target import Target
from workbench.protocols.raw.code_presets import body_of, indented
from workbench.protocols.raw.code_tls import TlsRecipe, client_context, server_context
from workbench.protocols.raw.code_way import needs_struct, opener, settings_lines
from workbench.protocols.raw.serve import Reply
from workbench.protocols.raw.values import Transport
from workbench.wire.options import Setting

LITERAL_WIDTH = 60
"""Octets of one line of a bytes literal."""


class Recipe(NamedTuple):
    """What the script does: connect (or listen) and send. target is HOST:PORT or unix:PATH, never lab:NAME.

    clear: what was said before TLS began in the middle: payloads, and None for "read what comes".
    local, settings: an address of ours to call from, and socket options.
    """

    target: Target
    transport: Transport = "tcp"
    sends: Sequence[bytes] = ()
    finish: bool = True
    listen: bool = False
    reply: Reply = Reply("none")
    note: str = ""
    tls: TlsRecipe | None = None
    clear: Sequence[bytes | None] = ()
    local: Target | None = None
    settings: Sequence[Setting] = ()


def python(recipe: Recipe) -> str:
    """The script. It prints what arrives and, on standard error, how the connection ended."""
    head = '"""' + (recipe.note or f"Talk to {recipe.target} by {recipe.transport.upper()}.") + '"""\n'
    if recipe.listen:
        body = _tcp_listener(recipe) if recipe.transport == "tcp" else _udp_listener(recipe)
    else:
        of_tcp = _tcp_client(recipe) if recipe.tls is None else _tls_client(recipe, recipe.tls)
        body = of_tcp if recipe.transport == "tcp" else _udp_client(recipe)
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


def _opening(recipe: Recipe) -> tuple[str, str]:
    """The expression that is a connected socket, and what has to be defined for it."""
    target = recipe.target
    if recipe.local is None and not recipe.settings and target.scheme != "unix":
        return f"socket.create_connection(({target.host!r}, {target.port}), timeout=30)", ""
    return "opened()", f"\n{opener(target, recipe.local, recipe.settings)}\n"


def _tcp_client(recipe: Recipe) -> str:
    opening, defined = _opening(recipe)
    finish = "    connection.shutdown(socket.SHUT_WR)  # we send no more; the peer still may\n"
    return f"""
import socket
{_import_struct(recipe)}import sys
import threading

{_payloads(recipe)}
{defined}
def send(connection):
    for payload in PAYLOADS:
        connection.sendall(payload)
{finish if recipe.finish else ""}

with {opening} as connection:
    # Sending has a thread of its own: a peer that answers at once would else block both sides.
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


def _tls_client(recipe: Recipe, tls: TlsRecipe) -> str:
    opening, defined = _opening(recipe)
    clear = ""
    for payload in recipe.clear:
        # A piece is what one read gives: enough for a line of an answer.
        read = "sys.stdout.buffer.write(plain.recv(65536))"
        said = read if payload is None else f"plain.sendall({literal(payload)})"
        clear += "    " + said.replace("\n", "\n    ") + "\n"
    return f"""
import socket
import ssl
{_import_struct(recipe)}import sys

QUIET_S = 3  # Python's ssl can't finish one half: who hears nothing for so long has heard all
{_payloads(recipe)}
{client_context(tls)}
{defined}
with {opening} as plain:
{clear}    with context.wrap_socket(plain, server_hostname=SERVER_NAME) as connection:
        agreed = connection.version(), connection.cipher()[0], connection.selected_alpn_protocol()
        print("tls:", *agreed, file=sys.stderr)
        for payload in PAYLOADS:
            connection.sendall(payload)
        connection.settimeout(QUIET_S)
        end = "close_notify"
        try:
            while data := connection.recv(65536):
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
        except TimeoutError:
            end = "silence"
        except ssl.SSLEOFError:
            end = "truncated: no close_notify"
        except ConnectionResetError:
            end = "RST"
print("end:", end, file=sys.stderr)
"""


def _import_struct(recipe: Recipe) -> str:
    return "import struct\n" if needs_struct(recipe.settings) else ""


def _udp_client(recipe: Recipe) -> str:
    options = settings_lines(recipe.settings, "endpoint", "    ", is_v6=":" in recipe.target.host)
    local = recipe.local
    bind = f"    endpoint.bind(({local.host!r}, {local.port or 0}))\n" if local is not None else ""
    return f"""
import socket
{_import_struct(recipe)}import sys

{_payloads(recipe)}

family, kind, _, _, address = socket.getaddrinfo(
    {recipe.target.host!r}, {recipe.target.port}, type=socket.SOCK_DGRAM
)[0]
with socket.socket(family, kind) as endpoint:
    endpoint.settimeout(30)
{options}{bind}    endpoint.connect(address)
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
    preset = body_of(recipe.reply, is_stream=True, is_unix=is_unix)
    serving = f"""\
        while data := self.request.recv(65536):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
{reply}"""
    if preset is not None:
        gone = "            pass  # the client went away in the middle\n"
        serving = f"        try:\n{indented(preset.blocking, 12)}        except ConnectionError:\n{gone}"
    imports = {"socket", "socketserver", "sys", *(preset.imports if preset is not None else ())}
    imports |= ({"ssl"} if recipe.tls else set()) | ({"struct"} if needs_struct(recipe.settings) else set())
    family = "AF_UNIX" if is_unix else "AF_INET6" if ":" in target.host else "AF_INET"
    place = repr(target.path) if is_unix else f"({target.host!r}, {target.port})"
    tls = recipe.tls
    context = f"\n{server_context(tls)}" if tls is not None else ""
    # In the thread of the connection: a client that shakes no hand keeps nobody waiting.
    wrap = "        self.request = context.wrap_socket(self.request, server_side=True)\n" if tls else ""
    options = settings_lines(recipe.settings, "self.socket", "        ", is_v6=":" in target.host)
    bind = f"\n    def server_bind(self):\n{options}        super().server_bind()\n" if options else ""
    return f"""
{"".join(f"import {name}{chr(10)}" for name in sorted(imports))}{context}

class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        print("accepted", self.client_address, file=sys.stderr)
{wrap}{serving}        print("finished", self.client_address, file=sys.stderr)


class Server(socketserver.{"ThreadingUnixStreamServer" if is_unix else "ThreadingTCPServer"}):
    address_family = socket.{family}
    allow_reuse_address = True
    daemon_threads = True
{bind}

with Server({place}, Handler) as server:
    print("listening on", server.server_address, file=sys.stderr, flush=True)
    server.serve_forever()
"""


def _udp_listener(recipe: Recipe) -> str:
    body_of(recipe.reply, is_stream=False)
    answer = _answer(recipe)
    reply = f"        endpoint.sendto({answer}, sender)\n" if answer else ""
    options = settings_lines(recipe.settings, "endpoint", "    ", is_v6=":" in recipe.target.host)
    return f"""
import socket
{_import_struct(recipe)}import sys

with socket.socket(socket.{"AF_INET6" if ":" in recipe.target.host else "AF_INET"}, socket.SOCK_DGRAM) as endpoint:
{options}    endpoint.bind(({recipe.target.host!r}, {recipe.target.port}))
    print("listening on", endpoint.getsockname(), file=sys.stderr, flush=True)
    while True:
        data, sender = endpoint.recvfrom(65535)
        print(len(data), "octets from", sender, file=sys.stderr)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
{reply}"""
