"""Carrying steps out: each verb of verbs.VERBS on the engines of the wire, everything recorded in one transcript.

A verb's coroutine takes the stage and the step's parameters and returns what it made and, in a few words, what was
seen. It raises what the engine raises: whether a failure was meant is the player's business.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import NamedTuple, TypeVar, cast

from workbench.clock import SYSTEM, Clock
from workbench.errors import LinkLost, PeerMisbehaved, TooSlow
from workbench.experiments.things import ClockReading, Made, Octets, Span, Tries, utc
from workbench.experiments.values import Given
from workbench.experiments.verbs import DEFAULT_TIMEOUT_S, MAX_DATA, quoted
from workbench.formats.rfc868 import decode_time
from workbench.formats.target import Target
from workbench.lab.address import ServiceAddress
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.listen import Listener, listen
from workbench.wire.stream import Stream

T = TypeVar("T", Stream, Listener, Datagram)

LOOPBACK = "127.0.0.1"
MAX_TRIES = 1000
"""Sends until the system says no: on loopback it is the second, or one of the next few on a busy machine."""


class Done(NamedTuple):
    """What a step made (None: nothing), what was seen in a few words, and the errno that it met without failing."""

    thing: object = None
    said: str = ""
    errno: str = ""


class Stage:
    """Everything that a running experiment holds; close `stack` to give all of it back.

    Args:
        transcript: where all is recorded.
        services: the addresses of what [lab] started, by the card's names.
        clock: what received times are compared with.
    """

    def __init__(
        self, transcript: Transcript, services: Mapping[str, ServiceAddress], clock: Clock = SYSTEM
    ) -> None:
        self.transcript = transcript
        self.services = services
        self.clock = clock
        self.stack = AsyncExitStack()
        self.made: dict[str, Made] = {}

    def keep(self, thing: T) -> T:
        """Have a socket closed with the stage."""
        self.stack.push_async_callback(thing.aclose)
        return thing

    def stream(self, name: object) -> Stream:
        """A connection that an earlier step made."""
        return cast(Stream, self._thing(name))

    def datagram(self, name: object) -> Datagram:
        """A UDP socket that an earlier step made."""
        return cast(Datagram, self._thing(name))

    def listener(self, name: object) -> Listener:
        """A listener that an earlier step made."""
        return cast(Listener, self._thing(name))

    def octets(self, name: object) -> Octets:
        """What an earlier step read."""
        return cast(Octets, self._thing(name))

    def closable(self, name: object) -> Stream | Listener | Datagram:
        """Any socket that an earlier step made."""
        return cast("Stream | Listener | Datagram", self._thing(name))

    def _thing(self, name: object) -> object:
        """The card was checked: an earlier step made it, and it was of the right kind."""
        return self.made[str(name)].thing

    def where(self, place: object, transport: str) -> tuple[Target, TargetResolver | None]:
        """The target that a step's `to` means, and who resolves it."""
        name = str(place)
        called = name.removeprefix("lab:")
        if called != name:
            service = self.services[called]

            async def resolver(_target: Target) -> Target:
                return service.target

            return Target("lab", service.name, None, text=name), resolver
        host, _, port = self._address(name).rpartition(":")
        return Target(transport, host, int(port)), None

    def _address(self, name: str) -> str:
        return cast("Listener | Datagram", self._thing(name)).address


Carry = Callable[[Stage, Given, str], Awaitable[Done]]


def _timeout_s(given: Given) -> float:
    return cast(float, given.get("timeout_s", DEFAULT_TIMEOUT_S))


def _data(given: Given) -> bytes:
    return cast(bytes, given["data"])


# TCP ----------------------------------------------------------------------------------------------------------------


async def _listen(stage: Stage, given: Given, name: str) -> Done:
    backlog = cast(int, given.get("backlog", 128))
    listener = await listen(Target("tcp", LOOPBACK, 0), stage.transcript, title=name, backlog=backlog)
    return Done(stage.keep(listener), f"on {listener.address}")


async def _accept(stage: Stage, given: Given, name: str) -> Done:
    stream = stage.keep(await stage.listener(given["on"]).accept(timeout_s=_timeout_s(given)))
    stream.channel.named(title=name)
    return Done(stream, f"from {stream.peer}")


async def _connect(stage: Stage, given: Given, name: str) -> Done:
    target, resolver = stage.where(given["to"], "tcp")
    stream = await dial(target, stage.transcript, resolver=resolver, title=name, timeout_s=_timeout_s(given))
    stage.keep(stream)
    return Done(stream, f"{stream.local} to {stream.peer}")


async def _send(stage: Stage, given: Given, _name: str) -> Done:
    await stage.stream(given["on"]).send(_data(given), timeout_s=DEFAULT_TIMEOUT_S)
    return Done(said="the system took it")


