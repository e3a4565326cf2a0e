"""FTP under TLS (RFC 4217): how the control connection is protected, and each data connection by the same session.

Whoever sees the control connection's session again on a data connection knows that both have the same peer; servers
that insist answer 522 else. TLS 1.3 brings sessions after the handshake, so it is taken anew for each data connection.
"""

from typing import TYPE_CHECKING, Protocol

from workbench.jobs.offload import in_thread
from workbench.wire.stream import Stream
from workbench.wire.tls.values import TlsOptions

if TYPE_CHECKING:
    from workbench.wire.tls.stream import TlsSession


class Security(Protocol):
    """What puts streams under TLS."""

    async def control(self, stream: Stream, timeout_s: float) -> Stream:
        """The control connection. Raises: Untrusted, Refused, PeerMisbehaved, LinkLost, TooSlow."""
        ...

    async def data(self, stream: Stream, timeout_s: float) -> tuple[Stream, bool]:
        """A data connection, and whether the control connection's session was used. Raises: as control()."""
        ...


async def secured_by(options: TlsOptions) -> Security:
    """TLS with these options; OpenSSL and the system's authorities are loaded in a worker.

    Raises: LocalMisuse: OpenSSL refuses them.
    """
    return await in_thread(_made, options)


def _made(options: TlsOptions) -> Security:
    from workbench.wire.tls.handshake import start_tls
    from workbench.wire.tls.setup import client_setup

    setup = client_setup(options)

    class Made:
        """One client's TLS."""

        def __init__(self) -> None:
            self._control: Stream | None = None

        async def control(self, stream: Stream, timeout_s: float) -> Stream:
            self._control = await start_tls(stream, setup, timeout_s=timeout_s)
            return self._control

        async def data(self, stream: Stream, timeout_s: float) -> tuple[Stream, bool]:
            session: TlsSession | None = self._control.session() if self._control is not None else None  # type: ignore[attr-defined]  # a TlsStream
            protected = await start_tls(stream, setup, resume=session, timeout_s=timeout_s)
            return protected, protected.handshake.resumed

    return Made()
