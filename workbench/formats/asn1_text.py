"""Values of ASN.1 in words: what type a node is, and what its contents say."""

from datetime import UTC, datetime
from typing import Final

from workbench.formats import asn1
from workbench.formats.asn1 import Node
from workbench.formats.charset import visible
from workbench.formats.oids import oid_name

MAX_SHOWN = 200
"""Octets of one value that are written out; the octets themselves stand beside it."""
MAX_ARCS = 64
MAX_INTEGER = 64
"""Octets of a number that is also written in decimal: longer ones are keys, which nobody reads."""

_NAMES: Final = {
    asn1.BOOLEAN: "BOOLEAN",
    asn1.INTEGER: "INTEGER",
    asn1.BIT_STRING: "BIT STRING",
    asn1.OCTET_STRING: "OCTET STRING",
    asn1.NULL: "NULL",
    asn1.OID: "OBJECT IDENTIFIER",
    asn1.ENUMERATED: "ENUMERATED",
    asn1.UTF8_STRING: "UTF8String",
    asn1.SEQUENCE: "SEQUENCE",
    asn1.SET: "SET",
    asn1.NUMERIC_STRING: "NumericString",
    asn1.PRINTABLE_STRING: "PrintableString",
    asn1.T61_STRING: "T61String",
    asn1.IA5_STRING: "IA5String",
    asn1.UTC_TIME: "UTCTime",
    asn1.GENERALIZED_TIME: "GeneralizedTime",
    asn1.VISIBLE_STRING: "VisibleString",
    asn1.UNIVERSAL_STRING: "UniversalString",
    asn1.BMP_STRING: "BMPString",
}
_ENCODINGS: Final = {
    asn1.UTF8_STRING: "utf-8",
    asn1.NUMERIC_STRING: "ascii",
    asn1.PRINTABLE_STRING: "ascii",
    # In theory a code page of teletex; in certificates it has always been Latin-1.
    asn1.T61_STRING: "latin-1",
    asn1.IA5_STRING: "ascii",
    asn1.VISIBLE_STRING: "ascii",
    asn1.UNIVERSAL_STRING: "utf-32-be",
    asn1.BMP_STRING: "utf-16-be",
}


def type_name(node: Node) -> str:
    """The type as the standard writes it: "SEQUENCE", "[0]", "APPLICATION 3"."""
    if node.kind == asn1.UNIVERSAL:
        return _NAMES.get(node.number, f"UNIVERSAL {node.number}")
    if node.kind == asn1.CONTEXT:
        return f"[{node.number}]"
    return f"{'APPLICATION' if node.kind == asn1.APPLICATION else 'PRIVATE'} {node.number}"


def is_string(node: Node) -> bool:
    """Whether it is one of the types that hold characters."""
    return node.kind == asn1.UNIVERSAL and node.number in _ENCODINGS


def value_text(data: bytes, node: Node) -> str:
    """What a node says, in one line; of a constructed one how many values it holds."""
    if node.is_constructed:
        count = len(node.children)
        return f"{count} value" + ("" if count == 1 else "s")
    content = node.octets(data)
    if node.kind != asn1.UNIVERSAL:
        return _octets_or_text(content)
    match node.number:
        case asn1.BOOLEAN:
            return "true" if content.strip(b"\0") else "false"
        case asn1.INTEGER | asn1.ENUMERATED:
            return integer_text(content)
        case asn1.NULL:
            return ""
        case asn1.OID:
            return oid_words(content)
        case asn1.UTC_TIME | asn1.GENERALIZED_TIME:
            moment, fault = time_of(data, node)
            return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment is not None else f"{fault}: {shown(content)}"
        case asn1.BIT_STRING if content:
            return f"{max(0, 8 * (len(content) - 1) - content[0])} bits: {hex_text(content[1:])}"
    if is_string(node):
        return string_text(data, node)
    return hex_text(content)


def string_text(data: bytes, node: Node) -> str:
    """The characters of a string, hostile ones made visible; octets that are none of its type stand as \\xHH."""
    encoding = _ENCODINGS.get(node.number, "latin-1") if node.kind == asn1.UNIVERSAL else "utf-8"
    content = node.octets(data)[: 16 * MAX_SHOWN]
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("ascii", "backslashreplace")
    return visible(text)


def integer_text(content: bytes) -> str:
    """A number in decimal, a long one in hexadecimal."""
    if not content:
        return "no octets, which is no number"
    if len(content) > MAX_INTEGER:
        return hex_text(content)
    number = int.from_bytes(content, signed=True)
    return str(number) if len(content) <= 8 else f"{number} (0x{content.hex()})"


def hex_text(content: bytes) -> str:
    """Octets in hexadecimal with colons, long ones cut, with their count."""
    if len(content) > MAX_SHOWN:
        return f"{content[:MAX_SHOWN].hex(':')}… ({len(content):,} octets)"
    return content.hex(":")


def shown(content: bytes) -> str:
    """Octets that should have been text, as text."""
    return visible(content[:MAX_SHOWN].decode("ascii", "backslashreplace"))


def dotted(content: bytes) -> str:
    """An object identifier in dots; "" where the octets are none (X.690 section 8.19)."""
    if not content or content[-1] & 0x80 or len(content) > 4 * MAX_ARCS:
        return ""
    arcs: list[int] = []
    arc = 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def oid_words(content: bytes) -> str:
    """An object identifier with the name that we know for it: "sha256WithRSAEncryption (1.2.840.113549.1.1.11)"."""
    dots = dotted(content)
    if not dots:
        return f"no object identifier: {hex_text(content)}"
    name = oid_name(dots)
    return f"{name} ({dots})" if name else dots


def time_of(data: bytes, node: Node) -> tuple[datetime | None, str]:
    """The moment that a time says, and what is wrong with how it says it (RFC 5280 section 4.1.2.5).

    UTCTime has two digits of a year: 50 to 99 are of the 20th century, 00 to 49 of the 21st.
    """
    content = node.octets(data)[:MAX_SHOWN]
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError:
        return None, "no time"
    digits, fault = text.removesuffix("Z"), ""
    if digits == text:
        fault = "the Z that stands for UTC is missing"
    whole, dot, _ = digits.partition(".")
    if dot:
        fault = fault or "parts of a second have no place here"
    if node.number == asn1.UTC_TIME and whole.isdecimal() and len(whole) in (10, 12):
        whole = ("19" if int(whole[:2]) >= 50 else "20") + whole
    if len(whole) == 12:
        whole, fault = whole + "00", fault or "the seconds are missing"
    try:
        if not (whole.isascii() and whole.isdecimal() and len(whole) == 14):
            raise ValueError(whole)
        numbers = [int(whole[:4]), *(int(whole[at : at + 2]) for at in range(4, 14, 2))]
        return datetime(*numbers, tzinfo=UTC), fault  # type: ignore[arg-type,misc]  # six of them
    except ValueError:
        return None, "no time"


def _octets_or_text(content: bytes) -> str:
    if content and all(0x20 <= octet < 0x7F for octet in content):
        return shown(content)
    return hex_text(content)
