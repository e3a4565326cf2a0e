"""Certificates made for these tests by an independent library, one odd thing at a time."""

import datetime
import functools
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

FIRST = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
LAST = datetime.datetime(2027, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
SERIAL = 0x1234
UNKNOWN = x509.ObjectIdentifier("1.2.3.4.5")


@functools.cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    """One key for all."""
    return ec.generate_private_key(ec.SECP256R1())


@functools.cache
def rsa_key() -> rsa.RSAPrivateKey:
    """A small one, which a certificate should not have any more."""
    return rsa.generate_private_key(65537, 1024)


def name(common: str = "www.example.test", **more: str) -> x509.Name:
    """A distinguished name."""
    oids = {"country": NameOID.COUNTRY_NAME, "organization": NameOID.ORGANIZATION_NAME}
    attributes = [x509.NameAttribute(oids[key], value) for key, value in more.items()]
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def bare() -> x509.CertificateBuilder:
    """All but the two names."""
    return (
        x509.CertificateBuilder()
        .public_key(ec_key().public_key())
        .serial_number(SERIAL)
        .not_valid_before(FIRST)
        .not_valid_after(LAST)
    )


def builder() -> x509.CertificateBuilder:
    """A certificate without extensions, issued by another name."""
    subject = name(country="ES", organization="Example, Inc.")
    return bare().subject_name(subject).issuer_name(name("An authority"))


def signed(made: x509.CertificateBuilder) -> bytes:
    """Its octets."""
    return made.sign(ec_key(), hashes.SHA256()).public_bytes(Encoding.DER)


def extended(*extensions: tuple[x509.ExtensionType, bool]) -> bytes:
    """A certificate with these extensions."""
    made = builder()
    for extension, critical in extensions:
        made = made.add_extension(extension, critical)
    return signed(made)


def alternative_names() -> x509.SubjectAlternativeName:
    """One name of each kind that means something here."""
    return x509.SubjectAlternativeName(
        [
            x509.DNSName("www.example.test"),
            x509.DNSName("*.example.test"),
            x509.IPAddress(ip_address("192.0.2.1")),
            x509.IPAddress(ip_address("2001:db8::1")),
            x509.RFC822Name("mail@example.test"),
            x509.UniformResourceIdentifier("https://example.test/"),
            x509.DirectoryName(name("in a directory")),
            x509.RegisteredID(UNKNOWN),
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x02me"),
        ]
    )


def usage(**bits: bool) -> x509.KeyUsage:
    """Key usage with these bits set."""
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{each: bits.get(each, False) for each in names})


def uri(text: str) -> x509.UniformResourceIdentifier:
    """A URI as a general name."""
    return x509.UniformResourceIdentifier(text)


EXTENSIONS: dict[str, tuple[Callable[[], x509.ExtensionType], str]] = {
    "Subject key identifier": (lambda: x509.SubjectKeyIdentifier(b"\1\2\3"), "01:02:03"),
    "Authority key identifier": (
        lambda: x509.AuthorityKeyIdentifier(b"\4\5", [x509.DirectoryName(name("root"))], 7),
        "04:05",
    ),
    "Key usage": (
        lambda: usage(digital_signature=True, key_cert_sign=True),
        "digital signature, certificate signing",
    ),
    "Subject alternative names": (
        alternative_names,
        "DNS:www.example.test, DNS:*.example.test, IP:192.0.2.1",
    ),
    "Issuer alternative names": (
        lambda: x509.IssuerAlternativeName([x509.DNSName("ca.example.test")]),
        "DNS:ca.example.test",
    ),
    "Basic constraints": (
        lambda: x509.BasicConstraints(ca=True, path_length=3),
        "an authority, with at most 3 more below it",
    ),
    "Name constraints": (
        lambda: x509.NameConstraints(
            [x509.DNSName("example.test"), x509.IPAddress(ip_network("192.0.2.0/24"))],
            [x509.DNSName("bad.example.test")],
        ),
        "permitted DNS:example.test; permitted IP:192.0.2.0/24; excluded DNS:bad.example.test",
    ),
    "CRL distribution points": (
        lambda: x509.CRLDistributionPoints(
            [x509.DistributionPoint([uri("http://crl.test/1")], None, None, None)]
        ),
        "http://crl.test/1",
    ),
    "Freshest CRL": (
        lambda: x509.FreshestCRL([x509.DistributionPoint([uri("http://crl.test/d")], None, None, None)]),
        "http://crl.test/d",
    ),
    "Certificate policies": (
        lambda: x509.CertificatePolicies(
            [x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), ["http://cps.test/"])]
        ),
        "domain validated (2.23.140.1.2.1)",
    ),
    "Policy constraints": (lambda: x509.PolicyConstraints(2, 0), "Explicit policy after 2 certificates"),
    "Extended key usage": (
        lambda: x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
        "TLS server, TLS client",
    ),
    "Inhibit anyPolicy": (lambda: x509.InhibitAnyPolicy(4), "after 4 certificates"),
    "Authority information access": (
        lambda: x509.AuthorityInformationAccess(
            [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, uri("http://ocsp.test/"))]
        ),
        "OCSP: http://ocsp.test/",
    ),
    "TLS feature": (
        lambda: x509.TLSFeature([x509.TLSFeatureType.status_request]),
        "status_request (OCSP must be stapled)",
    ),
    "OCSP no check": (x509.OCSPNoCheck, "yes"),
    "Precertificate poison": (x509.PrecertPoison, "yes"),
}
"""By the title that we give it: what makes it, and how its words begin."""
