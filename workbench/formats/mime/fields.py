"""The header block of a part: fields with their octets, read line by line (RFC 5322 section 2.2).

A line that is neither field nor continuation ends the block, and the body begins with it: so do the readers that this
letter will meet. Lone CR ends no line here; who takes it for one sees other headers than we do.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from workbench.formats.mime.defects import Report
from workbench.formats.mime.values import Header, Pausing

MAX_FIELDS = 10_000
"""Of one part; a letter that came a long way has a hundred. What follows is body."""
LINES_AT_ONCE = 2000
"""Between two pauses: about 2 ms."""
SHOWN = 40
LF, CR = 10, 13

_FIELD = re.compile(rb"([!-9;-~]*)([ \t]*):")
_FROM = re.compile(rb">?From ")

SINGLE = frozenset(
    {
        *(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "message-id",
            "in-reply-to",
            "references",
            "subject",
        ),
        *("date", "mime-version", "content-type", "content-transfer-encoding", "content-disposition"),
        *("content-id", "content-description"),
    }
)
"""Fields that a letter has at most once (RFC 5322 section 3.6, RFC 2045 section 3)."""


class Block(NamedTuple):
    """A header block: fields, where the body begins, and whether a boundary line cut it short."""

    headers: tuple[Header, ...]
    body: int
    is_cut: bool = False


def read_block(
    data: bytes, start: int, boundaries: Mapping[bytes, object], report: Report, *, is_first: bool = False
) -> Pausing[Block]:
    """Read a header block.

    Args:
        boundaries: of the multiparts that are open; such a line ends the block.
        report: takes defects.
        is_first: it is the letter's own, where a line of an mbox may stand first.
    """
    size = len(data)
    headers: list[Header] = []
    at = start
    lines = 0
    while at < size:
        lines += 1
        if lines % LINES_AT_ONCE == 0:
            yield
        stop = data.find(b"\n", at) + 1 or size
        first = data[at]
        if first == LF or (first == CR and data[at:stop] == b"\r\n"):
            return Block(tuple(headers), stop)
        if boundaries and data.startswith(b"--", at) and _is_boundary(data[at:stop], boundaries):
            report("cut-header", at, at, "a boundary comes before the header block has ended")
            return Block(tuple(headers), at, True)
        if first in b" \t":
            _continue(headers, at, stop, report)
        elif (found := _FIELD.match(data, at, stop)) is not None:
            if len(headers) >= MAX_FIELDS:
                report("too-many-fields", at, at, f"there are more than {MAX_FIELDS:,} header fields")
                return Block(tuple(headers), at)
            headers.append(_field(found, stop, report))
        elif is_first and not headers and _FROM.match(data, at):
            report("mbox-line", at, stop, "a line of an mbox file stands before the headers")
        else:
            report("no-separator", at, at, "a line is no header field, and no empty line came before it")
            return Block(tuple(headers), at)
        at = stop
    return Block(tuple(headers), size)


def _is_boundary(line: bytes, boundaries: Mapping[bytes, object]) -> bool:
    content = line[2:].rstrip(b" \t\r\n")
    return content in boundaries or (content.endswith(b"--") and content[:-2] in boundaries)


def _continue(headers: list[Header], at: int, stop: int, report: Report) -> None:
    if headers and headers[-1].stop == at:
        headers[-1] = headers[-1]._replace(stop=stop)
    else:
        report("stray-continuation", at, stop, "a continuation line continues nothing")


def _field(found: re.Match[bytes], stop: int, report: Report) -> Header:
    name = found[1].decode("ascii")
    if not name:
        report("empty-name", found.start(), found.end(), "a header field has no name")
    if found[2]:
        what = f"white space stands before the colon of {name[:SHOWN]}"
        report("space-before-colon", found.start(2), found.end(2), what)
    return Header(name, found.start(), found.end(), stop)


def unfold(raw: bytes) -> str:
    """A field's octets as one line: line ends before white space taken out, the space around it too.

    Octets beyond ASCII are UTF-8 (RFC 6532); what is none stays as surrogates, which `hidden` shows.
    """
    text = raw.decode("utf-8", "surrogateescape")
    if "\n" in text:
        text = text.replace("\r\n", "\n").replace("\n", "")
    return text.strip(" \t\r")


def hidden(text: str) -> str:
    """The same with octets that are no UTF-8 as U+FFFD: no surrogate may leave for a screen or a file."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
