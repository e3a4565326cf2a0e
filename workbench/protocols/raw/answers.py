"""The answers of a conversation as one provider of octets, in clear and then under TLS, and where two of them part."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from workbench.protocols.raw.recorded import TLS
from workbench.transcript.recorder import StreamBytes, Transcript
from workbench.transcript.records import Direction

PIECE = 256 * 1024


class Part(NamedTuple):
    """The first `size` octets of a stream."""

    stream: StreamBytes
    size: int


class Answers:
    """Octets of several streams, one behind the other: `len(it)`, `it.read(start, stop)`."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = tuple(parts)

    def __len__(self) -> int:
        return sum(part.size for part in self._parts)

    def read(self, start: int, stop: int) -> bytes:
        """The octets from start to stop; what lies outside is left out."""
        found = []
        for stream, size in self._parts:
            found.append(stream.read(max(0, start), max(0, min(stop, size))))
            start, stop = start - size, stop - size
        return b"".join(found)


def answers(transcript: Transcript, channel: int, layer: str, in_clear: int | None = None) -> Answers:
    """What a channel's peer said.

    Args:
        layer: that of the connection itself.
        in_clear: octets before TLS began; None where it did not. Behind them that layer holds records.
    """
    carried = transcript.stream(channel, Direction.RECEIVED, layer)
    if in_clear is None:
        return Answers((Part(carried, len(carried)),))
    protected = transcript.stream(channel, Direction.RECEIVED, TLS)
    return Answers((Part(carried, min(in_clear, len(carried))), Part(protected, len(protected))))


async def first_difference(a: Answers, b: Answers) -> int | None:
    """As compare.first_difference, a piece a turn: answers may be gigabytes, and a window waits."""
    shared = min(len(a), len(b))
    for start in range(0, shared, PIECE):
        stop = min(start + PIECE, shared)
        mine, yours = a.read(start, stop), b.read(start, stop)
        if mine != yours:
            return start + next(i for i, (x, y) in enumerate(zip(mine, yours, strict=True)) if x != y)
        await asyncio.sleep(0)
    return None if len(a) == len(b) else shared
