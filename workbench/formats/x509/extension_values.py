"""The values of the extensions that are known, decoded strictly; `Odd` says where one is built otherwise."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from workbench.formats import asn1
from workbench.formats.asn1 import Node
from workbench.formats.asn1_text import hex_text, is_string, oid_words, string_text, type_name, value_text
from workbench.formats.x509.names import general_name, general_names, subtree_text
from workbench.formats.x509.values import Field, Name


class Odd(ValueError):
    """An extension is not built as its standard says."""


class Decoded(NamedTuple):
    """An extension's value: in words, its parts, and what the certificate as a whole needs of it.

    is_authority: of basic constraints. key_id: of the two key identifiers; b"" where there is none.
    """

    text: str
    fields: tuple[Field, ...] = ()
    names: tuple[Name, ...] = ()
    is_authority: bool | None = None
    key_id: bytes = b""


USAGES: Final = (
    ("digital signature", "signs what is said, as the server in a TLS handshake does"),
    ("non-repudiation", "signs what can be held against the signer later"),
    ("key encipherment", "unwraps keys, as RSA did in TLS before 1.3"),
    ("data encipherment", "unwraps data itself"),
    ("key agreement", "agrees on keys"),
    ("certificate signing", "signs other certificates: an authority"),
    ("CRL signing", "signs lists of revoked certificates"),
    ("encipher only", "in agreeing on keys only enciphers"),
    ("decipher only", "in agreeing on keys only deciphers"),
)
_REASONS: Final = (
    "unused",
    "key compromise",
    "CA compromise",
    "affiliation changed",
    "superseded",
    "cessation of operation",
    "certificate hold",
    "privilege withdrawn",
    "AA compromise",
)
_TLS_FEATURES: Final = {5: "status_request (OCSP must be stapled)", 17: "status_request_v2"}
MAX_ITEMS = 500
"""Of one list inside an extension; the octets are all there."""


def _sequence(node: Node) -> tuple[Node, ...]:
    if not node.is_a(asn1.SEQUENCE):
        raise Odd(f"a SEQUENCE was expected, and it is {type_name(node)}")
    return node.children[:MAX_ITEMS]


def _is(node: Node, number: int) -> bool:
    """Whether the tag is the context's one of this number."""
    return node.is_a(number, asn1.CONTEXT)


def _octet_string(data: bytes, node: Node) -> bytes:
    if not node.is_a(asn1.OCTET_STRING):
        raise Odd(f"an OCTET STRING was expected, and it is {type_name(node)}")
    return node.octets(data)


def _number(data: bytes, node: Node) -> int:
    content = node.octets(data)
    if not 0 < len(content) <= 8:
        raise Odd("no number of a size that makes sense")
    return int.from_bytes(content, signed=True)


def _subject_key(data: bytes, node: Node) -> Decoded:
    content = _octet_string(data, node)
    return Decoded(hex_text(content), key_id=content)


def _authority_key(data: bytes, node: Node) -> Decoded:
    fields: list[Field] = []
    key_id = b""
    for part in _sequence(node):
        if _is(part, 0):
            key_id = part.octets(data)
            fields.append(Field("Key identifier", hex_text(key_id), part.start, part.stop))
        elif _is(part, 1):
            names, _ = general_names(data, part)
            fields.append(Field("Issuer of the issuer", ", ".join(map(str, names)), part.start, part.stop))
        elif _is(part, 2):
            fields.append(
                Field("Serial number of the issuer", hex_text(part.octets(data)), part.start, part.stop)
            )
        else:
            raise Odd(f"{type_name(part)} has no place in it")
    return Decoded(fields[0].text if fields else "empty", tuple(fields), key_id=key_id)


def _bits(data: bytes, node: Node) -> list[int]:
    """The numbers of the bits that are set, the first one is 0."""
    content = node.octets(data)
    if len(content) > 8:
        raise Odd("more bits than there are names for")
    return [8 * at + bit for at, octet in enumerate(content[1:]) for bit in range(8) if octet & 0x80 >> bit]


def _key_usage(data: bytes, node: Node) -> Decoded:
    if not node.is_a(asn1.BIT_STRING):
        raise Odd(f"a BIT STRING was expected, and it is {type_name(node)}")
    fields = []
    for bit in _bits(data, node):
        name, means = USAGES[bit] if bit < len(USAGES) else (f"bit {bit}", "no standard names it")
        fields.append(Field(name, "yes", node.start, node.stop, means=means))
    return Decoded(", ".join(field.name for field in fields) or "none at all", tuple(fields))


