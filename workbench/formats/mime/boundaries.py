"""Which boundary lines count at a place of a letter, and where the next one is.

Of two open boundaries that a line fits, the outer one counts. A line counts exactly: `--ab` is none of `--a`.
"""

from workbench.formats.mime.defects import Report
from workbench.formats.mime.opened import Opened
from workbench.formats.mime.values import Delimiter, Pausing

MAX_LINE = 4096
"""Octets of a boundary line; RFC 2046 section 5.1.1 allows a boundary of 70."""
SLICE = 2 * 1024 * 1024
"""Octets searched between two pauses: about 2 ms."""
LINES_AT_ONCE = 2000


class Boundaries:
    """The boundaries of the multiparts that are open."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.open: dict[bytes, Opened] = {}
        self._ended: dict[bytes, Opened] = {}
        self._needle = b""

    def add(self, part: Opened, report: Report) -> None:
        """One more is open."""
        if part.boundary in self.open:
            what = "the boundary is that of a multipart around it"
            report("same-boundary", part.start, part.body, what)
            return
        self._needle = b""
        self.open[part.boundary] = part

    def end(self, part: Opened) -> None:
        """The end boundary of this one has come."""
        part.has_ended = True
        del self.open[part.boundary]
        self._ended[part.boundary] = part

    def drop(self, part: Opened) -> None:
        """It is over, ended or not."""
        for known in (self.open, self._ended):
            if known.get(part.boundary) is part:
                del known[part.boundary]
                self._needle = b""

    def after(self, inner: Opened, report: Report) -> Pausing[tuple[Opened, Delimiter] | None]:
        """The next line that counts behind what was read of the innermost part; None where none comes."""
        data, size, least = self._data, len(self._data), inner.reached
        at = least
        is_line_start = at == 0 or data[at - 1] == 10
        crossed = 0
        while self.open or self._ended:
            needle = self._needle = self._needle or _common([*self.open, *self._ended])
            if is_line_start and data.startswith(needle, at):
                start = at
            else:
                found = data.find(b"\n" + needle, max(0, at - 1), min(size, at + SLICE))
                if found < 0 and at + SLICE >= size:
                    return None
                if found < 0:
                    # A boundary may lie across the place where the search stopped.
                    at, is_line_start = at + SLICE - len(needle) - 1, False
                    yield
                    continue
                start = found + 1
            line = data[start : start + MAX_LINE].partition(b"\n")[0]
            content = line[2:].rstrip(b" \t\r")
            stop = min(size, start + len(line) + 1)
            owner, is_end = self._owner(content)
            if owner is not None:
                return owner, Delimiter(_begin(data, start, least), stop, is_end)
            late = self._ended.get(content) or self._ended.get(content.removesuffix(b"--"))
            if late is not None:
                what = f"the boundary of part {late.place + 1} comes again behind its end boundary"
                report("after-the-end", start, stop, what)
            at, is_line_start = stop, data[stop - 1] == 10
            crossed += 1
            if crossed % LINES_AT_ONCE == 0:
                yield
        return None

    def _owner(self, content: bytes) -> tuple[Opened | None, bool]:
        """Whose boundary line this is, and whether it is an end."""
        owner = self.open.get(content)
        if content.endswith(b"--"):
            ends = self.open.get(content[:-2])
            if ends is not None and (owner is None or ends.depth < owner.depth):
                return ends, True
        return owner, False


def _begin(data: bytes, start: int, least: int) -> int:
    """Where a delimiter begins: the line end before it is its own, unless it is that of a header block."""
    at = start
    if at > least and data[at - 1] == 10:
        at -= 1
        if at > least and data[at - 1] == 13:
            at -= 1
    return at


def _common(boundaries: list[bytes]) -> bytes:
    """What all these lines begin with."""
    least, most = min(boundaries), max(boundaries)
    same = 0
    while same < min(len(least), len(most)) and least[same] == most[same]:
        same += 1
    return b"--" + least[:same]
