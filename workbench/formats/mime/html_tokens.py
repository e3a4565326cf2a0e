"""HTML of letters to tokens, in one pass and in time that grows with the text alone.

Tags, attributes, comments and raw text are cut as the HTML standard's tokenizer cuts them, so that nothing hides from
us that a browser would see. No tree is built: one that is nested deeply takes quadratic time in parsers that do.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>][^\s>]*|(?=>)))?")
_OPEN_QUOTE = re.compile(r"[\s/]*[^\s/>][^\s/>=]*\s*=\s*[\"']")
_SPACE = re.compile(r"[\s/]*")
_RAW = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"}
)
"""Elements whose content is no markup."""
_NONE: Mapping[str, str] = {}
MAX_ATTRIBUTES = 5000
"""Of one tag; the rest of the page is left out then: a tag that long is an attack on time."""
MAX_TEXT = 16_384
"""Characters of one text token; longer ones come in pieces."""


class Token(NamedTuple):
    """One token. kind: "text", "start", "end", "comment" or "raw" (what stood in an element of raw text, whose name it
    has). attributes: names in lower case, entities decoded, the first of each name.
    """

    kind: str
    text: str
    attributes: Mapping[str, str]


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a page, in order; whatever it is, they end."""
    at, size = 0, len(source)
    while at < size:
        start = source.find("<", at)
        if start < 0:
            start = size
        # In pieces, so that whoever takes the tokens can pause.
        while at < start:
            stop = min(start, at + MAX_TEXT)
            if stop < start and (amp := source.rfind("&", stop - 40, stop)) > at:
                stop = amp
            yield Token("text", html.unescape(source[at:stop]), _NONE)
            at = stop
        if at >= size:
            return
        found = _TAG.match(source, at)
        if found is None:
            at, token = _no_tag(source, at)
            yield token
            continue
        name = found[2].lower()
        at, attributes = _attributes(source, found.end())
        if at < 0:
            return
        if found[1]:
            yield Token("end", name, _NONE)
            continue
        yield Token("start", name, attributes)
        if name in _RAW:
            close = _closing(source, name, at)
            yield Token("raw", name, {"": source[at:close]})
            at = close


def _no_tag(source: str, at: int) -> tuple[int, Token]:
    """A comment, a declaration, or a `<` that is only a sign."""
    if source.startswith("<!--", at):
        end = source.find("-->", at + 2)
        stop = len(source) if end < 0 else max(end + 3, at + 4)
        return stop, Token("comment", source[at + 4 : end if end >= 0 else stop], _NONE)
    if source[at + 1 : at + 2] in ("!", "?", "/"):
        end = source.find(">", at)
        stop = len(source) if end < 0 else end + 1
        return stop, Token("comment", source[at + 2 : stop], _NONE)
    return at + 1, Token("text", "<", _NONE)


def _attributes(source: str, at: int) -> tuple[int, dict[str, str]]:
    """Behind the tag's end, with its attributes; -1 where it never ends, and nothing more is there then."""
    found: dict[str, str] = {}
    count, size = 0, len(source)
    while at < size:
        space = _SPACE.match(source, at)
        if space is not None:
            at = space.end()
        if at >= size:
            return -1, found
        if source[at] == ">":
            return at + 1, found
        attribute = _ATTRIBUTE.match(source, at)
        if attribute is None:
            return -1, found
        if attribute[2] is None and _OPEN_QUOTE.match(source, at):
            # A quotation mark that is never closed takes everything.
            return -1, found
        value = attribute[2] or ""
        if value[:1] in ('"', "'"):
            value = value[1:-1]
        name = attribute[1].lower()
        count += 1
        if count > MAX_ATTRIBUTES:
            return -1, found
        if name not in found:
            found[name] = html.unescape(value)
        at = attribute.end()
    return -1, found


def _closing(source: str, name: str, at: int) -> int:
    """Where the end tag of an element of raw text begins; the end where there is none."""
    if name == "plaintext":
        return len(source)
    place = at
    while (place := source.find("</", place)) >= 0:
        if source[place + 2 : place + 2 + len(name)].lower() == name:
            return place
        place += 2
    return len(source)
