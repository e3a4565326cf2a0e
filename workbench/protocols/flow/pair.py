"""Two ends that wait for each other, made on purpose, so that the detective has something to find.

Both are ours. relieve() applies the way out to the connection as it stands, and both ends come to their end.
"""

import asyncio
from collections.abc import Awaitable
from typing import Literal

from workbench.formats.target import parse_target
from workbench.protocols.flow.looking import look_at
from workbench.protocols.flow.pattern import pattern
from workbench.protocols.flow.stations import measure
from workbench.protocols.flow.values import EndLook, Stations
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.options import parse_setting
from workbench.wire.stream import Stream

PairKind = Literal["read/read", "no line end", "write/write"]
PAIRS: tuple[tuple[PairKind, str, str, str], ...] = (
    (
        "read/read",
        "Both read",
        "Two ends that each wait for the other’s first line",
        "let the left speak first",
    ),
    ("no line end", "No line end", "A question without its line end, and a reader of lines", "end the line"),
    ("write/write", "Both write", "Two ends that write a mebibyte each and read nothing", "let both read"),
)
"""kind, what a button says, what it does, and what its relief does."""

LINE = b"hello\r\n"
QUESTION = b"HELLO"
LETTER = 1024 * 1024
MAX_LINE = 4096
HOME = "127.0.0.1:0"
LEFT, RIGHT = "the left", "the right"


class Pair:
    """One such connection. run() is called once, and ends after relieve()."""

    def __init__(self, kind: PairKind, transcript: Transcript) -> None:
        self.kind: PairKind = kind
        self.transcript = transcript
        self.left: Stream | None = None
        self.right: Stream | None = None
        self._relieved = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether both ends are there."""
        return self.left is not None and self.right is not None and self.left.is_open and self.right.is_open

    def relieve(self) -> None:
        """Apply the way out."""
        self._relieved.set()

    def looks(self) -> tuple[EndLook, EndLook] | None:
        """What the detective is told; None while nothing is connected."""
        if self.left is None or self.right is None or not self.is_open:
            return None
        awaits: Literal["", "line"] = "" if self.kind == "write/write" else "line"
        return look_at(self.left, LEFT, awaits), look_at(self.right, RIGHT, awaits)

    def stations(self) -> tuple[Stations, Stations] | None:
        """Where the octets of both directions are; None while nothing is connected."""
        if self.left is None or self.right is None or not self.is_open:
            return None
        letter = LETTER if self.kind == "write/write" else None
        return measure(self.left, self.right, written=letter), measure(self.right, self.left, written=letter)

    async def run(self) -> None:
        """Connect, let both wait, and after relieve() let both end. Raises: WorkbenchError."""
        small = [parse_setting("SNDBUF=8192"), parse_setting("RCVBUF=8192")]
        listener = await listen(
            parse_target(HOME, listening=True), self.transcript, title=RIGHT, settings=small
        )
        try:
            self.left = await dial(
                parse_target(listener.address), self.transcript, title=LEFT, settings=small
            )
            self.right = await listener.accept(timeout_s=10)
            await self._talk(self.left, self.right)
        finally:
            for stream in (self.left, self.right):
                if stream is not None:
                    await stream.aclose()
            await listener.aclose()

    async def _talk(self, left: Stream, right: Stream) -> None:
        if self.kind == "write/write":
            await _together(
                left.send(pattern(0, LETTER)),
                right.send(pattern(0, LETTER)),
                self._both_read(left, right),
            )
            return
        if self.kind == "no line end":
            await left.send(QUESTION)
        missing = b"\r\n" if self.kind == "no line end" else LINE
        await _together(_read_line(left), self._answer(right), self._speak(left, missing))

    async def _answer(self, right: Stream) -> None:
        await _read_line(right)
        await right.send(LINE)

    async def _speak(self, left: Stream, data: bytes) -> None:
        await self._relieved.wait()
        await left.send(data)

    async def _both_read(self, left: Stream, right: Stream) -> None:
        await self._relieved.wait()
        await _together(_read_letter(left), _read_letter(right))


async def _read_line(stream: Stream) -> None:
    await stream.read_until(b"\n", limit=MAX_LINE)


async def _read_letter(stream: Stream) -> None:
    left = LETTER
    while left and (data := await stream.read()):
        left -= len(data)


async def _together(*works: Awaitable[None]) -> None:
    """All of them; if one fails, or we are cancelled, the others are cancelled and awaited."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
