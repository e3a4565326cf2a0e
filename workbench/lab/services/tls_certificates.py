"""Servers to look at: one with a good certificate, and each usual way in which one is wrong (RFC 5280, RFC 9525).

Who goes on in spite of it is echoed. Their certificates come with the authority in between, as servers in the world
send it; the root stays at home.
"""

from typing import TYPE_CHECKING, ClassVar

from workbench.lab.services.tls_echo import TlsEcho
from workbench.wire.tls.values import Identity

if TYPE_CHECKING:
    from workbench.lab.authority import Authority, Flaw


class TlsGood(TlsEcho):
    """Nothing is wrong with it."""

    flaw: "ClassVar[Flaw]" = "none"

    def identity(self, authority: "Authority") -> Identity:
        return authority.chained_server(self.flaw)


class TlsExpired(TlsGood):
    """Its certificate ended yesterday; all else about it is right."""

    flaw = "expired"


class TlsWrongName(TlsGood):
    """Its certificate is good, and somebody else's."""

    flaw = "wrong-name"


class TlsSelfSigned(TlsGood):
    """Nobody vouches for it but itself."""

    flaw = "self-signed"
