"""Where else the other end of a conversation can be looked at: by hand, in the DNS, by its certificates."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

MAX_EVENTS = 500
"""Looked through behind a channel's beginning: how it was made is told in its first few, others' between them."""
NO_PEER = "nobody is at the other end"


class Elsewhere(NamedTuple):
    """What to open in other panels; "" where there is nothing to see there. why_*: the reasons."""

    sockets: str = ""
    dns: str = ""
    certificates: str = ""
    why_sockets: str = ""
    why_dns: str = ""
    why_certificates: str = ""

    def target(self, panel: str) -> str:
        """What to open in a panel."""
        return {"sockets": self.sockets, "dns": self.dns, "certificates": self.certificates}[panel]

    def why_not(self, panel: str) -> str:
        """Why there is nothing to open; "" when there is."""
        reasons = {
            "sockets": self.why_sockets,
            "dns": self.why_dns,
            "certificates": self.why_certificates,
        }
        return "" if self.target(panel) else reasons[panel]


def elsewhere(transcript: Transcript | None, current: int | None) -> Elsewhere:
    """For the channel of an event, or without one for the first that reached somebody."""
    channel = _channel(transcript, current)
    if transcript is None or channel is None:
        return Elsewhere("", "", "", NO_PEER, NO_PEER, NO_PEER)
    facts, begins_with_tls = _beginning(transcript, channel)
    info = transcript.channels[channel]
    peer, is_server = info.peer, "accept.complete" in facts
    host, _, port = peer.rpartition(":")
    asked = str(facts.get("target", {}).get("asked", ""))
    name = str(facts.get("resolve.started", {}).get("host", "")) or host.strip("[]")
    if peer.startswith("unix:"):
        return Elsewhere(peer, "", "", "", "a socket file has no name in the DNS", "it is a socket file")
    shown = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    target = "" if is_server else asked if asked.startswith("lab:") else shown
    why_no_target = "the other end came to us: nobody listens there"
    has_tls = len(transcript.stream(channel, Direction.RECEIVED, "tls")) > 0
    why_no_tls = "TLS began in the middle of this conversation" if has_tls else "there was no TLS in it"
    return Elsewhere(
        target,
        name,
        target if begins_with_tls else "",
        why_no_target,
        NO_PEER,
        why_no_target if begins_with_tls else why_no_tls,
    )


def _channel(transcript: Transcript | None, current: int | None) -> int | None:
    if transcript is None:
        return None
    if current is not None and current < len(transcript):
        number = transcript[current].channel
        return number if transcript.channels[number].peer else None
    return next((info.number for info in transcript.channels if info.peer), None)


def _beginning(transcript: Transcript, channel: int) -> tuple[dict[str, Mapping[str, object]], bool]:
    """The facts of a channel before anything was said, the first of each name; and whether TLS began there."""
    facts: dict[str, Mapping[str, object]] = {}
    start = _first_since(transcript, transcript.channels[channel].opened_ns)
    for event in transcript.events(start, min(len(transcript), start + MAX_EVENTS)):
        if event.channel != channel:
            continue
        if event.kind == "fact":
            facts.setdefault(event.name, event.values)
            if event.name == "tls.started":
                return facts, True
        elif _is_said(event):
            break
    return facts, False


def _is_said(event: Event) -> bool:
    """A dialogue with a proxy is the way there."""
    return event.layer != "proxy"


def _first_since(transcript: Transcript, time_ns: int) -> int:
    """The first event that is not before a time; events stand in the order of time."""
    low, high = 0, len(transcript)
    while low < high:
        middle = (low + high) // 2
        if transcript[middle].time_ns < time_ns:
            low = middle + 1
        else:
            high = middle
    return low
