"""What a monitor tells: a row for each socket, and what the waiting came to."""

from dataclasses import dataclass
from typing import Literal

from workbench.protocols.readiness.values import NOTHING, Ready, Wake

Kind = Literal["pair", "connection", "listener", "client"]
Provocation = Literal["data", "fin", "own-fin", "rst", "urgent", "close", "call"]


@dataclass(frozen=True, slots=True)
class Row:
    """One socket, as a table shows it. lamps: what it is ready for; asked: what is waited for; said: what came last."""

    key: int
    name: str
    kind: Kind
    descriptor: int
    asked: Ready
    lamps: Ready = NOTHING
    told: Ready = NOTHING
    local: str = ""
    peer: str = ""
    received: int = 0
    said: str = ""
    end: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Counts:
    """What the waiting came to. again: told once more, since nobody had taken it; slept_ns, cpu_ns: of all waits.

    elapsed_ns: since the first one began.
    """

    waits: int = 0
    wakes: int = 0
    timeouts: int = 0
    again: int = 0
    slept_ns: int = 0
    cpu_ns: int = 0
    elapsed_ns: int = 0

    @property
    def cpu_share(self) -> float:
        """Which part of a processor the waiting took, from 0 to 1."""
        return min(1.0, self.cpu_ns / self.elapsed_ns) if self.elapsed_ns else 0.0

    def after(self, wake: Wake, again: bool, elapsed_ns: int) -> "Counts":
        """With one wait more; elapsed_ns: since the first one began."""
        return Counts(
            self.waits + 1,
            self.wakes + (wake.reason == "ready"),
            self.timeouts + (wake.reason == "timeout"),
            self.again + again,
            self.slept_ns + wake.slept_ns,
            self.cpu_ns + wake.cpu_ns,
            elapsed_ns,
        )
