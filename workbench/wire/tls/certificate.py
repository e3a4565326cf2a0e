"""Certificates of OpenSSL to values for people; what the library refuses to read is shown as far as it goes."""

import hashlib
import warnings
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from OpenSSL.crypto import FILETYPE_ASN1, X509, dump_certificate

from workbench.wire.tls.values import Certificate

MAX_NAMES = 200
"""Names of one certificate that are shown and matched: real ones have up to a hundred."""


def certificate_value(certificate: X509) -> Certificate:
    """The value of one certificate. Never raises for its content: see `fault`."""
    der = dump_certificate(FILETYPE_ASN1, certificate)
    digest = hashlib.sha256(der).hexdigest()
    try:
        with warnings.catch_warnings():
            # The library warns of serial numbers that RFC 5280 forbids; that is the certificate's matter, not ours.
            warnings.simplefilter("ignore")
            parsed = x509.load_der_x509_certificate(der)
            return Certificate(
                parsed.subject.rfc4514_string(),
                parsed.issuer.rfc4514_string(),
                f"{parsed.serial_number:x}",
                f"{parsed.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
                f"{parsed.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
                _names(parsed),
                _key(parsed),
                digest,
                der,
            )
    except (
        ValueError,
        x509.InvalidVersion,
        x509.UnsupportedGeneralNameType,
        x509.DuplicateExtension,
    ) as error:
        return Certificate("", "", "", "", "", (), "", digest, der, f"can't be read: {error}"[:200])


def certificate_values(certificates: Sequence[X509] | None) -> tuple[Certificate, ...]:
    """The values of a chain; () where there is none."""
    return tuple(certificate_value(certificate) for certificate in certificates or ())


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    found: list[str] = []
    for name in list(extension.value)[:MAX_NAMES]:
        if isinstance(name, x509.DNSName):
            found.append(f"DNS:{name.value}")
        elif isinstance(name, x509.IPAddress):
            found.append(f"IP:{name.value}")
    return tuple(found)


def _key(parsed: x509.Certificate) -> str:
    try:
        key = parsed.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        return f"unknown ({error})"[:80]
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size}"
    return type(key).__name__.removesuffix("PublicKey").lstrip("_")
