"""Public keys and algorithms in words (RFC 5280 sections 4.1.1.2 and 4.1.2.7, RFC 3279, RFC 5480)."""

from typing import Final

from workbench.formats import asn1
from workbench.formats.asn1 import Node, walk
from workbench.formats.asn1_text import dotted, hex_text, value_text
from workbench.formats.oids import oid_name
from workbench.formats.x509.values import Field

RSA, RSA_PSS, EC = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.10045.2.1"
SMALL_RSA = 2048
"""Bits: below that, RFC 9325 section 4.5 and every public authority refuse an RSA key."""
WEAK_SIGNATURES: Final = {
    "1.2.840.113549.1.1.2": "MD2",
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA-1",
    "1.2.840.10040.4.3": "SHA-1",
    "1.2.840.10045.4.1": "SHA-1",
}
_CURVE_SHORT: Final = {"1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521"}


def algorithm(data: bytes, node: Node) -> tuple[str, str]:
    """(identifier in dots, in words) of an AlgorithmIdentifier; ("", why not) where it is none."""
    if not node.children or not node.children[0].is_a(asn1.OID):
        return "", "no algorithm: an object identifier was expected"
    dots = dotted(node.children[0].octets(data))
    return dots, oid_name(dots) or dots or "no object identifier"


def signature_fault(dots: str) -> str:
    """What is wrong with signing by this algorithm; "" for nothing that we know."""
    if digest := WEAK_SIGNATURES.get(dots):
        return f"{digest} is broken: others can make a certificate with the same signature"
    return ""


def public_key(data: bytes, node: Node) -> tuple[str, Field]:
    """(in a few words, as a field with its parts) of a SubjectPublicKeyInfo."""
    source = "RFC 5280 4.1.2.7"
    if len(node.children) != 2 or not node.children[1].is_a(asn1.BIT_STRING):
        text = value_text(data, node)
        fault = "no key: an algorithm and a string of bits"
        return "no key", Field("Public key", text, node.start, node.stop, source, fault=fault)
    head, bits = node.children
    dots, words = algorithm(data, head)
    fields = [Field("Algorithm", words, head.start, head.stop, "RFC 5280 4.1.1.2")]
    short, fault = words, ""
    if dots in (RSA, RSA_PSS):
        short, parts, fault = _rsa(data, bits)
        fields += parts
    elif dots == EC:
        short, curve = _curve(data, head)
        fields.append(curve)
        fields.append(_point(data, bits))
    else:
        content = bits.octets(data)[1:]
        fields.append(Field("Key", hex_text(content), bits.start, bits.stop))
    means = "whoever holds the private half of it is the one whom this certificate names"
    return short, Field("Public key", short, node.start, node.stop, source, means, fault, tuple(fields))


def _rsa(data: bytes, bits: Node) -> tuple[str, list[Field], str]:
    inner = walk(data, bits.content + 1, bits.stop)
    if len(inner.children) != 2:
        return "RSA", [Field("Key", hex_text(bits.octets(data)), bits.start, bits.stop)], "no RSA key inside"
    modulus, exponent = inner.children
    size = int.from_bytes(modulus.octets(data)).bit_length()
    power = int.from_bytes(exponent.octets(data)[:16])
    fields = [
        Field("Modulus", f"{size} bits: {hex_text(modulus.octets(data))}", modulus.start, modulus.stop),
        Field("Exponent", str(power), exponent.start, exponent.stop),
    ]
    fault = ""
    if size < SMALL_RSA:
        fault = f"{size} bits are too few: {SMALL_RSA} is the least that is still trusted"
    elif power < 3 or power % 2 == 0:
        fault = f"{power} is no exponent for RSA"
    return f"RSA {size}", fields, fault


def _curve(data: bytes, head: Node) -> tuple[str, Field]:
    if len(head.children) > 1 and head.children[1].is_a(asn1.OID):
        node = head.children[1]
        dots = dotted(node.octets(data))
        name = oid_name(dots) or dots
        return f"EC {_CURVE_SHORT.get(dots, name)}", Field(
            "Curve", name, node.start, node.stop, "RFC 5480 2.1.1"
        )
    fault = "the curve is not named: explicit parameters are forbidden (RFC 5480 section 2.1.1)"
    return "EC", Field("Curve", "not named", head.start, head.stop, "RFC 5480 2.1.1", fault=fault)


def _point(data: bytes, bits: Node) -> Field:
    content = bits.octets(data)[1:]
    form = {2: "compressed", 3: "compressed", 4: "both coordinates"}.get(
        content[0] if content else 0, "unknown form"
    )
    return Field("Point", f"{form}: {hex_text(content)}", bits.start, bits.stop, "RFC 5480 2.2")
