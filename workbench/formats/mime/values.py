"""What a letter is made of: parts, headers, boundaries, defects, each with its octets."""

from collections.abc import Generator
from typing import NamedTuple, TypeVar

T = TypeVar("T")

Pausing = Generator[None, None, T]
"""Work that pauses every few milliseconds and returns its result at the end."""

MAX_DEFECTS = 1000
"""Of one letter that are kept; the others are counted. Who makes a million mistakes is not helped by a list."""


def through(work: "Pausing[T]") -> T:
    """Do pausing work to its end without a pause."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: T = done.value
            return result


class Defect(NamedTuple):
    """Something that is not as it should be, and what was done about it.

    code: "missing-end-boundary". start, stop: octets of the letter, half open. part: place of the part it is in.
    what: one sentence. done: how it was read all the same. source: the document that decides.
    """

    code: str
    start: int
    stop: int
    what: str
    done: str
    source: str = ""
    part: int = 0

    def as_dict(self) -> dict[str, object]:
        """As JSON shows it."""
        return {
            "code": self.code,
            "part": self.part + 1,
            "octets": {"start": self.start, "stop": self.stop},
            "what": self.what,
            "done": self.done,
            **({"source": self.source} if self.source else {}),
        }


class Header(NamedTuple):
    """One header field. name: as it is written. start: of the name; value: behind the colon; stop: behind the last line
    end of the field, so that all fields of a part stand one behind the other.
    """

    name: str
    start: int
    value: int
    stop: int

    @property
    def key(self) -> str:
        """The name as one compares it."""
        return self.name.lower()


class Delimiter(NamedTuple):
    """A boundary line with the line end before it, which belongs to it (RFC 2046 section 5.1.1)."""

    start: int
    stop: int
    is_end: bool


class Part(NamedTuple):
    """One part of the tree, the letter itself being the first.

    place: in the letter's list. parent: its place, None of the letter. section: as IMAP numbers it ("1.2"); "" for
    the letter when it is a multipart. start, body, stop: its headers are [start, body), its body is [body, stop).
    media_type: in lower case, the default where none can be read; parameters in lower case too, values as decoded.
    is_declared: whether a Content-Type says so. encoding: of the transfer, in lower case. disposition: in lower case,
    or "". filename: as somebody else chose it; for a name here see names.safe_name. charset: "" where none is named.
    children: places. boundary: of a multipart. delimiters: its boundary lines, in order.
    """

    place: int
    parent: int | None
    depth: int
    section: str
    start: int
    body: int
    stop: int
    headers: tuple[Header, ...]
    media_type: str
    parameters: tuple[tuple[str, str], ...]
    is_declared: bool
    encoding: str
    disposition: str
    filename: str
    content_id: str
    children: tuple[int, ...]
    boundary: bytes
    delimiters: tuple[Delimiter, ...]

    @property
    def is_multipart(self) -> bool:
        """Whether it says to consist of parts; one whose boundary never comes has none all the same."""
        return self.media_type.startswith("multipart/")

    @property
    def is_message(self) -> bool:
        """Whether it is a letter within the letter."""
        return self.media_type in ("message/rfc822", "message/global")

    @property
    def is_leaf(self) -> bool:
        """Whether it has content of its own to decode."""
        return not self.children

    @property
    def is_text(self) -> bool:
        """Whether its content is characters."""
        return self.media_type.startswith("text/")

    @property
    def charset(self) -> str:
        """The charset that is named."""
        return self.parameter("charset")

    @property
    def size(self) -> int:
        """Octets of the body as they travel."""
        return self.stop - self.body

    def parameter(self, name: str) -> str:
        """A parameter of the Content-Type; "" where there is none."""
        return next((value for key, value in self.parameters if key == name), "")


class Letter(NamedTuple):
    """A letter that was read.

    parts: in the order of the octets, the letter itself first. defects: in the order of their places, at most
    MAX_DEFECTS; defect_count: how many there were. line_ending: of most lines: "crlf", "lf", or "" without any.
    """

    data: bytes
    parts: tuple[Part, ...]
    defects: tuple[Defect, ...]
    defect_count: int
    line_ending: str

    @property
    def root(self) -> Part:
        """The letter itself."""
        return self.parts[0]

    def raw(self, header: Header) -> bytes:
        """The octets behind the colon, without the last line end."""
        return self.data[header.value : header.stop].rstrip(b"\r\n")

    def find(self, part: Part, name: str) -> Header | None:
        """The first header of this name."""
        wanted = name.lower()
        return next((header for header in part.headers if header.key == wanted), None)

    def body(self, part: Part) -> bytes:
        """The body as it travels."""
        return self.data[part.body : part.stop]

    def preamble(self, part: Part) -> tuple[int, int]:
        """Where the text before a multipart's first boundary stands; all of its body where none ever comes."""
        return part.body, part.delimiters[0].start if part.delimiters else part.stop

    def epilogue(self, part: Part) -> tuple[int, int]:
        """Where the text behind a multipart's end boundary stands; empty at its end where there is none."""
        ends = [each.stop for each in part.delimiters if each.is_end]
        return (ends[-1] if ends else part.stop), part.stop
