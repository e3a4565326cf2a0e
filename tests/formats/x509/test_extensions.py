"""Extensions: each known one in words, an unknown one as its tree, a damaged one as what it is."""

import pytest
from cryptography import x509

from tests.formats.harmless import is_harmless
from tests.formats.x509.samples import EXTENSIONS, UNKNOWN, extended
from workbench.formats.x509.certificate import read_certificate
from workbench.formats.x509.extension_values import DECODERS
from workbench.formats.x509.extensions import MEANINGS
from workbench.formats.x509.values import Extension

# Of RFC 5280 section 4.2 two have nothing to make them in the library of these tests.
MADE_HERE = {"Policy mappings", "Subject directory attributes"}
NOT_MADE = {"Subject information access", "Signed certificate timestamps"}


def only(extension: x509.ExtensionType, *, critical: bool = False) -> Extension:
    return read_certificate(extended((extension, critical))).extensions[0]


@pytest.mark.parametrize("title", EXTENSIONS)
def test_each_known_one_is_told_in_words(title: str):
    make, words = EXTENSIONS[title]
    value = make()
    found = only(value)
    assert found.oid == value.oid.dotted_string
    assert found.field.name == title
    assert found.field.text.startswith(words)
    assert found.field.fault == ""
    assert found.field.source.startswith("RFC ")
    assert found.field.means
    critical = only(value, critical=True)
    assert critical.is_critical
    assert critical.field.name == f"{title}, critical"


def test_all_that_rfc_5280_defines_are_explained_and_decoded():
    sections = [source for _, source, _ in MEANINGS.values() if source.startswith("RFC 5280 4.2.")]
    assert sorted(sections) == sorted(
        [*(f"RFC 5280 4.2.1.{number}" for number in range(1, 16)), "RFC 5280 4.2.2.1", "RFC 5280 4.2.2.2"]
    )
    assert set(MEANINGS) == set(DECODERS)
    assert {title for title, _, _ in MEANINGS.values()} == {*EXTENSIONS, *MADE_HERE, *NOT_MADE}


def raw(oid: str, value: bytes, *, critical: bool = False) -> Extension:
    return only(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical=critical)


def test_an_unknown_one_is_its_tree_of_asn1():
    found = raw("1.2.3.4.5", bytes.fromhex("3006 0c0161 0201 07".replace(" ", "")))
    (tree,) = found.field.fields
    assert (found.oid, tree.name, tree.text) == (UNKNOWN.dotted_string, "SEQUENCE", "2 values")
    assert [(field.name, field.text) for field in tree.fields] == [("UTF8String", "a"), ("INTEGER", "7")]
    assert found.field.fault == ""


def test_an_unknown_one_that_is_critical_must_be_refused_and_says_so():
    assert "must refuse" in raw("1.2.3.4.5", b"\x05\x00", critical=True).field.fault


def test_octets_that_are_no_asn1_are_shown_as_octets():
    found = raw("1.2.3.4.5", b"\xff\xff\xff")
    assert found.field.text == "ff:ff:ff"
    assert found.field.fields[0].name == "Octets"


@pytest.mark.parametrize("oid", sorted(MEANINGS))
@pytest.mark.parametrize(
    "value", ["0500", "020105", "3003020105", "30053003800100", "04020102", "0c0161", "30"]
)
def test_one_that_is_built_otherwise_is_shown_as_its_tree_with_the_reason(oid: str, value: str):
    found = raw(oid, bytes.fromhex(value))
    assert found.field.name == MEANINGS[oid][0]
    assert is_harmless(found.field.text)
    if oid in ("2.5.29.17", "2.5.29.19", "2.5.29.15") and value not in ("3003020105", "30053003800100"):
        assert found.field.fault


def test_mappings_and_attributes_are_told():
    pair = bytes.fromhex("300c 300a 06032a0304 06032a0305".replace(" ", ""))
    assert raw("2.5.29.33", pair).field.text == "1.2.3.4 is as good as 1.2.3.5"
    assert raw("2.5.29.9", bytes.fromhex("3000")).field.text == "0 values"


def test_timestamps_of_logs_are_read():
    one = b"\0" + b"L" * 32 + (1_767_323_045_000).to_bytes(8) + b"\0\0" + b"\4\3\0\0"
    listed = len(one).to_bytes(2) + one
    octets = (len(listed)).to_bytes(2) + listed
    found = raw("1.3.6.1.4.1.11129.2.4.2", bytes((4, len(octets))) + octets)
    assert found.field.text == "1 timestamp"
    (timestamp,) = found.field.fields
    assert timestamp.text == "2026-01-02 03:04:05 UTC"
    assert timestamp.fields[0].text == (b"L" * 32).hex()
    cut = raw("1.3.6.1.4.1.11129.2.4.2", bytes((4, len(octets))) + octets[:2] + b"\0\xff" + octets[4:])
    assert "cut off" in cut.field.fault
