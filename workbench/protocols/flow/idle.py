"""What waiting costs: two helper processes wait for callers that never come, and the system says what each was given.

Linux tells for every thread how long it ran and how long it was ready and had to queue for a processor
(/proc/PID/schedstat; sched-stats.rst): together they are what it wanted, however busy the machine is.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import NamedTuple

from workbench.errors import LocalFault
from workbench.jobs.puppet import Puppet

WAITING = "workbench.protocols.flow.waiting"
START_WITHIN_S = 20.0
LOOK_EVERY_S = 0.25


class Share(NamedTuple):
    """Of one processor, 1.0 is all of it. ran: was given. wanted: and what it queued for besides."""

    ran: float
    wanted: float


class Meter(NamedTuple):
    """Both processes over the same time."""

    idle: Share
    busy: Share
    for_s: float


async def compare(for_s: float = 2.0, *, on_change: Callable[[Meter], object] | None = None) -> Meter:
    """Let both wait, and measure.

    Raises: LocalFault: no helper process, or this system does not tell; TooSlow: a helper does not get ready.
    """
    if not sys.platform.startswith("linux"):
        raise LocalFault("this system does not tell what a process was given", stage="measure")
    helpers: list[Puppet] = []
    try:
        for mode in ("idle", "busy"):
            helpers.append(Puppet(WAITING, mode))
        for helper in helpers:
            await helper.line(START_WITHIN_S)
        return await _measured(helpers, for_s, on_change or (lambda _meter: None))
    finally:
        for helper in helpers:
            await helper.aclose()


async def _measured(helpers: list[Puppet], for_s: float, tell: Callable[[Meter], object]) -> Meter:
    loop = asyncio.get_running_loop()
    first, began_s = [read_times(helper.pid) for helper in helpers], loop.time()
    meter = Meter(Share(0, 0), Share(0, 0), 0.0)
    while meter.for_s < for_s:
        await asyncio.sleep(min(LOOK_EVERY_S, for_s))
        now, span_s = [read_times(helper.pid) for helper in helpers], loop.time() - began_s
        shares = [_share(a, b, span_s) for a, b in zip(first, now, strict=True)]
        meter = Meter(shares[0], shares[1], span_s)
        tell(meter)
    return meter


def read_times(pid: int) -> tuple[int, int]:
    """Nanoseconds that a process's first thread ran, and that it queued. Raises: LocalFault: not told."""
    try:
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
            ran, queued = file.read().split()[:2]
        return int(ran), int(queued)
    except (OSError, ValueError) as error:
        raise LocalFault("this system does not tell what a process was given", stage="measure") from error


def _share(before: tuple[int, int], after: tuple[int, int], span_s: float) -> Share:
    ran, queued = ((b - a) / 1e9 / span_s for a, b in zip(before, after, strict=True))
    return Share(ran, min(1.0, ran + queued))