def _policies(data: bytes, node: Node) -> Decoded:
    fields = []
    for policy in _sequence(node):
        parts = _sequence(policy)
        if not parts:
            raise Odd("a policy without an identifier")
        inside = []
        for qualifier in parts[1].children[:MAX_ITEMS] if len(parts) > 1 else ():
            if not qualifier.children:
                raise Odd("a qualifier without an identifier")
            kind, *values = qualifier.children
            said = [value for value in values if is_string(value)]
            text = string_text(data, said[0]) if said else "; ".join(_strings(data, values))
            inside.append(Field(oid_words(kind.octets(data)), text, qualifier.start, qualifier.stop))
        name = oid_words(parts[0].octets(data))
        fields.append(Field("Policy", name, policy.start, policy.stop, fields=tuple(inside)))
    return Decoded(", ".join(field.text for field in fields) or "none", tuple(fields))


def _strings(data: bytes, nodes: list[Node]) -> list[str]:
    found: list[str] = []
    for node in nodes:
        found += [string_text(data, node)] if is_string(node) else _strings(data, list(node.children))
    return found


def _alternative_names(data: bytes, node: Node) -> Decoded:
    _sequence(node)
    names, fields = general_names(data, node)
    if not names:
        raise Odd("it holds no name at all")
    shown_names = ", ".join(str(name) for name in names[:8])
    more = f" and {len(names) - 8:,} more" if len(names) > 8 else ""
    return Decoded(shown_names + more, fields, names)


def _basic_constraints(data: bytes, node: Node) -> Decoded:
    parts = _sequence(node)
    is_authority = bool(parts) and parts[0].is_a(asn1.BOOLEAN) and parts[0].octets(data) != b"\0"
    fields = [Field("Authority", "yes" if is_authority else "no", node.start, node.stop)]
    text = "an authority" if is_authority else "no authority: it may not sign other certificates"
    for part in parts:
        if part.is_a(asn1.INTEGER):
            length = _number(data, part)
            fault = "" if is_authority else "a length without being an authority"
            means = "how many authorities may stand between this one and the end of the chain"
            fields.append(Field("Path length", str(length), part.start, part.stop, means=means, fault=fault))
            text += f", with at most {length} more below it" if is_authority else ""
    return Decoded(text, tuple(fields), is_authority=is_authority)


def _name_constraints(data: bytes, node: Node) -> Decoded:
    fields = []
    for part in _sequence(node):
        if not (_is(part, 0) or _is(part, 1)):
            raise Odd(f"{type_name(part)} has no place in it")
        word = "Permitted" if part.number == 0 else "Excluded"
        for subtree in part.children[:MAX_ITEMS]:
            if not subtree.children:
                raise Odd("a subtree without a name")
            fields.append(Field(word, subtree_text(data, subtree.children[0]), subtree.start, subtree.stop))
    return Decoded("; ".join(f"{f.name.lower()} {f.text}" for f in fields), tuple(fields))


def _policy_constraints(data: bytes, node: Node) -> Decoded:
    titles = {0: "Explicit policy after", 1: "No policy mapping after"}
    fields = [
        Field(titles.get(p.number, type_name(p)), f"{_number(data, p)} certificates", p.start, p.stop)
        for p in _sequence(node)
    ]
    return Decoded("; ".join(f"{field.name} {field.text}" for field in fields), tuple(fields))


def _purposes(data: bytes, node: Node) -> Decoded:
    fields = [Field("Purpose", oid_words(p.octets(data)), p.start, p.stop) for p in _sequence(node)]
    return Decoded(", ".join(field.text.partition(" (1.")[0] for field in fields), tuple(fields))


def _distribution_points(data: bytes, node: Node) -> Decoded:
    fields: list[Field] = []
    for point in _sequence(node):
        for part in point.children:
            if _is(part, 0):
                for full in part.children:
                    names = full.children if _is(full, 0) else ()
                    for each in names[:MAX_ITEMS]:
                        fields.append(Field("List", general_name(data, each)[0].text, each.start, each.stop))
                    if _is(full, 1):
                        fields.append(Field("List", "a name relative to the issuer's", full.start, full.stop))
            elif _is(part, 1):
                told = [_REASONS[bit] for bit in _bits(data, part) if bit < len(_REASONS)]
                fields.append(Field("Only for", ", ".join(told), part.start, part.stop))
            elif _is(part, 2):
                text = ", ".join(str(name) for name in general_names(data, part)[0])
                fields.append(Field("Signed by", text, part.start, part.stop))
    if not fields:
        raise Odd("it names no place")
    return Decoded(", ".join(field.text for field in fields), tuple(fields))


