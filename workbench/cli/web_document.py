"""Hops, heads and bodies as the documents of `web` show them."""

from workbench.errors import LocalMisuse
from workbench.formats.charset import decoded, encoding_named
from workbench.protocols.http.values import Body, Exchange, Head, Hop

MAX_TEXT = 64 * 1024
"""Octets of a body that a document holds as text."""
_TEXTS = (
    "application/json",
    "application/xml",
    "application/javascript",
    "application/x-www-form-urlencoded",
)


def hop_document(hop: Hop) -> dict[str, object]:
    """One request and its answer."""
    handshake, timing = hop.handshake, hop.timing
    return {
        "url": hop.url.text,
        "method": hop.request.method,
        "request": hop.sent.decode("utf-8", "replace"),
        "address": hop.address,
        "channel": hop.channel,
        "status": hop.answer.status,
        "reason": hop.answer.reason,
        "headers": headers_document(hop.answer),
        "faults": [fault.as_dict() for fault in hop.answer.faults],
        "informational": [head.status for head in hop.before],
        "location": hop.location or None,
        "rule": hop.rule or None,
        "dropped": list(hop.dropped),
        "tls": None
        if handshake is None
        else {
            "version": handshake.version,
            "cipher": handshake.cipher,
            "alpn": handshake.alpn or None,
            "trusted": handshake.verdict.trusted,
            "reason": handshake.verdict.reason or None,
        },
        "timing_ms": {
            name.removesuffix("_ns"): round(value / 1e6, 3) for name, value in timing._asdict().items()
        },
    }


def headers_document(head: Head) -> list[dict[str, str]]:
    """The fields in order, in their spelling."""
    return [{"name": field.name, "value": field.value} for field in head.fields]


def exchange_document(exchange: Exchange | None) -> dict[str, object]:
    """The last answer; every key is there, null where it did not come to that."""
    if exchange is None:
        names = ("final_url", "status", "reason", "headers", "completeness", "hint", "chunks", "body")
        return dict.fromkeys(names)
    head, chunks = exchange.head, exchange.chunks
    return {
        "final_url": exchange.last.url.text,
        "status": head.status,
        "reason": head.reason,
        "headers": headers_document(head),
        "completeness": exchange.completeness.as_dict(),
        "hint": exchange.hint or None,
        "chunks": {
            "number": chunks.number,
            "sizes": list(chunks.sizes),
            "extensions": list(chunks.extensions),
            "trailers": [{"name": field.name, "value": field.value} for field in chunks.trailers],
        }
        if head.first("transfer-encoding")
        else None,
        "body": body_document(exchange.body, head),
    }


def body_document(body: Body, head: Head) -> dict[str, object]:
    """A body; text only where it is some, and not too long."""
    return {
        "octets": body.octets,
        "sha256": body.sha256,
        "file": body.file or None,
        "text": _text(body, head),
        "encoded": body.encoded.as_dict() if body.encoded is not None else None,
    }


def _text(body: Body, head: Head) -> str | None:
    kind, _, parameters = (head.first("content-type") or "").partition(";")
    kind = kind.strip().lower()
    if not body.is_kept or body.octets > MAX_TEXT or not (kind.startswith("text/") or kind in _TEXTS):
        return None
    name = next(
        (
            value.strip().strip('"')
            for key, _, value in (p.partition("=") for p in parameters.split(";"))
            if key.strip().lower() == "charset"
        ),
        "utf-8",
    )
    try:
        return decoded(body.data, encoding_named(name))
    except LocalMisuse:
        return decoded(body.data)
