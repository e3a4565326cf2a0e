"""Extensions of certificates: each known one in words, an unknown one as its tree of ASN.1 (RFC 5280 section 4.2)."""

from typing import Final

from workbench.formats import asn1
from workbench.formats.asn1 import Node, walk
from workbench.formats.asn1_text import dotted, hex_text, value_text
from workbench.formats.oids import oid_name
from workbench.formats.x509.extension_values import DECODERS, Decoded, Odd
from workbench.formats.x509.tree import tree_field
from workbench.formats.x509.values import Extension, Field

MEANINGS: Final[dict[str, tuple[str, str, str]]] = {
    # identifier: (title, section, what it is for)
    "2.5.29.14": (
        "Subject key identifier",
        "RFC 5280 4.2.1.2",
        "tells this key from others of the same name",
    ),
    "2.5.29.35": ("Authority key identifier", "RFC 5280 4.2.1.1", "says which key of the issuer signed it"),
    "2.5.29.15": ("Key usage", "RFC 5280 4.2.1.3", "what the key may be used for"),
    "2.5.29.32": ("Certificate policies", "RFC 5280 4.2.1.4", "under which rules the authority issued it"),
    "2.5.29.33": ("Policy mappings", "RFC 5280 4.2.1.5", "which policies of two authorities are as good"),
    "2.5.29.17": ("Subject alternative names", "RFC 5280 4.2.1.6", "whom it is for: only these names count"),
    "2.5.29.18": ("Issuer alternative names", "RFC 5280 4.2.1.7", "other names of the authority"),
    "2.5.29.9": ("Subject directory attributes", "RFC 5280 4.2.1.8", "more about the subject"),
    "2.5.29.19": ("Basic constraints", "RFC 5280 4.2.1.9", "whether it may sign other certificates"),
    "2.5.29.30": ("Name constraints", "RFC 5280 4.2.1.10", "for which names its holder may vouch"),
    "2.5.29.36": ("Policy constraints", "RFC 5280 4.2.1.11", "how strictly policies are followed below it"),
    "2.5.29.37": ("Extended key usage", "RFC 5280 4.2.1.12", "for which purposes it may be used"),
    "2.5.29.31": (
        "CRL distribution points",
        "RFC 5280 4.2.1.13",
        "where lists of revoked certificates stand",
    ),
    "2.5.29.54": ("Inhibit anyPolicy", "RFC 5280 4.2.1.14", "how far down the chain “any policy” counts"),
    "2.5.29.46": ("Freshest CRL", "RFC 5280 4.2.1.15", "where the changes of such a list stand"),
    "1.3.6.1.5.5.7.1.1": (
        "Authority information access",
        "RFC 5280 4.2.2.1",
        "where to ask about the issuer",
    ),
    "1.3.6.1.5.5.7.1.11": (
        "Subject information access",
        "RFC 5280 4.2.2.2",
        "where to ask about the subject",
    ),
    "1.3.6.1.5.5.7.1.24": (
        "TLS feature",
        "RFC 7633 4",
        "what the server must do, such as prove it is not revoked",
    ),
    "1.3.6.1.5.5.7.48.1.5": (
        "OCSP no check",
        "RFC 6960 4.2.2.2.1",
        "this responder is believed without a check",
    ),
    "1.3.6.1.4.1.11129.2.4.2": (
        "Signed certificate timestamps",
        "RFC 6962 3.3",
        "promises of public logs to show this certificate to everybody",
    ),
    "1.3.6.1.4.1.11129.2.4.3": (
        "Precertificate poison",
        "RFC 6962 3.1",
        "this was made for the logs only, and must never be accepted",
    ),
}
"""Every extension that is explained; one that is not here is shown as its tree."""


def read_extension(data: bytes, node: Node) -> tuple[Extension, Decoded]:
    """One Extension of a certificate or a request (RFC 5280 section 4.1.2.9)."""
    children = node.children
    if len(children) < 2 or not children[0].is_a(asn1.OID) or not children[-1].is_a(asn1.OCTET_STRING):
        fault = "no extension: an identifier, whether it is critical, and a string of octets"
        field = tree_field(data, node, name="?")._replace(fault=fault)
        return Extension("", False, field), Decoded(field.text)
    dots = dotted(children[0].octets(data))
    is_critical = len(children) == 3 and children[1].octets(data) != b"\0"
    default = (
        "false is the default, and is not written in DER" if len(children) == 3 and not is_critical else ""
    )
    value = children[-1]
    title, source, means = MEANINGS.get(dots, ("", "RFC 5280 4.2", ""))
    inner = walk(data, value.content, value.stop)
    decoded, fault = _decoded(dots, data, inner, value)
    if dots not in MEANINGS:
        title = oid_name(dots) or dots or "?"
        if is_critical:
            fault = fault or "it is critical, and we don't know it: who doesn't must refuse the certificate"
    field = Field(
        title + (", critical" if is_critical else ""),
        decoded.text,
        node.start,
        node.stop,
        source,
        means,
        fault or default or ("octets follow its value" if inner.stop < value.stop else ""),
        decoded.fields,
    )
    return Extension(dots, is_critical, field), decoded


def _decoded(dots: str, data: bytes, inner: Node, value: Node) -> tuple[Decoded, str]:
    decoder = DECODERS.get(dots)
    if decoder is not None:
        try:
            return decoder(data, inner), inner.fault
        except Odd as odd:
            section = MEANINGS[dots][1]
            return _as_tree(data, inner, value), f"it is not built as {section} says: {odd}"
    return _as_tree(data, inner, value), ""


def _as_tree(data: bytes, inner: Node, value: Node) -> Decoded:
    """What nobody decodes, as its tree; octets that are no ASN.1 as octets."""
    if inner.fault or inner.stop != value.stop:
        content = value.octets(data)
        return Decoded(hex_text(content), (Field("Octets", hex_text(content), value.content, value.stop),))
    tree = tree_field(data, inner)
    return Decoded(f"{tree.name}, {value_text(data, inner)}" if tree.fields else tree.text, (tree,))
