"""What the page of readiness shows. Frozen: the controllers replace it, the view draws it."""

from dataclasses import dataclass, field

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.protocols.readiness.costs import Cost, Meter
from workbench.protocols.readiness.rows import Counts, Row
from workbench.protocols.readiness.values import Wake
from workbench.wire.policy import Policy
from workbench.wire.race import Lane

MAX_TIMEOUT_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed. timeout: milliseconds as typed; "" waits for ever."""

    target: str = ""
    engine: str = "poll"
    timeout: str = "50"
    reads: bool = True
    answers: bool = False

    @property
    def timeout_s(self) -> float | None:
        """The time of one waiting; None: for ever. Raises: LocalMisuse: it is no number, or out of range."""
        text = self.timeout.strip()
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) > MAX_TIMEOUT_MS:
            raise LocalMisuse(
                f"{text[:20]} is no time to wait",
                text=self.timeout,
                start=0,
                end=len(self.timeout),
                advice=f"whole milliseconds from 0 (ask once) to {MAX_TIMEOUT_MS}; leave it empty to wait for ever",
            )
        return int(text) / 1000


@dataclass(frozen=True, slots=True)
class LampsState:
    """The lamps. selected: the key of a row; doing: what goes on beside the waiting; measured: how far costs are."""

    form: Form = field(default_factory=Form)
    rows: tuple[Row, ...] = ()
    counts: Counts = field(default_factory=Counts)
    last: Wake | None = None
    selected: int | None = None
    is_watching: bool = False
    doing: str = ""
    problem: WorkbenchError | None = None
    costs: tuple[Cost, ...] = ()
    meters: tuple[Meter, ...] = ()
    is_measuring: bool = False

    @property
    def row(self) -> Row | None:
        """The selected socket."""
        return next((row for row in self.rows if row.key == self.selected), None)

    @property
    def why_not_wait(self) -> str:
        """Why one waiting can't be asked for now; "" when it can."""
        if self.is_watching:
            return "it waits already; stop it first"
        return "" if self.rows else "there is nothing to wait for yet"


@dataclass(frozen=True, slots=True)
class RaceForm:
    """What a person composed. asks: whether a request for a page's head is sent, so that an answer comes."""

    target: str = ""
    policy: Policy = "happy"
    numeric: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class RaceState:
    """One race. channel: its number in the transcript."""

    form: RaceForm = field(default_factory=RaceForm)
    lanes: tuple[Lane, ...] = ()
    is_running: bool = False
    channel: int = 0
    answer: str = ""
    remark: str = ""
    problem: WorkbenchError | None = None
