"""The verb about single socket calls, in the right order or in the wrong one. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb


def _say_call(given: Given, _name: str) -> str:
    return f"Make the call “{given['line']}”."


HAND_CALLS = (
    Verb(
        "call",
        "make one socket call on a desk of the card's own; what it raises is its outcome, not a failure of the step",
        "outcome",
        (
            Param(
                "line",
                "words",
                'the call, like a.connect @b or c.send "x"; lab:NAME is a service',
                needed=True,
            ),
            TIMEOUT,
        ),
        _say_call,
    ),
)
