"""One plain sentence for every step of TLS."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import octets
from workbench.transcript.render import Explanation

Values = Mapping[str, object]

TLS = "RFC 8446"


def _discarded(v: Values) -> Explanation:
    count = v["octets"]
    size = octets(count) if isinstance(count, int) else str(count)
    return Explanation(
        f"discarded {size} of plain text",
        "they came before TLS began and were not read: anybody on the way may have put them there",
        "RFC 3207 6",
    )


def _started(v: Values) -> Explanation:
    if v["role"] == "server":
        return Explanation("TLS …", "waits for the client's hello", f"{TLS} 2")
    sni = f"asks for {v['sni']} (SNI)" if v["sni"] else "names no server (no SNI)"
    return Explanation("TLS …", f"says hello, {sni}, and offers versions, ciphers and keys", f"{TLS} 4.1.2")


def _certificate(v: Values) -> Explanation:
    whose = "the peer's certificate" if v["depth"] == 0 else f"certificate {v['depth']} of the chain"
    sign = "accepted" if v["accepted"] else "NOT ACCEPTED"
    return Explanation(f"{sign}: {whose}", f"{v['subject']}: {v['sentence']}", "RFC 5280 6")


def _alert(v: Values) -> Explanation:
    who = "the peer" if v["by"] == "peer" else "we"
    return Explanation(f"alert {v['alert']}", f"{who} said: {v['sentence']}", f"{TLS} 6")


def _chain(v: Values) -> Explanation:
    sent, verified = v["sent"], v["verified"]
    count = len(sent) if isinstance(sent, list) else 0
    led = f"; a chain of {len(verified)} was judged" if isinstance(verified, list) and verified else ""
    certificates = "certificate" if count == 1 else "certificates"
    return Explanation(f"the peer showed {count} {certificates}", f"in the order sent{led}", f"{TLS} 4.4.2")


def _complete(v: Values) -> Explanation:
    verdict = {True: "the peer is trusted", False: "the peer is NOT TRUSTED", None: "the peer showed nothing"}
    trusted = v["trusted"]
    told = verdict[trusted if isinstance(trusted, bool) else None]
    why = f": {v['reason']}" if v["reason"] else ""
    resumed = ", an earlier session resumed" if v["resumed"] else ""
    return Explanation(f"{v['version']} {v['cipher']}{resumed}", told + why, f"{TLS} 2")


def _failed(v: Values) -> Explanation:
    return Explanation("TLS failed", str(v["what"]), str(v.get("source", "")))


def _finished(_v: Values) -> Explanation:
    return Explanation("finished", "we send no more (close_notify); the peer still may", f"{TLS} 6.1")


def _finish_failed(_v: Values) -> Explanation:
    return Explanation("close_notify failed", "there was no connection left to finish", f"{TLS} 6.1")


def _end(v: Values) -> Explanation:
    return Explanation(f"end of TLS: {v['kind']}", str(v["sentence"]), f"{TLS} 6.1")


TLS_FACTS: dict[str, Callable[[Values], Explanation]] = {
    "tls.discarded": _discarded,
    "tls.started": _started,
    "tls.certificate": _certificate,
    "tls.alert": _alert,
    "tls.chain": _chain,
    "tls.complete": _complete,
    "tls.failed": _failed,
    "tls.finished": _finished,
    "tls.finish.failed": _finish_failed,
    "tls.end": _end,
}
"""Joined with the wire's other facts in workbench.wire.explain."""
