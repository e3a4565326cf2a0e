"""What is read from a certificate."""

from datetime import datetime
from typing import Literal, NamedTuple

NameKind = Literal["DNS", "IP", "email", "URI", "directory", "registered", "other", "X.400", "EDI"]


class Field(NamedTuple):
    """One field: what it is called, what it says, where it stands.

    start, stop: its octets in the DER, half open; equal where it stands on none (a fingerprint). source: the section
    that defines it. means: one sentence for people. fault: what is wrong with it. fields: its parts.
    """

    name: str
    text: str
    start: int = 0
    stop: int = 0
    source: str = ""
    means: str = ""
    fault: str = ""
    fields: tuple["Field", ...] = ()

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it; parts only where there are some."""
        shown: dict[str, object] = {"name": self.name, "text": self.text}
        if self.stop > self.start:
            shown["octets"] = {"start": self.start, "stop": self.stop}
        for key in ("source", "means", "fault"):
            if value := getattr(self, key):
                shown[key] = value
        if self.fields:
            shown["fields"] = [field.as_dict() for field in self.fields]
        return shown


class Name(NamedTuple):
    """One alternative name. text: as people read it, hostile characters visible; raw: the octets as they stand."""

    kind: NameKind
    text: str
    raw: bytes
    start: int = 0
    stop: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.text}"


class Extension(NamedTuple):
    """One extension: its identifier in dots, whether it is critical, its field."""

    oid: str
    is_critical: bool
    field: Field


class Certificate(NamedTuple):
    """One certificate.

    der: all its octets; fields: every field in the order of the octets, fingerprints last. subject, issuer: in one
    line, as RFC 4514 writes them; subject_der, issuer_der: their octets, which chains are compared by. serial: in
    hexadecimal with its sign. not_before, not_after: None where no time can be read. is_authority: of the basic
    constraints; None where there are none. key_id, issuer_key_id: b"" where they are not told. faults: what is wrong,
    each with its place in words; strict: what the strict library says where it refuses to read it.
    """

    der: bytes
    fields: tuple[Field, ...]
    subject: str = ""
    issuer: str = ""
    subject_der: bytes = b""
    issuer_der: bytes = b""
    serial: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    names: tuple[Name, ...] = ()
    common_names: tuple[str, ...] = ()
    key: str = ""
    signature: str = ""
    extensions: tuple[Extension, ...] = ()
    is_authority: bool | None = None
    key_id: bytes = b""
    issuer_key_id: bytes = b""
    sha256: str = ""
    faults: tuple[str, ...] = ()
    strict: str = ""

    @property
    def title(self) -> str:
        """What a person calls it: the common name, else what the subject says, else its first name."""
        if self.common_names:
            return self.common_names[-1]
        if self.subject:
            return self.subject
        return self.names[0].text if self.names else "a certificate without a name"

    @property
    def is_self_issued(self) -> bool:
        """Whether issuer and subject are the same name (RFC 5280 section 6.1)."""
        return bool(self.subject_der) and self.subject_der == self.issuer_der

    def as_dict(self) -> dict[str, object]:
        """What lists show of it, without its fields."""
        shown: dict[str, object] = {
            "subject": self.subject,
            "issuer": self.issuer,
            "serial": self.serial,
            "not_before": iso(self.not_before),
            "not_after": iso(self.not_after),
            "names": [str(name) for name in self.names],
            "key": self.key,
            "signature": self.signature,
            "is_authority": self.is_authority,
            "sha256": self.sha256,
            "faults": list(self.faults),
        }
        if self.strict:
            shown["strict"] = self.strict
        return shown


def iso(moment: datetime | None) -> str | None:
    """A moment as JSON writes it, in UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment is not None else None
