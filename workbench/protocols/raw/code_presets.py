"""A listener that is one of the presets, as the body of a script's handler: what it says, and when it ends.

What presets.py says to our own streams stands here twice more: for a socket that blocks, and for asyncio's streams.
"""

import textwrap
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.protocols.raw.presets import LIE_S, MAX_LINE, SLOW_S
from workbench.protocols.raw.serve import Reply


class Body(NamedTuple):
    """blocking: what the handler does with self.request; streams: with reader and writer. imports: beside sys."""

    blocking: str
    streams: str
    imports: tuple[str, ...] = ()


_SHOW: Final = "    sys.stdout.buffer.write(data)\n    sys.stdout.buffer.flush()\n"
_READ: Final = "while data := self.request.recv(65536):\n" + _SHOW
_AWAIT: Final = "while data := await reader.read(65536):\n" + _SHOW
_LINES: Final = """\
ring = bytes(range(0x20, 0x7F)) * 2
page = b"".join(ring[start : start + 72] + b"\\r\\n" for start in range(95))
"""
_COUNT: Final = f"""\
said = bytes(line).split(b"\\n")[0].rstrip(b"\\r")[:{MAX_LINE}]
try:
    characters = len(said.decode())
    plural = "" if characters == 1 else "s"
    octets = f"{{len(said)}} octet{{'' if len(said) == 1 else 's'}}"
    answer = f"You entered {{characters}} character{{plural}}, in {{octets}}."
except UnicodeDecodeError as error:
    answer = f"That was {{len(said)}} octets, and no UTF-8 from octet {{error.start}} on."
"""
_TIME: Final = f"""\
# Seconds since 1900 (RFC 868), and {LIE_S} too many.
said = struct.pack("!I", (int(time.time()) + 2208988800 + {LIE_S}) % 2**32)
"""
_BODIES: Final = {
    "discard": Body(_READ, _AWAIT),
    "upper": Body(
        _READ + "    self.request.sendall(data.upper())\n",
        _AWAIT + "    writer.write(data.upper())\n    await writer.drain()\n",
    ),
    "slow": Body(
        _READ
        + f"""\
    for place in range(len(data)):
        time.sleep({SLOW_S})
        self.request.sendall(data[place : place + 1])
""",
        _AWAIT
        + f"""\
    for place in range(len(data)):
        await asyncio.sleep({SLOW_S})
        writer.write(data[place : place + 1])
        await writer.drain()
""",
        ("time",),
    ),
    "chargen": Body(
        _LINES + "while True:\n    self.request.sendall(page)\n",
        _LINES
        + "while True:\n    writer.write(page)\n    await writer.drain()\n    await asyncio.sleep(0)\n",
    ),
    "greet": Body(
        f"""\
host, port = self.client_address[:2]
peer = f"[{{host}}]:{{port}}" if ":" in host else f"{{host}}:{{port}}"
self.request.sendall(f"Welcome, {{peer}}.\\r\\nSay something: ".encode())
line = bytearray()
while b"\\n" not in line and len(line) < {MAX_LINE}:
    data = self.request.recv(65536)
    if not data:
        break
    line += data
{_COUNT}self.request.sendall(answer.encode() + b"\\r\\n")
""",
        f"""\
host, port = peer[:2]
name = f"[{{host}}]:{{port}}" if ":" in host else f"{{host}}:{{port}}"
writer.write(f"Welcome, {{name}}.\\r\\nSay something: ".encode())
line = bytearray()
while b"\\n" not in line and len(line) < {MAX_LINE}:
    data = await reader.read(65536)
    if not data:
        break
    line += data
{_COUNT}writer.write(answer.encode() + b"\\r\\n")
await writer.drain()
""",
    ),
    "drop": Body("pass  # closed as soon as it is there\n", "pass  # closed as soon as it is there\n"),
    "lying-time": Body(
        f"{_TIME}self.request.sendall(said)\n",
        f"{_TIME}writer.write(said)\nawait writer.drain()\n",
        ("struct", "time"),
    ),
}


def body_of(reply: Reply, *, is_stream: bool, is_unix: bool = False) -> Body | None:
    """What a handler does for a preset; None where the listener is none.

    Raises: LocalMisuse: no script can say what this one answers.
    """
    if not reply.preset:
        return None
    if not is_stream:
        raise _refused("a preset is a conversation over a stream: by UDP this listener answers nothing")
    body = _BODIES.get(reply.preset)
    if body is None:
        raise _refused(f"what a listener answers as {reply.preset!r} can't be said in a script")
    if is_unix and reply.preset == "greet":
        raise _refused("this listener greets its client by address, and at a Unix socket nobody has one")
    return body


def _refused(what: str) -> LocalMisuse:
    return LocalMisuse(what, stage="copy", advice="have it answer by a rule (echo, a text) and copy that")


def indented(text: str, width: int) -> str:
    """The lines of a body where they belong."""
    return textwrap.indent(text, " " * width)
