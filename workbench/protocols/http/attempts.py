"""The attempts of a download as values: from which octet to which, how each ended, and why."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from workbench.protocols.http.values import Exchange

How = Literal["running", "whole", "part", "cut", "failed", "later", "refused", "cancelled"]
"""How an attempt ended. part: in order, and more is to come; cut: within the body; failed: no answer; later: the server
asked to come again; refused: it has no such file, or what it sent does not fit."""


class Attempt(NamedTuple):
    """One of them.

    Attributes:
        number: from 1 on. asked: the first octet that was asked for. start: the first that was given; stop: how many
            octets are there now. total: of the file, None where nobody said.
        why: the reason of its end, or for beginning anew; status: of its answer, 0 without one.
        waited_s: before it; took_s: itself; channel: of the transcript, None where there was none.
    """

    number: int
    asked: int
    start: int
    stop: int
    total: int | None = None
    ended: How = "running"
    why: str = ""
    status: int = 0
    condition: str = ""
    waited_s: float = 0.0
    took_s: float = 0.0
    channel: int | None = None

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        times = {"waited_s": round(self.waited_s, 3), "took_s": round(self.took_s, 3)}
        names = ("number", "asked", "start", "stop", "total", "ended", "why", "channel")
        told = {name: getattr(self, name) for name in names}
        return {**told, "status": self.status or None, "if_range": self.condition or None, **times}


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What came of it. exchange: the last one, its body the whole file's; is_whole: whether the file has its name."""

    exchange: Exchange
    attempts: tuple[Attempt, ...]
    is_whole: bool

    def require_whole(self) -> None:
        """Raises: what ended the last attempt, where something did."""
        self.exchange.require_whole()
