"""Looking at the ends of connections, for the detective: at a stream that we hold, or from outside at one we don't.

From outside only the octets that passed and the system's table are seen: whoever reads all the time, as a console
does, waits since the last octet came.
"""

from typing import Literal, NamedTuple

from workbench.protocols.flow.table import read_entry
from workbench.protocols.flow.values import EndLook, Stations
from workbench.transcript.records import Direction
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

TAIL = 64
"""Octets of what was sent last that the detective sees."""


def look_at(stream: Stream, name: str, awaits: Literal["", "line"] = "") -> EndLook:
    """A look at an end whose socket is ours."""
    reading_s, writing_s = stream.waits()
    queues = stream.queues()
    sent = stream.channel.stream(Direction.SENT)
    return EndLook(
        name,
        reading_s,
        writing_s,
        queues.unread if queues is not None else None,
        queues.unacknowledged if queues is not None else None,
        sent.read(max(0, len(sent) - TAIL), len(sent)),
        awaits,
        stream.receiving is not HalfState.OPEN,
    )


class Passed(NamedTuple):
    """What has passed at one end of a connection that somebody else holds, and always reads.

    is_writing: a send of its has to wait.
    """

    title: str
    local: str
    peer: str
    sent: int
    received: int
    last_sent: bytes
    is_writing: bool = False
    is_over: bool = False


class Watch:
    """Looks again and again at connections from outside, and remembers since when nothing passed."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], tuple[Passed, float, float]] = {}

    def look(self, now_s: float, seen: list[Passed], awaits: Literal["", "line"] = "") -> list[EndLook]:
        """One look at each, in their order; who is not among them any more is forgotten."""
        kept = {}
        looks = []
        for passed in seen:
            key = (passed.local, passed.peer)
            old = self._since.get(key)
            read_s = old[1] if old is not None and old[0].received == passed.received else now_s
            wrote_s = old[2] if old is not None and old[0].sent == passed.sent else now_s
            kept[key] = (passed, read_s, wrote_s)
            looks.append(_look(passed, read_s, wrote_s, awaits))
        self._since = kept
        return looks


def _look(passed: Passed, read_s: float, wrote_s: float, awaits: Literal["", "line"]) -> EndLook:
    entry = read_entry(passed.local, passed.peer)
    return EndLook(
        passed.title,
        None if passed.is_over else max(read_s, wrote_s),
        wrote_s if passed.is_writing else None,
        entry.unread if entry is not None else None,
        entry.unsent if entry is not None else None,
        passed.last_sent[-TAIL:],
        awaits,
        passed.is_over,
        passed.received > 0 and read_s >= wrote_s,
    )


def stations_of(passed: Passed, other: Passed | None) -> Stations:
    """Where the octets of an end that somebody else holds are, as far as the system's table tells.

    other: the other end, where it is seen; else what its program has is the difference.
    """
    ours, theirs = read_entry(passed.local, passed.peer), read_entry(passed.peer, passed.local)
    if ours is None:
        return Stations(passed.sent, 0, None, None, None, None, passed.sent)
    unsent = min(passed.sent, ours.unsent)
    if theirs is None:
        return Stations(passed.sent, 0, None, unsent, None, None, passed.sent - unsent)
    unread = min(passed.sent, theirs.unread)
    read = other.received if other is not None else max(0, passed.sent - unsent - unread)
    return Stations(passed.sent, 0, None, max(0, passed.sent - unread - read), unread, read, way="difference")


def ends_of(seen: list[Passed]) -> list[tuple[int, int | None]]:
    """Which of them are two ends of one connection: places in the list, each once; None where the other is unseen."""
    by_key = {(passed.local, passed.peer): at for at, passed in enumerate(seen)}
    pairs: list[tuple[int, int | None]] = []
    done: set[int] = set()
    for at, passed in enumerate(seen):
        other = by_key.get((passed.peer, passed.local))
        if at not in done:
            pairs.append((at, other if other != at else None))
            done.update({at} if other is None else {at, other})
    return pairs
