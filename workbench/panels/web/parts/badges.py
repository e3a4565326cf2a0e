"""The chips behind the verdict: whether the body is whole, how much it is, how long it took, who could read it."""

from workbench.formats.quantity import count, duration, octets
from workbench.jobs.verdict import ChipText
from workbench.panels.web.state import WebState

BADGES = {"complete": "good", "truncated": "error", "overlong": "error", "unverifiable": "warning"}
"""By completeness: the tone of its chip."""


def chips_of(state: WebState) -> tuple[ChipText, ...]:
    """What there is to say of the last answer; nothing without one."""
    exchange = state.exchange
    if exchange is None:
        return ()
    found, body = exchange.completeness, exchange.body
    chips = [ChipText(found.kind, f"{found.sentence} ({found.source})", BADGES[found.kind])]
    if body.encoded is not None:
        tip = f"{body.encoded.coding}: {body.encoded.octets:,} octets became {body.octets:,}"
        chips.append(ChipText(f"{octets(body.encoded.octets)} → {octets(body.octets)}", tip))
    else:
        chips.append(ChipText(octets(body.octets), "Octets of the body"))
    if state.attempts:
        chips.append(ChipText(count(len(state.attempts), "attempt"), "Attempts has a row for each"))
        if state.sha256:
            chips.append(
                ChipText(f"SHA-256 {state.sha256[:8]}…", f"SHA-256 of what is saved: {state.sha256}")
            )
    if len(exchange.hops) > 1:
        chips.append(ChipText(f"{len(exchange.hops)} hops", "Redirects were followed"))
    spent = sum(sum(hop.timing) for hop in exchange.hops)
    chips.append(ChipText(duration(spent), "All hops, from looking up the name to the body's end"))
    chips.append(_trust_chip(state))
    return tuple(chips)


def _trust_chip(state: WebState) -> ChipText:
    hop = state.exchange.last if state.exchange is not None else None
    if hop is None or hop.handshake is None:
        return ChipText("in clear", "Anybody on the way reads it, the login too", "warning")
    verdict = hop.handshake.verdict
    told = f"{hop.handshake.version}, {hop.handshake.cipher}"
    if verdict.trusted:
        return ChipText(hop.handshake.version, f"{told}; the certificate was accepted", "good")
    return ChipText("untrusted", f"{told}; {verdict.reason}", "error")
