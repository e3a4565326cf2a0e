"""A certificate's value: as an independent library reads it, with places that hold, whatever is broken about it."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.harmless import is_harmless
from tests.formats.x509.samples import (
    FIRST,
    LAST,
    SERIAL,
    alternative_names,
    bare,
    extended,
    name,
    signed,
    usage,
)
from workbench.formats.x509.certificate import read_certificate, strict_complaint
from workbench.formats.x509.values import Certificate, Field, iso

GOOD = extended(
    (alternative_names(), False), (x509.BasicConstraints(True, 1), True), (usage(crl_sign=True), True)
)


def every(certificate: Certificate) -> list[Field]:
    """All fields, the parts of parts too."""
    found: list[Field] = []
    waiting = list(certificate.fields)
    while waiting:
        field = waiting.pop()
        found.append(field)
        waiting += field.fields
    return found


def one(certificate: Certificate, title: str) -> Field:
    return next(field for field in every(certificate) if field.name == title)


def test_it_says_what_the_library_says():
    certificate = read_certificate(GOOD)
    parsed = x509.load_der_x509_certificate(GOOD)
    assert (
        certificate.subject == parsed.subject.rfc4514_string() == "CN=www.example.test,O=Example\\, Inc.,C=ES"
    )
    assert certificate.issuer == parsed.issuer.rfc4514_string()
    assert certificate.serial == f"{SERIAL:x}"
    assert (certificate.not_before, certificate.not_after) == (FIRST, LAST)
    assert certificate.sha256 == parsed.fingerprint(hashes.SHA256()).hex()
    assert (certificate.key, certificate.signature) == ("EC P-256", "ecdsa-with-SHA256")
    assert certificate.is_authority is True
    assert (certificate.faults, certificate.strict) == ((), "")
    assert certificate.title == "www.example.test"
    assert not certificate.is_self_issued


def test_every_field_of_the_standard_stands_there_in_the_order_of_the_octets():
    fields = read_certificate(GOOD).fields
    assert [field.name for field in fields] == [
        *("Version", "Serial number", "Signature algorithm", "Issuer", "Validity", "Subject", "Public key"),
        *("Extensions", "Signed with", "Signature"),
        *("Fingerprint, SHA-256", "Fingerprint, SHA-1", "Fingerprint of the public key, SHA-256"),
    ]
    for field in fields[:10]:
        assert field.source.startswith("RFC 5280 4.1.")


def test_each_field_marks_its_own_octets():
    certificate = read_certificate(GOOD)
    for field in every(certificate):
        assert 0 <= field.start < field.stop <= len(GOOD), field
        for part in field.fields:
            assert field.start <= part.start
            assert part.stop <= field.stop
    marked = one(certificate, "DNS name")
    assert GOOD[marked.start : marked.stop] in (b"\x82\x10www.example.test", b"\x82\x0e*.example.test")
    serial = one(certificate, "Serial number")
    assert GOOD[serial.start : serial.stop] == b"\x02\x02\x12\x34"
    whole = one(certificate, "Fingerprint, SHA-256")
    assert (whole.start, whole.stop) == (0, len(GOOD))


def test_what_is_odd_about_a_certificate_is_told_and_the_rest_is_read():
    negative = GOOD.replace(b"\x02\x02\x12\x34", b"\x02\x02\x92\x34")
    certificate = read_certificate(negative)
    assert "Serial number: it is negative" in certificate.faults
    assert certificate.subject.startswith("CN=www.example.test")
    zero = read_certificate(GOOD.replace(b"\x02\x02\x12\x34", b"\x02\x02\x00\x00"))
    assert "Serial number: it is zero" in zero.faults


def test_a_version_that_there_is_not_is_told():
    certificate = read_certificate(GOOD.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07", 1))
    assert any("there is no such version" in fault for fault in certificate.faults)
    second = read_certificate(GOOD.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x01", 1))
    assert any("only version 3 has extensions" in fault for fault in second.faults)
    assert second.strict


def test_an_extension_that_stands_there_twice_is_told_and_both_are_shown():
    data = extended(
        (x509.SubjectKeyIdentifier(b"first"), False),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.99"), b"\x05\x00"), False),
    ).replace(bytes.fromhex("551d63"), bytes.fromhex("551d0e"))
    certificate = read_certificate(data)
    assert sum(field.name == "Subject key identifier" for field in every(certificate)) == 2
    assert any("stands here twice" in fault for fault in certificate.faults)
    assert certificate.strict


def test_a_certificate_that_ends_before_it_begins_is_told():
    # The library refuses to make one: the two years change places.
    swapped = GOOD.replace(b"260102030405Z", b"XX0102030405Z").replace(b"270102030405Z", b"260102030405Z")
    swapped = swapped.replace(b"XX0102030405Z", b"270102030405Z")
    assert any("ends before it begins" in fault for fault in read_certificate(swapped).faults)


def test_a_broken_digest_is_a_fault_of_a_leaf_and_none_of_a_root():
    sha256, sha1 = bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("06072a8648ce3d0401")
    assert GOOD.count(sha256) == 2
    # As long as before, or the lengths around it would be wrong: the shorter one is padded by a NULL of its own.
    leaf = GOOD.replace(bytes.fromhex("300a") + sha256, bytes.fromhex("300a") + sha1 + b"\x30", 1)
    assert any("SHA-1 is broken" in fault for fault in read_certificate(leaf).faults)
    own = signed(bare().subject_name(name("root")).issuer_name(name("root")))
    root = own.replace(bytes.fromhex("300a") + sha256, bytes.fromhex("300a") + sha1 + b"\x30", 1)
    assert read_certificate(root).is_self_issued
    assert not any("SHA-1 is broken" in fault for fault in read_certificate(root).faults)


def test_octets_behind_it_are_told():
    certificate = read_certificate(GOOD + b"more")
    assert f"octet {len(GOOD)}: 4 octets follow the certificate" in certificate.faults
    assert certificate.names


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1))
def test_however_it_is_cut_what_is_left_is_read(size: int):
    certificate = read_certificate(GOOD[:size])
    assert certificate.faults
    assert certificate.strict
    for field in every(certificate):
        assert field.stop <= max(size, 0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_whatever_is_changed_in_it_it_is_shown(changes: list[tuple[int, int]]):
    data = bytearray(GOOD)
    for at, octet in changes:
        data[at] = octet
    certificate = read_certificate(bytes(data))
    assert certificate.fields
    for field in every(certificate):
        assert 0 <= field.start <= field.stop <= len(data)
        assert is_harmless(field.text)
        assert is_harmless(field.name)
    assert all(is_harmless(fault) for fault in certificate.faults)


@given(st.binary(max_size=200))
def test_octets_that_are_none_are_shown_as_what_they_are(data: bytes):
    certificate = read_certificate(data)
    assert certificate.faults
    assert strict_complaint(data)


def test_a_moment_is_written_for_programs_in_utc():
    assert iso(datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)) == "2026-01-02T03:04:05Z"
    assert iso(None) is None


def test_a_certificate_without_any_name_has_a_title():
    data = signed(bare().subject_name(x509.Name([])).issuer_name(x509.Name([])))
    certificate = read_certificate(data)
    assert certificate.title == "a certificate without a name"
    assert any("issuer must have a name" in fault for fault in certificate.faults)
