"""Filling the pipe: a client that writes and does not read, and a server that echoes, until nothing moves any more.

Both ends are ours, on loopback, so that every station can be seen. A remedy can be applied to the halted connection
as it stands: what was written stays written, and the rest follows in another manner.
"""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from workbench.errors import TooSlow, WorkbenchError
from workbench.formats.quantity import octets
from workbench.formats.target import parse_target
from workbench.protocols.flow.curve import Curve
from workbench.protocols.flow.detective import judge
from workbench.protocols.flow.looking import look_at
from workbench.protocols.flow.outbox import Outbox
from workbench.protocols.flow.pattern import pattern
from workbench.protocols.flow.stations import given, measure, taken
from workbench.protocols.flow.values import Finding, Mark, Pipe, PipeEnd, Remedy, Sample, Stations
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.listen import Listener, listen
from workbench.wire.options import Setting, parse_setting
from workbench.wire.stream import Stream

HOME = "127.0.0.1:0"
SERVER_READS = 4096
"""Octets that the echo reads at a time."""
SAMPLE_EVERY_S = 0.04
STALL_AFTER_S = 0.4
"""On loopback a system makes room within microseconds; Linux delays acknowledgements for 40 ms, repeats after 200."""
ROOM_WITHIN_S = 0.001
"""How long a write waits before its turn to read, where the two alternate."""
NOTHING: Finding = Finding("nothing", "nothing was written yet")


