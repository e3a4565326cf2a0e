"""Discard: everything is read and thrown away (RFC 863)."""

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService


class Discard(TcpService):
    """The opposite of silent with reads=nothing: here a sender never stalls."""

    async def converse(self, guest: Guest) -> None:
        while data := await guest.read():
            guest.count(len(data))
