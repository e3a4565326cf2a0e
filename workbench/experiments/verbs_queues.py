"""The verbs about what the system holds: socket options, queues that fill, a cable that is pulled. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import (
    DATA,
    DEFAULT_TIMEOUT_S,
    ONE_DATA,
    STREAM,
    Param,
    Verb,
    opening,
    options_text,
    quoted,
    spoken,
)

QUIET_S = 0.2
"""A send that got rid of nothing for so long is stuck: on loopback room is made within microseconds."""


def _say_set_options(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} asks its system for {options_text(given['options'])}."


def _say_fill(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} sends {quoted(given['data'])} again and again, until its system takes no more."


def _say_exchange(given: Given, _name: str) -> str:
    return f"{opening(given['on'])} sends {quoted(given['data'])}, and reads at the same time."


def _say_gauge(given: Given, _name: str) -> str:
    return f"Find out where the octets from {spoken(given['on'])} to {spoken(given['peer'])} are now."


def _say_waiting(given: Given, _name: str) -> str:
    return f"Count the connections that wait for {spoken(given['on'])} to accept them."


def _say_unplug(given: Given, _name: str) -> str:
    return f"The cable of {spoken(given['on'])} is pulled: nothing reaches it any more."


QUEUES = (
    Verb(
        "set-options",
        "ask the system for socket options",
        "deed",
        (STREAM, Param("options", "options", 'a list like ["KEEPALIVE=1", "KEEPIDLE=1"]', needed=True)),
        _say_set_options,
    ),
    Verb(
        "fill",
        "send the same octets again and again, reading nothing, until the system takes no more",
        "filled",
        (
            STREAM,
            *DATA,
            Param("timeout_s", "seconds", f"how long it must have taken nothing; {QUIET_S:g} if not given"),
        ),
        _say_fill,
        ONE_DATA,
    ),
    Verb(
        "exchange",
        "send octets and read at the same time, until as many have come back",
        "octets",
        (
            STREAM,
            *DATA,
            Param("timeout_s", "seconds", f"for both together; {DEFAULT_TIMEOUT_S:g} if not given"),
        ),
        _say_exchange,
        ONE_DATA,
    ),
    Verb(
        "gauge",
        "measure where the octets of one direction are: in our system, in the peer's, read by its program",
        "gauge",
        (
            Param("on", "thing", "the connection, as its sender holds it", needed=True, of=("stream",)),
            Param(
                "peer", "thing", "the same connection, as its receiver holds it", needed=True, of=("stream",)
            ),
        ),
        _say_gauge,
    ),
    Verb(
        "count-waiting",
        "count the connections that the system has completed and nobody has accepted",
        "count",
        (Param("on", "thing", "a listener", needed=True, of=("listener",)),),
        _say_waiting,
    ),
    Verb(
        "unplug", "let nothing reach a connection any more, and tell nobody", "deed", (STREAM,), _say_unplug
    ),
)
