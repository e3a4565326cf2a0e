"""The verbs about servers of our own, and about asking by UDP: one machine patiently, or everybody. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import DATA, ONE_DATA, Param, Verb, opening, quoted, to_place

PRESETS = ("echo", "discard", "chargen", "upper", "slow", "greet", "drop", "lying-time")
ZONES = ("accept", "handle", "close")


def _say_serve(given: Given, _name: str) -> str:
    said = f"{opening(given['on'])} serves whoever comes: {given['be']}"
    if "deaf" in given:
        said += f", but does not hear the first {given['deaf']}"
    if "idle_s" in given:
        said += f", and drops who says nothing for {given['idle_s']:g} s"
    if "one_at_a_time" in given:
        said += ", one at a time"
    if "throw_in" in given:
        said += (
            f"; its own code throws an exception while it is to {given['throw_in']} client {given['client']}"
        )
    return f"{said}."


def _say_ask(given: Given, _name: str) -> str:
    tries = given.get("tries", 1)
    times = f", up to {tries} times" if tries != 1 else ""
    return f"Ask {to_place(given)} by UDP: {quoted(given['data'])}{times}."


def _say_ask_everybody(given: Given, _name: str) -> str:
    return f"Ask everybody at {to_place(given)}: {quoted(given['data'])}, and list who answers."


_TO = Param("to", "place", "a service of [lab] that speaks UDP", needed=True, of=("datagram",))

SERVERS = (
    Verb(
        "serve",
        "have a listener serve whoever comes, until the card ends",
        "serving",
        (
            Param("on", "thing", "a listener, or a UDP socket", needed=True, of=("listener", "datagram")),
            Param("deaf", "count", "of UDP: leave so many questions unanswered at first", high=100),
            Param("be", "choice", "what kind of server it is", needed=True, choices=PRESETS),
            Param("idle_s", "seconds", "drop a client that says nothing for so long"),
            Param("one_at_a_time", "yes", "serve a client only once the one before has gone"),
            Param("throw_in", "choice", "have its own code throw an exception in this zone", choices=ZONES),
            Param(
                "client", "count", "with throw_in: while it is to serve this client, from 1", low=1, high=100
            ),
        ),
        _say_serve,
    ),
    Verb(
        "ask",
        "ask one machine by UDP, again while it does not answer; strangers are heard and marked",
        "search",
        (
            _TO,
            *DATA,
            Param("tries", "count", "how often at most; once if not given", low=1, high=20),
            Param(
                "wait_s", "seconds", "how long to wait the first time, then twice as long; 0.2 if not given"
            ),
        ),
        _say_ask,
        ONE_DATA,
    ),
    Verb(
        "ask-everybody",
        "send a datagram to a broadcast address, and list who answers until nobody has for a while",
        "search",
        (_TO, *DATA, Param("quiet_s", "seconds", "for how long nobody must have answered; 0.3 if not given")),
        _say_ask_everybody,
        ONE_DATA,
    ),
)
