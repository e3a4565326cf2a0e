"""What each way of waiting costs: time per wake-up by number of sockets, and asking without waiting.

These run in a process of their own (jobs/worker): they keep a processor busy, and thousands of descriptors open.
"""

import os
import resource
import select
import selectors
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from workbench.protocols.readiness.engines import FD_SETSIZE, engines, make_engine
from workbench.protocols.readiness.values import Ready
from workbench.wire.watched import Crowd

COUNTS = (4, 32, 128, 512, 2000)
"""Sockets to measure with; the last is beyond select's limit."""
ROUNDS = 400
BUDGET_S = 0.15
"""For one figure: enough for hundreds of wake-ups, and thirty figures are there within five seconds."""
SPIN_S = 0.2
_RESERVE = 64


class Cost(NamedTuple):
    """One figure: microseconds for one wake-up; None where it can't be had, and why."""

    engine: str
    sockets: int
    wake_us: float | None
    why: str = ""


class Meter(NamedTuple):
    """A way of waiting for something that does not come: calls, how long, and the share of a processor it took."""

    way: str
    calls: int
    elapsed_s: float
    cpu_share: float


def measurable() -> tuple[str, ...]:
    """The engines that have a system call of their own here."""
    return tuple(name for name, info in engines().items() if info.make and name in _BARE)


def measure(engine: str, sockets: int, rounds: int = ROUNDS, budget_s: float = BUDGET_S) -> Cost:
    """The time of one wake-up: one of `sockets` has something to read, all are waited for.

    Returns the median; the reason instead where the engine or the system has a limit.
    """
    if (most := _allowed(sockets + _RESERVE)) < sockets + _RESERVE:
        return Cost(engine, sockets, None, f"this system gives one program {most} descriptors at most")
    crowd = Crowd(sockets)
    times: list[int] = []
    ends_s = time.monotonic() + budget_s
    call, close = _BARE[engine](crowd.numbers)
    try:
        while len(times) < rounds and (time.monotonic() < ends_s or len(times) < 3):
            began_ns = time.perf_counter_ns()
            call()
            times.append(time.perf_counter_ns() - began_ns)
    except ValueError as error:
        what = f"ValueError: {error}: numbers beyond {FD_SETSIZE} have no place in its set"
        return Cost(engine, sockets, None, what)
    finally:
        close()
        crowd.close()
    return Cost(engine, sockets, sorted(times)[len(times) // 2] / 1000)


Bare = tuple[Callable[[], object], Callable[[], object]]
"""The call itself, with nothing of ours around it; and what gives back what the system keeps."""


def _poll(numbers: list[int]) -> Bare:
    asking = select.poll()
    for number in numbers:
        asking.register(number, select.POLLIN)
    return asking.poll, _nothing


def _select(numbers: list[int]) -> Bare:
    return lambda: select.select(numbers, (), ()), _nothing


def _epoll(numbers: list[int]) -> Bare:
    asking = select.epoll()
    for number in numbers:
        asking.register(number, select.EPOLLIN)
    return asking.poll, asking.close


def _kqueue(numbers: list[int]) -> Bare:
    asking: selectors.BaseSelector = getattr(selectors, "KqueueSelector")()  # noqa: B009 - not on every system
    for number in numbers:
        asking.register(number, selectors.EVENT_READ)
    return asking.select, asking.close


def _nothing() -> None:
    """There is nothing to give back."""


_BARE: dict[str, Callable[[list[int]], Bare]] = {
    "poll": _poll,
    "select": _select,
    "epoll": _epoll,
    "kqueue": _kqueue,
}


def ask_without_waiting(seconds: float = SPIN_S) -> Meter:
    """Read a silent socket in non-blocking mode again and again: each answer is EAGAIN."""
    crowd = Crowd(1 + 1)
    silent = crowd.numbers[0]
    os.set_blocking(silent, False)
    calls, began_s, cpu_s = 0, time.monotonic(), time.process_time()
    try:
        while time.monotonic() - began_s < seconds:
            with suppress(BlockingIOError):
                os.read(silent, 1)
            calls += 1
        return _meter("asking again and again", calls, began_s, cpu_s)
    finally:
        crowd.close()


def ask_and_wait(engine: str, every_s: float = 0.05, seconds: float = SPIN_S) -> Meter:
    """Wait for the same silent socket with an engine instead."""
    crowd = Crowd(1 + 1)
    asking = make_engine(engine)
    calls, began_s, cpu_s = 0, time.monotonic(), time.process_time()
    try:
        while time.monotonic() - began_s < seconds:
            asking.wait({crowd.numbers[0]: Ready.IN}, every_s)
            calls += 1
        return _meter(f"{engine}, {every_s * 1000:.0f} ms", calls, began_s, cpu_s)
    finally:
        asking.close()
        crowd.close()


def read_meters(engine: str) -> Sequence[Meter]:
    """Both, one after the other."""
    return (ask_without_waiting(), ask_and_wait(engine))


def has_limit(cost: Cost) -> bool:
    """Whether it is select's limit that stands in the way."""
    return cost.wake_us is None and str(FD_SETSIZE) in cost.why


def _meter(way: str, calls: int, began_s: float, cpu_s: float) -> Meter:
    elapsed_s = time.monotonic() - began_s
    return Meter(way, calls, elapsed_s, (time.process_time() - cpu_s) / elapsed_s)


def _allowed(descriptors: int) -> int:
    """How many descriptors this process may have, after asking for so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < descriptors and soft < hard:
        soft = descriptors if hard == resource.RLIM_INFINITY else min(descriptors, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
