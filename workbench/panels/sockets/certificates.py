"""A handshake as rows: verdict, what was agreed, each decision with its reason, the chain as sent and as verified."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.formats.charset import visible
from workbench.panels.sockets.rows import Kind, Row
from workbench.protocols.raw.tls_report import TlsReport

_NOTHING = "nothing: it did not come to that"
_FIELDS = (
    ("subject", "Subject", "whose certificate it is"),
    ("issuer", "Issuer", "who vouches for it"),
    ("names", "Names", "the names it is valid for (RFC 9525)"),
    ("not_before", "Valid from", "UTC"),
    ("not_after", "Valid until", "UTC"),
    ("key", "Key", "kind and size"),
    ("serial", "Serial number", "hexadecimal"),
    ("sha256", "SHA-256", "fingerprint of the whole certificate"),
    ("fault", "Fault", "why it can't be read"),
)


def tls_rows(report: TlsReport) -> tuple[Row, ...]:
    """The tree of one handshake; what a stranger wrote is made visible."""
    return (
        _verdict(report),
        Row("agreed", "Agreed", _agreed(report), "what both sides settled on", children=_agreement(report)),
        Row(
            "decisions",
            "Decisions",
            _counted(len(report.decisions), "decision"),
            "each certificate of the chain, judged (RFC 5280 section 6)",
            children=_decisions(report.decisions),
        ),
        *_chain(
            "sent", "Chain as sent", "the certificates in the order in which the peer sent them", report.sent
        ),
        *_chain("verified", "Chain as verified", "as it was built up to an authority", report.verified),
        *_alerts(report.alerts),
    )


def _verdict(report: TlsReport) -> Row:
    kind: Kind = "good" if report.trusted else "bad" if report.trusted is False else ""
    told = report.verdict
    if report.failure:
        kind, told = "bad", report.failure
    children = []
    if report.discarded:
        what = "came in clear before TLS began and was not read: anybody on the way may have put it there"
        children.append(
            Row("verdict.discarded", "Discarded", f"{report.discarded:,} B", f"{what} (RFC 3207 6)")
        )
    return Row("verdict", "Verdict", visible(told), "who was verified, or why not", kind, tuple(children))


def _agreed(report: TlsReport) -> str:
    return f"{report.version} {report.cipher}" if report.version else _NOTHING


def _agreement(report: TlsReport) -> tuple[Row, ...]:
    rows: tuple[tuple[str, str, str, str], ...] = (
        ("version", "Version", report.version, "RFC 8446, RFC 5246"),
        (
            "cipher",
            "Cipher",
            f"{report.cipher}, {report.bits} bits" if report.cipher else "",
            "OpenSSL's name",
        ),
        ("group", "Key exchange", report.group, "the group of its curve"),
        ("alpn", "ALPN", report.alpn or "none", "the protocol inside (RFC 7301)"),
        ("sni", "SNI", report.sni or "none", "the name that the client asked for (RFC 6066)"),
        ("expected", "Name expected", report.expected or "any", "what the certificate has to be for"),
        ("resumed", "Resumed", "yes" if report.resumed else "no", "whether an earlier session was used"),
    )
    if not report.version:
        rows = tuple(row for row in rows if row[0] in ("sni", "expected"))
    return tuple(Row(f"agreed.{key}", name, visible(value), what) for key, name, value, what in rows if value)


def _decisions(decisions: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    rows = []
    for number, decision in enumerate(decisions):
        depth = decision["depth"]
        name = "The peer's own" if depth == 0 else f"Number {depth} of the chain"
        accepted = bool(decision["accepted"])
        told = visible(str(decision["sentence"]))
        value = told if accepted else f"not accepted: {told}"
        kind: Kind = "good" if accepted else "bad"
        rows.append(Row(f"decision.{number}", name, value, visible(str(decision["subject"])), kind))
    return tuple(rows)


def _chain(key: str, name: str, what: str, chain: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    if not chain:
        return ()
    return (
        Row(
            key,
            name,
            _counted(len(chain), "certificate"),
            what,
            children=tuple(_certificate(f"{key}.{n}", each) for n, each in enumerate(chain)),
        ),
    )


def _certificate(key: str, certificate: Mapping[str, Any]) -> Row:
    fields = []
    for field, name, what in _FIELDS:
        value = certificate.get(field)
        if value:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            fields.append(Row(f"{key}.{field}", name, visible(text), what))
    number = int(key.rpartition(".")[2])
    subject = visible(str(certificate.get("subject") or certificate.get("fault") or "no subject"))
    return Row(
        key,
        f"{number}",
        subject,
        f"issued by {visible(str(certificate.get('issuer', '')))}",
        children=tuple(fields),
    )


def _alerts(alerts: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    if not alerts:
        return ()
    rows = tuple(
        Row(
            f"alert.{number}",
            "From the peer" if alert["by"] == "peer" else "From us",
            f"{alert['alert']} ({alert['number']}), {alert['level']}",
            str(alert["sentence"]),
            "bad" if alert["level"] == "fatal" else "",
        )
        for number, alert in enumerate(alerts)
    )
    return (Row("alerts", "Alerts", _counted(len(rows), "alert"), "RFC 8446 section 6", children=rows),)


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
