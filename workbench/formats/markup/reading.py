"""The door: octets to a Page, and its places. All of it computes; the window has it done by a worker."""

import re
from typing import Final, NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.formats.markup.encoding import encoding_of, encoding_problems, text_of
from workbench.formats.markup.html import HtmlTree
from workbench.formats.markup.lines import Lines
from workbench.formats.markup.marks import Aligned, align
from workbench.formats.markup.problems import html_problems
from workbench.formats.markup.tokens import VOID
from workbench.formats.markup.values import Kind, Marks, Page, Problem
from workbench.formats.markup.xml import XmlDocument, read_xml

MAX_OCTETS = 64 * 1024 * 1024
"""Ours; what is larger is no page that a person looks at."""
MAX_HTML_DEPTH = 5_000
"""Elements inside elements. Browsers stop at 512; the standard's own steps take time by the square of it."""
FIRST_OCTETS = 32_768
"""So much of a page is given its places before the rest."""
_NAMES: Final = re.compile(r"<(/?)([A-Za-z][^\t\n\f\r />]*)")
_XML_TYPES: Final = re.compile(r"^\s*(?:application|text|image)/(?:[^\s;]*\+)?xml\b", re.IGNORECASE)
_HTML_TYPES: Final = re.compile(r"^\s*text/html\b", re.IGNORECASE)
_LEFT_OPEN: Final = VOID | frozenset(["li", "dt", "dd", "p", "option", "tbody", "tr", "td", "th"])


class Reading:
    """One document, read: the page, and what is needed to search it again.

    Args:
        kind: "html", "xml" or "" to decide by what HTTP and the octets say.
        media_type: as HTTP gave it.
        encoding: what a person chose; "" to decide by what the document says.

    Attributes:
        html, xml: the libraries' trees; the other one is None.

    Raises: PeerMisbehaved: the document is made to harm, or is none: compressed, larger than MAX_OCTETS.
    """

    def __init__(self, data: bytes, kind: str = "", media_type: str = "", encoding: str = "") -> None:
        _check_octets(data)
        self.kind, why = kind_of(data, kind, media_type)
        text, found = text_of(data, encoding_of(data, self.kind, media_type, encoding))
        self.lines = Lines(text, found.name, found.mark, found.wrong)
        self.html: HtmlTree | None = None
        self.xml: XmlDocument | None = None
        self._aligned: Aligned | None = None
        problems = encoding_problems(found)
        if self.kind == "xml":
            self.xml = document = read_xml(text, self.lines)
            self.page = Page(
                "xml",
                why,
                text,
                found,
                document.tree,
                (*problems, *document.problems),
                document.namespaces,
                document.standing,
            )
        else:
            check_depth(text, self.lines)
            self.html = HtmlTree(text)
            self.page = Page("html", why, text, found, self.html.tree, tuple(problems))

    def first_marks(self) -> Marks:
        """The places of the first nodes, at once: from the first FIRST_OCTETS alone; all of a small page."""
        if self.xml is not None:
            return self.xml.marks
        text, tree = self.page.text, self.page.tree
        if len(text) <= FIRST_OCTETS:
            return self._align().marks
        head = text[:FIRST_OCTETS]
        known = HtmlTree(head).tree
        # The last nodes of the part may be others when all is there.
        return align(head, tree, known=max(0, len(known) - 50)).marks

    def marked(self) -> tuple[Marks, tuple[Problem, ...]]:
        """The places of all nodes, and all that is wrong."""
        if self.xml is not None:
            return self.xml.marks, self.page.problems
        aligned = self._align()
        found = html_problems(self.page.text, self.page.tree, aligned)
        return aligned.marks, (*self.page.problems, *found)

    def _align(self) -> Aligned:
        if self._aligned is None:
            self._aligned = align(self.page.text, self.page.tree)
        return self._aligned


class Place(NamedTuple):
    """Where a node stands, in words and numbers. is_there: False for one that the parser put there."""

    is_there: bool
    text: str


