"""Keys and algorithms in words, and what is wrong with them."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.formats.harmless import is_harmless
from tests.formats.x509.samples import rsa_key
from workbench.formats.asn1 import walk
from workbench.formats.x509.keys import WEAK_SIGNATURES, algorithm, public_key, signature_fault


def told(key) -> tuple[str, str, list[str]]:
    data = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    short, field = public_key(data, walk(data, opening=False))
    return short, field.fault, [part.name for part in field.fields]


@pytest.mark.parametrize(
    ("curve", "words"),
    [(ec.SECP256R1(), "EC P-256"), (ec.SECP384R1(), "EC P-384"), (ec.SECP256K1(), "EC secp256k1")],
)
def test_a_curve_is_named(curve: ec.EllipticCurve, words: str):
    assert told(ec.generate_private_key(curve).public_key()) == (words, "", ["Algorithm", "Curve", "Point"])


def test_a_small_rsa_key_is_told():
    short, fault, parts = told(rsa_key().public_key())
    assert (short, parts) == ("RSA 1024", ["Algorithm", "Modulus", "Exponent"])
    assert "1024 bits are too few" in fault
    assert told(rsa.generate_private_key(65537, 2048).public_key())[:2] == ("RSA 2048", "")


def test_other_keys_have_their_names():
    short, fault, parts = told(ed25519.Ed25519PrivateKey.generate().public_key())
    assert (short, fault, parts) == ("Ed25519", "", ["Algorithm", "Key"])


@pytest.mark.parametrize("data", ["3000", "300430000300", "0500", "300a300606032a03040300"])
def test_what_is_no_key_is_shown(data: str):
    octets = bytes.fromhex(data)
    short, field = public_key(octets, walk(octets, opening=False))
    assert short
    assert is_harmless(field.text)
    assert algorithm(octets, walk(octets))[1]


def test_a_curve_without_a_name_is_a_fault():
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    data = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    # Its name becomes a string of octets, as parameters would be.
    odd = data.replace(b"\x06\x08\x2a\x86\x48\xce\x3d\x03", b"\x04\x08\x2a\x86\x48\xce\x3d\x03")
    short, field = public_key(odd, walk(odd, opening=False))
    assert short == "EC"
    assert "not named" in field.fields[1].fault


def test_broken_digests_are_known():
    assert all(signature_fault(dots) for dots in WEAK_SIGNATURES)
    assert signature_fault("1.2.840.113549.1.1.11") == ""
