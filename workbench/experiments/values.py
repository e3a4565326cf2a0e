"""A card as values: what was read from its file, checked, and never changed afterwards."""

from collections.abc import Mapping
from typing import NamedTuple

Given = Mapping[str, object]


class Service(NamedTuple):
    """A Lab service that a card wants.

    name: as in the Lab's catalogue. called: how the card's steps name it. switches: those that are not the default.
    """

    name: str
    called: str
    switches: Given


class Relaying(NamedTuple):
    """A relay that a card wants in the middle; its steps name it "relay".

    to: the service behind it, as the card's steps name it. switches: those that are not the default.
    """

    to: str
    switches: Given


class Step(NamedTuple):
    """One thing that is done.

    number: from 1. verb: a name of verbs.VERBS. given: its parameters, checked; octets to send stand under "data".
    name: what the card calls its outcome, "" if nothing refers to it. fails: the kind of failure it must end with
    ("LinkLost"), "" if it must work. sentence: what is done, in plain words.
    """

    number: int
    verb: str
    given: Given
    name: str
    fails: str
    sentence: str


class Plan(NamedTuple):
    """What is started and done, in order."""

    services: tuple[Service, ...]
    steps: tuple[Step, ...]
    relay: Relaying | None = None


class Expectation(NamedTuple):
    """What must have been seen at the end: the value `field` of what the card calls `name` passes every test.

    tests: pairs of a comparison (expectation.COMPARISONS) and what the card compares with.
    """

    name: str
    field: str
    tests: tuple[tuple[str, object], ...]

    @property
    def that(self) -> str:
        """As the card writes it: "client.received"."""
        return f"{self.name}.{self.field}"


class Card(NamedTuple):
    """One experiment.

    rows: ids of the capabilities that its checks show. rfc: "RFC 9293 3.6". right: the index in choices. explanation:
    why it is so; paragraphs are separated by an empty line. source: the file it was read from. needs: what the machine
    must have (needs.NEEDS). instead: the card that shows the same where a machine has not that.
    """

    id: str
    title: str
    panel: str
    rows: tuple[str, ...]
    rfc: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    right: int
    explanation: str
    as_written: Plan
    broken: Plan
    expectations: tuple[Expectation, ...]
    source: str
    needs: tuple[str, ...] = ()
    instead: str = ""

    def plan(self, *, broken: bool) -> Plan:
        """What is played: as the card is written, or with its [broken] table applied."""
        return self.broken if broken else self.as_written
