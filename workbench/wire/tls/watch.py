"""What OpenSSL tells about one connection while it works: alerts, decisions about certificates, keys."""

from typing import Literal

from OpenSSL import SSL, crypto
from OpenSSL._util import ffi, lib

from workbench.transcript.recorder import Channel
from workbench.wire.tls.alerts import alert_words
from workbench.wire.tls.certificate import certificate_value
from workbench.wire.tls.names import is_named
from workbench.wire.tls.values import Alert, Decision, TlsOptions

NAME_MISMATCH = 62
ADDRESS_MISMATCH = 64
"""OpenSSL's codes of a certificate that is for somebody else, X509_V_ERR_HOSTNAME_MISMATCH and IP_ADDRESS_MISMATCH."""
MAX_DECISIONS = 100
MAX_ALERTS = 100
"""Warnings that are kept: a peer may send one with every record. All of them are on record."""
_FATAL = 2


class Watch:
    """Follows one connection and writes down what it sees; the judge of certificates.

    Args:
        expected: the name that the peer's certificate must hold; "" for any.
    """

    def __init__(self, channel: Channel, options: TlsOptions, *, expected: str) -> None:
        self._channel = channel
        self._stops = options.untrusted == "stop"
        self._expected = expected
        self.alerts: list[Alert] = []
        self.decisions: list[Decision] = []
        self.seen: list[crypto.X509] = []
        self.keylog: list[bytes] = []
        self.name_matched: bool | None = None

    @property
    def refused(self) -> Decision | None:
        """The first decision against the peer; its own certificate's name counts last."""
        return next((decision for decision in self.decisions if not decision.accepted), None)

    @property
    def judged(self) -> list[crypto.X509]:
        """The certificates that were looked at, each once, the peer's own first: OpenSSL asks from the root down."""
        by_sum = {certificate.digest("sha256"): certificate for certificate in reversed(self.seen)}
        return list(by_sum.values())

    @property
    def fatal_from_peer(self) -> Alert | None:
        """The alert by which the peer ended it all."""
        return next((a for a in self.alerts if a.sender == "peer" and a.level == "fatal"), None)

    def on_alert(self, sender: Literal["us", "peer"], level: int, number: int) -> None:
        """OpenSSL sent or received an alert."""
        name, meaning = alert_words(number)
        alert = Alert(sender, "fatal" if level == _FATAL else "warning", number, name)
        if len(self.alerts) < MAX_ALERTS or alert.level == "fatal":
            self.alerts.append(alert)
        self._channel.fact(
            "tls.alert", by=sender, level=alert.level, number=number, alert=name, sentence=meaning
        )

    def on_key(self, line: bytes) -> None:
        """A key was made; it goes beside the transcript's events, where no export finds it unasked."""
        self.keylog.append(line)
        self._channel.key(line.decode("ascii", "replace"))

    def on_certificate(
        self, _connection: SSL.Connection, certificate: crypto.X509, code: int, depth: int, ok: int
    ) -> bool:
        """OpenSSL judged one certificate of the chain; True goes on. Must not raise: OpenSSL is in the middle."""
        if len(self.decisions) >= MAX_DECISIONS:
            return False
        value = certificate_value(certificate)
        self.seen.append(certificate)
        if depth == 0 and self._expected:
            self.name_matched = is_named(self._expected, value.names)
        wrong_name = (
            f"it is not for {self._expected}: it holds {', '.join(value.names[:5]) or 'no names at all'}"
        )
        if ok:
            # OpenSSL compared the name too; should it ever be content where we are not, ours counts.
            accepted = depth > 0 or self.name_matched is not False
            code = 0 if accepted else NAME_MISMATCH
            words = "accepted" if accepted else wrong_name
        else:
            accepted = False
            words = wrong_name if code in (NAME_MISMATCH, ADDRESS_MISMATCH) else _verification_words(code)
        self._decide(Decision(depth, value.subject, accepted, code, words))
        return accepted or not self._stops

    def _decide(self, decision: Decision) -> None:
        self.decisions.append(decision)
        self._channel.fact("tls.certificate", **decision._asdict())


def _verification_words(code: int) -> str:
    # pyOpenSSL has no public name for this: the sentence stands in the library's own table.
    text = lib.X509_verify_cert_error_string(code)
    return str(ffi.string(text).decode("utf-8", "replace"))
