"""Sending in ways that a server has to bear, and many do not: octet by octet, with a pause, without a line end.

Pure: each way is a list of pieces, with how long to wait before each of them.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

BYTEWISE_S: Final = 0.02
"""Long enough that no two octets share a segment, short enough that a line does not take a minute."""
PAUSE_S: Final = 5.0
"""As long as a person waits before they look what is wrong."""
OVERSIZE: Final = 64 * 1024
"""Octets of a line without end: RFC 5321 allows 512, HTTP servers stop at 8 KiB."""
MAX_OVERSIZE: Final = 64 * 1024 * 1024
_PIECE: Final = 64 * 1024


class Piece(NamedTuple):
    """Octets, and how long to wait before they are sent."""

    data: bytes
    wait_s: float = 0.0


class Mischief(NamedTuple):
    """One way. needs: whether it sends what is in the editor. what: for people, and what it finds out."""

    name: str
    title: str
    what: str
    needs: bool
    pieces: Callable[[bytes], Iterator[Piece]]


def _bytewise(data: bytes) -> Iterator[Piece]:
    for place in range(len(data)):
        yield Piece(data[place : place + 1], BYTEWISE_S if place else 0.0)


def _paused(data: bytes) -> Iterator[Piece]:
    half = _middle_of_line(data)
    yield Piece(data[:half])
    yield Piece(data[half:], PAUSE_S)


def _oversize(_data: bytes) -> Iterator[Piece]:
    return oversize(OVERSIZE)


def oversize(count: int) -> Iterator[Piece]:
    """So many octets without a line end."""
    count = min(max(count, 0), MAX_OVERSIZE)
    for place in range(0, count, _PIECE):
        yield Piece(b"A" * min(_PIECE, count - place))


def _wrong_ending(data: bytes) -> Iterator[Piece]:
    yield Piece(wrong_endings(data))


def wrong_endings(data: bytes) -> bytes:
    """Line ends that the other one uses: LF instead of CRLF; where there is no CRLF, CRLF instead of LF or CR."""
    if b"\r\n" in data:
        return data.replace(b"\r\n", b"\n")
    return data.replace(b"\n", b"\r\n") if b"\n" in data else data.replace(b"\r", b"\r\n")


def _middle_of_line(data: bytes) -> int:
    """A place inside the first line: before its end, and behind its first half."""
    end = len(data) if (found := data.find(b"\n")) < 0 else found
    return max(1, (end + 1) // 2) if data else 0


WAYS: Final = (
    Mischief(
        "bytewise",
        "One octet at a time",
        "Each octet of the editor by itself, 20 ms apart. A server that takes one read for one message fails here",
        True,
        _bytewise,
    ),
    Mischief(
        "pause",
        "Pause in the middle of a line",
        "Half of the first line, 5 seconds of nothing, then the rest. A server that waits for lines must neither "
        "answer early nor stop serving others",
        True,
        _paused,
    ),
    Mischief(
        "oversize",
        "A line without end",
        "64 KiB of letters and no line end. A server without a bound for its lines runs out of memory",
        False,
        _oversize,
    ),
    Mischief(
        "wrong-ending",
        "The other line ending",
        "The editor's bytes with LF instead of CRLF, or the other way round. Who takes both for ends can be tricked "
        "into reading one message as two",
        True,
        _wrong_ending,
    ),
)
BY_NAME: Final = {way.name: way for way in WAYS}
