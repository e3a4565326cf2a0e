"""Octets to the lines of the control protocol, each bounded before it is read."""

from workbench.errors import PeerMisbehaved


class LineSplitter:
    """Octets, cut anywhere, to lines without their LF; an empty line is skipped.

    Args:
        limit: the longest line in octets.
        speaker: whom to blame, "the Lab".
    """

    def __init__(self, limit: int, speaker: str) -> None:
        self._limit = limit
        self._speaker = speaker
        self._rest = bytearray()

    @property
    def pending(self) -> int:
        """Octets of a line whose end has not come."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes, in order.

        Raises: PeerMisbehaved once a line is longer than the limit; nothing more can be read then.
        """
        if b"\n" not in data:
            self._rest += data
            self._check(len(self._rest))
            return []
        lines = (bytes(self._rest) + data).split(b"\n")
        self._rest = bytearray(lines.pop())
        for line in (*lines, self._rest):
            self._check(len(line))
        return [line for line in lines if line]

    def _check(self, size: int) -> None:
        if size > self._limit:
            head = bytes(self._rest[:64])
            self._rest.clear()
            raise PeerMisbehaved(
                f"{self._speaker} sent a line of more than {self._limit:,} octets", stage="lab", data=head
            )
