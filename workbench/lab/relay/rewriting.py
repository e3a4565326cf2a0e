"""Words put in the place of others while a stream passes, wherever the octets are cut: octets in, octets out, no time.

What may be the beginning of the words that are looked for is held back until more comes, or until nothing does for a
moment: who asks and waits for the answer must get what was meant for it.
"""

from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.payload import parse_payload

ARROW: Final = "=>"
HELD_S: Final = 0.05
"""So long a beginning is held back while nothing more comes: two segments of one message are not so far apart."""


class Rewriting(NamedTuple):
    """Which octets give way to which."""

    wanted: bytes
    put: bytes


def read_rewriting(text: str) -> Rewriting | None:
    """FROM=>TO, each with the escapes of a payload (\\r \\n \\x00 ...); "" is none, and TO may be nothing.

    Raises: LocalMisuse with the place of the mistake.
    """
    if not text:
        return None
    before, arrow, behind = text.partition(ARROW)
    if not arrow:
        raise LocalMisuse(
            "it is not said what is put in its place",
            text=text,
            start=len(text),
            end=len(text),
            stage="lab",
            advice="write FROM=>TO, such as 'Host: a=>Host: b'; \\x3d is an equals sign of FROM's own",
        )
    wanted = _octets(text, before, 0)
    if not wanted:
        raise LocalMisuse("nothing is looked for", text=text, start=0, end=0, stage="lab")
    return Rewriting(wanted, _octets(text, behind, len(before) + len(arrow)))


def _octets(text: str, part: str, start: int) -> bytes:
    try:
        return parse_payload(part)
    except LocalMisuse as mistake:
        at, end = mistake.start or 0, mistake.end or 0
        raise LocalMisuse(
            mistake.what, text=text, start=start + at, end=start + end, stage="lab", advice=mistake.advice
        ) from mistake


class Rewriter:
    """One direction's. held: what is kept back, a beginning of the words."""

    def __init__(self, rewriting: Rewriting) -> None:
        self.held = b""
        self._wanted, self._put = rewriting

    def feed(self, data: bytes) -> tuple[bytes, int | None, int]:
        """Take what came.

        Returns: what goes on; the place in it of the first words that were put; how often they were put.
        """
        data = self.held + data
        parts, at, times = [], 0, 0
        first: int | None = None
        while (place := data.find(self._wanted, at)) >= 0:
            first = place if first is None else first
            parts += [data[at:place], self._put]
            at = place + len(self._wanted)
            times += 1
        end = len(data) - self._beginning(data, at)
        self.held = data[end:]
        return b"".join((*parts, data[at:end])), first, times

    def flush(self) -> bytes:
        """What was held back goes on as it is."""
        held, self.held = self.held, b""
        return held

    def _beginning(self, data: bytes, start: int) -> int:
        """How many octets at the end of what came from `start` on may be the words' beginning."""
        longest = min(len(self._wanted) - 1, len(data) - start)
        return next((n for n in range(longest, 0, -1) if data.endswith(self._wanted[:n])), 0)
