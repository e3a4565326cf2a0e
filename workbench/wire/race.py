"""From a typed name to the first octet that came back, as lanes on one time axis: read from any transcript.

A lane is one thing that took time: looking the name up, one attempt to connect, a proxy's dialogue, the TLS handshake,
waiting for the first octet. All of it stands in the facts that dialling records; nothing is measured here.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

Step = Literal["resolve", "connect", "proxy", "tls", "answer"]
Outcome = Literal["done", "won", "failed", "dropped", "running"]

MAX_EVENTS = 2000
"""Events looked at: a conversation begins with these; the first octet comes early or the lane is open."""


class Lane(NamedTuple):
    """One lane, nanoseconds since the transcript began.

    name: what it is about, e.g. "[::1]:80". end_ns: None while it runs. family: "IPv4", "IPv6", "Unix" or "".
    note: the addresses found, the symbol of the failure, the size of the first piece. event: the one that ended it.
    """

    step: Step
    name: str
    start_ns: int
    end_ns: int | None
    outcome: Outcome
    family: str = ""
    note: str = ""
    event: int | None = None


class _Reading:
    def __init__(self) -> None:
        self.lanes: list[Lane] = []
        self._open: dict[tuple[str, str], int] = {}
        self._answered = False

    def take(self, event: Event) -> None:
        if event.kind == "bytes":
            self._octets(event)
            return
        values = event.values
        step, _, what = event.name.partition(".")
        match step, what:
            case "resolve", "numeric":
                self.lanes.append(
                    Lane(
                        "resolve",
                        str(values["host"]),
                        event.time_ns,
                        event.time_ns,
                        "done",
                        "",
                        "a number already",
                        event.index,
                    )
                )
            case "resolve" | "connect" | "proxy" | "tls", "started":
                self._begin(step, _name(step, values), event)
            case "resolve", "complete":
                self._finish("resolve", str(values["host"]), event, "done", _listed(values.get("addresses")))
            case "connect", "complete":
                self._finish("connect", str(values["address"]), event, "won", "")
                self._begin("answer", "first octet", event)
            case "connect", "dropped":
                self._finish("connect", str(values["address"]), event, "dropped", "another was quicker")
            case "proxy" | "tls", "complete":
                self._finish(step, _name(step, values), event, "done", "")
                self._restart(event)
            case "resolve" | "connect" | "proxy" | "tls", "failed":
                symbol = str(values.get("errno") or values.get("sentence") or values.get("what") or "")
                self._finish(step, _name(step, values), event, "failed", symbol)
            case "end" | "close" | "failed", _:
                self._give_up(event)

    def _begin(self, step: str, name: str, event: Event) -> None:
        self._open[step, name] = len(self.lanes)
        family = _family(name) if step == "connect" else ""
        self.lanes.append(Lane(step, name, event.time_ns, None, "running", family))  # type: ignore[arg-type]  # a Step

    def _finish(self, step: str, name: str, event: Event, outcome: Outcome, note: str) -> None:
        at = self._open.pop((step, name), None)
        if at is None:
            # What was asked and what is told differ in their names (a proxy's, TLS's): the newest that runs.
            at = next((self._open.pop(key) for key in reversed(self._open) if key[0] == step), None)
        if at is not None:
            self.lanes[at] = self.lanes[at]._replace(
                end_ns=event.time_ns, outcome=outcome, note=note, event=event.index
            )

    def _restart(self, event: Event) -> None:
        """The answer is waited for from here on: what came before was somebody else's, or TLS's own."""
        for key in [key for key in self._open if key[0] == "answer"]:
            at = self._open.pop(key)
            del self.lanes[at]
        self._answered = False
        self.lanes = [lane for lane in self.lanes if lane.step != "answer"]
        self._open = {key: self._place(key) for key in self._open}
        self._begin("answer", "first octet", event)

    def _place(self, key: tuple[str, str]) -> int:
        return next(
            at for at, lane in enumerate(self.lanes) if (lane.step, lane.name) == key and lane.end_ns is None
        )

    def _octets(self, event: Event) -> None:
        if event.direction is not Direction.RECEIVED or self._answered or event.layer == "proxy":
            return
        if any(key[0] in ("tls", "proxy") for key in self._open):
            return
        self._answered = True
        self._finish("answer", "first octet", event, "done", f"{event.size} B")

    def _give_up(self, event: Event) -> None:
        for key in [key for key in self._open if key[0] == "answer"]:
            self._finish(*key, event, "failed", "it ended before")


def lanes_of(transcript: Transcript, channel: int = 0, first: int = 0) -> tuple[Lane, ...]:
    """The lanes of one connection, in the order in which they began; first: the event to begin with."""
    reading = _Reading()
    for event in transcript.events(first, min(len(transcript), first + MAX_EVENTS)):
        if event.channel == channel:
            reading.take(event)
    return tuple(reading.lanes)


def sentence_of(lanes: tuple[Lane, ...]) -> str:
    """What came of the race, in one sentence; "" before anything was tried."""
    attempts = [lane for lane in lanes if lane.step == "connect"]
    if not attempts:
        return ""
    won = next((lane for lane in attempts if lane.outcome == "won"), None)
    if won is None:
        return "nobody answered" if all(lane.end_ns is not None for lane in attempts) else "connecting …"
    others = [lane for lane in attempts if lane is not won]
    if not others:
        return f"{won.name} was tried alone, and answered"
    told = ", ".join(f"{lane.name} {_ended(lane)}" for lane in others)
    return f"{won.name} won; {told}"


def _ended(lane: Lane) -> str:
    return {"failed": f"failed ({lane.note})", "dropped": "was dropped"}.get(lane.outcome, "still runs")


def _name(step: str, values: Mapping[str, object]) -> str:
    match step:
        case "resolve":
            return str(values.get("host", ""))
        case "connect":
            return str(values.get("address", ""))
        case "proxy":
            return str(values.get("proxy", "proxy"))
    return "TLS handshake"


def _family(address: str) -> str:
    if address.startswith("unix:"):
        return "Unix"
    return "IPv6" if address.startswith("[") else "IPv4"


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else ""
