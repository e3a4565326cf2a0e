"""What a relay does to the octets of one direction: octets in, actions out, no sockets and no time.

However the octets are cut when they come in, what goes out and where it ends is the same.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from workbench.lab.relay.rewriting import Rewriter, read_rewriting
from workbench.lab.relay.switches import Way, works_on
from workbench.lab.switches import Turned

Deed = Literal["rewrite", "flip", "cut", "reset", "freeze", "half-close"]
FLIPPED = 0x01
"""The lowest bit: the change that is seen least, "a" becomes "`", "0" becomes "1"."""
_ENDINGS: tuple[tuple[str, Deed], ...] = (
    ("reset_after", "reset"),
    ("cut_after", "cut"),
    ("freeze_after", "freeze"),
    ("half_close_after", "half-close"),
)


class Pass(NamedTuple):
    """Send these octets on, at least one."""

    data: bytes


class Act(NamedTuple):
    """The relay interferes: `deed` at `offset`, counted over all octets of this direction from 0.

    before, after: of a flip, the octet's values; else 0. times: of rewriting, in how many places of one read.
    """

    deed: Deed
    offset: int
    before: int = 0
    after: int = 0
    times: int = 0


Action = Pass | Act


class Pieces:
    """The octets of one direction on their way through.

    Args:
        turned: switches.TCP_SWITCHES as they are turned.
        way: which direction this is; switches that are meant for the other one do nothing.
    """

    def __init__(self, turned: Turned, way: Way) -> None:
        concerned = works_on(turned, way)
        rewriting = read_rewriting(turned.text("rewrite")) if concerned else None
        self._rewriter = Rewriter(rewriting) if rewriting is not None else None
        self._flip = turned.maybe("flip") if concerned else None
        set_ = [
            (limit, deed)
            for name, deed in _ENDINGS
            if concerned and (limit := turned.maybe(name)) is not None
        ]
        # The first limit that is reached wins; of equal ones, the one named first above.
        self._limit: int | None = None
        self._ending: Deed = "cut"
        if set_:
            self._limit, self._ending = min(set_, key=lambda one: one[0])
        self.passed = 0
        self.ended: Deed | None = None

    def begin(self) -> list[Action]:
        """What is to be done before any octet came: an ending after 0 octets."""
        return self._end() if self._limit == 0 else []

    def feed(self, data: bytes) -> list[Action]:
        """What is to be done about these octets, in order. After an ending: nothing, they are lost."""
        if self._rewriter is None:
            return self._passed(data)
        data, first, times = self._rewriter.feed(data)
        told: list[Action] = []
        if first is not None and self.ended is None:
            told = [Act("rewrite", self.passed + first, times=times)]
        return told + self._passed(data)

    @property
    def is_holding(self) -> bool:
        """Whether octets are kept back that may be the beginning of words to be rewritten."""
        return self._rewriter is not None and bool(self._rewriter.held)

    def flush(self) -> list[Action]:
        """Nothing came for a moment, or comes any more: what was kept back goes on as it is."""
        return self._passed(self._rewriter.flush()) if self._rewriter is not None else []

    def _passed(self, data: bytes) -> list[Action]:
        if self.ended is not None:
            return []
        if self._limit is not None:
            data = data[: self._limit - self.passed]
        actions: list[Action] = []
        if self._flip is not None and self.passed <= self._flip < self.passed + len(data):
            place = self._flip - self.passed
            changed = data[place] ^ FLIPPED
            actions.append(Act("flip", self._flip, data[place], changed))
            data = data[:place] + bytes((changed,)) + data[place + 1 :]
        if data:
            actions.append(Pass(data))
            self.passed += len(data)
        if self.passed == self._limit:
            actions += self._end()
        return actions

    def _end(self) -> list[Action]:
        self.ended = self._ending
        return [Act(self._ending, self.passed)]


def split(data: bytes, size: int) -> Iterator[bytes]:
    """The same octets in pieces of at most `size`; 0: in one."""
    if not size or len(data) <= size:
        yield data
        return
    for place in range(0, len(data), size):
        yield data[place : place + size]
