"""Echo under TLS: every octet comes back, and nobody on the way can read it (RFC 862 over RFC 8446)."""

from typing import TYPE_CHECKING

from workbench.lab.guest import Guest
from workbench.lab.tls_service import TlsService

if TYPE_CHECKING:
    from workbench.wire.tls.stream import TlsStream


class TlsEcho(TlsService):
    """Echo after a handshake; the switches choose the certificate's flaw, the version and how it ends."""

    async def secured(self, guest: Guest, stream: "TlsStream") -> None:
        while data := await guest.read():
            await guest.answer(data)
