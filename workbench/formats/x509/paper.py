"""What a file or a paste holds: certificates, and what else comes in such files, each named for what it is.

A private key is never decoded further than its kind, and its octets are not kept: nothing shows or saves them.
"""

from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats import asn1
from workbench.formats.asn1 import Node, walk
from workbench.formats.asn1_text import dotted
from workbench.formats.charset import visible
from workbench.formats.pem import MAX_BLOCKS, Block, bare_base64, blocks
from workbench.formats.x509.certificate import read_certificate
from workbench.formats.x509.keys import algorithm, public_key
from workbench.formats.x509.names import distinguished
from workbench.formats.x509.tree import tree_field
from workbench.formats.x509.values import Certificate, Field

Kind = Literal[
    "certificate", "request", "private key", "public key", "revocation list", "PKCS #12", "PKCS #7", "unknown"
]

MAX_OCTETS = 8 * 1024 * 1024
"""Of one file: twenty times a whole system's store."""
_SIGNED_DATA, _DATA = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1"
_PBES = "1.2.840.113549.1.5."
_SEQUENCE = 0x30
"""The first octet of every certificate in DER."""
_SHOWN_START = 60
_LABELS: Final[dict[str, Kind]] = {
    "CERTIFICATE": "certificate",
    "X509 CERTIFICATE": "certificate",
    "TRUSTED CERTIFICATE": "certificate",
    "CERTIFICATE REQUEST": "request",
    "NEW CERTIFICATE REQUEST": "request",
    "PUBLIC KEY": "public key",
    "RSA PUBLIC KEY": "public key",
    "X509 CRL": "revocation list",
    "PKCS7": "PKCS #7",
    "PKCS #7 SIGNED DATA": "PKCS #7",
    "CMS": "PKCS #7",
}


class Paper(NamedTuple):
    """One thing that a file holds.

    title: what it is, in a few words. place: where in the file ("line 12"). certificate: of a certificate. data: the
    octets that `fields` stand in; b"" of a private key. fault: what is wrong; advice: what to do.
    """

    kind: Kind
    title: str
    place: str = ""
    certificate: Certificate | None = None
    data: bytes = b""
    fields: tuple[Field, ...] = ()
    fault: str = ""
    advice: str = ""

    def as_dict(self) -> dict[str, object]:
        """What JSON lists of it when it is no certificate."""
        shown: dict[str, object] = {"kind": self.kind, "what": self.title, "place": self.place}
        if self.fault:
            shown["fault"] = self.fault
        if self.advice:
            shown["try"] = self.advice
        if self.fields:
            shown["fields"] = [field.as_dict() for field in self.fields]
        return shown


def read_papers(data: bytes, name: str = "it") -> tuple[Paper, ...]:
    """All that a file or a paste holds, in its order, damaged ones in their place; at least one.

    Raises: what pieces_of() raises.
    """
    return tuple(paper for piece in pieces_of(data, name) for paper in read_piece(piece))


def pieces_of(data: bytes, name: str = "it") -> tuple[Block, ...]:
    """The same before it is read, piece by piece: who may not be held up reads them one by one.

    Args:
        name: of the file, for sentences.

    Returns: blocks of PEM; octets of DER as a block without a label, at line 0.

    Raises: LocalMisuse: nothing of the kind is in it, with what it is instead and what to do (stage "open").
    """
    if not data.strip():
        raise _misuse(f"{name} is empty", data, "open a file of certificates: PEM or DER")
    if len(data) > MAX_OCTETS:
        what = f"{name} is too large to be certificates: more than {MAX_OCTETS // 2**20} MiB"
        raise _misuse(what, b"", "split it, or open the right file")
    if found := blocks(data):
        if len(found) == MAX_BLOCKS:
            raise _misuse(f"{name} holds {MAX_BLOCKS:,} blocks or more", data, "split it into smaller files")
        return found
    if data[0] == _SEQUENCE:
        return (Block("", data, 0),)
    if (inner := bare_base64(data)) is not None and inner[:1] == bytes((_SEQUENCE,)):
        return (Block("", inner, 0),)
    raise _not_a_certificate(data, name)


def read_piece(piece: Block) -> tuple[Paper, ...]:
    """What one piece holds: one thing, or the certificates of a PKCS #7. Never raises."""
    return _of_block(piece) if piece.label else _of_der(piece.data, "octet 0")


