"""Values: the deaths, the calls, what a call told, and a machine's column of it all."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Told = Literal["error", "end", "event", "deadline", "nothing"]
"""How a call told: by an error, an end of the stream, an event of poll(), only by our own clock, or not at all."""


class Death(NamedTuple):
    """A way in which a peer goes away."""

    id: str
    title: str
    sentence: str
    source: str


class Call(NamedTuple):
    """A call, made after the death."""

    id: str
    title: str
    sentence: str
    source: str


DEATHS = (
    Death("fin", "closes (FIN)", "the program closes its connection in good order", "RFC 9293 3.6"),
    Death("rst", "resets (RST)", "the program throws the connection away", "RFC 9293 3.5.3"),
    Death("kill", "is killed", "the process is ended by SIGKILL: its system closes for it", "signal(7)"),
    Death("freeze", "freezes", "the program stands still (SIGSTOP); its system goes on", "signal(7)"),
    Death(
        "unplug",
        "is unplugged",
        "nothing reaches the peer’s system any more, as if the cable were pulled",
        "RFC 9293 3.8.3",
    ),
)
CALLS = (
    Call("send", "send", "a first send", "send(2)"),
    Call("send-again", "send again", "a second send, once an answer to the first could be there", "send(2)"),
    Call("shutdown", "shutdown", "a send, and then the end of our half", "shutdown(2)"),
    Call("recv", "recv", "a first read", "recv(2)"),
    Call("recv-again", "recv again", "a read after the one that told", "recv(2)"),
    Call("poll", "poll", "waiting for any event but room to write", "poll(2)"),
    Call(
        "keep-alive",
        "keep-alive",
        "a read, with keep-alive after 1 s, asking once, for 1 s",
        "RFC 9293 3.8.4",
    ),
    Call(
        "user-timeout", "user timeout", "a send that must be confirmed within 0.5 s, and a read", "RFC 5482"
    ),
    Call("own-deadline", "own deadline", "a read that we give up by our own clock", "recv(2)"),
)


class Cell(NamedTuple):
    """What one call told after one death.

    symbol: the error's name, "EOF", poll's events, or "" where nothing was told. ms: from the death to the return.
    result: of a call that went through: "ok", or the octets that it took.
    """

    death: str
    call: str
    told: str
    symbol: str
    ms: float
    result: str = ""

    @property
    def has_noticed(self) -> bool:
        """Whether the system told; our own clock tells nothing about the peer."""
        return self.told in ("error", "end", "event")


class System(NamedTuple):
    """Where a column was measured."""

    os: str
    release: str
    python: str

    def __str__(self) -> str:
        return f"{self.os} {self.release}, Python {self.python}".strip()


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one machine, in the order in which they were found. name: as people call the machine."""

    system: System
    cells: tuple[Cell, ...] = ()
    name: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    def cell(self, death: str, call: str) -> Cell | None:
        """One of them; None where it was not measured."""
        return next((cell for cell in self.cells if (cell.death, cell.call) == (death, call)), None)

    def noticed(self, death: str) -> tuple[Cell, ...]:
        """The calls that the system told of this death, the earliest first."""
        cells = (cell for cell in self.cells if cell.death == death and cell.has_noticed)
        return tuple(sorted(cells, key=lambda cell: cell.ms))

    def first(self, death: str) -> Cell | None:
        """Who noticed first; None: nobody did."""
        return next(iter(self.noticed(death)), None)

    def sentence(self, death: str) -> str:
        """Who noticed, in one sentence; calls of the same moment stand together."""
        noticed = self.noticed(death)
        silent = [title_of(c.call) for c in self.cells if c.death == death and not c.has_noticed]
        if not noticed:
            return "the system told no call of it; only a deadline of our own ends the wait"
        prompt = [c for c in noticed if c.ms - noticed[0].ms <= AT_ONCE_MS]
        when = "at once" if noticed[0].ms <= AT_ONCE_MS else f"after {noticed[0].ms / 1000:.1f} s"
        told = ", ".join(f"{title_of(c.call)} ({c.symbol})" for c in prompt)
        rest = f"; told nothing: {', '.join(silent)}" if silent else ""
        return f"{when}: {told}{rest}"


AT_ONCE_MS = 100.0
"""Calls are made one after the other: what lies nearer than this is no order."""


def title_of(call: str) -> str:
    """A call's title; its id where it is none of ours."""
    return next((each.title for each in CALLS if each.id == call), call)


def differences(columns: "tuple[Column, ...]") -> tuple[tuple[str, str], ...]:
    """The (death, call) where the machines that have it were told different things."""
    places = dict.fromkeys((cell.death, cell.call) for column in columns for cell in column.cells)
    found = []
    for death, call in places:
        told = {(c.told, c.symbol) for column in columns if (c := column.cell(death, call)) is not None}
        if len(told) > 1:
            found.append((death, call))
    return tuple(found)
