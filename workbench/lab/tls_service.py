"""What the Lab's servers under TLS share: the handshake with every client, before the conversation begins."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from workbench.clock import SYSTEM, Clock
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.switches import Turned
from workbench.wire.tls.values import AskClient, Identity, TlsOptions, Trust, Version

if TYPE_CHECKING:
    from workbench.lab.authority import Authority, Flaw
    from workbench.wire.tls.setup import TlsSetup
    from workbench.wire.tls.stream import TlsStream

HANDSHAKE_WITHIN_S = 10.0
"""A client that says nothing must not keep its place for ever."""


class TlsService(TcpService):
    """Base of a service under TLS; a subclass writes `secured`. The guest's stream is the protected one then."""

    ask_client: AskClient = "no"

    def __init__(
        self, turned: Turned, *, clock: Clock = SYSTEM, authority: "Callable[[], Authority] | None" = None
    ) -> None:
        super().__init__(turned, clock=clock)
        self._authority = authority

    def options(self, authority: "Authority") -> TlsOptions:
        """How this service does TLS."""
        version = self.turned.text("version")
        alpn = tuple(filter(None, (word.strip() for word in self.turned.text("alpn").split(","))))
        return TlsOptions(
            identity=self.identity(authority),
            alpn=alpn,
            min_version="" if version == "any" else cast(Version, version),
            max_version="" if version == "any" else cast(Version, version),
            ask_client=self.ask_client,
            trust=Trust(False, authority.certificate),
        )

    def identity(self, authority: "Authority") -> Identity:
        """What it shows: a certificate with the flaw that its switch asks for."""
        return authority.server(cast("Flaw", self.turned.text("certificate")))

    async def secured(self, guest: Guest, stream: "TlsStream") -> None:
        """Talk to one client after the handshake."""
        raise NotImplementedError

    async def converse(self, guest: Guest) -> None:
        from workbench.wire.tls.handshake import start_tls

        stream = await start_tls(guest.stream, self._setup, timeout_s=HANDSHAKE_WITHIN_S)
        guest.stream = stream
        await self.secured(guest, stream)
        if self.turned.flag("truncate"):
            await stream.truncate()

    @functools.cached_property
    def _setup(self) -> "TlsSetup":
        # With the first client: OpenSSL is nothing a Lab that only echoes in clear should load.
        from workbench.lab.authority import lab_authority
        from workbench.wire.tls.setup import server_setup

        return server_setup(self.options((self._authority or lab_authority)()))
