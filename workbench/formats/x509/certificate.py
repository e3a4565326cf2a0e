"""A certificate's octets to its value (RFC 5280 section 4.1). Never raises: what is wrong stands in the fields."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from workbench.formats import asn1
from workbench.formats.asn1 import Node, faults, walk
from workbench.formats.asn1_text import hex_text, time_of, type_name, value_text
from workbench.formats.x509.extensions import read_extension
from workbench.formats.x509.keys import algorithm, public_key, signature_fault
from workbench.formats.x509.names import distinguished
from workbench.formats.x509.tree import tree_field
from workbench.formats.x509.values import Certificate, Extension, Field, Name

MAX_SERIAL = 20
"""Octets, RFC 5280 section 4.1.2.2."""
_OPTIONAL = {
    1: ("Issuer unique identifier", "RFC 5280 4.1.2.8"),
    2: ("Subject unique identifier", "RFC 5280 4.1.2.8"),
}


def read_certificate(der: bytes) -> Certificate:
    """The value of one certificate; of octets that are none as much as can be read, with the reason."""
    root = walk(der, opening=False)
    reading = _Reading(der, root)
    reading.read()
    return reading.value()


class _Parts(NamedTuple):
    """The parts of a TBSCertificate, in the order in which they must stand; None where one is missing."""

    version: Node | None
    serial: Node | None
    signature: Node | None
    issuer: Node | None
    validity: Node | None
    subject: Node | None
    key: Node | None
    rest: tuple[Node, ...]


class _Reading:
    def __init__(self, der: bytes, root: Node) -> None:
        self._der = der
        self._root = root
        self._fields: list[Field] = []
        self._faults: list[str] = []
        self._extensions: list[Extension] = []
        self._names: tuple[Name, ...] = ()
        self._is_authority: bool | None = None
        self._key_id = self._issuer_key_id = b""
        self._subject = self._issuer = self._serial = self._key = self._signature = ""
        self._subject_der = self._issuer_der = b""
        self._common: tuple[str, ...] = ()
        self._times: tuple[datetime | None, datetime | None] = (None, None)
        self._key_node: Node | None = None
        self._version = 1

    def read(self) -> None:
        root, der = self._root, self._der
        for node in faults(root)[:20]:
            self._faults.append(f"octet {node.start}, {type_name(node)}: {node.fault}")
        if root.stop < len(der):
            behind = len(der) - root.stop
            self._faults.append(f"octet {root.stop}: {behind:,} octets follow the certificate")
        if not root.children:
            self._faults.append("it is no certificate: a SEQUENCE of three parts was expected")
            self._add(tree_field(der, root, name="Octets"))
            return
        parts = _parts(root.children[0])
        self._head(parts)
        self._middle(parts)
        for node in parts.rest:
            self._rest(node)
        self._tail(parts)

    def _head(self, parts: _Parts) -> None:
        der = self._der
        if parts.version is not None:
            inner = parts.version.children[0] if parts.version.children else parts.version
            self._version = int.from_bytes(inner.octets(der)[:4]) + 1
            fault = "" if self._version in (2, 3) else "there is no such version, or it need not be written"
            text = f"{self._version}"
            self._add(_field("Version", text, parts.version, "RFC 5280 4.1.2.1", fault=fault))
        if (node := parts.serial) is not None:
            content = node.octets(der)
            number = int.from_bytes(content, signed=True)
            self._serial = f"{number:x}"
            text = f"{hex_text(content)} ({number})" if len(content) <= 2 * MAX_SERIAL else hex_text(content)
            means = "the authority's number for it; no two of its certificates have the same"
            self._add(_field("Serial number", text, node, "RFC 5280 4.1.2.2", means, _serial_fault(content)))
        if (node := parts.signature) is not None:
            dots, words = algorithm(der, node)
            # Nobody relies on the signature of a root: it is believed because it is in the store.
            fault = "" if _is_self_issued(der, parts) else signature_fault(dots)
            self._add(_field("Signature algorithm", words, node, "RFC 5280 4.1.2.3", "", fault))

    def _middle(self, parts: _Parts) -> None:
        der = self._der
        if (node := parts.issuer) is not None:
            self._issuer, inside, _ = distinguished(der, node)
            self._issuer_der = node.whole(der)
            means = "the authority that signed it"
            fault = "" if inside else "it is empty, and the issuer must have a name"
            self._add(
                _field("Issuer", self._issuer or "none", node, "RFC 5280 4.1.2.4", means, fault, inside)
            )
        if (node := parts.validity) is not None:
            self._validity(node)
        if (node := parts.subject) is not None:
            self._subject, inside, self._common = distinguished(der, node)
            self._subject_der = node.whole(der)
            means = "whom it is about; a server's name stands in the subject alternative names, not here"
            self._add(_field("Subject", self._subject or "none", node, "RFC 5280 4.1.2.6", means, "", inside))
        if (node := parts.key) is not None:
            self._key, field = public_key(der, node)
            self._key_node = node
            self._add(field)

    def _validity(self, node: Node) -> None:
        source, inside, times = "RFC 5280 4.1.2.5", [], []
        for title, child in zip(("Not before", "Not after"), node.children, strict=False):
            moment, fault = time_of(self._der, child)
            times.append(moment)
            text = value_text(self._der, child)
            inside.append(_field(title, text, child, source, f"as {type_name(child)}", fault))
        self._times = (*times, None, None)[:2]  # type: ignore[assignment]  # two of them
        first, last = self._times
        fault = "" if len(inside) == 2 else "two times were expected"
        if first is not None and last is not None:
            text = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}, {(last - first).days:,} days"
            fault = fault or ("it ends before it begins" if last < first else "")
        else:
            text = " to ".join(field.text for field in inside)
        self._add(_field("Validity", text, node, source, "both ends are included", fault, tuple(inside)))

    def _rest(self, node: Node) -> None:
        if node.kind == asn1.CONTEXT and node.number == 3 and node.children:
            self._read_extensions(node)
        elif node.kind == asn1.CONTEXT and node.number in _OPTIONAL:
            title, source = _OPTIONAL[node.number]
            self._add(
                _field(title, hex_text(node.octets(self._der)), node, source, "", "nobody uses it any more")
            )
        else:
            field = tree_field(self._der, node)
            self._add(field._replace(fault=field.fault or "it has no place in a certificate"))

    def _read_extensions(self, node: Node) -> None:
        inside: list[Field] = []
        seen: set[str] = set()
        for child in node.children[0].children:
            extension, decoded = read_extension(self._der, child)
            field = extension.field
            if extension.oid in seen:
                field = field._replace(fault="it stands here twice (RFC 5280 section 4.2)")
            seen.add(extension.oid)
            inside.append(field)
            self._extensions.append(extension._replace(field=field))
            self._names += decoded.names
            if decoded.is_authority is not None:
                self._is_authority = decoded.is_authority
            if extension.oid == "2.5.29.14":
                self._key_id = decoded.key_id
            elif extension.oid == "2.5.29.35":
                self._issuer_key_id = decoded.key_id
        fault = (
            "" if self._version == 3 else f"only version 3 has extensions, and this one says {self._version}"
        )
        text = f"{len(inside)} extension" + ("" if len(inside) == 1 else "s")
        means = "a critical one that somebody doesn't know makes the certificate worthless to him"
        self._add(_field("Extensions", text, node, "RFC 5280 4.1.2.9", means, fault, tuple(inside)))

    def _tail(self, parts: _Parts) -> None:
        der, children = self._der, self._root.children
        if len(children) > 1:
            _, self._signature = algorithm(der, children[1])
            fault = ""
            if parts.signature is not None and parts.signature.octets(der) != children[1].octets(der):
                fault = "it differs from the one inside, and must be the same"
            self._add(_field("Signed with", self._signature, children[1], "RFC 5280 4.1.1.2", "", fault))
        if len(children) > 2:
            content = children[2].octets(der)[1:]
            means = "the issuer's signature over everything from the version to the extensions"
            self._add(_field("Signature", hex_text(content), children[2], "RFC 5280 4.1.1.3", means))
        if len(children) != 3:
            self._faults.append(f"a certificate has three parts, and this has {len(children)}")

    def _add(self, field: Field) -> None:
        self._fields.append(field)
        self._note(field)

    def _note(self, field: Field) -> None:
        if field.fault and len(self._faults) < 40:
            self._faults.append(f"{field.name}: {field.fault}")
        for inside in field.fields:
            self._note(inside)

    def value(self) -> Certificate:
        der = self._der
        sha256 = hashlib.sha256(der).hexdigest()
        return Certificate(
            der,
            (*self._fields, *self._fingerprints(sha256)),
            self._subject,
            self._issuer,
            self._subject_der,
            self._issuer_der,
            self._serial,
            *self._times,
            self._names,
            self._common,
            self._key,
            self._signature,
            tuple(self._extensions),
            self._is_authority,
            self._key_id,
            self._issuer_key_id,
            sha256,
            tuple(dict.fromkeys(self._faults)),
            strict_complaint(der),
        )

    def _fingerprints(self, sha256: str) -> tuple[Field, ...]:
        der = self._der
        # SHA-1 is shown because others still show it: it names, it does not protect.
        sha1 = hashlib.sha1(der, usedforsecurity=False).hexdigest()
        means = "two certificates with the same one are the same"
        found = [
            Field("Fingerprint, SHA-256", _pairs(sha256), 0, len(der), "", means),
            Field("Fingerprint, SHA-1", _pairs(sha1), 0, len(der)),
        ]
        if (node := self._key_node) is not None:
            digest = hashlib.sha256(node.whole(der)).hexdigest()
            means = "the same for every certificate of this key: what pins and DANE compare"
            title = "Fingerprint of the public key, SHA-256"
            found.append(Field(title, _pairs(digest), node.start, node.stop, "RFC 7469 2.4", means))
        return tuple(found)


def _parts(tbs: Node) -> _Parts:
    waiting = list(tbs.children)
    version = waiting.pop(0) if waiting and waiting[0].is_a(0, asn1.CONTEXT) else None
    fixed: list[Node | None] = [*waiting[:6], None, None, None, None, None, None][:6]
    serial, signature, issuer, validity, subject, key = fixed
    return _Parts(version, serial, signature, issuer, validity, subject, key, tuple(waiting[6:]))


def _is_self_issued(der: bytes, parts: _Parts) -> bool:
    if parts.issuer is None or parts.subject is None:
        return False
    return parts.issuer.whole(der) == parts.subject.whole(der)


def _field(
    name: str,
    text: str,
    node: Node,
    source: str = "",
    means: str = "",
    fault: str = "",
    fields: tuple[Field, ...] = (),
) -> Field:
    return Field(name, text, node.start, node.stop, source, means, fault or node.fault, fields)


def _serial_fault(content: bytes) -> str:
    if not content:
        return "it has no octets"
    number = int.from_bytes(content, signed=True)
    if number < 0:
        return "it is negative"
    if number == 0:
        return "it is zero"
    return f"it has {len(content)} octets, and {MAX_SERIAL} are the most" if len(content) > MAX_SERIAL else ""


def _pairs(digest: str) -> str:
    return bytes.fromhex(digest).hex(":")


def strict_complaint(der: bytes) -> str:
    """What the strict library says against a certificate; "" where it reads all of it."""
    import warnings

    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        with warnings.catch_warnings():
            # What it only warns of (serial numbers that are zero or negative) stands in our own faults.
            warnings.simplefilter("ignore")
            parsed = x509.load_der_x509_certificate(der)
            _ = (parsed.subject, parsed.issuer, parsed.not_valid_after_utc, parsed.extensions)
    except (
        ValueError,
        TypeError,
        UnsupportedAlgorithm,
        x509.InvalidVersion,
        x509.UnsupportedGeneralNameType,
        x509.DuplicateExtension,
    ) as error:
        return " ".join(str(error).split())[:300] or type(error).__name__
    return ""
