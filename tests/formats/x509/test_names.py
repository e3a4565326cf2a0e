"""Names in certificates: as the library writes them, of every kind, hostile ones made visible."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.harmless import is_harmless
from tests.formats.x509.samples import alternative_names, bare, extended, signed
from workbench.formats.asn1 import walk
from workbench.formats.x509.certificate import read_certificate
from workbench.formats.x509.names import distinguished, general_name, subtree_text

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(st.sampled_from([NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME]), WORDS), max_size=4)
)
def test_a_name_is_written_as_the_library_does(parts: list[tuple[x509.ObjectIdentifier, str]]):
    name = x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])
    data = name.public_bytes()
    text, fields, common = distinguished(data, walk(data, opening=False))
    if all(each.isprintable() and "\\" not in each for _, each in parts):
        assert text == name.rfc4514_string()
    assert len(fields) == len(parts)
    assert len(common) == sum(oid == NameOID.COMMON_NAME for oid, _ in parts)


@pytest.mark.covers("C15.28")
def test_every_attribute_is_shown():
    parts = {
        NameOID.COUNTRY_NAME: ("ES", "countryName", "C=ES"),
        NameOID.STATE_OR_PROVINCE_NAME: ("NA", "stateOrProvinceName", "ST=NA"),
        NameOID.COMMON_NAME: ("www.example.test", "commonName", "CN=www.example.test"),
        NameOID.EMAIL_ADDRESS: ("who@example.test", "emailAddress", "emailAddress=who@example.test"),
    }
    name = x509.Name([x509.NameAttribute(oid, text) for oid, (text, _, _) in parts.items()])
    field = next(
        field
        for field in read_certificate(signed(bare().subject_name(name).issuer_name(name))).fields
        if field.name == "Subject"
    )
    assert [(each.name, each.text) for each in field.fields] == [
        (title, text) for text, title, _ in parts.values()
    ]
    assert field.text == ",".join(reversed([written for _, _, written in parts.values()]))
    assert all(each.source == "RFC 5280 4.1.2.4" for each in field.fields)


def test_several_attributes_in_one_part_are_joined():
    pair = x509.RelativeDistinguishedName(
        [x509.NameAttribute(NameOID.COMMON_NAME, "a"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "b")]
    )
    data = x509.Name([pair]).public_bytes()
    assert distinguished(data, walk(data, opening=False))[0] in ("CN=a+O=b", "O=b+CN=a")


def test_alternative_names_of_every_kind():
    certificate = read_certificate(extended((alternative_names(), False)))
    assert [str(name) for name in certificate.names] == [
        "DNS:www.example.test",
        "DNS:*.example.test",
        "IP:192.0.2.1",
        "IP:2001:db8::1",
        "email:mail@example.test",
        "URI:https://example.test/",
        "directory:CN=in a directory",
        "registered:1.2.3.4.5",
        "other:user principal name (1.3.6.1.4.1.311.20.2.3): me",
    ]
    for name in certificate.names:
        assert certificate.der[name.start : name.stop].endswith(name.raw)


@pytest.mark.parametrize(
    ("octets", "text", "fault"),
    [
        ("8207676f6f6400" + "6576", "good␀ev", "holds a NUL"),
        ("8200", "", "empty"),
        ("8203c3a962", "\\xc3\\xa9b", "above 127"),
        ("87037f0000", "7f:00:00", "4 or 16 octets"),
        ("8b0161", "a", "no kind of name"),
        ("0201 05".replace(" ", ""), "\\x05", "no kind of name"),
    ],
)
def test_what_is_wrong_with_a_name_is_told(octets: str, text: str, fault: str):
    data = bytes.fromhex(octets)
    name, field = general_name(data, walk(data, opening=False))
    assert fault in field.fault
    assert field.text == name.text
    assert is_harmless(name.text)


def test_an_address_with_an_odd_mask_is_shown():
    data = bytes.fromhex("8708c0000200ff00ff00")
    assert subtree_text(data, walk(data, opening=False)) == "IP:192.0.2.0 with the mask ff:00:ff:00"