def _access(data: bytes, node: Node) -> Decoded:
    fields = []
    for description in _sequence(node):
        if len(description.children) != 2:
            raise Odd("a method and a place were expected")
        method, place = description.children
        name = oid_words(method.octets(data)).partition(" (")[0]
        text = general_name(data, place)[0].text
        fields.append(Field(name, text, description.start, description.stop))
    return Decoded(", ".join(f"{field.name}: {field.text}" for field in fields), tuple(fields))


def _inhibit(data: bytes, node: Node) -> Decoded:
    return Decoded(f"after {_number(data, node)} certificates")


def _features(data: bytes, node: Node) -> Decoded:
    numbers = [_number(data, part) for part in _sequence(node)]
    return Decoded(", ".join(_TLS_FEATURES.get(number, str(number)) for number in numbers))


def _nothing(data: bytes, node: Node) -> Decoded:
    if not node.is_a(asn1.NULL):
        raise Odd(f"NULL was expected, and it is {type_name(node)}")
    return Decoded("yes")


def _timestamps(data: bytes, node: Node) -> Decoded:
    """A list of TLS's own encoding inside the octets (RFC 6962 section 3.3)."""
    content, base = _octet_string(data, node), node.content
    if len(content) < 2 or int.from_bytes(content[:2]) != len(content) - 2:
        raise Odd("the length of the list is wrong")
    fields = []
    place = 2
    while place < len(content):
        size = int.from_bytes(content[place : place + 2])
        one = content[place + 2 : place + 2 + size]
        if len(one) != size or size < 43:
            raise Odd("a timestamp is cut off")
        moment_ms = int.from_bytes(one[33:41])
        told = _moment(moment_ms)
        log = Field("Log", one[1:33].hex(), base + place + 3, base + place + 35, "RFC 6962 3.2")
        fields.append(
            Field("Timestamp", told, base + place, base + place + 2 + size, "RFC 6962 3.2", fields=(log,))
        )
        place += 2 + size
    count = len(fields)
    return Decoded(f"{count} timestamp" + ("" if count == 1 else "s"), tuple(fields))


def _moment(moment_ms: int) -> str:
    try:
        return f"{datetime.fromtimestamp(moment_ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{moment_ms} ms, which is no time that makes sense"


def _directory_attributes(data: bytes, node: Node) -> Decoded:
    _sequence(node)
    return Decoded(value_text(data, node))


def _issuer_names(data: bytes, node: Node) -> Decoded:
    return _alternative_names(data, node)._replace(names=())


def _mappings(data: bytes, node: Node) -> Decoded:
    fields = []
    for pair in _sequence(node):
        if len(pair.children) != 2:
            raise Odd("two policies were expected")
        one, other = (oid_words(each.octets(data)) for each in pair.children)
        fields.append(Field("Mapping", f"{one} is as good as {other}", pair.start, pair.stop))
    return Decoded("; ".join(field.text for field in fields), tuple(fields))


DECODERS: Final[dict[str, Callable[[bytes, Node], Decoded]]] = {
    "2.5.29.9": _directory_attributes,
    "2.5.29.14": _subject_key,
    "2.5.29.15": _key_usage,
    "2.5.29.17": _alternative_names,
    "2.5.29.18": _issuer_names,
    "2.5.29.19": _basic_constraints,
    "2.5.29.30": _name_constraints,
    "2.5.29.31": _distribution_points,
    "2.5.29.32": _policies,
    "2.5.29.33": _mappings,
    "2.5.29.35": _authority_key,
    "2.5.29.36": _policy_constraints,
    "2.5.29.37": _purposes,
    "2.5.29.46": _distribution_points,
    "2.5.29.54": _inhibit,
    "1.3.6.1.5.5.7.1.1": _access,
    "1.3.6.1.5.5.7.1.11": _access,
    "1.3.6.1.5.5.7.1.24": _features,
    "1.3.6.1.5.5.7.48.1.5": _nothing,
    "1.3.6.1.4.1.11129.2.4.2": _timestamps,
    "1.3.6.1.4.1.11129.2.4.3": _nothing,
}
"""By identifier; each is explained in extensions.MEANINGS."""
