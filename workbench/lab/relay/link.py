"""One relayed connection: the client's stream, the server's, and the two directions between them."""

import asyncio
from collections.abc import Callable

from workbench.errors import LocalMisuse, TooSlow
from workbench.lab.relay.flow import DRAIN_S, Flow, Outcome
from workbench.lab.relay.pieces import Act
from workbench.lab.relay.switches import Way
from workbench.lab.switches import Turned
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

LOOK_EVERY_S = 0.25
"""How often the system is asked whether a side from which nobody reads just now was reset."""
LINGER_S = 0.5
"""After a cut what still comes is read so long: closing over unread octets would send RST (RFC 1122 4.2.2.13)."""


class Link:
    """A client and its server.

    number: from 1, in order of arrival. server: None until it is connected. figures and ends: see the streams.

    Args:
        on_act: told of everything the relay does, and in which direction.
    """

    def __init__(
        self, number: int, client: Stream, turned: Turned, on_act: Callable[["Link", Way, Act], None]
    ) -> None:
        self.number = number
        self.client = client
        self.server: Stream | None = None
        self.flows: dict[Way, Flow] = {}
        self._turned = turned
        self._on_act = on_act

    async def carry(self, server: Stream) -> None:
        """Pass everything on until both directions have ended, and end both connections in the same way."""
        self.server = server
        to_server = Flow(Way.TO_SERVER, self.client, server, self._turned, self._acted)
        to_client = Flow(Way.TO_CLIENT, server, self.client, self._turned, self._acted)
        self.flows = {Way.TO_SERVER: to_server, Way.TO_CLIENT: to_client}
        tasks = {
            asyncio.create_task(flow.run(), name=f"relay {self.number} {way.value}")
            for way, flow in self.flows.items()
        }
        try:
            await self._end(await self._outcome(tasks, (self.client, server)))
        finally:
            await server.aclose()

    async def _outcome(self, tasks: set[asyncio.Task[Outcome]], streams: tuple[Stream, Stream]) -> Outcome:
        """How the connection ends; no direction reads or sends any more then."""
        drain_s = DRAIN_S + self._turned.count("delay_ms") / 1000
        ending = asyncio.create_task(_ending(tasks, drain_s), name=f"relay {self.number} ends")
        gone = asyncio.create_task(_until_gone(streams, drain_s), name=f"relay {self.number} watch")
        try:
            await asyncio.wait((ending, gone), return_when=asyncio.FIRST_COMPLETED)
            return ending.result() if ending.done() else "reset"
        finally:
            for task in (ending, gone, *tasks):
                task.cancel()
            await asyncio.gather(ending, gone, *tasks, return_exceptions=True)

    def _acted(self, way: Way, act: Act) -> None:
        self.client.channel.fact(f"relay.{act.deed}", direction=way.value, sentence=sentence(way, act))
        self._on_act(self, way, act)

    async def _end(self, outcome: Outcome) -> None:
        streams = [self.client, self.server] if self.server is not None else [self.client]
        if outcome == "cut":
            for stream in streams:
                await stream.finish()
            await asyncio.gather(*map(_linger, streams))
        elif outcome != "finished":
            for stream in streams:
                if _is_gone(stream):
                    # Its system has the end for us, behind what nobody took.
                    while await stream.read():
                        continue
                drop(stream)
        for stream in streams:
            await stream.aclose()


def drop(stream: Stream) -> None:
    """Reset a connection, unless its peer has done so before us."""
    if HalfState.RESET not in (stream.receiving, stream.sending):
        stream.abort()


def sentence(way: Way, act: Act) -> str:
    """What the relay did, for people."""
    to = "server" if way is Way.TO_SERVER else "client"
    where = f"after {act.offset} octets to the {to}"
    match act.deed:
        case "rewrite":
            places = "one place" if act.times == 1 else f"{act.times:,} places"
            return f"words to the {to} were rewritten in {places}, the first at octet {act.offset}"
        case "flip":
            return f"octet {act.offset} to the {to} was changed from {act.before:02x} to {act.after:02x}"
        case "cut":
            return f"both connections were ended {where}"
        case "reset":
            return f"both connections were reset {where}"
        case "freeze":
            return f"nothing more is taken {where}"
        case "half-close":
            return f"this direction was finished {where}; what follows is thrown away"


def _is_gone(stream: Stream) -> bool:
    """Whether a connection that we have not finished was reset, or given up, without our having read that."""
    if HalfState.OPEN is not stream.sending or HalfState.OPEN is not stream.receiving:
        return False
    info = stream.tcp_info()
    return info is not None and info.state == "CLOSED"


async def _until_gone(streams: tuple[Stream, Stream], drain_s: float) -> None:
    """Return when one side is gone, after what came before had its time to be passed on.

    A direction that is frozen, or whose receiver takes nothing, reads nothing, and so can't be told of a reset.
    """
    while not any(map(_is_gone, streams)):  # noqa: ASYNC110 - the system has no event for it
        await asyncio.sleep(LOOK_EVERY_S)
    await asyncio.sleep(drain_s)


async def _ending(tasks: set[asyncio.Task[Outcome]], drain_s: float) -> Outcome:
    """The outcome that ends the connection: the last FIN of two, or whatever else comes first."""
    waiting = tasks
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            outcome = task.result()
            if outcome == "lost" and waiting:
                # The sink was reset, perhaps after it had answered: the other direction still holds that answer.
                await asyncio.wait(waiting, timeout=drain_s)
            if outcome != "finished":
                return outcome
    return "finished"


async def _linger(stream: Stream) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + LINGER_S
    while stream.receiving is HalfState.OPEN and stream.is_open:
        try:
            await stream.read(timeout_s=max(0.0, until - loop.time()))
        except (TooSlow, LocalMisuse):
            return
