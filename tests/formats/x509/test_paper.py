"""Files of certificates: what is in them in its order, what is none named for what it is, and no key shown."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.harmless import is_harmless
from tests.formats.x509.samples import FIRST, ec_key, extended, name, rsa_key
from workbench.errors import LocalMisuse
from workbench.formats.x509.paper import MAX_OCTETS, pieces_of, read_papers, read_piece

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
PKCS8 = serialization.PrivateFormat.PKCS8
TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL
CLEAR = serialization.NoEncryption()
PASSWORD = serialization.BestAvailableEncryption(b"secret")
GOOD = extended((x509.BasicConstraints(True, None), True))
CERTIFICATE = x509.load_der_x509_certificate(GOOD)
GOOD_PEM = CERTIFICATE.public_bytes(PEM)


def request() -> x509.CertificateSigningRequest:
    extension = x509.SubjectAlternativeName([x509.DNSName("asked.test")])
    made = x509.CertificateSigningRequestBuilder().subject_name(name("asked.test"))
    return made.add_extension(extension, False).sign(ec_key(), hashes.SHA256())


def revoked() -> x509.CertificateRevocationList:
    made = x509.CertificateRevocationListBuilder().issuer_name(name("authority"))
    return made.last_update(FIRST).next_update(FIRST.replace(year=2027)).sign(ec_key(), hashes.SHA256())


@pytest.mark.parametrize(
    "data",
    [GOOD, GOOD_PEM, base64.encodebytes(GOOD), b"a word before\r\n" + GOOD_PEM.replace(b"\n", b"\r\n")],
)
def test_a_certificate_is_read_in_every_form(data: bytes):
    (paper,) = read_papers(data)
    assert (paper.kind, paper.title, paper.fault) == ("certificate", "www.example.test", "")
    assert paper.certificate is not None
    assert paper.certificate.der == paper.data == GOOD


@pytest.mark.parametrize("encoding", [PEM, DER])
def test_pkcs7_gives_all_its_certificates(encoding: serialization.Encoding):
    other = x509.load_der_x509_certificate(extended())
    papers = read_papers(pkcs7.serialize_certificates([CERTIFICATE, other], encoding))
    assert {paper.data for paper in papers} == {GOOD, other.public_bytes(DER)}
    assert all("of the PKCS #7" in paper.place for paper in papers)


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (request().public_bytes(PEM), "request", "CSR) of asked.test, EC P-256"),
        (request().public_bytes(DER), "request", "CSR) of asked.test, EC P-256"),
        (revoked().public_bytes(PEM), "revocation list", "revoked certificates"),
        (revoked().public_bytes(DER), "revocation list", "revoked certificates"),
        (
            ec_key().public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
            "public key",
            "EC P-256",
        ),
        (ec_key().private_bytes(PEM, PKCS8, CLEAR), "private key", "(EC), not protected"),
        (ec_key().private_bytes(DER, PKCS8, CLEAR), "private key", "(EC), not protected"),
        (ec_key().private_bytes(PEM, TRADITIONAL, CLEAR), "private key", "(EC), not protected"),
        (rsa_key().private_bytes(DER, TRADITIONAL, CLEAR), "private key", "(RSA), not protected"),
        (ec_key().private_bytes(PEM, PKCS8, PASSWORD), "private key", "under a password"),
        (ec_key().private_bytes(DER, PKCS8, PASSWORD), "private key", "under a password"),
        (ec_key().private_bytes(PEM, TRADITIONAL, PASSWORD), "private key", "under a password"),
        (
            pkcs12.serialize_key_and_certificates(b"n", ec_key(), CERTIFICATE, None, PASSWORD),  # type: ignore[arg-type]  # its own type for any key
            "PKCS #12",
            "under a password",
        ),
        (b"-----BEGIN SOMETHING-----\nMAA=\n-----END SOMETHING-----\n", "unknown", "SOMETHING"),
        (bytes.fromhex("3003020105"), "unknown", "ASN.1 that is no certificate"),
    ],
)
def test_what_is_no_certificate_is_named_for_what_it_is(data: bytes, kind: str, words: str):
    (paper,) = read_papers(data)
    assert paper.kind == kind
    assert words in paper.title
    assert paper.certificate is None
    assert paper.advice or paper.fault or kind == "unknown"


def test_a_private_key_is_never_kept():
    numbers = rsa_key().private_numbers()
    secret = numbers.p.to_bytes(64)
    for data in (
        rsa_key().private_bytes(PEM, PKCS8, CLEAR),
        rsa_key().private_bytes(PEM, TRADITIONAL, CLEAR),
        rsa_key().private_bytes(DER, TRADITIONAL, CLEAR),
        # Cut off too: what is left of it is as secret.
        rsa_key().private_bytes(DER, TRADITIONAL, CLEAR)[:400],
        rsa_key().private_bytes(DER, PKCS8, CLEAR)[:500],
    ):
        for paper in read_papers(data):
            assert (paper.kind, paper.data, paper.fields) == ("private key", b"", ())
            assert secret[:8].hex() not in repr(paper)


def test_several_in_one_file_keep_their_order_and_damaged_ones_their_place():
    broken = GOOD_PEM.replace(GOOD_PEM.splitlines()[2], b"!" + GOOD_PEM.splitlines()[2][1:])
    key = ec_key().private_bytes(PEM, PKCS8, CLEAR)
    papers = read_papers(GOOD_PEM + key + broken + GOOD_PEM)
    assert [paper.kind for paper in papers] == ["certificate", "private key", "certificate", "certificate"]
    assert "no base64" in papers[2].fault
    assert papers[3].fault == ""
    lines = GOOD_PEM.count(b"\n")
    assert papers[1].place == f"line {lines + 1}"


def test_one_that_was_cut_off_says_so_and_shows_what_is_left():
    (paper,) = read_papers(GOOD_PEM[: len(GOOD_PEM) // 2])
    assert "END is missing" in paper.fault
    assert paper.certificate is not None
    assert paper.certificate.subject


def test_a_wrong_mark_is_told():
    (paper,) = read_papers(request().public_bytes(PEM).replace(b"CERTIFICATE REQUEST", b"CERTIFICATE"))
    assert paper.fault == "the mark says CERTIFICATE, and it is a request"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<!DOCTYPE html><html>login</html>", "is a web page"),
        (b"\xef\xbb\xbf<html>", "is a web page"),
        (b"ssh-rsa AAAA", "public key of SSH"),
        (b"----BEGIN CERTIFICATE----", "there is no certificate"),
        (b"-----BEGIN CERTI\nFICATE-----", "marks of PEM"),
        (b"\xfe\xed\xfe\xed\0\0", "Java key store"),
        (b"just words", "there is no certificate"),
        (b"\0" * (MAX_OCTETS + 1), "too large"),
        (b"-----BEGIN X-----\n-----END X-----\n" * 5000, "5,000 blocks or more"),
    ],
)
def test_what_holds_nothing_is_refused_with_what_it_is(data: bytes, words: str):
    with pytest.raises(LocalMisuse, match=words) as refused:
        pieces_of(data, "f.pem")
    assert refused.value.advice
    assert (refused.value.stage, refused.value.source) == ("open", "RFC 7468")


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda data: b"0" + data))
def test_any_octets_are_papers_or_our_refusal(data: bytes):
    try:
        pieces = pieces_of(data)
    except LocalMisuse:
        return
    for piece in pieces:
        for paper in read_piece(piece):
            assert is_harmless(paper.title)
