"""The verbs about octets that wait and peers that go away: a pipe that is filled, a death and one call after it."""

from workbench.experiments.values import Given
from workbench.experiments.verb import STREAM, Param, Verb, spoken

# As in protocols.flow and protocols.deaths, which are loaded for the cards that need them alone; a test compares.
REMEDIES = ("none", "read", "interleave", "both", "deadline")
DEATHS = ("fin", "rst", "kill", "freeze", "unplug")
CALLS = (
    "send",
    "send-again",
    "shutdown",
    "recv",
    "recv-again",
    "poll",
    "keep-alive",
    "user-timeout",
    "own-deadline",
)
_HOW = {
    "none": "and then stops",
    "read": "and then reads all that came back, again and again",
    "interleave": "and then reads after every write",
    "both": "and then writes and reads at the same time",
    "deadline": "and gives up when a write has waited for 0.3 s",
}
_DIES = {
    "fin": "closes its connection",
    "rst": "resets its connection",
    "kill": "is killed",
    "freeze": "stands still",
    "unplug": "loses its cable",
}
MAX_PIPE = 16 * 1024 * 1024


def _say_fill(given: Given, _name: str) -> str:
    how = _HOW[str(given.get("remedy", "none"))]
    return (
        f"A client writes {given['octets']} octets to an echo and reads nothing until nothing moves, {how}."
    )


def _say_bereave(given: Given, _name: str) -> str:
    death, call = _DIES[str(given["death"])], str(given["call"]).replace("-", " ")
    return f"A server in a process of its own {death}; then its client calls: {call}."


def _say_close(given: Given, _name: str) -> str:
    return f"Close {spoken(given['on'])}, and wait until the call returns."


FLOW = (
    Verb(
        "fill-pipe",
        "write to an echo without reading, through buffers of 8192 octets, until nothing moves; then the remedy",
        "piped",
        (
            Param("octets", "count", "how many to write", needed=True, low=1, high=MAX_PIPE),
            Param("remedy", "choice", f"one of {', '.join(REMEDIES)}; none if not given", choices=REMEDIES),
        ),
        _say_fill,
    ),
    Verb(
        "bereave",
        "let a server process go away, and make one call on its client’s connection",
        "noticed",
        (
            Param("death", "choice", "how the server goes", needed=True, choices=DEATHS),
            Param("call", "choice", "what its client then calls", needed=True, choices=CALLS),
        ),
        _say_bereave,
    ),
    Verb(
        "close-waiting",
        "close a connection in a thread, and wait for the call itself: with LINGER it may take its time",
        "deed",
        (STREAM,),
        _say_close,
    ),
)
