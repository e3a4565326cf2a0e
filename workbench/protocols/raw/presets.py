"""Servers that one click makes: what they say, and when they end. Each is a conversation over one connection."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.rfc868 import encode_time
from workbench.protocols.raw.link import Link

SLOW_S: Final = 0.1
"""Between two octets of the slow echo."""
LIE_S: Final = 86_400
MAX_LINE: Final = 4096
"""Octets of an answer that the greeter counts; a longer line is cut there and said so."""
_ROW: Final = 72
_PRINTABLE: Final = bytes(range(0x20, 0x7F))


class Preset(NamedTuple):
    """What a listener can be. converse: returns when the server has said all."""

    name: str
    title: str
    what: str
    converse: Callable[[Link], Awaitable[None]]


async def _discard(link: Link) -> None:
    while await link.read():
        pass


async def _upper(link: Link) -> None:
    while data := await link.read():
        # Octets, not letters: bytes.upper() leaves all above ASCII as they are, and cuts no letter apart.
        await link.send(data.upper())


async def _slow(link: Link) -> None:
    while data := await link.read():
        for place in range(len(data)):
            await asyncio.sleep(SLOW_S)
            await link.send(data[place : place + 1])


async def _chargen(link: Link) -> None:
    ring = _PRINTABLE * 2
    lines = [ring[start : start + _ROW] + b"\r\n" for start in range(len(_PRINTABLE))]
    page = b"".join(lines)
    while True:
        await link.send(page)
        # A peer as fast as we are leaves the loop no other turn.
        await asyncio.sleep(0)


async def _greet(link: Link) -> None:
    peer = link.stream.peer
    await link.send(f"Welcome, {peer}.\r\nSay something: ".encode())
    line = bytearray()
    while b"\n" not in line and len(line) < MAX_LINE:
        data = await link.read()
        if not data:
            break
        line += data
    said = bytes(line).split(b"\n")[0].rstrip(b"\r")[:MAX_LINE]
    await link.send(f"{counted(said)}\r\n".encode())


async def _drop(_link: Link) -> None:
    """Nothing at all: the connection is closed as soon as it is there."""


async def _lying_time(link: Link) -> None:
    await link.send(encode_time(int(time.time()) + LIE_S))


def counted(said: bytes) -> str:
    """How much was said, in characters and in octets: they differ beyond ASCII."""
    try:
        characters = len(said.decode())
    except UnicodeDecodeError as error:
        return f"That was {len(said)} octets, and no UTF-8 from octet {error.start} on."
    s = "" if characters == 1 else "s"
    return f"You entered {characters} character{s}, in {len(said)} octet{'' if len(said) == 1 else 's'}."


PRESETS: Final = (
    Preset("discard", "Discard", "Reads everything and answers nothing (RFC 863)", _discard),
    Preset("chargen", "Character generator", "Sends without end (RFC 864)", _chargen),
    Preset("upper", "Echo in capitals", "Sends back what it reads, in capitals", _upper),
    Preset("slow", "Slow echo", "Sends back one octet every 100 ms", _slow),
    Preset("greet", "Greet and count", "Greets, asks for a line, and counts characters and octets", _greet),
    Preset("drop", "Accept and drop", "Closes every connection as soon as it is there", _drop),
    Preset("lying-time", "A time that lies", "Sends tomorrow's time (RFC 868) and closes", _lying_time),
)
BY_NAME: Final = {preset.name: preset for preset in PRESETS}


def find_preset(name: str) -> Preset:
    """The preset of this name. Raises: LocalMisuse: there is none."""
    if name not in BY_NAME:
        raise LocalMisuse(
            f"there is no preset {name[:40]!r}",
            text=name,
            start=0,
            end=len(name),
            advice=f"there are {', '.join(BY_NAME)}",
        )
    return BY_NAME[name]
