"""What a document tells of TLS, read from the facts of its channel: also of a handshake that failed half-way."""

from collections.abc import Iterable

from workbench.transcript.records import Event

_AGREED = ("version", "cipher", "bits", "group", "alpn", "resumed")
_JUDGED = ("trusted", "reason", "name_matched")


def tls_document(facts: Iterable[Event]) -> dict[str, object]:
    """What was asked, what was agreed (null where it did not come to that), both chains, each decision, the verdict."""
    document: dict[str, object] = dict.fromkeys((*_AGREED, *_JUDGED))
    decisions: list[dict[str, object]] = []
    alerts: list[dict[str, object]] = []
    chains: dict[str, object] = {"sent": [], "verified": []}
    for event in facts:
        values = dict(event.values)
        match event.name:
            case "tls.started":
                document |= {key: values[key] for key in ("server_name", "sni", "untrusted")}
            case "tls.certificate":
                decisions.append(values)
            case "tls.alert":
                alerts.append(values)
            case "tls.chain":
                chains = values
            case "tls.complete":
                document |= {key: values[key] for key in (*_AGREED, *_JUDGED)}
            case "tls.failed" if values.get("kind") == "Untrusted":
                document |= {"trusted": False, "reason": values["what"]}
    return {**document, **chains, "decisions": decisions, "alerts": alerts}
