"""The verbs about scripts that send and expect, and about answers by rules. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import Param, Verb, opening, to_place

TRANSPORTS = ("tcp", "udp")


def _say_answer(given: Given, _name: str) -> str:
    number = str(given["rules"]).count("\non ") + str(given["rules"]).startswith("on ")
    return f"{opening(given['on'])} answers whoever comes by {number} rule{'s' if number != 1 else ''}."


def _say_run(given: Given, _name: str) -> str:
    lines = [line for line in str(given["script"]).splitlines() if line.strip()]
    return f"Carry a script of {len(lines)} lines out against {to_place(given)}."


SCRIPTS = (
    Verb(
        "answer-by-rules",
        "have a listener answer whoever comes by rules, until the card ends",
        "ruled",
        (
            Param("on", "thing", "a listener, or a UDP socket", needed=True, of=("listener", "datagram")),
            Param("rules", "words", "as protocols/raw/rules.py reads them", needed=True),
        ),
        _say_answer,
    ),
    Verb(
        "run-script",
        "connect and carry a script of sends and expectations out; a step that fails is seen, and no failure of this",
        "scripted",
        (
            Param(
                "to",
                "place",
                "a listener, or a service of [lab]",
                needed=True,
                of=("listener", "datagram", "tap"),
            ),
            Param("script", "words", "as protocols/raw/script.py reads it", needed=True),
            Param("by", "choice", "the transport; tcp if not given", choices=TRANSPORTS),
        ),
        _say_run,
    ),
)
