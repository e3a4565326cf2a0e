"""The phases of a conversation by sockets, and in which of them it failed: a reading of a transcript's facts.

A client makes a socket, finds the port and the address, connects, sends, receives, and hears the end. A failure belongs
to exactly one of these; what comes behind it was never reached.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.quantity import octets
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

PhaseState = Literal["done", "failed", "running", "not reached"]
NAMES: Final = ("create", "port", "resolve", "connect", "send", "receive", "end")
WHAT: Final[Mapping[str, str]] = {
    "create": "make a socket of a family that this system has",
    "port": "the number behind a service's name",
    "resolve": "the addresses behind a host's name",
    "connect": "reach somebody who listens there",
    "send": "hand our octets to the system",
    "receive": "take the peer's octets",
    "end": "hear how the peer ended",
}
"""What each phase has to do, a few words."""
SOURCES: Final[Mapping[str, str]] = {
    "create": "socket(2)",
    "port": "getservbyname(3)",
    "resolve": "getaddrinfo(3)",
    "connect": "connect(2)",
    "send": "send(2)",
    "receive": "recv(2)",
    "end": "recv(2)",
}
"""The manual page of each."""
_BY_STAGE: Final[Mapping[str, str]] = {
    "service": "port",
    "lab": "resolve",
    "resolve": "resolve",
    "bind": "connect",
    "connect": "connect",
    "proxy": "connect",
    "tls": "connect",
    "send": "send",
    "request": "send",
    "receive": "receive",
    "talk": "receive",
    "body": "receive",
    "answer": "end",
    "expect": "end",
}
_NO_SOCKET: Final = ("EAFNOSUPPORT", "EPROTONOSUPPORT", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM")
"""Symbols with which socket() itself says no (socket(2))."""


class Phase(NamedTuple):
    """One rung.

    sentence: what was seen there, or what went wrong. event: its place in the transcript, if it has one.
    """

    name: str
    state: PhaseState
    sentence: str = ""
    event: int | None = None


def phases(
    transcript: Transcript | None, *, channel: int = 0, failure: WorkbenchError | None = None, first: int = 0
) -> tuple[Phase, ...]:
    """The rungs of one conversation, always all of them, in their order.

    Args:
        channel: of the transcript; the one that the conversation has or would have had. first: its first event.
        failure: what the conversation ended with; None where it goes on or ended well.
    """
    seen = _seen(transcript, channel, first) if transcript is not None else {}
    failed = _rung_of(failure) if failure is not None else ""
    if failed in ("send", "receive") and "end" in seen:
        # The end that was heard is why; the rung that failed tells of it.
        seen = {name: phase for name, phase in seen.items() if name != "end"}
    listed: list[Phase] = []
    at_failure = NAMES.index(failed) if failed else len(NAMES)
    reached = max((NAMES.index(name) for name in seen), default=-1)
    for number, name in enumerate(NAMES):
        if number == at_failure and failure is not None:
            symbol = f" ({failure.errno_name})" if failure.errno_name else ""
            listed.append(Phase(name, "failed", f"{failure.what}{symbol}", failure.transcript_index))
        elif name in seen:
            # Also behind the failure: a host may have been looked up before the port.
            listed.append(seen[name])
        elif number > at_failure:
            listed.append(Phase(name, "not reached"))
        elif number < min(reached, at_failure) or (failed and number < at_failure):
            listed.append(Phase(name, "done"))
        else:
            listed.append(Phase(name, "running" if number == reached + 1 and reached >= 0 else "not reached"))
    return tuple(listed)


def _rung_of(failure: WorkbenchError) -> str:
    if failure.stage == "connect" and failure.errno_name in _NO_SOCKET:
        return "create"
    if isinstance(failure, LocalMisuse) and failure.stage == "input":
        return "port" if _is_about_the_port(failure) else "resolve"
    return _BY_STAGE.get(failure.stage, "receive")


def _is_about_the_port(failure: LocalMisuse) -> bool:
    """Whether the mistake in an address lies behind its last colon."""
    text = failure.text.partition("://")[2] or failure.text
    colon = text.rfind(":", text.rfind("]") + 1)
    return failure.start is not None and 0 <= colon < failure.start - (len(failure.text) - len(text)) + 1


def _seen(transcript: Transcript, channel: int, first: int) -> dict[str, Phase]:
    found: dict[str, Phase] = {}
    totals = {Direction.SENT: 0, Direction.RECEIVED: 0}
    for event in transcript.events(first):
        if event.channel != channel:
            continue
        if event.kind == "bytes":
            totals[event.direction] += event.size
            name, what = ("send", "sent") if event.direction is Direction.SENT else ("receive", "received")
            found[name] = Phase(name, "done", f"{octets(totals[event.direction])} {what}", event.index)
        else:
            for phase in _of_fact(event):
                found[phase.name] = phase
    return found


def _of_fact(event: Event) -> Iterator[Phase]:
    values, at = event.values, event.index
    match event.name:
        case "resolve.numeric":
            yield Phase("resolve", "done", f"{values['host']} is an address already", at)
        case "resolve.complete":
            yield Phase("resolve", "done", f"{values['host']} has an address", at)
        case "service.complete":
            yield Phase("port", "done", f"{values['service']} is {values['port']}", at)
        case "connect.complete" | "connect.failed" if values.get("errno") not in _NO_SOCKET:
            address = str(values["address"])
            is_unix = address.startswith("unix:")
            yield Phase("create", "done", "a Unix socket" if is_unix else f"TCP over {_family(address)}", at)
            if not is_unix:
                yield Phase("port", "done", address.rpartition(":")[2], at)
            if event.name == "connect.complete":
                yield Phase("connect", "done", f"from {values['local']} to {address}", at)
        case "end":
            yield Phase("end", "done", str(values["sentence"]), at)


def _family(address: str) -> str:
    return "IPv6" if address.startswith("[") else "IPv4"
