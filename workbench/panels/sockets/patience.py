"""How patiently a client of UDP asks, whether what it asks leaves this machine, and what came of a sending. No Qt."""

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.panels.sockets.state import Form, Offer, UdpForm
from workbench.protocols.raw.broadcast import reach, stays_here
from workbench.protocols.raw.field import mistake_in
from workbench.protocols.raw.question import LONGEST_WAIT_S, MAX_TRIES, Retry
from workbench.protocols.raw.values import Way
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction

MAX_PARTS = 12
"""Of what the system took each time, those that are told."""


def read_patience(form: UdpForm) -> tuple[Retry, float | None]:
    """How often to ask and how long to wait, and the quiet time. Raises: FieldMistake with the field."""
    if not 1 <= form.tries <= MAX_TRIES:
        raise mistake_in("tries", f"ask once to {MAX_TRIES} times", str(form.tries))
    wait_s, quiet_s = _seconds("wait", form.wait), _seconds("quiet", form.quiet)
    if form.tries > 1 and wait_s is None:
        wait_s = 1.0
    return Retry(form.tries, wait_s), quiet_s


def leaves(form: Form, way: Way) -> str:
    """What would leave this machine for everybody to hear, as a sentence; "" for nothing."""
    if (form.role, form.transport) != ("client", "udp"):
        return ""
    try:
        target = parse_target(form.target)
    except LocalMisuse:
        return ""
    kind = reach(target.host)
    if target.is_lab or kind == "one" or stays_here(target.host):
        return ""
    if kind == "group":
        # A group is sent to by an interface of ours; by loopback it stays here.
        if way.local is not None and stays_here(way.local.host):
            return ""
        return f"every member of the group {target.host} on this network will hear it"
    return f"every machine of the network {target.host} will be disturbed"


def offer_of(transcript: Transcript, first: int, channel: int, offered: int) -> Offer | None:
    """What the system took of a payload, call by call, read from what was recorded since."""
    parts: list[int] = []
    calls = accepted = 0
    layers = {"tls"} if any(e.layer == "tls" for e in transcript.events(first) if e.kind == "bytes") else None
    for event in transcript.events(first):
        if event.channel != channel or event.direction is not Direction.SENT:
            continue
        if layers is not None and event.layer not in layers:
            continue
        calls += 1
        accepted += event.size
        if len(parts) < MAX_PARTS:
            parts.append(event.size)
    return Offer(offered, accepted, tuple(parts), calls) if calls else None


def _seconds(field: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        seconds = float(text)
    except ValueError as error:
        raise mistake_in(field, "this is no number of seconds", text) from error
    if not 0 < seconds <= LONGEST_WAIT_S:
        raise mistake_in(field, f"seconds go from 0.001 to {LONGEST_WAIT_S:g}", text)
    return seconds
