"""What is known of one connection's TLS, read from the facts on record: also of a handshake that failed half-way."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event

MAX_LOOKED_AT = 5000
"""Events since the handshake began: others talk meanwhile, but a handshake is over in some dozens of its own."""

Values = Mapping[str, Any]


class TlsReport(NamedTuple):
    """One handshake.

    role: "client" or "server", ours. version, cipher, group, alpn, sni: "" where it did not come to that.
    expected: the name the peer had to have, "" for any. trusted: None where the peer showed nothing and need not, and
    before there was a verdict; reason: why it is not; untrusted: the policy for that. name_matched: None where no name
    was expected. sent, verified: certificates as wire.tls.values.Certificate.as_dict tells them.
    decisions, alerts: the facts' values, in order. discarded: octets of plain text that came before and were not read.
    failure: why it failed; "" when it did not.
    """

    role: str
    version: str = ""
    cipher: str = ""
    bits: int = 0
    group: str = ""
    alpn: str = ""
    sni: str = ""
    expected: str = ""
    resumed: bool = False
    trusted: bool | None = None
    reason: str = ""
    sent: tuple[Values, ...] = ()
    verified: tuple[Values, ...] = ()
    decisions: tuple[Values, ...] = ()
    alerts: tuple[Values, ...] = ()
    discarded: int = 0
    failure: str = ""
    untrusted: str = ""
    name_matched: bool | None = None

    @property
    def verdict(self) -> str:
        """Who was verified, or why not; a part of a sentence."""
        peer = "the server" if self.role == "client" else "the client"
        if self.trusted:
            return f"{self.expected or peer} is verified"
        if self.trusted is None:
            return f"{peer} showed no certificate, and need not"
        return f"{self.expected or peer} is NOT verified: {self.reason}"

    @property
    def sentence(self) -> str:
        """Version, cipher, who was verified or why not, ALPN; what was discarded."""
        parts = [f"{self.version} {self.cipher}", self.verdict]
        if self.alpn:
            parts.append(f"ALPN {self.alpn}")
        if self.resumed:
            parts.append("an earlier session resumed")
        if self.discarded:
            parts.append(f"{self.discarded} octets in clear came before and were discarded")
        return "; ".join(parts)

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it; null stands where it did not come to that."""
        told: dict[str, object] = {name: getattr(self, name) for name in (*_AGREED, *_JUDGED)}
        if not self.version:
            is_judged = self.trusted is not None
            told |= {name: None for name in told if not (is_judged and name in ("trusted", "reason"))}
        told |= {"server_name": self.expected, "sni": self.sni, "untrusted": self.untrusted}
        for name in ("sent", "verified", "decisions", "alerts"):
            told[name] = [dict(values) for values in getattr(self, name)]
        return told


def tls_report(transcript: Transcript, channel: int, first: int) -> TlsReport | None:
    """The handshake that began with the event number `first`; None if none did.

    Args:
        first: where to begin to look: a long conversation is not gone through.
    """
    events = transcript.events(first, first + MAX_LOOKED_AT)
    return read_handshake(event for event in events if event.channel == channel and event.kind == "fact")


def read_handshake(facts: Iterable[Event]) -> TlsReport | None:
    """The handshake that the facts of one channel tell of; None if none does."""
    told: dict[str, Any] = {}
    decisions: list[Values] = []
    alerts: list[Values] = []
    for event in facts:
        values: Values = event.values
        match event.name:
            case "tls.discarded":
                told["discarded"] = values["octets"]
            case "tls.started":
                told |= {name: values[name] for name in ("role", "sni", "untrusted")}
                told["expected"] = values["server_name"]
            case "tls.certificate":
                decisions.append(values)
            case "tls.alert":
                alerts.append(values)
            case "tls.chain":
                told |= {"sent": tuple(values["sent"]), "verified": tuple(values["verified"])}
            case "tls.complete":
                # A server learns the name that its client asks for.
                told |= {name: values[name] for name in ("sni", *_AGREED, *_JUDGED)}
            case "tls.failed":
                told["failure"] = values["what"]
                if values.get("kind") == "Untrusted":
                    told |= {"trusted": False, "reason": values["what"]}
    if "role" not in told:
        return None
    return TlsReport(**told, decisions=tuple(decisions), alerts=tuple(alerts))


_AGREED = ("version", "cipher", "bits", "group", "alpn", "resumed")
_JUDGED = ("trusted", "reason", "name_matched")
