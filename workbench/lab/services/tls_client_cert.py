"""A server that wants to know its client: it asks for a certificate and says whom it sees (RFC 8446 section 4.3.2)."""

from typing import TYPE_CHECKING, cast

from workbench.lab.guest import Guest
from workbench.lab.tls_service import TlsService
from workbench.wire.tls.values import AskClient, TlsOptions

if TYPE_CHECKING:
    from workbench.lab.authority import Authority
    from workbench.wire.tls.stream import TlsStream


class TlsClientCert(TlsService):
    """Says who the client is, in one line, then echoes."""

    def options(self, authority: "Authority") -> TlsOptions:
        ask = cast(AskClient, self.turned.text("ask"))
        accept = self.turned.text("accept")
        options = super().options(authority)
        return options._replace(ask_client=ask, untrusted="show" if accept == "any" else "stop")

    async def secured(self, guest: Guest, stream: "TlsStream") -> None:
        handshake = stream.handshake
        if not handshake.sent:
            line = "+OK you showed no certificate"
        else:
            word = "vouched for by the Lab" if handshake.verdict.trusted else "vouched for by nobody I know"
            line = f"+OK you are {handshake.sent[0].subject}, {word}"
        await guest.answer(line.encode() + b"\r\n")
        while data := await guest.read():
            await guest.answer(data)
