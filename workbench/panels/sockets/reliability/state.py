"""What the page shows. Frozen: the controller replaces it, the view draws it."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.errors import WorkbenchError
from workbench.protocols.reliability.ledger import Ledger
from workbench.wire.tcpinfo import TcpInfo

Phase = Literal["idle", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Faults:
    """What the path does: percentages of the datagrams, and how many later ones may overtake one.

    delay_ms holds for both transports; changed_octet is the place of the octet of
    TCP's stream that is changed on the way, -1 for none.
    """

    count: int = 50
    drop_percent: int = 20
    duplicate_percent: int = 10
    reorder: int = 3
    corrupt_percent: int = 0
    seed: int = 1
    delay_ms: int = 5
    changed_octet: int = -1


@dataclass(frozen=True, slots=True)
class ReliabilityState:
    """One comparison. stage: which transport is on its way; info: TCP's own measures at the end."""

    faults: Faults = field(default_factory=Faults)
    phase: Phase = "idle"
    stage: str = ""
    udp: Ledger | None = None
    tcp: Ledger | None = None
    info: TcpInfo | None = None
    problem: WorkbenchError | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is something to stop."""
        return self.phase == "running"

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        told = [
            f"{name}: {ledger.sentence}"
            for name, ledger in (("UDP", self.udp), ("TCP", self.tcp))
            if ledger is not None
        ]
        return "; ".join(told)
