"""What the page about octets that wait shows: a pipe, connections that stall, deaths and who noticed. Frozen."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.protocols.deaths.values import Column
from workbench.protocols.flow.idle import Meter
from workbench.protocols.flow.values import (
    EndLook,
    Finding,
    Mark,
    Pipe,
    PipeEnd,
    Remedy,
    Sample,
    Stations,
)

ViewName = Literal["pipe", "stall", "deaths"]


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed."""

    pipe: Pipe = field(default_factory=Pipe)
    deadline_s: float = 2.0
    lines: bool = True


@dataclass(frozen=True, slots=True)
class Filling:
    """The pipe as it is now."""

    pipe: Pipe
    samples: tuple[Sample, ...] = ()
    marks: tuple[Mark, ...] = ()
    there: Stations | None = None
    back: Stations | None = None
    finding: Finding | None = None
    remedy: Remedy = "none"
    end: PipeEnd | None = None
    is_stalled: bool = False


class Connection(NamedTuple):
    """A live connection, as the detective sees it. there: None where only one end is in sight.

    id: the same as long as it lives. stations: from here to there and back, where they were measured.
    """

    id: str
    title: str
    here: EndLook
    there: EndLook | None
    finding: Finding
    stations: tuple[Stations, ...] = ()
    relief: str = ""


@dataclass(frozen=True, slots=True)
class FlowState:
    """All of it. columns: findings about deaths, ours first once there are some; is_measuring: ours are being made."""

    form: Form = field(default_factory=Form)
    filling: Filling | None = None
    is_filling: bool = False
    connections: tuple[Connection, ...] = ()
    watched: str = ""
    meter: Meter | None = None
    is_metering: bool = False
    columns: tuple[Column, ...] = ()
    is_measuring: bool = False
    chosen: int = 0
    verdicts: dict[ViewName, Verdict] = field(default_factory=dict)
    problem: WorkbenchError | None = None

    def verdict(self, view: ViewName) -> Verdict:
        """The result of one view."""
        return self.verdicts.get(view, NO_VERDICT)

    @property
    def is_running(self) -> bool:
        """Whether anything goes on that can be stopped."""
        return self.is_filling or self.is_measuring or self.is_metering

    @property
    def connection(self) -> Connection | None:
        """The one that is looked at: the watched one, else the one that stalls, else the first."""
        for each in self.connections:
            if each.id == self.watched:
                return each
        for each in self.connections:
            if each.finding.is_cycle:
                return each
        return self.connections[0] if self.connections else None

    @property
    def column(self) -> Column | None:
        """The machine whose matrix is shown."""
        return self.columns[self.chosen] if 0 <= self.chosen < len(self.columns) else None

    @property
    def why_not_fill(self) -> str:
        """Why no pipe can be filled now; "" where it can."""
        return "a pipe is being filled already" if self.is_filling else ""

    @property
    def why_no_remedy(self) -> str:
        """Why no remedy can be applied now; "" where it can."""
        if not self.is_filling or self.filling is None:
            return "no pipe is being filled"
        return "a remedy was chosen already" if self.filling.remedy != "none" else ""

    @property
    def why_not_measure(self) -> str:
        """Why the matrix can't be filled now; "" where it can."""
        return "it is being filled already" if self.is_measuring else ""

    @property
    def why_not_export(self) -> str:
        """Why nothing can be exported; "" where something can."""
        return "" if self.columns else "nothing was measured yet"

    @property
    def why_no_relief(self) -> str:
        """Why the connection that is looked at can't be relieved from here; "" where it can."""
        found = self.connection
        if found is None:
            return "there is no connection"
        return (
            "" if found.relief else "its programs are not ours to change; the ways out say what they could do"
        )
