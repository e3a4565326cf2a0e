"""Lines over a stream: bounded, with the line end that was really there."""

from typing import NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.wire.stream import Stream


class Line(NamedTuple):
    """One line without its end; ending is b"\\r\\n", b"\\n", or b"" where the stream ended in the middle."""

    text: bytes
    ending: bytes


class LineReader:
    """Reads lines that end in LF, with or without CR before it.

    Args:
        stream: read by nobody else meanwhile.
        limit_octets: of one line with its end.
    """

    def __init__(self, stream: Stream, *, limit_octets: int) -> None:
        self._stream = stream
        self._limit = limit_octets

    async def read(self, *, timeout_s: float | None = None) -> Line | None:
        """The next line; None at the end of the stream.

        Raises: PeerMisbehaved when a line is longer than the limit; TooSlow.
        """
        try:
            data = await self._stream.read_until(b"\n", limit=self._limit, timeout_s=timeout_s)
        except PeerMisbehaved as error:
            raise PeerMisbehaved(
                f"a line longer than {self._limit} octets", stage="receive", data=error.data
            ) from error
        if not data:
            return None
        for ending in (b"\r\n", b"\n"):
            if data.endswith(ending):
                return Line(data[: -len(ending)], ending)
        return Line(data, b"")
