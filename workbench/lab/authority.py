"""The Lab's certificate authority: made on first need, kept for the life of the Lab's process, never written to disk.

It vouches for the Lab's servers, for one client, and for servers that its users run on loopback themselves. Its key is
of no use to others: nobody trusts it who did not ask this very Lab for its certificate. Certificates are EC P-256 (made
in a millisecond) as RFC 5280 has them.
"""

import functools
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workbench.wire.tls.values import Identity

Flaw = Literal["none", "expired", "not-yet", "wrong-name", "self-signed", "unknown-authority"]

LIFE = timedelta(days=30)
"""Longer than any Lab runs; short enough that a certificate somebody kept is soon worth nothing."""
A_DAY = timedelta(days=1)
"""Certificates begin a day ago: the clocks of two containers on one machine can differ."""
HOSTS = ("localhost", "*.lab.test")
ADDRESSES = ("127.0.0.1", "::1")
ELSEWHERE = "elsewhere.test"

_Issuer = tuple[x509.Name, ec.EllipticCurvePrivateKey]


class Authority:
    """A root certificate and its key; with an authority above it one in between, that may have none below."""

    def __init__(
        self, name: str = "Network Workbench Lab authority", *, above: "Authority | None" = None
    ) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        signing = (above._name, above._key) if above is not None else (self._name, self._key)
        now = datetime.now(UTC)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self._certificate = (
            _builder(self._name, self._key, signing, now - A_DAY, now + LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0 if above else 1), critical=True)
            .add_extension(usage, critical=True)
            .sign(signing[1], hashes.SHA256())
        )

    @property
    def certificate(self) -> bytes:
        """The root certificate as PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def server(self, flaw: Flaw = "none") -> Identity:
        """An identity for a server on loopback, good or with the one flaw asked for."""
        if flaw == "unknown-authority":
            return Authority("Nobody's authority").server()
        now = datetime.now(UTC)
        first, last = now - A_DAY, now + LIFE
        if flaw == "expired":
            first, last = now - 2 * LIFE, now - A_DAY
        elif flaw == "not-yet":
            first, last = now + A_DAY, now + LIFE
        names: list[x509.GeneralName] = [x509.DNSName(ELSEWHERE)]
        if flaw != "wrong-name":
            names = [*map(x509.DNSName, HOSTS), *(x509.IPAddress(ip_address(a)) for a in ADDRESSES)]
        return self._issued(
            "a server of the Lab",
            x509.SubjectAlternativeName(names),
            first,
            last,
            ExtendedKeyUsageOID.SERVER_AUTH,
            self_signed=flaw == "self-signed",
        )

    def chained_server(self, flaw: Flaw = "none") -> Identity:
        """The same by an authority in between, as servers in the world have it: its certificate is sent along."""
        if flaw in ("self-signed", "unknown-authority"):
            return self.server(flaw)
        below = Authority("Network Workbench Lab issuing authority", above=self)
        identity = below.server(flaw)
        return identity._replace(chain=identity.chain + below.certificate)

    def client(self) -> Identity:
        """An identity for a client."""
        now = datetime.now(UTC)
        name = x509.SubjectAlternativeName([x509.RFC822Name("client@lab.test")])
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH
        return self._issued("a client of the Lab", name, now - A_DAY, now + LIFE, purpose)

    def told(self) -> dict[str, object]:
        """What the Lab's users are told: the root certificate, and identities for them as clients and as servers."""
        client, server = self.client(), self.server()
        return {
            "certificate": self.certificate.decode("ascii"),
            "client_certificate": client.chain.decode("ascii"),
            "client_key": client.key.decode("ascii"),
            "server_certificate": server.chain.decode("ascii"),
            "server_key": server.key.decode("ascii"),
        }

    def _issued(
        self,
        name: str,
        alternatives: x509.SubjectAlternativeName,
        first: datetime,
        last: datetime,
        purpose: x509.ObjectIdentifier,
        *,
        self_signed: bool = False,
    ) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _named(name)
        issuer = (subject, key) if self_signed else (self._name, self._key)
        usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
        certificate = (
            _builder(subject, key, issuer, first, last)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(alternatives, critical=False)
            .sign(issuer[1], hashes.SHA256())
        )
        return Identity(
            certificate.public_bytes(serialization.Encoding.PEM),
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )


@functools.cache
def lab_authority() -> Authority:
    """The one authority of this process."""
    return Authority()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: _Issuer,
    first: datetime,
    last: datetime,
) -> x509.CertificateBuilder:
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[1].public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(authority, critical=False)
    )
