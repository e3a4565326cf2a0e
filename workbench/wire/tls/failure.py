"""Failures of TLS that the handshake and the stream share."""

from workbench.errors import Refused
from workbench.wire.tls.alerts import alert_words
from workbench.wire.tls.values import Alert


def refused_by_alert(alert: Alert, what: str) -> Refused:
    """The failure when the peer ended something by a fatal alert; what: "the handshake"."""
    return Refused(
        f"the peer ended {what} by the alert {alert.name}: {alert_words(alert.number)[1]}",
        stage="tls",
        reply=alert.name,
        committed="maybe",
        source="RFC 8446 section 6",
    )


def reason_of(error: BaseException) -> str:
    """OpenSSL's own words for an error; "" where it has none."""
    queue = error.args[0] if error.args else None
    if isinstance(queue, list | tuple) and queue and isinstance(queue[-1], tuple):
        return str(queue[-1][-1])
    return ""
