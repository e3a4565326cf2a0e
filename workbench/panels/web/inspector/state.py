"""What the Inspector shows: a document, what was searched in it, what is selected. Frozen."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict

if TYPE_CHECKING:
    from workbench.formats.markup.lines import Lines
    from workbench.formats.markup.query import Answer
    from workbench.formats.markup.values import Marks, Page, Problem

Phase = Literal["empty", "opening", "reading", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed. kind: "", "html" or "xml"; encoding: "" to believe the document; route: of a page."""

    target: str = ""
    kind: str = ""
    encoding: str = ""
    language: Literal["xpath", "css"] = "xpath"
    expression: str = ""
    namespaces: str = ""
    route: str = "off"


@dataclass(frozen=True, slots=True)
class Looked:
    """A document that was read. title: its name; marks and problems grow while the places are looked for."""

    title: str
    origin: str
    page: "Page"
    lines: "Lines"
    marks: "Marks"
    problems: "tuple[Problem, ...]"
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected. node: its number; start, stop: characters of the source, below 0 where it has no place.

    said: where it stands, in words; path: an XPath that leads to it.
    """

    node: int = -1
    start: int = -1
    stop: int = -1
    said: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class InspectorState:
    """All of it. ranges: what the source marks for the hits; grows when places become known."""

    form: Form = field(default_factory=Form)
    phase: Phase = "empty"
    looked: Looked | None = None
    answer: "Answer | None" = None
    is_searching: bool = False
    hit: int = -1
    ranges: tuple[tuple[int, int], ...] = ()
    selection: Selection = field(default_factory=Selection)
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None
    stage: str = ""

    @property
    def is_running(self) -> bool:
        """Whether a document is being opened or read."""
        return self.phase in ("opening", "reading")

    @property
    def why_not_search(self) -> str:
        """Why nothing can be searched; "" where it can."""
        if self.looked is None or self.is_running:
            return "there is no document yet"
        return "a search is going on" if self.is_searching else ""
