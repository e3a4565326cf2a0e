"""What a trace of a route is made of: plans of probes, answers, and a line for each distance."""

from typing import Final, Literal, NamedTuple

FIRST_PORT: Final = 33_434
"""Where traceroute begins, since 1988; IANA keeps it for that."""
PORTS: Final = 16_384
MAX_TTL: Final = 64
MAX_ROUNDS: Final = 100_000

Verdict = Literal["passed on", "reached", "unreachable", "prohibited", "odd"]


class Plan(NamedTuple):
    """How a route is traced.

    rounds: how often every distance is probed; 0: until it is stopped. max_ttl: distances that are tried.
    wait_ms: for an answer. pause_ms: between two rounds. at_once: probes under way together.
    silent: distances without an answer in a row after which nobody is expected any more.
    """

    rounds: int = 3
    max_ttl: int = 30
    wait_ms: int = 1000
    pause_ms: int = 0
    at_once: int = 8
    silent: int = 8
    first_port: int = FIRST_PORT


class Probe(NamedTuple):
    """One probe: its number from 0 on, the round it is of, its TTL and the port that tells it from the others."""

    number: int
    round: int
    ttl: int
    port: int


class Reply(NamedTuple):
    """What came back about a probe. address: who said it, "" for this machine itself. rtt_ns: of the round trip."""

    probe: Probe
    address: str
    kind: int
    code: int
    word: str
    verdict: Verdict
    rtt_ns: int


class Hop(NamedTuple):
    """A distance, over all rounds. addresses: who answered, first one first. Times in nanoseconds, None before any.

    waiting: probes that are still under way; they count neither as sent nor as lost. jitter_ns: mean difference of
    neighbouring round trips.
    """

    ttl: int
    addresses: tuple[str, ...] = ()
    sent: int = 0
    received: int = 0
    waiting: int = 0
    last_ns: int | None = None
    best_ns: int | None = None
    worst_ns: int | None = None
    total_ns: int = 0
    jitter_total_ns: int = 0
    word: str = ""
    kind: int = -1
    code: int = -1
    verdict: Verdict | None = None

    @property
    def lost(self) -> int:
        """Probes that nobody answered in time."""
        return self.sent - self.received

    @property
    def loss_percent(self) -> float:
        """Of those that are over."""
        return 100 * self.lost / self.sent if self.sent else 0.0

    @property
    def average_ns(self) -> int | None:
        """The mean round trip."""
        return self.total_ns // self.received if self.received else None

    @property
    def jitter_ns(self) -> int | None:
        """None before the second answer."""
        return self.jitter_total_ns // (self.received - 1) if self.received > 1 else None


class Trace(NamedTuple):
    """A route so far. target: the address that is probed. round: the one under way, from 1 on."""

    target: str
    hops: tuple[Hop, ...] = ()
    round: int = 0
    is_over: bool = False

    @property
    def reached(self) -> Hop | None:
        """The hop at which the target itself answered."""
        return next((hop for hop in self.hops if hop.verdict == "reached"), None)

    @property
    def sentence(self) -> str:
        """The result in words."""
        if (hop := self.reached) is not None:
            away = "1 hop away" if hop.ttl == 1 else f"{hop.ttl} hops away"
            return f"{self.target} is {away}, and answers “{hop.word}”"
        stop = next((hop for hop in self.hops if hop.verdict in ("unreachable", "prohibited")), None)
        if stop is not None:
            who = stop.addresses[0] if stop.addresses else "this machine"
            return f"{who} says “{stop.word}”: the way ends there"
        answering = [hop for hop in self.hops if hop.received]
        if not answering:
            return f"nobody on the way to {self.target} answers"
        last = answering[-1]
        return f"behind {last.addresses[0]}, {last.ttl} hops away, nobody answers"