async def _send_until_lost(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    deadline = asyncio.get_running_loop().time() + _timeout_s(given)
    taken = 0
    while taken < MAX_TRIES and asyncio.get_running_loop().time() < deadline:
        try:
            await stream.send(_data(given), timeout_s=_timeout_s(given))
        except LinkLost as failure:
            return Done(Tries(taken), f"{_how_often(taken)}: {failure.what}", failure.errno_name)
        taken += 1
        # The answer of the peer's system is on its way: let the loop, and so the machine, get to it.
        await asyncio.sleep(0)
    raise TooSlow(f"the system took it {taken} times and did not say no", stage="send", committed="maybe")


def _how_often(taken: int) -> str:
    match taken:
        case 0:
            return "the system says no at once"
        case 1:
            return "the system took it once, and then says no"
    return f"the system took it {taken} times, and then says no"


async def _read(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    timeout_s = _timeout_s(given)
    complete = True
    if "until" in given:
        mark = cast(bytes, given["until"])
        data = await stream.read_until(mark, limit=MAX_DATA, timeout_s=timeout_s)
        complete = data.endswith(mark)
    elif "exactly" in given:
        count = cast(int, given["exactly"])
        data = await stream.read_exactly(count, timeout_s=timeout_s)
        complete = len(data) == count
    elif "to_end" in given:
        data = await _read_to_end(stream, timeout_s)
    else:
        data = await stream.read(cast(int, given.get("at_most", MAX_DATA)), timeout_s=timeout_s)
    return Done(Octets(data, complete), _seen(stream, data))


async def _wait_end(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    data = await _read_to_end(stream, _timeout_s(given))
    return Done(Octets(data), _seen(stream, data))


async def _read_to_end(stream: Stream, timeout_s: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while data := await stream.read(timeout_s=timeout_s):
        pieces.append(data)
        size += len(data)
        if size > MAX_DATA:
            raise PeerMisbehaved(f"more than {MAX_DATA} octets came, and no end", stage="receive")
    return b"".join(pieces)


def _seen(stream: Stream, data: bytes) -> str:
    ended = f"the end: {stream.end.sentence}" if stream.end is not None else ""
    return ", then ".join(filter(None, (quoted(data) if data else "", ended))) or "nothing"


async def _finish(stage: Stage, given: Given, _name: str) -> Done:
    await stage.stream(given["on"]).finish()
    return Done()


async def _abort(stage: Stage, given: Given, _name: str) -> Done:
    stage.stream(given["on"]).abort()
    return Done()


async def _close(stage: Stage, given: Given, _name: str) -> Done:
    await stage.closable(given["on"]).aclose()
    return Done()


# UDP ----------------------------------------------------------------------------------------------------------------


async def _open_datagram(stage: Stage, given: Given, name: str) -> Done:
    if "to" in given:
        remote, resolver = stage.where(given["to"], "udp")
        opened = await open_datagram(stage.transcript, remote=remote, resolver=resolver, title=name)
        said = f"{opened.address} to {opened.peer}"
    else:
        opened = await open_datagram(stage.transcript, local=Target("udp", LOOPBACK, 0), title=name)
        said = f"on {opened.address}"
    return Done(stage.keep(opened), said)


async def _send_datagram(stage: Stage, given: Given, _name: str) -> Done:
    to = stage.datagram(given["to"]).address if "to" in given else ""
    await stage.datagram(given["on"]).send(_data(given), to, timeout_s=DEFAULT_TIMEOUT_S)
    return Done(said="the system took it")


async def _receive_datagram(stage: Stage, given: Given, _name: str) -> Done:
    received = await stage.datagram(given["on"]).receive(timeout_s=_timeout_s(given))
    what = quoted(received.data) if received.data else "a datagram of no octets"
    said = f"{what} from {received.source}"
    return Done(Octets(received.data, source=received.source), said)


# Neither ------------------------------------------------------------------------------------------------------------


async def _note(_stage: Stage, _given: Given, _name: str) -> Done:
    return Done()


async def _decode_time(stage: Stage, given: Given, _name: str) -> Done:
    unix_s = decode_time(stage.octets(given["of"]).data)
    now_ns = stage.clock.wall_ns()
    differs_s = (unix_s * 1_000_000_000 - now_ns) / 1e9
    return Done(ClockReading(unix_s, differs_s), utc(unix_s))


async def _measure(stage: Stage, given: Given, _name: str) -> Done:
    elapsed_ns = stage.clock.monotonic_ns() - stage.made[str(given["since"])].ended_ns
    return Done(Span(elapsed_ns), f"{elapsed_ns / 1e6:.1f} ms")


CARRY: dict[str, Carry] = {
    "listen": _listen,
    "accept": _accept,
    "connect": _connect,
    "send": _send,
    "send-until-lost": _send_until_lost,
    "read": _read,
    "wait-end": _wait_end,
    "finish": _finish,
    "abort": _abort,
    "close": _close,
    "open-datagram": _open_datagram,
    "send-datagram": _send_datagram,
    "receive-datagram": _receive_datagram,
    "note": _note,
    "decode-time": _decode_time,
    "measure": _measure,
}
"""The coroutine of every verb; a test compares it with verbs.VERBS."""


def channels_of(thing: object) -> frozenset[int]:
    """The numbers of a thing's channels in the transcript; none for what is no socket."""
    if isinstance(thing, Datagram):
        peers = (thing.channel_of(peer).number for peer in thing.peers)
        return frozenset((thing.channel.number, *peers))
    if isinstance(thing, Stream | Listener):
        return frozenset((thing.channel.number,))
    return frozenset()
