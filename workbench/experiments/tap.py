"""A tap: somebody in the middle of a conversation, who records what passes and may change it while it does.

The Lab's relay does more, in another process, by switches that are set beforehand. This one is part of the experiment:
what it hears stands in the same transcript, and a step says what it does next. A card moves a few thousand octets at
most, so it may work on the loop that plays the card.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Literal

from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.ends import HalfState
from workbench.wire.listen import Listener, listen
from workbench.wire.stream import Stream

Way = Literal["to-server", "to-client"]

MAX_CLIENTS = 16
"""A card has a handful; more is a program that runs away."""
_LOWEST_BIT = 0x01


class Tap:
    """Made by open_tap; its owner calls aclose(), which ends every connection through it (FIN).

    heard: the channels of the transcript where the octets of each direction came in, one for each client.
    """

    def __init__(
        self, listener: Listener, target: Target, resolver: TargetResolver | None, transcript: Transcript
    ) -> None:
        self.heard: dict[Way, list[int]] = {"to-server": [], "to-client": []}
        self._listener = listener
        self._target = target
        self._resolver = resolver
        self._transcript = transcript
        self._flips: set[Way] = set()
        self._rewrites: dict[Way, list[tuple[bytes, bytes]]] = {"to-server": [], "to-client": []}
        self._streams: list[Stream] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._begin(self._accept())

    @property
    def address(self) -> str:
        """Where its clients connect to."""
        return self._listener.address

    @property
    def channels(self) -> frozenset[int]:
        """The listener's, and both sides' of every connection."""
        return frozenset((self._listener.channel.number, *self.heard["to-server"], *self.heard["to-client"]))

    def flip_next(self, way: Way) -> None:
        """Change one bit, the lowest of the last octet, of the next piece that passes."""
        self._flips.add(way)

    def rewrite(self, way: Way, find: bytes, put: bytes) -> None:
        """From now on put other octets for some, wherever a piece that passes holds them whole."""
        self._rewrites[way].append((find, put))

    async def aclose(self) -> None:
        """End all connections in good order, and take no more; idempotent."""
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        await self._listener.aclose()
        for stream in self._streams:
            await stream.aclose()
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                # A fault of ours: whoever plays the card must not take it for silence.
                raise outcome

    # ---- inside

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(asyncio.create_task(work, name=f"tap {self._listener.address}"))

    async def _accept(self) -> None:
        for _ in range(MAX_CLIENTS):
            try:
                front = await self._listener.accept()
            except LinkLost:
                return  # the listener was closed
            self._streams.append(front)
            self._begin(self._host(front))

    async def _host(self, front: Stream) -> None:
        try:
            back = await dial(
                self._target, self._transcript, resolver=self._resolver, title=f"{self._title} → server"
            )
        except WorkbenchError:
            # The wire has recorded why. The client was accepted already: a reset is the nearest to a refusal.
            front.abort()
            return
        self._streams.append(back)
        self.heard["to-server"].append(front.channel.number)
        self.heard["to-client"].append(back.channel.number)
        self._begin(self._pass_on(front, back, "to-server"))
        self._begin(self._pass_on(back, front, "to-client"))

    @property
    def _title(self) -> str:
        return self._transcript.channels[self._listener.channel.number].title

    async def _pass_on(self, source: Stream, sink: Stream, way: Way) -> None:
        try:
            while data := await source.read():
                await sink.send(self._changed(way, data))
        except (LinkLost, LocalMisuse):
            # The sink is dead, or the other direction has ended it already: the source shall know.
            source.abort()
            return
        if source.receiving is HalfState.RESET:
            sink.abort()
        else:
            await sink.finish()

    def _changed(self, way: Way, data: bytes) -> bytes:
        for find, put in self._rewrites[way]:
            data = data.replace(find, put)
        if data and way in self._flips:
            self._flips.discard(way)
            data = data[:-1] + bytes((data[-1] ^ _LOWEST_BIT,))
        return data


async def open_tap(
    target: Target, resolver: TargetResolver | None, transcript: Transcript, *, title: str, host: str
) -> Tap:
    """Listen on a free port of `host` and connect every client to the target. Raises: as listen()."""
    listener = await listen(Target("tcp", host, 0), transcript, title=title)
    return Tap(listener, target, resolver, transcript)
