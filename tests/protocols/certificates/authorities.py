"""Chains with one thing wrong, made by an independent library for these tests."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.formats.x509.samples import usage
from workbench.formats.x509.certificate import read_certificate
from workbench.formats.x509.values import Certificate
from workbench.protocols.certificates.trust import pem
from workbench.protocols.certificates.values import Store
from workbench.wire.tls.values import Identity, Trust

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


class Holder(NamedTuple):
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def read(self) -> Certificate:
        return read_certificate(self.der)

    def store(self) -> Store:
        """Whoever believes it and nobody else."""
        return Store("file", "the test's authority", Trust(False, pem(self.der)))

    def identity(self, *chain: "Holder") -> Identity:
        """What a server shows that has it."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Identity(b"".join(pem(each.der) for each in (self, *chain)), key)


def named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def issue(
    common: str,
    by: Holder | None = None,
    *,
    names: tuple[str, ...] = (),
    is_authority: bool = True,
    path_length: int | None = None,
    days: tuple[int, int] = (-1, 30),
    may_sign: bool = True,
    purpose: x509.ObjectIdentifier | None = None,
) -> Holder:
    """One certificate, by itself or by another's holder."""
    key = ec.generate_private_key(ec.SECP256R1())
    signing = by.key if by is not None else key
    made = (
        x509.CertificateBuilder()
        .subject_name(named(common))
        .issuer_name(by.certificate.subject if by is not None else named(common))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + days[0] * DAY)
        .not_valid_after(NOW + days[1] * DAY)
        .add_extension(x509.BasicConstraints(is_authority, path_length), critical=True)
        .add_extension(usage(digital_signature=True, key_cert_sign=is_authority and may_sign), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
    )
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        made = made.add_extension(alternative, critical=False)
    if purpose is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return Holder(made.sign(signing, hashes.SHA256()), key)


ROOT = issue("root")
BETWEEN = issue("between", ROOT)
SERVER = issue("server", BETWEEN, names=("localhost",), is_authority=False)
CLIENT_ONLY = issue(
    "client", BETWEEN, names=("localhost",), is_authority=False, purpose=ExtendedKeyUsageOID.CLIENT_AUTH
)
