"""What was looked at, and how it was judged."""

from typing import Literal, NamedTuple

from workbench.formats.x509.name_check import NameCheck
from workbench.formats.x509.values import Certificate
from workbench.wire.tls.values import Handshake, Trust

ReasonKind = Literal[
    "name",
    "expired",
    "not-yet-valid",
    "self-signed",
    "unknown-authority",
    "chain-incomplete",
    "signature",
    "not-an-authority",
    "weak",
    "purpose",
    "constraints",
    "revoked",
    "none-shown",
    "damaged",
    "other",
]

NOT_CHECKED = (
    "whether it was revoked: no list (CRL) and no OCSP responder was asked",
    "whether public logs know it (certificate transparency)",
    "whether DNS says which key to expect (DANE), or which authority may issue (CAA)",
    "who is behind the name: an authority of domains does not ask",
)
"""What no judgement here says anything about; shown with every one."""


class Store(NamedTuple):
    """Whose certificates are believed. id: "system", "certifi", "lab" or "file"; title: for people.

    path: of its file, where it has one; scripts name it when the certificates are too many to carry.
    """

    id: str
    title: str
    trust: Trust
    path: str = ""

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {"store": self.id, "title": self.title}


class Reason(NamedTuple):
    """One thing that speaks against a certificate.

    code: OpenSSL's number, 0 where we say it ourselves. depth: 0 is the first certificate, above it the authorities.
    """

    kind: ReasonKind
    code: int
    depth: int
    subject: str
    sentence: str
    advice: str = ""
    source: str = ""

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {**self._asdict(), "advice": self.advice or None, "source": self.source or None}


class Judgement(NamedTuple):
    """Whether a certificate is accepted, for which name, by which store, and all that speaks against it.

    trusted: chain, dates and, where one was expected, the name. name: None where none was expected. verified: the
    chain from the certificate to the root as it was built, as far as that went.
    """

    trusted: bool
    reasons: tuple[Reason, ...]
    store: Store
    name: NameCheck | None = None
    verified: tuple[Certificate, ...] = ()

    @property
    def sentence(self) -> str:
        """The judgement in one sentence; it never says "secure"."""
        if self.reasons:
            first = self.reasons[0]
            more = len(self.reasons) - 1
            also = f"; and {more} more reason{'' if more == 1 else 's'}" if more else ""
            return f"{first.sentence}{also}"
        root = f", up to {self.verified[-1].title}" if self.verified else ""
        named = f" for {self.name.expected}" if self.name is not None else ""
        unnamed = "" if self.name is not None else "; no name was compared"
        return f"accepted{named} by {self.store.title}{root}{unnamed}"

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {
            "trusted": self.trusted,
            "verdict": self.sentence,
            "trust": self.store.as_dict(),
            "name_matched": self.name.matched if self.name is not None else None,
            "names": [check._asdict() for check in self.name.checks] if self.name is not None else [],
            "reasons": [reason.as_dict() for reason in self.reasons],
            "verified": [certificate.as_dict() for certificate in self.verified],
            "not_checked": list(NOT_CHECKED),
        }


class Inspection(NamedTuple):
    """A server that was looked at. address: where it was reached; marks: what each certificate that it sent is."""

    target: str
    address: str
    name: str
    handshake: Handshake
    sent: tuple[Certificate, ...]
    marks: tuple[str, ...]
    judgement: Judgement
