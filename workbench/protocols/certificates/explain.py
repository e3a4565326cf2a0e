"""OpenSSL's reasons against a certificate in plain words, with what to do and the section that decides."""

from typing import Final

from workbench.protocols.certificates.values import ReasonKind

PATH = "RFC 5280 section 6.1"

CODES: Final[dict[int, tuple[ReasonKind, str, str, str]]] = {
    # X509_V_ERR_...: kind, sentence ({} is whose certificate), advice, section
    2: ("chain-incomplete", "the issuer of {} was not found", "the server should send it", PATH),
    7: ("signature", "the signature on {} is wrong: it was changed, or another key signed it", "", PATH),
    9: ("not-yet-valid", "{} is not valid yet", "look at this machine's clock", "RFC 5280 section 4.1.2.5"),
    10: (
        "expired",
        "{} has expired",
        "its holder must renew it; look at this machine's clock too",
        "RFC 5280 section 4.1.2.5",
    ),
    18: (
        "self-signed",
        "{} is signed by itself, and nobody else vouches for it",
        "compare its fingerprint with its holder's by another way, then trust that file: --trust FILE",
        PATH,
    ),
    19: (
        "unknown-authority",
        "the chain ends at a root that is not in this store",
        "choose another trust store, if you know this authority",
        PATH,
    ),
    20: (
        "unknown-authority",
        "who signed {} is not in this store, and was not sent",
        "choose another trust store, or have the server send the whole chain",
        PATH,
    ),
    21: ("unknown-authority", "nobody known vouches for {}", "choose another trust store", PATH),
    22: ("constraints", "the chain is longer than is followed", "", PATH),
    23: ("revoked", "{} was revoked", "its holder must use another one", "RFC 5280 section 6.3"),
    24: ("not-an-authority", "{} signed another one, and may not", "", "RFC 5280 section 4.2.1.9"),
    25: ("constraints", "more authorities stand below {} than it allows", "", "RFC 5280 section 4.2.1.9"),
    26: ("purpose", "{} is not meant for a TLS server", "", "RFC 5280 section 4.2.1.12"),
    27: ("unknown-authority", "the root is not trusted for this", "choose another trust store", PATH),
    32: ("not-an-authority", "the key of {} may not sign certificates", "", "RFC 5280 section 4.2.1.3"),
    47: (
        "constraints",
        "a name in it is outside what its authority may vouch for",
        "",
        "RFC 5280 section 4.2.1.10",
    ),
    48: (
        "constraints",
        "a name in it is one its authority must not vouch for",
        "",
        "RFC 5280 section 4.2.1.10",
    ),
    62: ("name", "it is for another name", "", "RFC 9525 section 6"),
    64: ("name", "it is for another address", "", "RFC 9525 section 6.4"),
    66: ("weak", "the key of {} is too small", "its holder must make a larger one", "RFC 9325 section 4.5"),
    67: ("weak", "the key of an authority, {}, is too small", "", "RFC 9325 section 4.5"),
    68: ("weak", "{} is signed with a digest that is broken", "", "RFC 9155"),
    79: (
        "not-an-authority",
        "{} may not sign other certificates, and stands where an authority must",
        "",
        "RFC 5280 section 4.2.1.9",
    ),
}
"""Every code that a server's certificate meets in practice; others keep OpenSSL's own words."""


def explained(code: int, whose: str, words: str) -> tuple[ReasonKind, str, str, str]:
    """(kind, sentence, advice, section) of a code; of one without a line here OpenSSL's own words.

    Args:
        whose: which certificate: "the server's certificate (CN=...)". words: OpenSSL's.
    """
    known = CODES.get(code)
    if known is None:
        return "other", f"{whose}: {words}", "", PATH
    kind, sentence, advice, section = known
    return kind, sentence.replace("{}", whose), advice, section
