"""Flood: very much, and no line end anywhere: what a reader of lines must survive."""

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService

_BLOCK = bytes(range(0x41, 0x5B)) * 2520
"""64 KiB of capital letters, the same octets for every client."""


class Flood(TcpService):
    """Sends `total` octets without being asked, then finishes."""

    async def converse(self, guest: Guest) -> None:
        left = self.turned.count("total")
        async with guest.discarding():
            while left:
                piece = _BLOCK[:left]
                await guest.answer(piece)
                left -= len(piece)
