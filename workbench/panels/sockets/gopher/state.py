"""What the page of Gopher shows: the question that is composed, what came, its phases, and the four levels. Frozen."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.wire.phases import Phase, phases

if TYPE_CHECKING:
    from workbench.protocols.gopher.levels import Level
    from workbench.protocols.gopher.values import Answer, Request

MAX_BACK = 100
"""Steps that one can go back."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed. selector: counts where the address names no item."""

    address: str = ""
    selector: str = ""
    search: str = ""
    terminator: str = "crlf"
    read_octets: int = 2048
    route: str = "off"


@dataclass(frozen=True, slots=True)
class GopherState:
    """All of it. trail: what was open before, the oldest first. asked: the newest question."""

    form: Form = field(default_factory=Form)
    phase: Literal["idle", "asking", "climbing", "done", "failed"] = "idle"
    answer: "Answer | None" = None
    came: int = 0
    rungs: tuple[Phase, ...] = phases(None)
    levels: "tuple[Level, ...]" = ()
    trail: "tuple[Request, ...]" = ()
    asked: "Request | None" = None
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def is_running(self) -> bool:
        """Whether a question is under way."""
        return self.phase in ("asking", "climbing")

    @property
    def why_not_back(self) -> str:
        """Why one can't go back; "" where one can."""
        if self.is_running:
            return "a question goes on already"
        return "" if len(self.trail) > 1 else "nothing was open before"
