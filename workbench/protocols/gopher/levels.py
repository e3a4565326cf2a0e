"""One request on four levels of abstraction: sockets, a file, a module of the protocol, an opener of addresses.

Each level really runs, with a connection of its own, and says which calls a program on that level makes; what went over
the wire is read from the transcript, so that the comparison is of facts.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final, NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.formats.target import bracketed, parse_target
from workbench.protocols.gopher.address import written
from workbench.protocols.gopher.client import TITLE, check_end, fetch, open_url, too_slow
from workbench.protocols.gopher.codec import encode
from workbench.protocols.gopher.machine import MAX_BODY
from workbench.protocols.gopher.values import Request
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.stream import Stream

STEPS: Final = ("connect", "ask", "read", "end")
"""What every level has to do; a level that does several in one call leaves the others empty."""


class LevelInfo(NamedTuple):
    """A level before it runs. what: one sentence about what it hides."""

    number: int
    name: str
    what: str


LEVELS: Final = (
    LevelInfo(
        1, "Sockets", "every step is a call of its own, and every read returns what happens to be there"
    ),
    LevelInfo(2, "File", "reads and writes like a file: a buffer stands between the calls and the octets"),
    LevelInfo(3, "Protocol", "a module knows the line and its end; one call, and the answer is a file"),
    LevelInfo(
        4, "Address", "one text says protocol, server and item; who speaks to whom is nobody's business"
    ),
)


class Call(NamedTuple):
    """One call of a program on that level. step: of STEPS."""

    step: str
    text: str
    result: str = ""


class Level(NamedTuple):
    """What a level came to.

    sent, body: the octets on the wire, both ways, from the transcript. channel: where they stand. reads: how many
    times the system was asked for octets.
    """

    info: LevelInfo
    calls: tuple[Call, ...]
    sent: bytes
    body: bytes
    reads: int
    channel: int

    def at(self, step: str) -> str:
        """The calls of one step, one a line."""
        return "\n".join(call.text for call in self.calls if call.step == step)


class StreamFile:
    """A stream that is used like a binary file: writes wait in a buffer until flush, reads come by line."""

    def __init__(self, stream: Stream, *, read_octets: int) -> None:
        self._stream = stream
        self._read_octets = read_octets
        self._out = bytearray()
        self._in = bytearray()
        self._at_end = False

    @property
    def held(self) -> int:
        """Octets that were written and not sent."""
        return len(self._out)

    def write(self, data: bytes) -> int:
        """Keep octets for the next flush; nothing is sent."""
        self._out += data
        return len(data)

    async def flush(self) -> None:
        """Send what is kept. Raises: LinkLost, TooSlow."""
        data = bytes(self._out)
        self._out.clear()
        if data:
            await self._stream.send(data)

    async def readlines(self) -> list[bytes]:
        """Everything to the end, cut behind each LF. Raises: PeerMisbehaved: more than can be held."""
        while data := await self._stream.read(self._read_octets):
            self._in += data
            if len(self._in) > MAX_BODY:
                raise PeerMisbehaved(f"more than {MAX_BODY // 1024 // 1024} MiB", stage="receive")
        whole = bytes(self._in)
        self._in.clear()
        *lines, rest = whole.split(b"\n")
        return [line + b"\n" for line in lines] + ([rest] if rest else [])


Runner = Callable[[Request, Transcript, TargetResolver | None, float], Awaitable[list[Call]]]


async def climb(
    request: Request,
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    on_level: Callable[[Level], object] | None = None,
) -> tuple[Level, ...]:
    """Make the request on every level, one after the other.

    Args:
        on_level: told each as soon as it is done.

    Raises: as client.fetch; the levels before it were told.
    """
    encode(request)
    done = []
    for info, run in zip(LEVELS, _RUNNERS, strict=True):
        first, number = len(transcript), len(transcript.channels)
        calls = await run(request, transcript, resolver, timeout_s)
        transcript.add_fact(
            number, "gopher.level", {"number": info.number, "name": info.name, "what": info.what}
        )
        sent = transcript.stream(number, Direction.SENT, "tcp")
        body = transcript.stream(number, Direction.RECEIVED, "tcp")
        reads = sum(e.direction is Direction.RECEIVED for e in transcript.events(first))
        level = Level(info, tuple(calls), sent.read(0, len(sent)), body.read(0, len(body)), reads, number)
        done.append(level)
        if on_level is not None:
            on_level(level)
    return tuple(done)


def are_identical(levels: tuple[Level, ...]) -> bool:
    """Whether the same octets went over the wire on every level, both ways."""
    return len({(level.sent, level.body) for level in levels}) == 1


async def _sockets(
    request: Request, transcript: Transcript, resolver: TargetResolver | None, timeout_s: float
) -> list[Call]:
    async with _opened(request, transcript, resolver, timeout_s) as stream:
        line = encode(request)
        await stream.send(line)
        sizes = []
        while data := await stream.read(request.read_octets):
            sizes.append(len(data))
            if sum(sizes) > MAX_BODY:
                raise PeerMisbehaved(f"more than {MAX_BODY // 1024 // 1024} MiB", stage="receive")
    place = _place(stream)
    return [
        Call("connect", "socket.socket(AF_INET, SOCK_STREAM)"),
        Call("connect", f"connect({place})"),
        Call("ask", f"sendall({line!r})"),
        Call("read", f"{len(sizes)} × recv({request.read_octets})", ", ".join(map(str, sizes[:20]))),
        Call("end", "recv() == b''"),
        Call("end", "close()"),
    ]


async def _file(
    request: Request, transcript: Transcript, resolver: TargetResolver | None, timeout_s: float
) -> list[Call]:
    async with _opened(request, transcript, resolver, timeout_s) as stream:
        file = StreamFile(stream, read_octets=request.read_octets)
        line = encode(request)
        file.write(line)
        held = file.held
        await file.flush()
        lines = await file.readlines()
    return [
        Call("connect", f"create_connection({_place(stream)})"),
        Call("connect", "makefile('rwb')"),
        Call("ask", f"write({line!r})", f"{held} octets in the buffer, none sent"),
        Call("ask", "flush()"),
        Call("read", "readlines()", f"{len(lines)} lines"),
        Call("end", "close()"),
    ]


async def _protocol(
    request: Request, transcript: Transcript, resolver: TargetResolver | None, timeout_s: float
) -> list[Call]:
    answer = await fetch(request, transcript, resolver=resolver, timeout_s=timeout_s)
    host, _, port = answer.address.rpartition(":")
    return [
        Call("ask", f"fetch({host.strip('[]')!r}, {port}, {request.selector!r})"),
        Call("read", ".read()", f"{len(answer.open().read())} octets"),
    ]


async def _address(
    request: Request, transcript: Transcript, resolver: TargetResolver | None, timeout_s: float
) -> list[Call]:
    if request.terminator != "crlf" or request.read_octets != 2048:
        # An address can't say these: what differs is how the request is made, not what is asked for.
        answer = await fetch(request, transcript, resolver=resolver, timeout_s=timeout_s)
    else:
        answer = await open_url(written(request), transcript, resolver=resolver, timeout_s=timeout_s)
    shown = written(replace(request, target=parse_target(answer.address)))
    return [Call("ask", f"urlopen({shown!r})"), Call("read", ".read()", f"{len(answer.body)} octets")]


_RUNNERS: Final[tuple[Runner, ...]] = (_sockets, _file, _protocol, _address)


@asynccontextmanager
async def _opened(
    request: Request, transcript: Transcript, resolver: TargetResolver | None, timeout_s: float
) -> AsyncIterator[Stream]:
    """A connection for the two lower levels, with a deadline and the same judgement of its end as fetch has."""
    title = f"{TITLE} {request.target.text or request.target}"
    stream = await dial(request.target, transcript, resolver=resolver, title=title, timeout_s=timeout_s)
    try:
        async with asyncio.timeout(timeout_s):
            yield stream
    except TimeoutError as error:
        came = len(stream.channel.stream(Direction.RECEIVED))
        raise too_slow(request, came, timeout_s, came > 0) from error
    finally:
        await stream.aclose()
    if stream.end is not None:
        check_end(stream.end, len(stream.channel.stream(Direction.RECEIVED)))


def _place(stream: Stream) -> str:
    host, _, port = stream.peer.rpartition(":")
    return f"{bracketed(host.strip('[]'))}, {port}"