class PipeRun:
    """One conversation, from connecting to the end. run() is called once.

    Args:
        on_change: called after every sample, and when the run has ended.
    """

    def __init__(
        self, pipe: Pipe, transcript: Transcript, *, on_change: Callable[["PipeRun"], object] | None = None
    ) -> None:
        self.pipe = pipe.checked()
        self.transcript = transcript
        self.curve = Curve()
        self.finding = NOTHING
        self.there: Stations | None = None
        self.back: Stations | None = None
        self.remedy: Remedy = "none"
        self.end: PipeEnd | None = None
        self._on_change = on_change or (lambda _run: None)
        self._chosen = asyncio.Event()
        self._deadline_s = 2.0
        self._client: Stream | None = None
        self._server: Stream | None = None
        self._offered = 0
        self._outbox: Outbox | None = None
        self._sent_hash = hashlib.sha256()
        self._hashed = 0
        self._echo_hash = hashlib.sha256()
        self._moved: tuple[tuple[int, ...], float] = ((), 0.0)

    @property
    def is_stalled(self) -> bool:
        """Whether nothing moves, and nothing will."""
        return self.finding.kind == "write/write" and self.end is None

    def apply(self, remedy: Remedy, *, deadline_s: float = 2.0) -> None:
        """Go on in another manner, at once; the first remedy stays."""
        if self.remedy == "none" and remedy != "none" and self.end is None:
            self.remedy, self._deadline_s = remedy, deadline_s
            self._mark(remedy)
            if self._client is not None:
                self._client.channel.fact("pipe.remedy", remedy=remedy)
            self._chosen.set()

    async def run(self) -> PipeEnd:
        """Connect, write, stay until everything came back or the client gave up.

        Raises: WorkbenchError: no listener could be had, or the connection was lost.
        """
        listener = await listen(
            parse_target(HOME, listening=True),
            self.transcript,
            title="echo",
            settings=self._settings("server"),
        )
        helpers: list[asyncio.Task[None]] = []
        try:
            await self._open(listener)
            helpers = [_started(self._echo(), "echo"), _started(self._watch(), "watch")]
            self.end = await self._talk()
            self._look()
            self._on_change(self)
            return self.end
        finally:
            await _ended(helpers)
            if self._outbox is not None:
                await self._outbox.aclose()
            for stream in (self._client, self._server):
                if stream is not None:
                    await stream.aclose()
            await listener.aclose()

    def _settings(self, side: str) -> list[Setting]:
        asked = {
            "SNDBUF": getattr(self.pipe, f"{side}_sndbuf"),
            "RCVBUF": getattr(self.pipe, f"{side}_rcvbuf"),
        }
        return [parse_setting(f"{name}={value}") for name, value in asked.items() if value]

    async def _open(self, listener: Listener) -> None:
        target = parse_target(listener.address)
        self._client = await dial(target, self.transcript, title="client", settings=self._settings("client"))
        self._server = await listener.accept(timeout_s=10)
        self.curve.start(asyncio.get_running_loop().time())

    # ---- the client

    async def _talk(self) -> PipeEnd:
        client = self._stream
        try:
            await self._write_only()
            await {
                "none": self._rest,
                "read": self._in_waves,
                "interleave": self._interleaved,
                "both": self._rest,
                "deadline": self._with_deadline,
            }[self.remedy]()
        except TooSlow as late:
            return self._cut(late)
        self._mark("ended")
        return self._whole(client)

    async def _write_only(self) -> None:
        """Write and don't read, until all is written or a remedy is chosen."""
        writing = _started(self._write_all(at_once=self.pipe.at_once), "write")
        chosen = _started(self._wait_chosen(), "remedy")
        try:
            await asyncio.wait([writing, chosen], return_when=asyncio.FIRST_COMPLETED)
            if writing.done():
                writing.result()
        finally:
            await _ended([writing, chosen])

    async def _wait_chosen(self) -> None:
        await self._chosen.wait()

    async def _write_all(self, *, at_once: bool = False, timeout_s: float | None = None) -> None:
        if at_once and self._outbox is None:
            self._outbox = Outbox(self._stream)
            await self._fill_outbox(self._outbox)
        if self._outbox is not None:
            await self._outbox.drained()
            return
        while taken(self._stream) < self.pipe.octets:
            await self._write_piece(timeout_s)

    async def _fill_outbox(self, outbox: Outbox) -> None:
        # One call for the program; in slices, so that the window goes on meanwhile.
        while self._offered < self.pipe.octets:
            outbox.write(self._next_piece(1024 * 1024))
            await asyncio.sleep(0)

    async def _write_piece(self, timeout_s: float | None) -> None:
        """Write the piece that is not written yet, or its rest."""
        if taken(self._stream) == self._offered:
            data = self._next_piece(self.pipe.piece)
        else:
            data = pattern(taken(self._stream), self._offered)
        await self._stream.send(data, timeout_s=timeout_s)
        await asyncio.sleep(0)

    def _next_piece(self, size: int) -> bytes:
        stop = min(self._offered + size, self.pipe.octets)
        data = pattern(self._offered, stop)
        self._offered = stop
        self._sent_hash.update(data)
        return data

    async def _read_some(self, timeout_s: float | None = None, limit: int = 256 * 1024) -> bool:
        data = await self._stream.read(limit, timeout_s=timeout_s)
        self._echo_hash.update(data)
        return bool(data)

    async def _finish_and_read(self) -> None:
        await self._stream.finish()
        while await self._read_some():
            pass

    # ---- the remedies

    async def _rest(self) -> None:
        """Both at once; where all was written already nothing but reading is left."""
        reading = _started(self._read_to_end(), "read")
        try:
            await self._write_all()
            await self._stream.finish()
            await reading
        finally:
            await _ended([reading])

    async def _read_to_end(self) -> None:
        while await self._read_some():
            pass

    async def _in_waves(self) -> None:
        while True:
            # All that was written comes back before anything more is written.
            while given(self._stream) < taken(self._stream):
                if not await self._read_some():
                    return
            with suppress(TooSlow):
                await self._write_bounded()
            if taken(self._stream) >= self.pipe.octets:
                break
        await self._finish_and_read()

    async def _write_bounded(self) -> None:
        if self._outbox is None:
            await self._write_all(timeout_s=ROOM_WITHIN_S)
            return
        # The program's own buffer writes by itself as soon as there is room.
        await asyncio.sleep(ROOM_WITHIN_S)

    async def _interleaved(self) -> None:
        while taken(self._stream) < self.pipe.octets:
            if self._outbox is None:
                with suppress(TooSlow):
                    await self._write_piece(ROOM_WITHIN_S)
            with suppress(TooSlow):
                if not await self._read_some(ROOM_WITHIN_S, limit=self.pipe.piece):
                    return
        await self._finish_and_read()

    async def _with_deadline(self) -> None:
        if self._outbox is not None:
            try:
                async with asyncio.timeout(self._deadline_s):
                    await self._outbox.drained()
            except TimeoutError as error:
                raise TooSlow(
                    "the buffer was not emptied in time", stage="send", committed="maybe"
                ) from error
        await self._write_all(timeout_s=self._deadline_s)
        await self._finish_and_read()

    # ---- how it ended

    def _cut(self, late: TooSlow) -> PipeEnd:
        client, server = self._stream, self._server
        handed, there = taken(client), given(server) if server is not None else 0
        client.channel.fact("pipe.gave_up", taken=handed, sentence=late.what)
        self._mark("gave up")
        sentence = (
            f"gave up ({late.what}): our system had taken {octets(handed)}, and how much of it arrived this end cannot "
            f"know; seen from both ends, the server’s program has {octets(there)}"
        )
        client.abort()
        return PipeEnd("cut", handed, given(client), there, "", self._echo_hash.hexdigest(), sentence)

    def _whole(self, client: Stream) -> PipeEnd:
        sent, echoed = self._sent_hash.hexdigest(), self._echo_hash.hexdigest()
        came = given(client)
        there = given(self._server) if self._server is not None else 0
        if sent == echoed and came == self.pipe.octets:
            sentence = f"all {came:,} octets were echoed, and the hashes agree"
            return PipeEnd("equal", taken(client), came, there, sent, echoed, sentence)
        sentence = f"{taken(client):,} octets were written and {came:,} came back; the hashes differ"
        return PipeEnd("different", taken(client), came, there, sent, echoed, sentence)

    # ---- the server

    async def _echo(self) -> None:
        server = self._server
        assert server is not None
        with suppress(WorkbenchError):
            while data := await server.read(SERVER_READS):
                await server.send(data)
            await server.finish()

    # ---- watching

    async def _watch(self) -> None:
        while True:
            self._look()
            self._on_change(self)
            await asyncio.sleep(SAMPLE_EVERY_S)

    def _look(self) -> None:
        client, server = self._stream, self._server
        if server is None or not client.is_open or not server.is_open:
            return
        now_s = asyncio.get_running_loop().time()
        self.there = measure(client, server, written=max(self._offered, taken(client)))
        self.back = measure(server, client, written=max(given(server), taken(server)))
        self.curve.add(now_s, taken(client), given(client))
        figures = (taken(client), given(client), taken(server), given(server))
        if figures != self._moved[0]:
            self._moved = (figures, now_s)
        found = judge(now_s, look_at(client, "the client"), look_at(server, "the server"), patience_s=0)
        still = now_s - self._moved[1] >= STALL_AFTER_S
        was = self.is_stalled
        self.finding = found if still or found.kind != "write/write" else Finding("moving", "octets move")
        if self.is_stalled and not was:
            self._froze()

    def _froze(self) -> None:
        client = self._stream
        self.curve.mark(self._moved[1], taken(client), "frozen")
        client.channel.fact("pipe.frozen", taken=taken(client), sentence=self.finding.sentence)

    def _mark(self, what: str) -> None:
        if self._client is not None:
            self.curve.mark(asyncio.get_running_loop().time(), taken(self._client), what)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The curve so far."""
        return self.curve.samples

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The moments on it."""
        return self.curve.marks

    @property
    def _stream(self) -> Stream:
        assert self._client is not None
        return self._client


def _started(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    return asyncio.get_running_loop().create_task(work, name=f"pipe/{name}")


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel what still runs, and wait; an own cancellation passes through."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
