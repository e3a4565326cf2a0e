"""Resetting: accepts, reads a little, and resets the connection (RFC 9293 section 3.5.2)."""

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService


class Resetting(TcpService):
    """The RST comes after so many octets, or when the client finishes before; with 0 as soon as it is accepted."""

    async def converse(self, guest: Guest) -> None:
        left = self.turned.count("after")
        while left > 0 and (data := await guest.read(left)):
            left -= len(data)
        guest.abort()
