"""The connections that the detective looks at: pairs of our own making, and live ones of other pages. No Qt."""

import itertools

from workbench.panels.sockets.flow.live import Sessions, passed
from workbench.panels.sockets.flow.state import Connection
from workbench.protocols.flow.detective import judge
from workbench.protocols.flow.looking import Passed, Watch, ends_of, stations_of
from workbench.protocols.flow.pair import PAIRS, Pair
from workbench.protocols.flow.values import EndLook

PAIR_TITLES = {kind: (title, relief) for kind, title, _tip, relief in PAIRS}


class Stalls:
    """Looks at all of them; remembers our own pairs by number."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._pairs: dict[str, Pair] = {}
        self._numbers = itertools.count(1)
        self._watch = Watch()

    def add(self, pair: Pair) -> str:
        """One more pair; its id."""
        name = f"pair {next(self._numbers)}"
        self._pairs[name] = pair
        return name

    def remove(self, pair: Pair) -> None:
        """Forget a pair."""
        self._pairs = {name: each for name, each in self._pairs.items() if each is not pair}

    def relieve(self, connection: str) -> None:
        """Apply the way out to one of our pairs."""
        if (pair := self._pairs.get(connection)) is not None:
            pair.relieve()

    def look(self, now_s: float, *, lines: bool) -> tuple[Connection, ...]:
        """All of them, now. lines: ends that wait wait for the end of a line."""
        return (*self._our_pairs(now_s), *self._theirs(now_s, lines=lines))

    def _our_pairs(self, now_s: float) -> list[Connection]:
        found = []
        for name, pair in self._pairs.items():
            if (looks := pair.looks()) is not None:
                title, relief = PAIR_TITLES[pair.kind]
                places = pair.stations() or ()
                found.append(Connection(name, title, *looks, judge(now_s, *looks), places, relief))
        return found

    def _theirs(self, now_s: float, *, lines: bool) -> list[Connection]:
        seen = passed(self._sessions())
        looks = self._watch.look(now_s, seen, "line" if lines else "")
        found = []
        for a, b in ends_of(seen):
            far, there = (seen[b], looks[b]) if b is not None else (None, None)
            found.append(_connection(now_s, seen[a], looks[a], far, there))
        return found


def _connection(
    now_s: float, near: Passed, here: EndLook, far: Passed | None, there: EndLook | None
) -> Connection:
    title = f"{near.local} ↔ {near.peer}"
    places = (stations_of(near, far),) if far is None else (stations_of(near, far), stations_of(far, near))
    return Connection(f"{near.local} {near.peer}", title, here, there, judge(now_s, here, there), places)
