"""Character generator: endless lines of a rotating alphabet (RFC 864)."""

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService

PRINTABLE = bytes(range(0x20, 0x7F))
"""The 95 printing characters of ASCII; RFC 864 section "Data Syntax" suggests lines of 72 that move on by one."""
LINE_CHARACTERS = 72
_ROUND = b"".join(
    (PRINTABLE + PRINTABLE)[start : start + LINE_CHARACTERS] + b"\r\n" for start in range(len(PRINTABLE))
)
_BLOCK = _ROUND * 9
"""62 KiB in one call, the same octets for every client: a thousand clients cost no memory."""


class Chargen(TcpService):
    """Sends until the client is gone. A client that does not read stalls its own conversation, nothing is queued."""

    async def converse(self, guest: Guest) -> None:
        limit = self.turned.maybe("limit")
        sent = 0
        async with guest.discarding():
            while limit is None or sent < limit:
                # A limit at any octet: what follows a block starts where the block did, so the alphabet goes on.
                piece = _BLOCK if limit is None else _BLOCK[: limit - sent]
                await guest.answer(piece)
                sent += len(piece)
