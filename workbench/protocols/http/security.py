"""TLS before the request: whose certificates are believed, by host, and what happens at one that is not."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.wire.stream import Stream
from workbench.wire.tls.values import Policy, TlsOptions, Trust

if TYPE_CHECKING:
    from workbench.wire.tls.setup import TlsSetup

ALPN = ("http/1.1",)
"""All that we speak: nothing else is offered."""
LabCertificate = Callable[[], Awaitable[bytes]]
"""Gives the Lab's root as PEM, which starts the Lab where need be."""


class Security:
    """Puts streams under TLS; one for all hops of a request, or for many requests.

    Args:
        trust: whose certificates are believed; None: the Lab's for lab: addresses, this machine's for all others.
        untrusted: "stop", or "show": go on and leave the verdict in the handshake.
        lab: where the Lab's root comes from.
    """

    def __init__(
        self, *, trust: Trust | None = None, untrusted: Policy = "stop", lab: LabCertificate | None = None
    ) -> None:
        self._trust = trust
        self._untrusted = untrusted
        self._lab = lab
        self._setups: dict[TlsOptions, TlsSetup] = {}

    async def secure(self, stream: Stream, target: Target, timeout_s: float) -> Stream:
        """The stream under TLS; its `handshake` says what was agreed.

        Raises: Untrusted, Refused, PeerMisbehaved, LinkLost, TooSlow; LocalMisuse: there is no Lab to trust.
        """
        options = TlsOptions(
            server_name=target.server_name,
            alpn=ALPN,
            trust=await self._believed(target),
            untrusted=self._untrusted,
        )
        if options not in self._setups:
            # In a thread: OpenSSL takes 40 ms to load, the store of a whole system 20 to read.
            self._setups[options] = await in_thread(_made, options)
        from workbench.wire.tls.handshake import start_tls

        return await start_tls(stream, self._setups[options], timeout_s=timeout_s)

    async def _believed(self, target: Target) -> Trust:
        if self._trust is not None:
            return self._trust
        if not target.is_lab:
            return Trust()
        if self._lab is None:
            raise LocalMisuse("there is no Lab here whose authority could be believed", stage="tls")
        return Trust(False, await self._lab())


def _made(options: TlsOptions) -> "TlsSetup":
    from workbench.wire.tls.setup import client_setup

    return client_setup(options)