def _not_a_certificate(data: bytes, name: str) -> LocalMisuse:
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        advice = "the server sent a page instead of the file, an error or a login: look at it in a browser"
        return _misuse(f"{name} is a web page, and no certificate", data, advice)
    if data.startswith(b"\xfe\xed\xfe\xed"):
        return _misuse(f"{name} is a Java key store", data, "export it: keytool -exportcert -rfc")
    if b"-----BEGIN" in data or b"-----END" in data:
        return _misuse(
            f"the marks of PEM in {name} are damaged", data, "they are five hyphens, BEGIN and a label"
        )
    if b"ssh-" in data[:8] or data.startswith(b"ecdsa-sha2"):
        return _misuse(f"{name} is a public key of SSH", data, "SSH has no certificates of this kind")
    advice = "PEM begins with -----BEGIN CERTIFICATE-----, DER with the octet 30"
    return _misuse(f"there is no certificate in {name}", data, advice)


def _misuse(what: str, data: bytes, advice: str) -> LocalMisuse:
    first = data[:_SHOWN_START].decode("utf-8", "replace").split("\n")[0]
    shown = visible(first)
    place = {"start": 0, "end": len(shown)} if shown else {}
    return LocalMisuse(what, text=shown, stage="open", advice=advice, source="RFC 7468", **place)


def _of_block(block: Block) -> tuple[Paper, ...]:
    place = f"line {block.line}"
    label = block.label
    kind = _LABELS.get(label)
    if label.endswith("PRIVATE KEY"):
        return (_private(block, place),)
    if not block.data or kind is None:
        title = f"{visible(label)}, which is nothing that we read"
        return (Paper("unknown" if kind is None else kind, title, place, None, b"", (), block.fault),)
    papers = _of_der(block.data, place)
    if block.fault:
        return tuple(_with_fault(paper, block.fault) for paper in papers)
    if papers[0].kind != kind and papers[0].kind != "unknown" and kind != "PKCS #7":
        fault = f"the mark says {label}, and it is a {papers[0].kind}"
        return (_with_fault(papers[0], fault),)
    return papers


def _with_fault(paper: Paper, fault: str) -> Paper:
    # What is wrong with the text around it comes first; the certificate's own faults stand in its fields.
    return paper._replace(fault=fault, advice=paper.advice or "get the file again, or cut it right")


def _private(block: Block, place: str) -> Paper:
    encrypted = block.label.startswith("ENCRYPTED") or any(
        name == "Proc-Type" and "ENCRYPTED" in value for name, value in block.headers
    )
    root = walk(block.data)
    return _private_key(block.data, root, place, encrypted=encrypted, label=block.label, fault=block.fault)


def _private_key(
    data: bytes, root: Node, place: str, *, encrypted: bool, label: str = "", fault: str = ""
) -> Paper:
    if encrypted:
        title = "a private key under a password"
        advice = (
            "the password is not needed here, and not asked for: open the certificate that belongs to the key"
        )
    else:
        words = label.removesuffix(" PRIVATE KEY") if label not in ("", "PRIVATE KEY") else ""
        words = words or _key_words(data, root)
        title = (
            f"a private key ({words}), not protected by a password"
            if words
            else "a private key, in the clear"
        )
        advice = "keep it to yourself; open the certificate that belongs to it"
    return Paper("private key", title, place, None, b"", (), fault, advice)


def _key_words(data: bytes, root: Node) -> str:
    """What kind of key it is, without looking further: PKCS #8 says so, of older forms the shape does."""
    parts = root.children
    if len(parts) < 2:
        return ""
    if parts[1].is_a(asn1.SEQUENCE):
        words = algorithm(data, parts[1])[1]
        return {"rsaEncryption": "RSA", "ecPublicKey": "EC"}.get(words, words)
    return "EC" if parts[1].is_a(asn1.OCTET_STRING) else "RSA"


def _of_der(data: bytes, place: str) -> tuple[Paper, ...]:
    root = walk(data, opening=False)
    kind = _kind(data, root)
    if kind == "certificate":
        certificate = read_certificate(data)
        fault = certificate.faults[0] if root.fault or root.stop < len(data) else ""
        return (Paper("certificate", certificate.title, place, certificate, data, certificate.fields, fault),)
    if kind == "PKCS #7":
        return _of_pkcs7(data, root, place)
    if kind == "private key":
        encrypted = bool(root.children) and not root.children[0].is_a(asn1.INTEGER)
        return (_private_key(data, root, place, encrypted=encrypted),)
    if kind == "PKCS #12":
        advice = "get the certificates out: openssl pkcs12 -in FILE -nokeys -out chain.pem"
        return (Paper(kind, "a PKCS #12 store, under a password", place, advice=advice),)
    if kind == "request":
        return (_request(data, root, place),)
    if kind == "public key":
        words, field = public_key(data, root)
        return (Paper(kind, f"a public key ({words})", place, None, data, (field,), "", _WHOSE),)
    tree = tree_field(data, walk(data))
    if kind == "revocation list":
        advice = "it says which certificates count no more; open the certificate itself"
        return (Paper(kind, "a list of revoked certificates (CRL)", place, None, data, (tree,), "", advice),)
    fault = root.fault or "it is ASN.1, but no certificate: three parts, the last one a string of bits"
    return (Paper("unknown", "ASN.1 that is no certificate", place, None, data, (tree,), fault),)


