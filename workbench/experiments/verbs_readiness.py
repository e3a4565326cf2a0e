"""The verbs about waiting: what a socket is ready for, select's three lists, a client that spins, a race to connect.

As in verbs.py.
"""

from workbench.experiments.values import Given
from workbench.experiments.verb import DEFAULT_TIMEOUT_S, STREAM, TIMEOUT, Param, Verb, opening, spoken, words

ENGINES = ("poll", "select", "epoll", "selectors", "asyncio")
RULES = ("bit", "equal")
POLICIES = ("happy", "system", "v4", "v6")
EVERY_S = 0.05
"""The book's pause between two turns of the spinner."""
_WATCHED = Param("on", "thing", "a connection or a listener", needed=True, of=("stream", "listener"))
_ENGINE = Param("engine", "choice", "how to wait; poll if not given", choices=ENGINES)


def _say_ready(given: Given, _name: str) -> str:
    until = f" until {given['until']} is told" if "until" in given else ""
    return f"Ask by {given.get('engine', 'poll')} what {spoken(given['on'])} is ready for{until}."


def _say_sets(given: Given, _name: str) -> str:
    names = [words(given[key]) for key in ("on", "and", "and_also") if key in given]
    asked = "to read and to write" if given.get("writing") else "to read"
    wait = "once, without waiting" if given.get("at_once") else "and wait"
    return f"Hand {', '.join(names)} to select, {asked}, {wait}."


def _say_spin(given: Given, _name: str) -> str:
    how = ", and compares the mask with ==" if given.get("rule") == "equal" else ""
    return (
        f"{opening(given['on'])} waits by {given.get('engine', 'poll')} and turns a spinner meanwhile{how}."
    )


def _say_race(given: Given, _name: str) -> str:
    return f"Connect to {', then '.join(str(given['at']).split())}, by the policy {given.get('policy', 'happy')}."


def _say_costs(_given: Given, _name: str) -> str:
    return (
        "Ask a silent socket again and again, and then wait for it instead; take the time of the processor."
    )


READY = (
    Verb(
        "ask-ready",
        "ask what a socket is ready for",
        "readiness",
        (
            _WATCHED,
            _ENGINE,
            Param("until", "words", 'ask again until these are told: "IN|HUP"'),
            Param("timeout_s", "seconds", f"how long to ask again; {DEFAULT_TIMEOUT_S:g} if not given"),
        ),
        _say_ready,
    ),
    Verb(
        "select",
        "hand sockets to select and get its three lists back",
        "sets",
        (
            _WATCHED,
            Param("and", "thing", "a second one", of=("stream", "listener")),
            Param("and_also", "thing", "a third one", of=("stream", "listener")),
            Param("writing", "yes", "also ask which can be written"),
            Param("at_once", "yes", "do not wait: a timeout of 0"),
            TIMEOUT,
        ),
        _say_sets,
    ),
    Verb(
        "wait-and-spin",
        "read lines, and do something else meanwhile: to the end, a problem, or so many lines",
        "spun",
        (
            STREAM,
            _ENGINE,
            Param("lines", "count", "leave after so many lines", low=1, high=1000),
            Param(
                "rule",
                "choice",
                "bit: look whether IN is among what is told; equal: want IN and nothing else",
                choices=RULES,
            ),
            TIMEOUT,
        ),
        _say_spin,
    ),
    Verb(
        "race",
        "connect to one of several addresses, and see which were tried",
        "raced",
        (
            Param(
                "to",
                "place",
                "a service of [lab], or a listener, whose port it is",
                needed=True,
                of=("listener",),
            ),
            Param("at", "words", 'the addresses, with blanks between them: "::1 127.0.0.1"', needed=True),
            Param("policy", "choice", "which is tried when; happy if not given", choices=POLICIES),
            TIMEOUT,
        ),
        _say_race,
    ),
    Verb(
        "measure-asking",
        "compare asking again and again with waiting",
        "metered",
        (Param("engine", "choice", "how to wait; select if not given", choices=("poll", "select", "epoll")),),
        _say_costs,
    ),
)
