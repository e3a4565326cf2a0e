"""FTP with files to read for everybody and to write for one user, whose password is made for each server and told."""

import functools
import secrets
import string
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from workbench.clock import SYSTEM, Clock
from workbench.lab.catalogue import find_service
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.services.ftp.pump import Pump
from workbench.lab.services.ftp.session import Session, session_class
from workbench.lab.services.ftp.tree import FileTree
from workbench.lab.switches import TCP_SWITCHES, Turned
from workbench.wire.listen import Listener
from workbench.wire.tls.values import TlsOptions

if TYPE_CHECKING:
    from workbench.lab.authority import Authority

USER = "student"
_LETTERS = string.ascii_lowercase + string.digits
PASSWORD_LETTERS = 10
"""Of 36 each: more than any other program of this machine can try."""


class Ftp(TcpService):
    """One server: accepting is the Lab's, the dialogue pyftpdlib's.

    Attributes: accounts: who may write, with the password; told to whoever asks the Lab for the service.
    """

    def __init__(
        self, turned: Turned, *, clock: Clock = SYSTEM, authority: "Callable[[], Authority] | None" = None
    ) -> None:
        super().__init__(_whole(turned), clock=clock)
        self._authority = authority
        self._password = "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LETTERS))
        self.accounts = ((USER, self._password),)

    async def serve(self, listeners: Sequence[Listener]) -> None:
        """Accept clients until cancelled; then the files are gone too."""
        self._pump = Pump()
        self._tree = FileTree()
        try:
            await super().serve(listeners)
        finally:
            self._pump.close()
            self._tree.remove()

    async def converse(self, guest: Guest) -> None:
        """Hand one client over to pyftpdlib, and wait until it has gone."""
        session = self._sessions(guest.stream.detach(), guest.stream.channel, self._pump.ioloop)
        try:
            if session.connected:
                session.handle()
                self._pump.wind()
                await session.ended
        finally:
            session.close()
            self._pump.wind()

    @functools.cached_property
    def _sessions(self) -> type[Session]:
        from workbench.lab.authority import lab_authority
        from workbench.wire.tls.setup import server_setup

        identity = (self._authority or lab_authority)().server()
        context = server_setup(TlsOptions(identity=identity)).context
        return session_class(self.turned, str(self._tree.root), USER, self._password, context)


def _whole(turned: Turned) -> Turned:
    """With those of the common switches at rest that this server doesn't have: its octets don't pass through us."""
    declared = (*TCP_SWITCHES, *find_service("ftp").switches)
    return Turned({switch.name: switch.default for switch in declared} | dict(turned.changed), turned.changed)
