"""One sentence for what a session by hand adds to what the wire tells: limits, turns, faults, retries, broadcasts."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import duration_s, octets
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation

Values = Mapping[str, object]
_LIMITS = {
    "idle": (
        "dropped for inactivity",
        "the peer sent nothing for so long; TCP itself has no such limit",
        "RFC 9293 3.8",
    ),
    "stall": (
        "the peer takes nothing",
        "its window is closed, or the way is cut: our octets wait",
        "RFC 9293 3.8.6",
    ),
    "total": ("the time for all of it is over", "a limit of ours, not of the protocol", ""),
    "connect": ("no connection in time", "a limit of ours", ""),
}


def explain(_transcript: Transcript, event: Event) -> Explanation | None:
    """What a fact means; None for facts of other rooms."""
    known = FACTS.get(event.name) if event.kind == "fact" else None
    return known(event.values) if known is not None else None


def _limit(v: Values) -> Explanation:
    text, meaning, source = _LIMITS[str(v["limit"])]
    unsent = v["unsent"]
    waits = f"; {octets(unsent)} of ours wait" if isinstance(unsent, int) and unsent else ""
    return Explanation(f"{text} ({duration_s(float(str(v['seconds'])))})", meaning + waits, source)


def _turn(v: Values) -> Explanation:
    return Explanation(
        f"its turn, after {v['waited_ms']} ms",
        "connected all the while: the system shakes hands without the program",
        "listen(2)",
    )


def _serve_failed(v: Values) -> Explanation:
    return Explanation(
        f"exception while it was to {v['zone']}: {v['what']}",
        "kept for reading; the socket is given back, and the next client is served",
    )


def _attempt(v: Values) -> Explanation:
    return Explanation(
        f"attempt {v['number']} of {v['of']}",
        f"waits {duration_s(float(str(v['wait_s'])))} for an answer, each time twice as long",
        "RFC 8085 3.1.1",
    )


def _stranger(v: Values) -> Explanation:
    return Explanation(
        f"from someone else: {v['source']}",
        f"asked was {v['asked']}: this is not taken for the answer",
        "RFC 5452 9.1",
    )


def _rate(v: Values) -> Explanation:
    return Explanation(
        f"{v['dropped']} datagrams held back",
        f"no more than {v['per_s']:g} a second may go to everybody",
        "RFC 8085 3.1",
    )


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "limit.passed": _limit,
    "serve.turn": _turn,
    "serve.failed": _serve_failed,
    "question.attempt": _attempt,
    "reply.stranger": _stranger,
    "broadcast.limited": _rate,
}
