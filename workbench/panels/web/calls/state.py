"""What the page of calls shows: a server's methods, the call that is composed, what came back. Frozen."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict

if TYPE_CHECKING:
    from workbench.protocols.xmlrpc.values import Answer, Method

Phase = Literal["idle", "listing", "calling", "done", "failed"]
AUTO = ""
"""The type of an argument whose text says it: JSON, else a string."""


class Argument(NamedTuple):
    """One argument as it is typed. type: of XML-RPC, or AUTO."""

    type: str = AUTO
    text: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed."""

    target: str = ""
    method: str = ""
    arguments: tuple[Argument, ...] = ()
    route: str = "off"


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a call. sent, received: the XML of both; received may be no XML."""

    method: str
    answer: "Answer | None"
    sent: bytes
    received: bytes


@dataclass(frozen=True, slots=True)
class CallsState:
    """All of it. server: whose methods they are."""

    form: Form = field(default_factory=Form)
    phase: Phase = "idle"
    server: str = ""
    methods: "tuple[Method, ...]" = ()
    came: Came | None = None
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None
    wrong_argument: int = -1
    stage: str = ""

    @property
    def is_running(self) -> bool:
        """Whether a request goes on."""
        return self.phase in ("listing", "calling")

    @property
    def why_not_call(self) -> str:
        """Why nothing can be called; "" where it can."""
        if self.is_running:
            return "a request goes on already"
        return "" if self.form.method.strip() else "there is no method"
