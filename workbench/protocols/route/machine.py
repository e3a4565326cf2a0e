"""Which probe is next, which one an answer is about, and when a route is known: no socket, no clock.

Strategy. The first round feels its way: nearer distances first, some at once, until the target answers or nobody
has for a while; what was sent beyond the target is forgotten. Later rounds probe what is known, again and
again, as mtr does. A probe is told from the others by its port; one whose answer comes too late counts as lost.
"""

from collections import deque

from workbench.protocols.route.codec import meaning_of
from workbench.protocols.route.values import MAX_TTL, PORTS, Hop, Plan, Probe, Reply, Trace

FINAL = ("reached", "unreachable", "prohibited")


class RouteMachine:
    """One trace. Times are nanoseconds of any clock that only goes forward.

    Args:
        target: the address that is probed, without a zone.
    """

    def __init__(self, target: str, plan: Plan) -> None:
        self.plan = plan._replace(max_ttl=max(1, min(plan.max_ttl, MAX_TTL)), at_once=max(1, plan.at_once))
        self._target = target
        self._is_v6 = ":" in target
        self._hops: dict[int, Hop] = {}
        self._under_way: dict[int, tuple[Probe, int]] = {}
        self._todo: deque[int] = deque()
        self._last_ttl = self.plan.max_ttl
        self._number = 0
        self._round = 0
        self._over = False
        self._begin_round()

    # ---- what is to be done

    def next_probe(self) -> Probe | None:
        """The probe to send now; None where one has to wait, or nothing is left in this round."""
        if (
            self._over
            or len(self._under_way) >= self.plan.at_once
            or not self._todo
            or self._is_feeling_ahead()
        ):
            return None
        ttl = self._todo.popleft()
        port = self.plan.first_port + self._number % PORTS
        probe = Probe(self._number, self._round, ttl, port)
        self._number += 1
        return probe

    @property
    def is_round_over(self) -> bool:
        """Whether every probe of the round has its answer or is lost."""
        return not self._under_way and (not self._todo or self._over)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do at all."""
        return self._over or (self.is_round_over and 0 < self.plan.rounds <= self._round)

    def begin_round(self) -> bool:
        """Begin the next round; False where there is none."""
        if self.is_over or not self.is_round_over:
            return False
        self._begin_round()
        return True

    def stop(self) -> None:
        """Nothing more is sent; what is under way is neither answered nor lost."""
        self._over = True
        for probe, _ in self._under_way.values():
            hop = self._hops[probe.ttl]
            self._hops[probe.ttl] = hop._replace(waiting=hop.waiting - 1)
        self._under_way.clear()

    def deadline_ns(self) -> int | None:
        """When the oldest probe is lost; None where none is under way."""
        times = [sent_ns for _, sent_ns in self._under_way.values()]
        return min(times) + self.plan.wait_ms * 1_000_000 if times else None

    # ---- what happened

    def sent(self, probe: Probe, now_ns: int) -> None:
        """A probe is on its way."""
        self._under_way[probe.port] = (probe, now_ns)
        hop = self._hop(probe.ttl)
        self._hops[probe.ttl] = hop._replace(waiting=hop.waiting + 1)

    def answered(self, port: int, address: str, kind: int, code: int, now_ns: int) -> Reply | None:
        """Something came back about the probe of this port; None for one that is not, or not any more, under way."""
        known = self._under_way.pop(port, None)
        if known is None:
            return None
        probe, sent_ns = known
        meaning = meaning_of(kind, code, is_v6=self._is_v6)
        rtt_ns = max(0, now_ns - sent_ns)
        self._hops[probe.ttl] = _with_reply(self._hop(probe.ttl), address, rtt_ns, meaning.word)._replace(
            kind=kind, code=code, verdict=meaning.verdict
        )
        if meaning.verdict in FINAL and probe.ttl <= self._last_ttl:
            self._end_at(probe.ttl)
        return Reply(probe, address, kind, code, meaning.word, meaning.verdict, rtt_ns)

    def lost(self, now_ns: int) -> list[Probe]:
        """The probes whose time is over by now."""
        limit = now_ns - self.plan.wait_ms * 1_000_000
        late = [probe for probe, sent_ns in self._under_way.values() if sent_ns <= limit]
        for probe in late:
            del self._under_way[probe.port]
            hop = self._hop(probe.ttl)
            self._hops[probe.ttl] = hop._replace(sent=hop.sent + 1, waiting=hop.waiting - 1)
        if late:
            self._give_up_behind_silence()
        return late

    # ---- what is known

    @property
    def trace(self) -> Trace:
        """The route so far."""
        hops = tuple(self._hops[ttl] for ttl in sorted(self._hops) if ttl <= self._last_ttl)
        return Trace(self._target, hops, self._round, self.is_over)

    # ---- inside

    def _begin_round(self) -> None:
        self._round += 1
        self._todo = deque(range(1, self._last_ttl + 1))

    def _hop(self, ttl: int) -> Hop:
        return self._hops.get(ttl) or Hop(ttl)

    def _is_feeling_ahead(self) -> bool:
        """In the first round no further ahead of what is known than `at_once`: hosts limit how often they answer."""
        if self._round > 1 or not self._todo:
            return False
        known = max((ttl for ttl, hop in self._hops.items() if hop.sent), default=0)
        return self._todo[0] > known + self.plan.at_once

    def _end_at(self, ttl: int) -> None:
        """The way ends here: what was sent further counts for nothing."""
        self._last_ttl = ttl
        self._todo = deque(each for each in self._todo if each <= ttl)
        for port in [port for port, (probe, _) in self._under_way.items() if probe.ttl > ttl]:
            del self._under_way[port]
        for far in [each for each in self._hops if each > ttl]:
            del self._hops[far]

    def _give_up_behind_silence(self) -> None:
        """After so many silent distances in a row the rest is silent too."""
        run = 0
        for ttl in range(1, self._last_ttl + 1):
            hop = self._hops.get(ttl)
            if hop is None or (hop.waiting and not hop.received):
                return
            run = 0 if hop.received else run + 1
            if run >= self.plan.silent:
                self._end_at(ttl)
                return


def _with_reply(hop: Hop, address: str, rtt_ns: int, word: str) -> Hop:
    known = hop.addresses if not address or address in hop.addresses else (*hop.addresses, address)
    change = abs(rtt_ns - hop.last_ns) if hop.last_ns is not None else 0
    return hop._replace(
        addresses=known,
        sent=hop.sent + 1,
        received=hop.received + 1,
        waiting=hop.waiting - 1,
        last_ns=rtt_ns,
        best_ns=rtt_ns if hop.best_ns is None else min(rtt_ns, hop.best_ns),
        worst_ns=rtt_ns if hop.worst_ns is None else max(rtt_ns, hop.worst_ns),
        total_ns=hop.total_ns + rtt_ns,
        jitter_total_ns=hop.jitter_total_ns + change,
        word=word,
    )
