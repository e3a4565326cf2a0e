"""Traces as conversations on a turned clock; workbench.protocols.route.values is told through them."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.route.machine import RouteMachine
from workbench.protocols.route.values import Plan, Probe, Trace

MS = 1_000_000
EXCEEDED, UNREACHABLE = (11, 0), (3, 3)


def sent(machine: RouteMachine, now_ms: int = 0) -> list[Probe]:
    """Everything that may be sent now."""
    probes = []
    while (probe := machine.next_probe()) is not None:
        machine.sent(probe, now_ms * MS)
        probes.append(probe)
    return probes


def walked(distance: int, plan: Plan, *, silent: frozenset[int] = frozenset()) -> Trace:
    """A target so far away; routers answer after as many milliseconds as they are away."""
    machine = RouteMachine("192.0.2.9", plan)
    now_ms = 0
    while True:
        while not machine.is_round_over:
            for probe in sent(machine, now_ms):
                if probe.ttl in silent:
                    continue
                host = f"10.0.0.{probe.ttl}" if probe.ttl < distance else "192.0.2.9"
                machine.answered(
                    probe.port,
                    host,
                    *(EXCEEDED if probe.ttl < distance else UNREACHABLE),
                    (now_ms + probe.ttl) * MS,
                )
            if machine.deadline_ns() is not None:
                now_ms += plan.wait_ms
                machine.lost(now_ms * MS)
        if not machine.begin_round():
            return machine.trace


def test_every_distance_up_to_the_target_is_a_line():
    trace = walked(4, Plan(rounds=3))
    assert [hop.ttl for hop in trace.hops] == [1, 2, 3, 4]
    assert [hop.addresses for hop in trace.hops] == [
        ("10.0.0.1",),
        ("10.0.0.2",),
        ("10.0.0.3",),
        ("192.0.2.9",),
    ]
    assert all((hop.sent, hop.received, hop.lost) == (3, 3, 0) for hop in trace.hops)
    assert trace.reached is trace.hops[-1]
    assert trace.sentence == "192.0.2.9 is 4 hops away, and answers “port unreachable”"
    assert trace.is_over


def test_a_silent_router_is_a_line_with_loss_and_does_not_end_the_way():
    trace = walked(4, Plan(rounds=2), silent=frozenset({2}))
    assert [(hop.received, hop.loss_percent) for hop in trace.hops] == [(2, 0), (0, 100), (2, 0), (2, 0)]
    assert trace.hops[1].average_ns is None


def test_behind_a_row_of_silence_nobody_is_expected():
    trace = walked(40, Plan(rounds=1, silent=5), silent=frozenset(range(3, 60)))
    assert [hop.ttl for hop in trace.hops] == [1, 2, 3, 4, 5, 6, 7]
    assert trace.reached is None
    assert trace.sentence == "behind 10.0.0.2, 2 hops away, nobody answers"


def test_nobody_at_all():
    trace = walked(40, Plan(rounds=1, max_ttl=4), silent=frozenset(range(1, 60)))
    assert trace.sentence == "nobody on the way to 192.0.2.9 answers"
    assert [hop.loss_percent for hop in trace.hops] == [100] * 4


def test_times_are_kept_per_distance():
    machine = RouteMachine("192.0.2.9", Plan(rounds=3))
    for rtt_ms in (5, 1, 3):
        (probe, *_) = sent(machine)
        machine.answered(probe.port, "192.0.2.9", *UNREACHABLE, rtt_ms * MS)
        machine.begin_round()
    (hop,) = machine.trace.hops
    assert (hop.last_ns, hop.best_ns, hop.worst_ns, hop.average_ns) == (3 * MS, MS, 5 * MS, 3 * MS)
    assert hop.jitter_ns == (4 + 2) * MS // 2


def test_what_was_sent_beyond_the_target_counts_for_nothing():
    machine = RouteMachine("192.0.2.9", Plan(rounds=2))
    probes = sent(machine)
    assert len(probes) == machine.plan.at_once
    assert machine.answered(probes[0].port, "192.0.2.9", *UNREACHABLE, MS) is not None
    assert machine.is_round_over
    assert machine.answered(probes[5].port, "192.0.2.9", *UNREACHABLE, MS) is None
    assert [hop.ttl for hop in machine.trace.hops] == [1]


def test_an_answer_that_is_too_late_or_a_strangers_is_none():
    machine = RouteMachine("192.0.2.9", Plan(rounds=1, max_ttl=1))
    (probe,) = sent(machine)
    assert machine.answered(probe.port + 1, "6.6.6.6", *EXCEEDED, MS) is None
    assert machine.lost(1001 * MS) == [probe]
    assert machine.answered(probe.port, "10.0.0.1", *EXCEEDED, 1002 * MS) is None
    assert machine.is_over
    assert machine.trace.hops[0].loss_percent == 100


def test_a_router_that_says_no_ends_the_way():
    machine = RouteMachine("192.0.2.9", Plan(rounds=1))
    first, second, *_ = sent(machine)
    machine.answered(first.port, "10.0.0.1", *EXCEEDED, MS)
    machine.answered(second.port, "10.0.0.2", 3, 13, MS)
    assert machine.is_over
    assert machine.trace.sentence == "10.0.0.2 says “prohibited”: the way ends there"


def test_a_plan_without_an_end_goes_on_until_it_is_stopped():
    machine = RouteMachine("192.0.2.9", Plan(rounds=0, max_ttl=1))
    for _ in range(50):
        (probe,) = sent(machine)
        machine.answered(probe.port, "10.0.0.1", *EXCEEDED, MS)
        assert machine.begin_round()
    sent(machine)
    machine.stop()
    (hop,) = machine.trace.hops
    assert machine.is_over
    assert (hop.sent, hop.received, hop.waiting) == (50, 50, 0)


@given(st.integers(1, 30), st.frozensets(st.integers(1, 30)), st.integers(1, 12), st.integers(1, 4))
def test_however_far_and_silent_it_ends(distance: int, silent: frozenset[int], at_once: int, rounds: int):
    trace = walked(distance, Plan(rounds=rounds, at_once=at_once), silent=silent)
    assert trace.is_over
    assert all(hop.waiting == 0 for hop in trace.hops)
    assert all(0 <= hop.received <= hop.sent <= rounds for hop in trace.hops)
    if distance not in silent and len(silent) < 8:
        assert trace.reached is not None
        assert trace.reached.ttl == distance
