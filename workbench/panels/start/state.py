"""What the Start panel shows. Frozen: the controller replaces it, the view draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from workbench.errors import WorkbenchError
from workbench.lab.catalogue import SERVICES, ServiceInfo
from workbench.lab.supervisor import LabStatus

if TYPE_CHECKING:
    from workbench.experiments.player import State as Playing
    from workbench.experiments.values import Card

PageKind = Literal["welcome", "experiment", "service"]


@dataclass(frozen=True, slots=True)
class Page:
    """What the right side shows: kind, and the id of the card or the name of the service."""

    kind: PageKind = "welcome"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Experiment:
    """The experiment that is shown. prediction: index of the chosen answer. playing: None before the first step."""

    card: "Card"
    prediction: int | None = None
    playing: "Playing | None" = None
    is_busy: bool = False
    lacking: str = ""
    variant: "Card | None" = None

    @property
    def is_done(self) -> bool:
        """Whether there is a result to look at."""
        return self.playing is not None and self.playing.result is not None

    @property
    def has_begun(self) -> bool:
        """Whether a step was played, so that a prediction would be none any more."""
        return self.playing is not None

    @property
    def why_not_play(self) -> str:
        """Why it can't be played now; "" when it can."""
        if self.lacking:
            return f"not on this platform: {self.lacking}"
        if self.is_busy:
            return "a step is being played"
        if self.prediction is None and not self.has_begun:
            return "say first what you expect"
        return "it was played to its end: play it again" if self.is_done else ""


@dataclass(frozen=True, slots=True)
class StartState:
    """The whole panel. search: what the list is narrowed to. lacking: why a card can't be played here, by its id."""

    cards: "tuple[Card, ...]" = ()
    services: tuple[ServiceInfo, ...] = SERVICES
    search: str = ""
    lacking: Mapping[str, str] = field(default_factory=dict)
    page: Page = field(default_factory=Page)
    experiment: Experiment | None = None
    lab: LabStatus = field(default_factory=lambda: LabStatus("none"))
    problem: WorkbenchError | None = None

    @property
    def found_cards(self) -> "tuple[Card, ...]":
        """The cards that hold every word of the search: their own words, rows, panel or subject."""
        return tuple(card for card in self.cards if _holds(self.search, *_words_of(card)))

    @property
    def found_services(self) -> tuple[ServiceInfo, ...]:
        """The services that hold every word of the search."""
        return tuple(
            info
            for info in self.services
            if _holds(self.search, info.name, info.title, info.teaches, info.source)
        )

    @property
    def service(self) -> ServiceInfo | None:
        """The service that is shown."""
        if self.page.kind != "service":
            return None
        return next((info for info in self.services if info.name == self.page.key), None)

    def addresses(self, name: str) -> tuple[str, ...]:
        """Where a service runs at this moment."""
        return tuple(
            str(running.address.target) for running in self.lab.services if running.address.name == name
        )


SUBJECTS = {
    "C1": "clients, servers and what lies between",
    "C2": "clients",
    "C3": "servers",
    "C4": "names",
    "C5": "connections",
    "C6": "web",
    "C7": "markup",
    "C8": "XML-RPC",
    "C9": "letters",
    "C10": "mail",
    "C11": "mail",
    "C12": "mail",
    "C13": "FTP",
    "C14": "databases",
    "C15": "encryption",
}
"""What the rows of a chapter are about."""


def _words_of(card: "Card") -> tuple[str, ...]:
    """All by which a card is found."""
    subjects = {SUBJECTS.get(row.partition(".")[0], "") for row in card.rows}
    return (
        card.title,
        card.question,
        card.id,
        card.explanation,
        *card.rows,
        *card.rfc,
        card.panel,
        *subjects,
    )


def _holds(search: str, *texts: str) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in search.casefold().split())
