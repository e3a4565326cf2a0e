"""A part while it is read: what its headers say of it, and whether other parts stand in it."""

from workbench.formats.mime.defects import Report
from workbench.formats.mime.fields import SINGLE, Block, hidden, unfold
from workbench.formats.mime.parameters import media_type_of, read_value
from workbench.formats.mime.values import Delimiter, Header, Part
from workbench.formats.mime.words import plain

MAX_DEPTH = 1000
"""Levels; a forwarded letter has five. Deeper ones are shown as they are, undivided."""
MAX_VALUE = 65_536
"""Octets of a Content-* field that are read; more than any reader takes."""
MAX_BOUNDARY = 70
"""Characters, RFC 2046 section 5.1.1."""
SHOWN = 40
IDENTITY = frozenset({"", "7bit", "8bit", "binary"})


class Opened:
    """A part on the way from the letter to what is read now.

    Attributes: as values.Part; has_ended: its end boundary has come.
    """

    __slots__ = (
        *("body", "boundary", "children", "content_id", "default", "delimiters", "depth", "disposition"),
        *("encoding", "filename", "has_ended", "headers", "place", "is_declared", "media_type", "parameters"),
        *("parent", "section", "start", "stop"),
    )

    def __init__(self, place: int, parent: "Opened | None", start: int, default: str) -> None:
        self.place = place
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.start = self.body = start
        self.stop = -1
        self.headers: tuple[Header, ...] = ()
        self.media_type = self.default = default
        self.parameters: tuple[tuple[str, str], ...] = ()
        self.is_declared = False
        self.encoding = self.disposition = self.filename = self.content_id = self.section = ""
        self.children: list[int] = []
        self.boundary = b""
        self.delimiters: list[Delimiter] = []
        self.has_ended = False

    @property
    def reached(self) -> int:
        """Behind what was read of it."""
        return max(self.body, self.delimiters[-1].stop) if self.delimiters else self.body

    def describe(self, data: bytes, block: Block, report: Report) -> None:
        """Take over what a header block says."""
        self.headers, self.body = block.headers, block.body
        seen: set[str] = set()
        for header in block.headers:
            key = header.key
            if key not in SINGLE:
                continue
            if key in seen:
                report("repeated-field", header.start, header.stop, f"{header.name} is there again")
                continue
            seen.add(key)
            if key.startswith("content-"):
                self._read_content(key, header, value_of(data, header), report)
        if not self.filename:
            self.filename = hidden(
                plain(next((value for key, value in self.parameters if key == "name"), ""))
            )
        self.section = self._section()

    def _read_content(self, key: str, header: Header, value: str, report: Report) -> None:
        if key == "content-type":
            self._read_type(header, value, report)
        elif key == "content-transfer-encoding":
            self.encoding = hidden(value.partition("(")[0].strip().lower())
        elif key == "content-disposition":
            read = read_value(value)
            for fault in read.faults:
                report("parameter", header.start, header.stop, f"{header.name}: {hidden(fault)}")
            self.disposition, self.filename = hidden(read.value), hidden(read.get("filename"))
        elif key == "content-id":
            self.content_id = hidden(value.removeprefix("<").removesuffix(">"))

    def _read_type(self, header: Header, text: str, report: Report) -> None:
        value = read_value(text)
        for fault in value.faults:
            report("parameter", header.start, header.stop, f"{header.name}: {hidden(fault)}")
        self.parameters = value.parameters
        if media_type := media_type_of(value):
            self.media_type, self.is_declared = media_type, True
            return
        said = hidden(value.value[:SHOWN])
        self.media_type = self.default if said in ("", "text") else "application/octet-stream"
        what = f"“{said}” is no media type; {self.media_type} is"
        report("media-type", header.start, header.stop, what)

    def _section(self) -> str:
        """As IMAP numbers parts (RFC 3501 section 6.4.5): a multipart that is all of a letter has the letter's."""
        is_multipart = self.media_type.startswith("multipart/")
        if self.parent is None:
            return "" if is_multipart else "1"
        above = self.parent.section
        if self.parent.media_type.startswith("multipart/"):
            number = str(len(self.parent.children))
            return f"{above}.{number}" if above else number
        return above if is_multipart else f"{above}.1"

    def takes_boundary(self, report: Report) -> bool:
        """Whether the multipart has a boundary to divide it, which it then holds."""
        if self.depth >= MAX_DEPTH:
            report("too-deep", self.start, self.body, f"parts are nested more than {MAX_DEPTH:,} levels deep")
            return False
        if self.encoding not in IDENTITY:
            what = f"a multipart is in {self.encoding[:SHOWN]}, which only its parts may be"
            report("encoded-multipart", self.start, self.body, what)
        named = next((value for key, value in self.parameters if key == "boundary"), "")
        # A value may hold any character that a charset's name made of it; on the wire none of those was meant.
        self.boundary = named.rstrip().encode("utf-8", "surrogateescape" if _is_octets(named) else "replace")
        if not self.boundary:
            report("no-boundary", self.start, self.body, "a multipart names no boundary")
        elif len(self.boundary) > MAX_BOUNDARY:
            what = f"the boundary has {len(self.boundary):,} octets, more than {MAX_BOUNDARY}"
            report("long-boundary", self.start, self.body, what)
        return bool(self.boundary)

    def holds_letter(self, size: int, report: Report, *, is_cut: bool) -> bool:
        """Whether a letter begins at the part's body. size: of all octets."""
        if self.media_type not in ("message/rfc822", "message/global") or is_cut or self.body >= size:
            return False
        if self.encoding not in IDENTITY:
            what = f"a letter within the letter is in {self.encoding[:SHOWN]}, which it must not be"
            report("encoded-message", self.start, self.body, what)
            return False
        if self.depth >= MAX_DEPTH:
            report(
                "too-deep", self.start, self.body, f"letters are nested more than {MAX_DEPTH:,} levels deep"
            )
            return False
        return True

    def part(self) -> Part:
        """As it stays."""
        return Part(
            self.place,
            self.parent.place if self.parent is not None else None,
            self.depth,
            self.section,
            self.start,
            self.body,
            self.stop,
            self.headers,
            self.media_type,
            self.parameters,
            self.is_declared,
            self.encoding,
            self.disposition,
            self.filename,
            self.content_id,
            tuple(self.children),
            self.boundary,
            tuple(self.delimiters),
        )


def value_of(data: bytes, header: Header) -> str:
    """A field's value as one line, bounded."""
    return unfold(data[header.value : min(header.stop, header.value + MAX_VALUE)])


def _is_octets(text: str) -> bool:
    """Whether its surrogates, if any, stand for octets."""
    return not any("\ud800" <= each <= "\udfff" and not "\udc80" <= each <= "\udcff" for each in text)
