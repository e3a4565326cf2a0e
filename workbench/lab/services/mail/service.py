"""What the three mail servers share: the mailboxes, TLS, a protocol of Twisted for each client, lies."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workbench.clock import SYSTEM, Clock
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.services.mail.house import house
from workbench.lab.switches import Turned
from workbench.wire.stream import Stream
from workbench.wire.tls.values import TlsOptions

if TYPE_CHECKING:
    from workbench.lab.authority import Authority
    from workbench.wire.tls.setup import TlsSetup

HANDSHAKE_WITHIN_S = 10.0
ENDLESS = b"a line without an end " * 3000


class MailService(TcpService):
    """Base of a mail server; a subclass makes the protocol.

    Attributes: accounts: who may log in, with the password; told to whoever asks the Lab for the service.
    """

    def __init__(
        self, turned: Turned, *, clock: Clock = SYSTEM, authority: "Callable[[], Authority] | None" = None
    ) -> None:
        super().__init__(turned, clock=clock)
        self._authority = authority
        self.house = house()
        self.accounts = self.house.logins
        self._prepare()

    def _prepare(self) -> None:
        """Load what clients need: the first one shall not wait for it."""
        from workbench.lab.services.mail import library  # noqa: F401 - for its import

    def protocol(self) -> Any:
        """A protocol of Twisted for one client."""
        raise NotImplementedError

    @property
    def has_tls(self) -> bool:
        """Whether STARTTLS is understood."""
        return self.turned.text("tls") not in ("none", "implicit")

    @property
    def lists_tls(self) -> bool:
        """Whether STARTTLS is in the list of what it can do."""
        return self.turned.text("tls") in ("offered", "required")

    async def converse(self, guest: Guest) -> None:
        """Let Twisted talk to one client until it has gone."""
        from workbench.lab.services.mail.transport import Transport

        if self.turned.text("lie") == "garbage":
            await guest.answer(b"\x16\x03\x01\x00\xff\x00 this is nothing that you know\r\n")
            return
        if self.turned.text("lie") == "endless":
            while True:
                await guest.answer(ENDLESS)
        transport = Transport(guest, self._secured)
        if self.turned.text("tls") == "implicit":
            guest.stream = await self._secured(guest.stream)
            transport.be_secure()
        await transport.run(self.protocol())

    async def _secured(self, stream: Stream) -> Stream:
        from workbench.wire.tls.handshake import start_tls

        return await start_tls(stream, self._setup, timeout_s=HANDSHAKE_WITHIN_S)

    @functools.cached_property
    def _setup(self) -> "TlsSetup":
        # With the first client that wants it: OpenSSL is nothing a Lab that only echoes in clear should load.
        from workbench.lab.authority import Flaw, lab_authority
        from workbench.wire.tls.setup import server_setup

        flaw: Flaw = self.turned.text("certificate")  # type: ignore[assignment]  # one of the switch's choices
        return server_setup(TlsOptions(identity=(self._authority or lab_authority)().server(flaw)))
