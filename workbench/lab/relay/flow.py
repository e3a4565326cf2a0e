"""One direction of a relayed connection: from one stream to the other, late, slow, in pieces, or as it came."""

import asyncio
from collections.abc import Callable
from typing import Literal

from workbench.errors import TooSlow, WorkbenchError
from workbench.lab.relay.hold import Finish, Hold
from workbench.lab.relay.pieces import Act, Action, Pass, Pieces, split
from workbench.lab.relay.rewriting import HELD_S
from workbench.lab.relay.switches import Way, works_on
from workbench.lab.switches import Turned
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

READ_AT_MOST = 65_536
DRAIN_S = 0.25
"""After a reset what had come before it has so long to be taken, beside the delay that is asked for."""
ONE_PIECE_PAUSE_S = 0.001
"""Between two pieces that were split: sent back to back they would share a segment again."""
RATE_STEPS = 20
"""A limited rate is sent in so many pieces a second: smooth to the eye, cheap for the machine."""

Outcome = Literal["finished", "reset", "lost", "cut", "reset-both"]
"""How a direction ended: the source finished; the source was reset; the sink takes nothing any more; switches."""


class Flow:
    """One direction. `run` returns how it ended; ending the streams is the caller's business.

    Args:
        on_act: told of everything that the relay does to the octets.
    """

    def __init__(
        self, way: Way, source: Stream, sink: Stream, turned: Turned, on_act: Callable[[Way, Act], None]
    ) -> None:
        self.way = way
        self.read = 0
        self.sent = 0
        self._source = source
        self._sink = sink
        self._on_act = on_act
        concerned = works_on(turned, way)
        self._delay_s = turned.count("delay_ms") / 1000 if concerned else 0.0
        self._coalesce_s = turned.count("coalesce_ms") / 1000 if concerned else 0.0
        self._split = turned.count("split") if concerned else 0
        self._rate = turned.count("rate") if concerned else 0
        self._pieces = Pieces(turned, way)
        self._hold = Hold()
        self._loop = asyncio.get_running_loop()
        self._paced = 0.0

    async def run(self) -> Outcome:
        """Pass everything on until this direction has ended."""
        reading = asyncio.create_task(self._read(), name=f"relay reads {self.way.value}")
        writing = asyncio.create_task(self._write(), name=f"relay writes {self.way.value}")
        both = (reading, writing)
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if reading.done() and reading.result() == "reset" and not writing.done():
                await asyncio.wait((writing,), timeout=self._delay_s + DRAIN_S)
            elif reading.done():
                await asyncio.wait((writing,))
            if not writing.done():
                return "reset"
            outcome = writing.result()
            if outcome == "finished" and self._pieces.ended == "half-close":
                # What the source still says is thrown away, so that it notices nothing.
                return await reading
            return (
                "reset"
                if reading.done() and reading.result() == "reset" and outcome == "finished"
                else outcome
            )
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    # ---- from the source

    async def _read(self) -> Outcome:
        await self._put(self._pieces.begin())
        while self._pieces.ended in (None, "half-close"):
            try:
                data = await self._source.read(
                    READ_AT_MOST, timeout_s=HELD_S if self._pieces.is_holding else None
                )
            except TooSlow:
                await self._put(self._pieces.flush())
                continue
            if not data:
                await self._put(self._pieces.flush())
                if self._pieces.ended is None:
                    # After a reset too: what came before it is sent on first.
                    self._hold.close(self._due())
                return "reset" if self._source.receiving is HalfState.RESET else "finished"
            self.read += len(data)
            await self._put(self._pieces.feed(data))
        return "finished"

    async def _put(self, actions: list[Action]) -> None:
        due = self._due()
        for action in actions:
            await self._hold.put(due, action)

    def _due(self) -> float:
        return self._loop.time() + self._delay_s if self._delay_s else 0.0

    # ---- to the sink

    async def _write(self) -> Outcome:
        while True:
            due, item = await self._hold.first()
            await self._until(due)
            if isinstance(item, Pass) and self._coalesce_s:
                data = await self._gathered(self._loop.time() + self._coalesce_s)
            else:
                self._hold.take()
                data = item.data if isinstance(item, Pass) else b""
            if data:
                if not await self._sent(data):
                    return "lost"
                continue
            if isinstance(item, Finish):
                # A source that was reset has not finished: its end is passed on by the caller.
                if self._source.receiving is not HalfState.RESET:
                    await self._sink.finish()
                return "finished"
            if isinstance(item, Act) and (ended := await self._acted(item)) is not None:
                return ended

    async def _acted(self, act: Act) -> Outcome | None:
        self._on_act(self.way, act)
        match act.deed:
            case "rewrite" | "flip":
                return None
            case "cut":
                return "cut"
            case "reset":
                return "reset-both"
            case "half-close":
                await self._sink.finish()
                return "finished"
            case "freeze":
                # Nothing is read any more, so the source's system soon takes nothing either.
                forever: asyncio.Future[Outcome] = self._loop.create_future()
                return await forever

    async def _gathered(self, until: float) -> bytes:
        """The octets that come until then, at most READ_AT_MOST and one piece more."""
        gathered = bytearray()
        while len(gathered) < READ_AT_MOST:
            try:
                async with asyncio.timeout_at(until):
                    due, item = await self._hold.first()
                    await self._until(due)
            except TimeoutError:
                break
            if not isinstance(item, Pass):
                break
            self._hold.take()
            gathered += item.data
        return bytes(gathered)

    async def _sent(self, data: bytes) -> bool:
        """Send as the switches say; False when the sink takes nothing any more."""
        sizes = [
            size for size in (self._split, max(1, self._rate // RATE_STEPS) if self._rate else 0) if size
        ]
        try:
            for piece in split(data, min(sizes, default=0)):
                await self._sink.send(piece)
                self.sent += len(piece)
                if sizes:
                    pause_s = len(piece) / self._rate if self._rate else ONE_PIECE_PAUSE_S
                    self._paced = max(self._paced, self._loop.time()) + pause_s
                    await self._until(self._paced)
        except WorkbenchError:
            # The sink was reset: its own channel has recorded that.
            return False
        return True

    async def _until(self, due: float) -> None:
        left_s = due - self._loop.time() if due else 0.0
        if left_s > 0:
            await asyncio.sleep(left_s)
