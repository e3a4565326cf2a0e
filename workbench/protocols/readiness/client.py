"""A client that does something else while it waits: the book's loop, with any way of waiting and either comparison.

It asks for IN, ERR and HUP, a few times a second; each return is one turn of its spinner. What it makes of the mask is
the question: "bit" looks whether IN is among the flags, "equal" wants IN and nothing else, and so takes octets that
come together with an end for a problem.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse
from workbench.protocols.readiness.values import NOTHING, Ready
from workbench.protocols.readiness.watch import Watch

Rule = Literal["bit", "equal"]
Left = Literal["end", "lines", "problem", "time"]
EVERY_S = 0.05
ASKED = Ready.IN
"""ERR and HUP are told unasked."""
MAX_TEXT = 1_000_000


class Heard(NamedTuple):
    """What the client heard, and how it left.

    ticks: returns of the wait; wakes: those with something to tell. last: the mask before it left. unread: what it left
    behind in the system.
    """

    text: bytes
    left: Left
    ticks: int
    wakes: int
    elapsed_s: float
    last: Ready
    unread: bytes = b""

    @property
    def ticks_per_s(self) -> float:
        """Turns of its spinner in a second."""
        return self.ticks / self.elapsed_s if self.elapsed_s else 0.0


async def wait_and_spin(
    descriptor: int,
    read: Callable[[], Awaitable[bytes]],
    *,
    engine: str = "poll",
    every_s: float = EVERY_S,
    lines: int = 0,
    rule: Rule = "bit",
    limit_s: float = 5.0,
    on_tick: Callable[[int], object] | None = None,
) -> Heard:
    """Wait and read until the end, a problem, so many lines, or so many seconds.

    Args:
        read: takes what is there; b"" at the end.
        lines: leave after so many; 0: no such limit.
        on_tick: told of each turn of the spinner.

    Raises: LocalMisuse: no such engine, or a peer without end; LocalFault: this system lacks it.
    """
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    watch = Watch(engine)
    watch.wanted[descriptor] = ASKED
    text, ticks, wakes, last = bytearray(), 0, 0, NOTHING
    left: Left = "time"
    try:
        while loop.time() - began_s < limit_s:
            wake = await watch.wait(every_s)
            ticks += 1
            if on_tick is not None:
                on_tick(ticks)
            told = wake.ready.get(descriptor, NOTHING)
            if not told:
                continue
            wakes, last = wakes + 1, told
            if not (told == Ready.IN if rule == "equal" else told & Ready.IN):
                left = "problem"
                break
            data = await read()
            text += data
            if not data or 0 < lines <= text.count(b"\n"):
                left = "lines" if data else "end"
                break
            if len(text) > MAX_TEXT:
                raise LocalMisuse(f"more than {MAX_TEXT} octets came, and no end", stage="receive")
    finally:
        watch.close()
    elapsed_s = loop.time() - began_s
    unread = await read() if left == "problem" and last & Ready.IN else b""
    return Heard(bytes(text), left, ticks, wakes, elapsed_s, last, unread)
