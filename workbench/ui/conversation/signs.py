"""The sign that tells the nature of an event without colour: arrows for octets, others for facts."""

from typing import NamedTuple

from workbench.transcript.records import Direction, Event

_FAILURES = ("failed", "fault")
_BAD_ENDS = ("RST", "truncated", "timeout")


class Sign(NamedTuple):
    """A sign, the token of its colour, and the word a screen reader says."""

    text: str
    role: str
    word: str


SENT = Sign("→", "sent", "sent")
RECEIVED = Sign("←", "received", "received")
FACT = Sign("•", "muted", "fact")
WARNING = Sign("!", "warning", "warning")
FAILURE = Sign("✗", "error", "failure")


def sign_of(event: Event) -> Sign:
    """Arrow for octets; for facts whether something failed, ended badly, or simply happened."""
    if event.direction is Direction.SENT:
        return SENT
    if event.direction is Direction.RECEIVED:
        return RECEIVED
    if event.name.rpartition(".")[2] in _FAILURES:
        return FAILURE
    return WARNING if event.name == "end" and event.values.get("kind") in _BAD_ENDS else FACT
