"""Names in certificates: distinguished names (RFC 5280 section 4.1.2.4) and general names (section 4.2.1.6)."""

from ipaddress import ip_address, ip_network
from typing import Final

from workbench.formats import asn1
from workbench.formats.asn1 import Node
from workbench.formats.asn1_text import dotted, hex_text, oid_words, shown, string_text, type_name, value_text
from workbench.formats.charset import visible
from workbench.formats.oids import attribute_name, oid_name
from workbench.formats.x509.values import Field, Name, NameKind

COMMON_NAME: Final = "2.5.4.3"
_ESCAPED: Final = frozenset(',+"\\<>;')
_KINDS: Final[dict[int, tuple[NameKind, str]]] = {
    0: ("other", "Other name"),
    1: ("email", "E-mail address"),
    2: ("DNS", "DNS name"),
    3: ("X.400", "X.400 address"),
    4: ("directory", "Directory name"),
    5: ("EDI", "EDI party name"),
    6: ("URI", "URI"),
    7: ("IP", "IP address"),
    8: ("registered", "Registered identifier"),
}
MAX_NAMES = 20_000
"""Of one certificate: real ones have up to a hundred, the largest that anybody serves a few thousand."""


def distinguished(data: bytes, node: Node) -> tuple[str, tuple[Field, ...], tuple[str, ...]]:
    """(in one line, its attributes as fields in the order of the octets, the common names)."""
    parts: list[str] = []
    fields: list[Field] = []
    common: list[str] = []
    for relative in node.children:
        pairs: list[str] = []
        for attribute in relative.children:
            if len(attribute.children) != 2 or not attribute.children[0].is_a(asn1.OID):
                text = value_text(data, attribute)
                fields.append(
                    Field(
                        "?", text, attribute.start, attribute.stop, fault="no attribute: a type and a value"
                    )
                )
                continue
            kind, value = attribute.children
            dots = dotted(kind.octets(data))
            text = string_text(data, value)
            if dots == COMMON_NAME:
                common.append(text)
            pairs.append(f"{attribute_name(dots)}={_escaped(text)}")
            fault = "" if value.children == () else "its value is no string"
            if "\0" in value.octets(data).decode("latin-1") and value.number not in (
                asn1.BMP_STRING,
                asn1.UNIVERSAL_STRING,
            ):
                fault = "it holds a NUL: some programs read only what stands before it"
            title = oid_name(dots) or dots or "?"
            told = f"as {type_name(value)}"
            fields.append(
                Field(title, text, attribute.start, attribute.stop, "RFC 5280 4.1.2.4", told, fault)
            )
        parts.append("+".join(pairs))
    # RFC 4514 section 2.1 begins with the last one.
    return ",".join(reversed(parts)), tuple(fields), tuple(common)


def general_names(data: bytes, node: Node) -> tuple[tuple[Name, ...], tuple[Field, ...]]:
    """The names of a SEQUENCE OF GeneralName, as values and as fields."""
    names: list[Name] = []
    fields: list[Field] = []
    for child in node.children[:MAX_NAMES]:
        name, field = general_name(data, child)
        names.append(name)
        fields.append(field)
    return tuple(names), tuple(fields)


def general_name(data: bytes, node: Node) -> tuple[Name, Field]:
    """One GeneralName."""
    kind, title = _KINDS.get(node.number, ("other", "Name of an unknown kind"))
    raw = node.octets(data)
    fault = (
        "" if node.kind == asn1.CONTEXT and node.number in _KINDS else f"{type_name(node)} is no kind of name"
    )
    if kind == "IP":
        text, fault = _address(raw)
    elif kind == "directory" and node.children:
        text = distinguished(data, node.children[0])[0]
    elif kind == "registered":
        text = oid_words(raw)
    elif kind in ("DNS", "email", "URI"):
        text = visible(raw.decode("ascii", "backslashreplace"))
        if b"\0" in raw:
            fault = "it holds a NUL: some programs read only what stands before it"
        elif not raw.isascii():
            fault = "it holds octets above 127, and its type (IA5String) has none"
        elif not raw:
            fault = "it is empty"
    else:
        text = _other(data, node)
    found = Name(kind, text, raw, node.start, node.stop)
    return found, Field(title, text, node.start, node.stop, "RFC 5280 4.2.1.6", fault=fault)


def subtree_text(data: bytes, node: Node) -> str:
    """The name of a subtree of constraints, where an address stands with its mask (RFC 5280 section 4.2.1.10)."""
    name, _ = general_name(data, node)
    if name.kind == "IP" and len(name.raw) in (8, 32):
        half = len(name.raw) // 2
        try:
            network = ip_network((name.raw[:half], _prefix(name.raw[half:])), strict=False)
        except ValueError:
            return f"IP:{ip_address(name.raw[:half])} with the mask {name.raw[half:].hex(':')}"
        return f"IP:{network}"
    return str(name)


def _prefix(mask: bytes) -> int:
    number = int.from_bytes(mask)
    bits = 8 * len(mask)
    ones = number.bit_count()
    if number != ((1 << ones) - 1) << (bits - ones):
        raise ValueError("no prefix")
    return ones


def _address(raw: bytes) -> tuple[str, str]:
    if len(raw) in (4, 16):
        return str(ip_address(raw)), ""
    return hex_text(raw), f"an address has 4 or 16 octets, this one {len(raw)}"


def _other(data: bytes, node: Node) -> str:
    if node.children and node.children[0].is_a(asn1.OID):
        words = oid_words(node.children[0].octets(data))
        inner = node.children[1].children if len(node.children) > 1 else ()
        return f"{words}: {value_text(data, inner[0])}" if inner else words
    return shown(node.octets(data)) if not node.children else value_text(data, node)


def _escaped(text: str) -> str:
    """A value as RFC 4514 section 2.4 writes it."""
    written = "".join(f"\\{c}" if c in _ESCAPED else c for c in text)
    if written[:1] in ("#", " "):
        written = "\\" + written
    return (
        written[:-1] + "\\ "
        if written.endswith(" ") and len(written) > 1 and written[-2] != "\\"
        else written
    )
