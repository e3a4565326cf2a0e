"""What a relay does to the datagrams of one direction: datagrams in, datagrams out, by a seed and without sockets.

The same seed and the same datagrams make the same choices. Each datagram costs the same number of draws whatever the
switches say, so that turning one of them does not change what the others choose.
"""

import random
from collections import deque
from typing import Literal, NamedTuple

from workbench.lab.relay.switches import Way, works_on
from workbench.lab.switches import Turned

Chance = Literal["drop", "duplicate", "corrupt", "reorder"]
_DRAWS = 6


class Fate(NamedTuple):
    """What becomes of the datagrams when one more came.

    out: to be sent now, in this order. acts: what was done to the one that came, () for nothing.
    """

    out: tuple[bytes, ...]
    acts: tuple[Chance, ...] = ()


class Fates:
    """The datagrams of one direction between one client and the server.

    Args:
        turned: switches.UDP_SWITCHES as they are turned.
        way: which direction this is; switches that are meant for the other one do nothing.
        number: of the client, so that two clients don't meet the same fate.
    """

    def __init__(self, turned: Turned, way: Way, number: int = 1) -> None:
        concerned = works_on(turned, way)
        self._drop, self._duplicate, self._corrupt = (
            turned.count(name) if concerned else 0
            for name in ("drop_percent", "duplicate_percent", "corrupt_percent")
        )
        self._reorder = turned.count("reorder") if concerned else 0
        self._chance = random.Random(f"{turned.count('seed')} {way.value} {number}")
        self._held: deque[tuple[int, bytes]] = deque()
        self._count = 0

    @property
    def held(self) -> int:
        """Datagrams that wait to be overtaken; at most twice `reorder`, where all are sent twice."""
        return len(self._held)

    def feed(self, data: bytes) -> Fate:
        """One datagram came."""
        drop, duplicate, corrupt, place, bit, wait = (self._chance.random() for _ in range(_DRAWS))
        self._count += 1
        if drop * 100 < self._drop:
            return Fate(self._due(), ("drop",))
        acts: list[Chance] = []
        if data and corrupt * 100 < self._corrupt:
            acts.append("corrupt")
            where = int(place * len(data))
            data = data[:where] + bytes((data[where] ^ 1 << int(bit * 8),)) + data[where + 1 :]
        copies: tuple[bytes, ...] = (data,)
        if duplicate * 100 < self._duplicate:
            acts.append("duplicate")
            copies = (data, data)
        overtaken_by = int(wait * (self._reorder + 1))
        if not overtaken_by:
            return Fate((*copies, *self._due()), tuple(acts))
        acts.append("reorder")
        out = self._due()
        self._held.extend((self._count + overtaken_by, copy) for copy in copies)
        return Fate(out, tuple(acts))

    def flush(self) -> tuple[bytes, ...]:
        """All that wait: nothing comes that could overtake them."""
        out = tuple(data for _, data in self._held)
        self._held.clear()
        return out

    def _due(self) -> tuple[bytes, ...]:
        out = tuple(data for due, data in self._held if due <= self._count)
        self._held = deque(one for one in self._held if one[0] > self._count)
        return out
