"""Octets to a letter's tree, in one pass over its boundary lines.

Strategy. Only lines that begin with what all open boundaries have in common are looked at, so a large attachment is
crossed at the speed of a search. A boundary of an outer multipart ends all within, ended or not: so a letter that was
cut inside a part is still read. Lines end by CRLF or LF.
"""

from collections.abc import Mapping

from workbench.formats.mime.boundaries import Boundaries
from workbench.formats.mime.defects import Found
from workbench.formats.mime.fields import read_block
from workbench.formats.mime.opened import Opened, value_of
from workbench.formats.mime.scan import line_ends, look_over
from workbench.formats.mime.values import Letter, Pausing, through

MAX_PARTS = 10_000
"""Parts of a letter; a digest of a busy list has a hundred. What follows belongs to the last one."""
PARTS_AT_ONCE = 40
"""Between two pauses: about 2 ms."""


def parse(data: bytes) -> Letter:
    """The letter that these octets are. Never raises for what they are."""
    return through(parsing(data))


def parsing(data: bytes) -> Pausing[Letter]:
    """parse() with pauses."""
    return (yield from _Parsing(data).run())


class _Parsing:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._parts: list[Opened] = []
        self._way: list[Opened] = []
        """From the letter to the part that is read now."""
        self._boundaries = Boundaries(data)
        self._found = Found()

    def run(self) -> Pausing[Letter]:
        data, report = self._data, self._found.report
        yield from self._begin(0, "text/plain")
        while (found := (yield from self._boundaries.after(self._way[-1], report))) is not None:
            owner, delimiter = found
            if not delimiter.is_end and len(self._parts) >= MAX_PARTS:
                report(
                    "too-many-parts", delimiter.stop, len(data), f"there are more than {MAX_PARTS:,} parts"
                )
                break
            self._close_below(owner, delimiter.start)
            owner.delimiters.append(delimiter)
            if delimiter.is_end:
                self._boundaries.end(owner)
                continue
            if len(self._parts) % PARTS_AT_ONCE == 0:
                yield
            is_digest = owner.media_type == "multipart/digest"
            yield from self._begin(delimiter.stop, "message/rfc822" if is_digest else "text/plain", owner)
        self._close_below(None, len(data))
        self._found.part = 0
        yield from look_over(data, self._parts[0].body, report)
        ending = yield from line_ends(data, report)
        parts = tuple(each.part() for each in self._parts)
        return Letter(data, parts, self._found.in_order(), self._found.count, ending)

    def _begin(self, at: int, default: str, parent: Opened | None = None) -> Pausing[None]:
        """Open a part, and the letters within it that begin where its body does."""
        report = self._found.report
        while True:
            part = Opened(len(self._parts), parent, at, default)
            self._parts.append(part)
            self._way.append(part)
            if parent is not None:
                parent.children.append(part.place)
            self._found.part = part.place
            block = yield from read_block(
                self._data, at, self._boundaries.open, report, is_first=parent is None
            )
            part.describe(self._data, block, report)
            if part.media_type.startswith("multipart/"):
                if part.takes_boundary(report):
                    self._boundaries.add(part, report)
                return
            if not part.holds_letter(len(self._data), report, is_cut=block.is_cut):
                return
            parent, at, default = part, part.body, "text/plain"

    def _close_below(self, owner: Opened | None, stop: int) -> None:
        """Close all parts within `owner`; None closes the letter."""
        while self._way and self._way[-1] is not owner:
            part = self._way.pop()
            part.stop = max(stop, part.body)
            if not part.boundary:
                continue
            self._boundaries.drop(part)
            self._found.part = part.place
            if part.delimiters and not part.has_ended:
                self._found.report(
                    "no-end-boundary", stop, stop, "the end boundary of a multipart is missing"
                )
            elif not part.delimiters:
                what = "the boundary that is named never comes"
                self._found.report("no-start-boundary", part.body, part.body, what)


def headers_of(data: bytes) -> Mapping[str, str]:
    """A letter's own header fields for a list of letters: the first of each name in lower case, unfolded."""
    block = through(read_block(data, 0, {}, Found().report, is_first=True))
    found: dict[str, str] = {}
    for header in block.headers:
        if header.key not in found:
            found[header.key] = value_of(data, header)
    return found