_WHOSE = "a certificate says whose it is: open that"


def _kind(data: bytes, root: Node) -> Kind:
    """What a value of DER is, by its shape (RFC 5280, RFC 2986, RFC 5208, RFC 5652, RFC 7292)."""
    parts = root.children
    if not root.is_a(asn1.SEQUENCE) or not parts:
        return "unknown"
    first = parts[0]
    if first.is_a(asn1.OID):
        return "PKCS #7" if dotted(first.octets(data)) == _SIGNED_DATA else "unknown"
    if first.is_a(asn1.INTEGER):
        return _kind_of_numbered(data, parts)
    if not first.is_a(asn1.SEQUENCE):
        return "unknown"
    if len(parts) == 2 and first.children and first.children[0].is_a(asn1.OID):
        if parts[1].is_a(asn1.BIT_STRING):
            return "public key"
        is_encrypted = dotted(first.children[0].octets(data)).startswith(_PBES)
        return "private key" if is_encrypted and parts[1].is_a(asn1.OCTET_STRING) else "unknown"
    return _kind_of_signed(first)


def _kind_of_numbered(data: bytes, parts: tuple[Node, ...]) -> Kind:
    if len(parts) > 2 and parts[1].is_a(asn1.SEQUENCE) and parts[2].is_a(asn1.OCTET_STRING):
        return "private key"
    # Also one that was cut off: what is left of it is as secret.
    if len(parts) >= 3 and all(part.is_a(asn1.INTEGER) for part in parts[:9]):
        return "private key"
    if len(parts) > 1 and parts[0].octets(data) == b"\1" and parts[1].is_a(asn1.OCTET_STRING):
        return "private key"
    inner = parts[1].children if len(parts) > 1 else ()
    if inner and inner[0].is_a(asn1.OID) and dotted(inner[0].octets(data)) == _DATA:
        return "PKCS #12"
    return "unknown"


def _kind_of_signed(body: Node) -> Kind:
    """A certificate, a request or a list: the three are signed the same way, and differ inside."""
    inside = [part for part in body.children if not part.is_a(0, asn1.CONTEXT)]
    if len(inside) == 3 and inside[0].is_a(asn1.INTEGER) and _is_key(inside[2]):
        return "request"
    times = (asn1.UTC_TIME, asn1.GENERALIZED_TIME)
    if any(part.kind == asn1.UNIVERSAL and part.number in times for part in inside[:5]):
        return "revocation list"
    return "certificate" if len(inside) >= 2 else "unknown"


def _is_key(node: Node) -> bool:
    return len(node.children) == 2 and node.children[1].is_a(asn1.BIT_STRING)


def _request(data: bytes, root: Node, place: str) -> Paper:
    body = root.children[0].children
    subject, inside, common = distinguished(data, body[1])
    words, key = public_key(data, body[2])
    name = Field("Subject", subject or "none", body[1].start, body[1].stop, "RFC 2986 4.1", "", "", inside)
    rest = tuple(tree_field(data, walk(data, part.start, part.stop)) for part in body[3:])
    title = f"a request for a certificate (CSR) of {common[-1] if common else subject or 'nobody'}, {words}"
    advice = "an authority makes a certificate of it: open that"
    return Paper("request", title, place, None, data, (name, key, *rest), "", advice)


def _of_pkcs7(data: bytes, root: Node, place: str) -> tuple[Paper, ...]:
    """The certificates of signed data (RFC 5652 section 5.1)."""
    signed = root.children[1].children[0] if len(root.children) > 1 and root.children[1].children else None
    bags = [part for part in signed.children if part.is_a(0, asn1.CONTEXT)] if signed is not None else []
    found = [node for bag in bags for node in bag.children if node.is_a(asn1.SEQUENCE)]
    if not found:
        fault = root.fault or "it holds no certificates"
        return (Paper("PKCS #7", "PKCS #7 without certificates", place, None, data, (), fault),)
    papers: list[Paper] = []
    for node in found:
        papers += _of_der(node.whole(data), f"{place}, octet {node.start} of the PKCS #7")
    return tuple(papers)