def _check_octets(data: bytes) -> None:
    if len(data) > MAX_OCTETS:
        raise PeerMisbehaved(
            f"the document has {len(data):,} octets; {MAX_OCTETS:,} are read at most",
            stage="open",
            advice="look at a part of it: save it, and cut it",
        )
    for sign, name in (
        (b"\x1f\x8b", "gzip"),
        (b"PK\x03\x04", "ZIP"),
        (b"BZh", "bzip2"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
    ):
        if data.startswith(sign):
            raise PeerMisbehaved(
                f"this is no markup: it is compressed by {name} (octets 0 to {len(sign) - 1}: {sign.hex(' ')})",
                stage="open",
                data=data,
                advice="unpack it first; nothing is unpacked unasked, for a small file may become a huge one",
            )


def kind_of(data: bytes, kind: str = "", media_type: str = "") -> tuple[str, str]:
    """Whether it is read as "html" or "xml", and why."""
    if kind:
        return kind, "it was asked for"
    if _XML_TYPES.match(media_type):
        return "xml", f"HTTP says {media_type.split(';')[0].strip()}"
    if _HTML_TYPES.match(media_type):
        return "html", "HTTP says text/html"
    start = data[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<?xml"):
        return "xml", "it begins with an XML declaration"
    lowered = start.lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")):
        if b"xmlns=" in lowered and b"xhtml" in lowered and b"<?xml" in lowered:
            return "xml", "it declares XHTML"
        return "html", "it begins like HTML"
    typed = re.match(rb"<!doctype\s+([^\s>\[]+)", lowered)
    if typed:
        return "xml", f"its document type is {typed[1].decode('ascii', 'replace')}, which is not HTML's"
    found = re.match(rb"<([A-Za-z_][\w.:-]*)", start)
    if found and (found[1].lower() not in _HTML_NAMES or b"xmlns" in start.split(b">")[0]):
        return "xml", f"its first element, {found[1].decode('ascii', 'replace')}, is none of HTML"
    return "html", "nobody says what it is"


_HTML_NAMES: Final = frozenset(
    b"a abbr address article aside b base blockquote body br button canvas caption center cite code dd div dl dt em "
    b"fieldset figure font footer form frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input label li link "
    b"main map meta nav noscript ol option p pre q s script section select small span strong style sub sup svg table "
    b"tbody td template textarea th thead title tr tt u ul var video".split()
)


def check_depth(text: str, lines: Lines) -> None:
    """Look how deep elements are nested before the parser does, whose steps grow by the square of it.

    Raises: PeerMisbehaved with the place.
    """
    if not _may_be_deep(text):
        return
    open_: list[str] = []
    for found in _NAMES.finditer(text):
        name = found[2].lower()
        if name in _LEFT_OPEN:
            continue
        if not found[1]:
            open_.append(name)
            if len(open_) > MAX_HTML_DEPTH:
                place = lines.place(found.start())
                raise PeerMisbehaved(
                    f"elements are nested more than {MAX_HTML_DEPTH:,} deep (line {place.line}, column {place.column})",
                    stage="parse",
                    advice="no page that people write is so deep; it is made to exhaust a reader",
                )
        elif open_ and open_[-1] == name:
            open_.pop()
        elif name in open_[-_NEAR:]:
            while open_.pop() != name:
                pass


_NEAR: Final = 500
"""So far back an end tag looks for its element; further back would take time by the square."""
_SLICE: Final = 16_384


_LOOSE: Final = tuple(
    f"<{name}{end}"
    for name in ("td", "tr", "li", "p", "br", "th", "dd", "dt", "option", "img", "input", "hr")
    for end in (">", " ")
)
"""How tags mostly begin that need no end tag."""


def _may_be_deep(text: str) -> bool:
    """Whether more tags may be open at once than are allowed, by counting alone."""
    depth = 0
    for at in range(0, len(text), _SLICE):
        stop = at + _SLICE
        signs = text.count("<", at, stop)
        if depth + signs > MAX_HTML_DEPTH:
            signs -= sum(text.count(tag, at, stop) for tag in _LOOSE)
            if depth + signs > MAX_HTML_DEPTH:
                return True
        closed = text.count("</", at, stop)
        depth = max(0, depth + signs - 2 * closed)
    return False


def words_of_place(marks: Marks, node: int, lines: Lines, kind: int) -> Place:
    """The place of a node for people."""
    start = marks.start[node] if node < len(marks.start) else -2
    if start >= 0:
        place = lines.place(start)
        return Place(True, f"line {place.line}, column {place.column}")
    if start == -1:
        what = "the parser put it there" if kind == Kind.ELEMENT else "it has no place of its own"
        return Place(False, f"not in the source: {what}")
    return Place(False, "its place is not known yet")
