"""What was looked at as the rows of the tree: the verdict first, then the chain as it came, then as it was built."""

from collections.abc import Sequence

from workbench.formats.x509.paper import Paper
from workbench.formats.x509.values import Certificate, Field
from workbench.panels.certificates.state import Entry, Sign
from workbench.protocols.certificates.values import NOT_CHECKED, Inspection, Judgement

MAX_CHECKS = 1000
"""Names of one certificate in the list of the verdict; all of them stand in its own fields."""


def server_entries(inspection: Inspection) -> tuple[Entry, ...]:
    """A server that was looked at."""
    judgement = inspection.judgement
    agreed = _agreed(inspection)
    sent = tuple(
        _certificate(f"sent/{at}", certificate, mark, judgement if at == 0 else None)
        for at, (certificate, mark) in enumerate(zip(inspection.sent, inspection.marks, strict=True))
    )
    count = len(sent)
    order = "in the order of the server" if count > 1 else "and no other"
    group = Entry("sent", "As it was sent", f"{count}, {order}", children=sent)
    return (_verdict(judgement, agreed), group, *_built(judgement, inspection.sent, "sent by the server"))


def file_entries(
    papers: Sequence[Paper], title: str, judgement: Judgement | None, chain: Sequence[Certificate]
) -> tuple[Entry, ...]:
    """A file that was opened, everything in its place; judgement: None where there was nothing to judge."""
    held = tuple(_paper(f"paper/{at}", paper) for at, paper in enumerate(papers))
    group = Entry("papers", f"In {title}", f"{len(held):,}", children=held)
    if judgement is None:
        return (group,)
    return (_verdict(judgement, ()), group, *_built(judgement, chain, "from the file"))


def first_shown(entries: Sequence[Entry]) -> str:
    """The key of the entry that is selected at first: the certificate itself, its verdict stands above anyhow."""
    for entry in entries:
        if entry.key in ("sent", "papers") and entry.children:
            return entry.children[0].key
    return entries[0].key if entries else ""


def _verdict(judgement: Judgement, agreed: tuple[Field, ...]) -> Entry:
    reasons = tuple(
        Field(
            reason.kind.replace("-", " ").capitalize(),
            reason.sentence,
            source=_short(reason.source),
            means=reason.advice,
            fault=reason.sentence,
        )
        for reason in judgement.reasons
    )
    fields: list[Field] = []
    if reasons:
        fields.append(Field("Why it is refused", f"{len(reasons)}", fields=reasons))
    if judgement.name is not None:
        checks = tuple(
            Field(
                check.entry,
                f"{'matches: ' if check.matched else ''}{check.reason}",
                source=_short(check.source),
            )
            for check in judgement.name.checks[:MAX_CHECKS]
        )
        told = "matches" if judgement.name.matched else "no name matches"
        fields.append(Field("Name", f"{judgement.name.expected}: {told}", source="RFC 9525 6", fields=checks))
    else:
        fields.append(Field("Name", "no name was compared", means="give one to compare"))
    root = judgement.verified[-1].title if judgement.verified else ""
    believed = f"{judgement.store.title}, by {root}" if root and judgement.trusted else judgement.store.title
    fields.append(Field("Believed", believed, source="RFC 5280 6", means="whose authorities count"))
    fields += agreed
    unchecked = tuple(Field("Not checked", sentence) for sentence in NOT_CHECKED)
    fields.append(Field("Not checked", f"{len(unchecked)} things", fields=unchecked))
    sign: Sign = "good" if judgement.trusted else "bad"
    return Entry("verdict", "Verdict", "accepted" if judgement.trusted else "refused", sign, tuple(fields))


def _short(source: str) -> str:
    """A document as a column has room for it."""
    return source.replace(" section ", " ")


def _agreed(inspection: Inspection) -> tuple[Field, ...]:
    handshake = inspection.handshake
    parts = [
        Field("Version", handshake.version, source="RFC 8446 4.2.1"),
        Field("Cipher", f"{handshake.cipher}, {handshake.bits} bits", source="RFC 8446 B.4"),
    ]
    if handshake.group:
        parts.append(Field("Key exchange", handshake.group, source="RFC 8446 4.2.7"))
    sni = handshake.sni or "none: an address is never sent"
    parts.append(Field("Name asked for (SNI)", sni, source="RFC 6066 3"))
    return (Field("Connection", f"{handshake.version} with {inspection.address}", fields=tuple(parts)),)


def _built(judgement: Judgement, came: Sequence[Certificate], where: str) -> tuple[Entry, ...]:
    """The chain from the root down, each hanging on the one that vouches for it."""
    hanging: tuple[Entry, ...] = ()
    known = {certificate.sha256 for certificate in came}
    last = len(judgement.verified) - 1
    for at, certificate in enumerate(judgement.verified):
        origin = where if certificate.sha256 in known else f"from {judgement.store.title}"
        note = f"root, {origin}" if at == last and certificate.is_self_issued else origin
        entry = _certificate(f"built/{at}", certificate, note, None)
        hanging = (Entry(entry.key, entry.title, entry.note, entry.sign, entry.fields, entry.data, hanging),)
    if not hanging:
        return ()
    return (Entry("built", "As it was built", "from the root down", children=hanging),)


def _certificate(key: str, certificate: Certificate, note: str, judgement: Judgement | None) -> Entry:
    sign: Sign = "warning" if certificate.faults or certificate.strict else ""
    if judgement is not None and not judgement.trusted:
        sign = "bad"
    return Entry(key, certificate.title, note, sign, _fields(certificate), certificate.der)


def _fields(certificate: Certificate) -> tuple[Field, ...]:
    if not certificate.strict:
        return certificate.fields
    refused = Field("A strict reader refuses it", certificate.strict, fault=certificate.strict)
    return (refused, *certificate.fields)


def _paper(key: str, paper: Paper) -> Entry:
    if paper.certificate is not None:
        entry = _certificate(key, paper.certificate, paper.place, None)
        if not paper.fault:
            return entry
        damage = Field("Damaged", paper.fault, fault=paper.fault, means=paper.advice)
        return Entry(key, entry.title, paper.place, "bad", (damage, *entry.fields), entry.data)
    fields = list(paper.fields)
    if paper.fault:
        fields.insert(0, Field("Damaged", paper.fault, fault=paper.fault))
    fields.insert(0, Field("What it is", paper.title, means=paper.advice))
    if paper.advice:
        fields.insert(1, Field("What to do", paper.advice))
    sign: Sign = "bad" if paper.fault else "lock" if paper.kind == "private key" else "info"
    return Entry(key, paper.title, paper.place, sign, tuple(fields), paper.data)
