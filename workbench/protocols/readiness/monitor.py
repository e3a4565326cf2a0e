"""One loop that watches a listener, its clients and any other sockets, and everything that can be done to them.

The order is that of every event loop: wait, look what was told, accept or read what is there, begin again. A socket
that is told and not read is told again at once; then the loop pauses between two waits, and counts it.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.protocols.readiness.rows import Counts, Kind, Provocation, Row
from workbench.protocols.readiness.values import NOTHING, READING, Ready, Wake
from workbench.protocols.readiness.watch import Watch
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.watched import Watched, adopt, listen_by_hand, pair

PACE_S = 0.05
"""Between two waits while something is told that nobody takes: as often as a spinner turns."""
MAX_ROWS = 200
MAX_SAID = 80
FOLLOWS_S = 0.1
"""On loopback what is provoked is there within a millisecond; not every provocation lights a lamp."""
LINE = b"last words\n"


@dataclass(slots=True)
class _Entry:
    row: Row
    watched: Watched
    far: Watched | None = None


class Monitor:
    """Sockets that are watched together. Its owner calls close().

    Args:
        changed: told whenever a row or a count is another one.

    reads: whether what arrives is read; answers: whether it is sent back too, as a server would.
    """

    def __init__(
        self, transcript: Transcript, engine: str = "poll", changed: Callable[[], object] = lambda: None
    ) -> None:
        self.transcript = transcript
        self.reads = True
        self.answers = False
        self.counts = Counts()
        self.last: Wake | None = None
        self._changed = changed
        self._watch = Watch(engine)
        self._entries: dict[int, _Entry] = {}
        self._callers: list[Watched] = []
        self._keys = 0
        self._began_ns = 0

    @property
    def engine(self) -> str:
        """The way of waiting."""
        return self._watch.engine

    @property
    def rows(self) -> tuple[Row, ...]:
        """All sockets, in the order in which they came."""
        return tuple(entry.row for entry in self._entries.values())

    def row(self, key: int) -> Row:
        """One socket. Raises: LocalMisuse: there is none."""
        return self._entry(key).row

    def switch(self, engine: str) -> None:
        """Wait in another way from now on; nothing may be waiting. Raises: as Watch."""
        fresh = Watch(engine)
        self._watch.close()
        self._watch = fresh
        self.counts, self.last = Counts(), None
        self._arrange()

    # ---- what is watched

    def add_pair(self, name: str) -> int:
        """A connection of this machine with itself, whose far end is ours to play with. Returns its key."""
        self._check_room()
        near, far = pair(self.transcript, name, f"{name}: the peer")
        return self._add(name, "pair", near, far)

    async def add_connection(
        self, target: Target, resolver: TargetResolver | None = None, timeout_s: float = 30.0
    ) -> int:
        """A connection to a server. Raises: as dial."""
        self._check_room()
        stream = await dial(target, self.transcript, resolver=resolver, timeout_s=timeout_s)
        return self._add(target.text or str(target), "connection", adopt(stream))

    async def add_listener(self, target: Target) -> int:
        """A listener; every client of it is watched as well. Raises: as listen_by_hand."""
        self._check_room()
        watched = await listen_by_hand(target, self.transcript)
        return self._add(f"listener {watched.local}", "listener", watched)

    def remove(self, key: int) -> None:
        """Close a socket and forget it."""
        entry = self._entry(key)
        del self._entries[key]
        _close(entry)
        self._arrange()

    def ask(self, key: int, flags: Ready) -> None:
        """Wait for these flags of a socket from now on."""
        entry = self._entry(key)
        entry.row = replace(entry.row, asked=flags)
        self._arrange()

    # ---- provoking

    def why_not(self, what: Provocation, key: int) -> str:
        """Why a provocation is not possible now; "" when it is."""
        entry = self._entries.get(key)
        if entry is None:
            return "choose a socket first"
        if not entry.row.is_open:
            return "this socket is closed"
        if what == "close":
            return ""
        if entry.row.kind == "listener":
            return "" if what == "call" else "a listener has no peer"
        if what == "call":
            return "only a listener can be called"
        if what == "own-fin":
            return "our half is finished already" if entry.watched.has_finished else ""
        if entry.far is None:
            return "the peer is not ours: only a made pair can be told to do that"
        if not entry.far.is_open:
            return "the peer has gone"
        return "the peer has finished its half" if what != "rst" and entry.far.has_finished else ""

    async def provoke(self, what: Provocation, key: int) -> None:
        """Have something happen to a socket, so that a lamp goes on; returns when the lamps show it.

        Raises: LocalMisuse: not possible now; LinkLost: it was too late for it.
        """
        if why := self.why_not(what, key):
            raise LocalMisuse(why, stage=what)
        entry = self._entry(key)
        near, far = entry.watched, entry.far
        before = self._lamps(entry)
        match what, far:
            case "own-fin", _:
                near.finish()
            case "close", _:
                near.close()
                entry.row = replace(entry.row, is_open=False, end=entry.row.end or "we closed it")
            case "call", _:
                await self._call(near)
            case "data", Watched():
                far.send(LINE)
            case "urgent", Watched():
                far.send_urgent(b"!")
            case "fin", Watched():
                far.finish()
            case "rst", Watched():
                far.abort()
        await self._followed(entry, before)
        self._arrange()

    # ---- waiting

    async def wait(self, timeout_s: float | None) -> Wake:
        """One waiting and what it leads to: clients accepted, octets read. Cancelling ends it at once.

        Raises: LocalMisuse: a descriptor's number is too high for select.
        """
        if not self.counts.waits:
            self._began_ns = time.monotonic_ns()
        wake = await self._watch.wait(timeout_s)
        before = self.last
        self.last = wake
        for entry in self._shown():
            self._told(entry, wake)
        acted = [self._act(entry) for entry in tuple(self._entries.values())]
        again = wake.reason == "ready" and not any(acted)
        is_repeated = again and before is not None and before.ready == wake.ready
        self.counts = self.counts.after(wake, is_repeated, time.monotonic_ns() - self._began_ns)
        self._arrange(wake=False)
        self._changed()
        return wake

    async def run(self, timeout_s: float | None) -> None:
        """Wait again and again, until cancelled."""
        while True:
            await self.turn(timeout_s)

    async def turn(self, timeout_s: float | None) -> None:
        """One waiting, and a pause where the next one would return at once."""
        wake = await self.wait(timeout_s)
        if timeout_s == 0 or (wake.reason == "ready" and self._is_left()):
            await asyncio.sleep(PACE_S)

    def wake(self) -> None:
        """End the waiting that goes on."""
        self._watch.change()

    def look(self) -> None:
        """See what every socket is ready for, without waiting."""
        lamps = self._watch.look()
        for entry in self._shown():
            entry.row = replace(entry.row, lamps=lamps.get(entry.row.descriptor, entry.row.lamps))
        self._changed()

    def close(self) -> None:
        """Give everything back. Idempotent."""
        self._watch.close()
        for entry in self._entries.values():
            _close(entry)
        for caller in self._callers:
            caller.close()
        self._entries.clear()
        self._callers.clear()

    # ---- inside

    def _add(self, name: str, kind: Kind, watched: Watched, far: Watched | None = None) -> int:
        self._keys += 1
        row = Row(self._keys, name, kind, watched.descriptor, READING, local=watched.local, peer=watched.peer)
        self._entries[self._keys] = _Entry(row, watched, far)
        self._arrange()
        return self._keys

    def _check_room(self) -> None:
        if len(self._entries) >= MAX_ROWS:
            raise LocalMisuse(f"{MAX_ROWS} sockets are watched already", stage="watch", advice="remove some")

    def _entry(self, key: int) -> _Entry:
        entry = self._entries.get(key)
        if entry is None:
            raise LocalMisuse("there is no such socket any more", stage="watch")
        return entry

    def _waited(self) -> Iterator[_Entry]:
        """Those that are waited for: not the ended ones, which would be told for ever."""
        for entry in self._entries.values():
            row = entry.row
            is_known = row.told & Ready.NVAL if not row.is_open else row.end
            if row.asked and not is_known:
                yield entry

    def _shown(self) -> list[_Entry]:
        """Those whose lamps mean themselves: the number of a closed one may be somebody else's by now."""
        taken = {entry.row.descriptor for entry in self._entries.values() if entry.row.is_open}
        return [
            entry
            for entry in self._entries.values()
            if entry.row.is_open or entry.row.descriptor not in taken
        ]

    def _arrange(self, *, wake: bool = True) -> None:
        """Tell the watch what is waited for now."""
        waited = {entry.row.descriptor: entry.row.asked for entry in self._waited()}
        shown = {entry.row.descriptor for entry in self._shown()}
        same = self._watch.wanted == waited
        self._watch.wanted, self._watch.shown = waited, tuple(shown - waited.keys())
        if wake and not same:
            self._watch.change()
        if wake:
            self.look()

    def _told(self, entry: _Entry, wake: Wake) -> None:
        row = entry.row
        told = wake.ready.get(row.descriptor, NOTHING)
        entry.row = replace(row, lamps=wake.lamps.get(row.descriptor, row.lamps), told=told)

    def _act(self, entry: _Entry) -> bool:
        """Take what was told; whether anything was taken."""
        row = entry.row
        if row.told & Ready.NVAL:
            return True
        if row.kind == "listener":
            return bool(row.told & Ready.IN) and self._accept(entry)
        if not self.reads:
            return False
        if row.told & Ready.PRI and (octet := entry.watched.take_urgent()):
            entry.row = replace(entry.row, said=f"urgent: {octet!r}")
        # Not "equals IN": octets may come together with an end, or with an error.
        if not row.told & (Ready.IN | Ready.HUP | Ready.ERR | Ready.RDHUP):
            return bool(row.told & Ready.PRI)
        return self._read(entry)

    def _read(self, entry: _Entry) -> bool:
        data = entry.watched.take()
        if data is None:
            return False
        if not data:
            end = entry.watched.end
            entry.row = replace(entry.row, end=end.sentence if end is not None else "it ended")
            return True
        said = data[-MAX_SAID:].decode("utf-8", "backslashreplace").strip()
        entry.row = replace(entry.row, received=entry.row.received + len(data), said=said)
        if self.answers and entry.row.kind == "client":
            with suppress(WorkbenchError):
                entry.watched.send(data)
        return True

    def _accept(self, entry: _Entry) -> bool:
        if len(self._entries) >= MAX_ROWS:
            return False
        came = entry.watched.accept()
        if came is None:
            return False
        far = next((caller for caller in self._callers if caller.local == came.peer), None)
        if far is not None:
            self._callers.remove(far)
        self._add(f"client {came.peer}", "client", came, far)
        return True

    async def _call(self, listener: Watched) -> None:
        from workbench.formats.target import parse_target

        stream = await dial(
            parse_target(listener.local), self.transcript, title=f"caller of {listener.local}"
        )
        caller = adopt(stream)
        # The loop that watches may have accepted it already.
        for entry in self._entries.values():
            if entry.row.kind == "client" and entry.far is None and entry.watched.peer == caller.local:
                entry.far = caller
                return
        self._callers.append(caller)

    def _is_left(self) -> bool:
        """Whether what was told is there still, so that the next wait would return at once."""
        lamps = self._watch.look()
        return any(
            lamps.get(entry.row.descriptor, NOTHING) & entry.row.asked
            or lamps.get(entry.row.descriptor, NOTHING) & (Ready.ERR | Ready.HUP)
            for entry in self._waited()
        )

    def _lamps(self, entry: _Entry) -> Ready:
        return self._watch.look().get(entry.row.descriptor, NOTHING)

    async def _followed(self, entry: _Entry, before: Ready) -> None:
        """Return once the system shows it; the loop that watches may have taken it in the meantime."""
        loop = asyncio.get_running_loop()
        until, waits = loop.time() + FOLLOWS_S, self.counts.wakes
        # The system is the only one who knows, and asking it is what is shown here.
        while (  # noqa: ASYNC110 - there is no event for a lamp
            loop.time() < until and self._lamps(entry) == before and self.counts.wakes == waits
        ):
            await asyncio.sleep(0.002)


def _close(entry: _Entry) -> None:
    entry.watched.close()
    if entry.far is not None:
        entry.far.close()
