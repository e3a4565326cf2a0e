"""What is wrong with an HTML source: by the standard's names where it has some, with its place and what came of it.

Two looks: at the tokens (comments, tags, attributes, character references), and at what the tree builder made of them,
as `marks` found it: start tags that made nothing, end tags that closed nothing, elements that nobody closed, what
was moved out of a table.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Final

from workbench.formats.markup.marks import Aligned
from workbench.formats.markup.tokens import (
    ATTRIBUTE,
    BOGUS,
    CDATA,
    COMMENT,
    DOCTYPE,
    END,
    NOTHING,
    RAW,
    START,
    TEXT,
    VOID,
    Tokens,
)
from workbench.formats.markup.values import Kind, Problem, Tree

MAX_PROBLEMS = 1000
"""What a person may read; the rest is counted."""

_MAY_STAY_OPEN: Final = frozenset(
    ("html", "head", "body", "li", "dt", "dd", "p", "rt", "rp", "option")
) | frozenset(("optgroup", "colgroup", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"))
"""Elements whose end tag may be left out (HTML standard, "optional tags"), somewhere at least."""
_REFERENCE: Final = re.compile(r"&(?:#([xX][0-9a-fA-F]*|[0-9]*)(;?)|([A-Za-z][A-Za-z0-9]*)(;?))")
_SIMPLE: Final = re.compile(r"""(?:[\t\n\f\r ]+[A-Za-z0-9_:-]+(?:="[^"<>&]*")?)*[\t\n\f\r ]*""")
_ODD: Final = frozenset("\"'<")


def html_problems(source: str, tree: Tree, aligned: Aligned) -> tuple[Problem, ...]:
    """What is wrong, in the order of the source, at most MAX_PROBLEMS."""
    found: list[Problem] = []
    for each in _all(source, tree, aligned):
        found.append(each)
        if len(found) > 20 * MAX_PROBLEMS:
            break
    found.sort(key=lambda problem: problem.start)
    if len(found) > MAX_PROBLEMS:
        left = len(found) - MAX_PROBLEMS
        last = found[MAX_PROBLEMS]
        found[MAX_PROBLEMS:] = [
            Problem("more", last.start, last.stop, f"{left:,} more problems from here on", "", "note")
        ]
    return tuple(found)


def _all(source: str, tree: Tree, aligned: Aligned) -> Iterator[Problem]:
    yield from _of_tree(source, tree, aligned)
    tokens = aligned.tokens
    for at in range(len(tokens)):
        kind, start, stop = tokens.kind[at], tokens.start[at], tokens.stop[at]
        if kind in (START, END):
            yield from _of_tag(source, tokens, at)
        elif kind == TEXT:
            before = tokens.name[at - 1] if at and tokens.kind[at - 1] == START else ""
            if "\0" in source[start:stop]:
                place = source.index("\0", start)
                yield Problem("unexpected-null-character", place, place + 1, "a NUL in the text", "dropped")
            if before not in RAW or before in ("title", "textarea"):
                yield from _of_references(source, start, stop, False)
                yield from _of_less(source, start, stop)
        elif kind == COMMENT:
            yield from _of_comment(source, start, stop)
        elif kind in (BOGUS, NOTHING, DOCTYPE, CDATA):
            yield from _of_oddity(source, kind, start, stop)


def _of_less(source: str, start: int, stop: int) -> Iterator[Problem]:
    at = source.find("<", start, stop)
    if at >= 0:
        yield Problem(
            "invalid-first-character-of-tag-name",
            at,
            at + 1,
            "a < that begins no tag; as text it is written &lt;",
            "kept as text",
        )


def _of_comment(source: str, start: int, stop: int) -> Iterator[Problem]:
    text = source[start:stop]
    if text in ("<!-->", "<!--->"):
        yield Problem(
            "abrupt-closing-of-empty-comment", start, stop, "a comment closed too early", "an empty comment"
        )
    elif text.endswith("--!>"):
        yield Problem(
            "incorrectly-closed-comment", stop - 4, stop, "a comment closed by --!>", "closed all the same"
        )
    elif not text.endswith("-->"):
        yield Problem(
            "eof-in-comment", start, stop, "a comment that nothing closes", "all to the end is comment"
        )
    elif "<!--" in text[4:-3]:
        at = source.index("<!--", start + 4)
        yield Problem(
            "nested-comment", at, at + 4, "a comment begins inside a comment", "it is part of the first"
        )


def _of_oddity(source: str, kind: int, start: int, stop: int) -> Iterator[Problem]:
    text = source[start:stop]
    if kind == DOCTYPE:
        if text.lower().split() not in (["<!doctype", "html>"], ["<!doctype", "html", ">"]):
            sentence = "a doctype other than <!DOCTYPE html>"
            yield Problem(
                "unusual-doctype", start, stop, sentence, "it may choose an old way of drawing", "note"
            )
    elif kind == NOTHING:
        if text == "</>":
            yield Problem("missing-end-tag-name", start, stop, "an end tag without a name", "dropped")
        else:
            yield Problem("eof-in-tag", start, stop, "the source ends inside a tag", "the tag was dropped")
    elif kind == BOGUS:
        code, sentence = "incorrectly-opened-comment", "<! that opens neither comment nor doctype"
        if text.startswith("</"):
            code, sentence = "invalid-first-character-of-tag-name", "</ without a letter behind it"
        elif text.startswith("<?"):
            code = "unexpected-question-mark-instead-of-tag-name"
            sentence = "<? has no meaning in HTML"
        elif text.startswith("<![CDATA["):
            code, sentence = "cdata-in-html-content", "CDATA is only for SVG and MathML"
        yield Problem(code, start, stop, sentence, "read as a comment")


def _of_tag(source: str, tokens: Tokens, at: int) -> Iterator[Problem]:
    start, stop, name = tokens.start[at], tokens.stop[at], tokens.name[at]
    is_end = tokens.kind[at] == END
    inside = start + 1 + is_end + len(name)
    said = source[inside : stop - 1]
    if not said:
        return
    if is_end:
        if said.strip("\t\n\f\r /"):
            yield Problem(
                "end-tag-with-attributes", start, stop, "an end tag with attributes", "they were dropped"
            )
        return
    if "=" not in said and not said.strip("\t\n\f\r /"):
        return
    if said.endswith("/"):
        # A slash at the end means something in SVG and MathML only; of a void element it is allowed.
        said = said[:-1]
    is_simple = _SIMPLE.fullmatch(said) is not None
    if is_simple and said.count("=") < 2:
        return
    names: set[str] = set()
    before = inside
    for found in ATTRIBUTE.finditer(source, inside, inside + len(said)):
        key = found[1].lower()
        if key in names:
            yield Problem(
                "duplicate-attribute",
                *found.span(),
                f"the attribute {key[:40]} is given twice",
                "the first one counts",
            )
        names.add(key)
        if not is_simple:
            yield from _of_attribute(source, found, before)
        before = found.end()


def _of_attribute(source: str, found: "re.Match[str]", before: int) -> Iterator[Problem]:
    start = found.start()
    if start == before and source[start - 1] in "\"'":
        yield Problem(
            "missing-whitespace-between-attributes",
            start,
            start + 1,
            "no space before an attribute",
            "read all the same",
        )
    if found[1].startswith("="):
        yield Problem(
            "unexpected-equals-sign-before-attribute-name",
            start,
            start + 1,
            "a = before a name",
            "part of the name",
        )
    if _ODD.intersection(found[1]):
        yield Problem(
            "unexpected-character-in-attribute-name",
            start,
            start + len(found[1]),
            "a quote or < in the name of an attribute",
            "part of the name",
        )
    value = next((number for number in (3, 4, 5) if found[number] is not None), 0)
    if found[2] and not value:
        yield Problem(
            "missing-attribute-value", *found.span(), "a = and no value behind it", "the value is empty"
        )
    if value:
        begin, end = found.span(value)
        if value == 5 and set("\"'<=`").intersection(found[5]):
            yield Problem(
                "unexpected-character-in-unquoted-attribute-value",
                begin,
                end,
                "a quote, <, = or ` in a value without quotes",
                "part of the value",
            )
        yield from _of_references(source, begin, end, True)


def _of_references(source: str, start: int, stop: int, in_attribute: bool) -> Iterator[Problem]:
    if source.find("&", start, stop) < 0:
        return
    for found in _REFERENCE.finditer(source, start, stop):
        number, semicolon, name, ended = found.groups()
        place = found.span()
        if number is not None:
            yield from _of_number(number, semicolon, place)
        elif ended:
            if name + ";" not in html5 and not _known_start(name):
                yield Problem(
                    "unknown-named-character-reference",
                    *place,
                    f"&{name[:40]}; names no character",
                    "kept as text",
                )
        elif (known := _known_start(name)) and not (in_attribute and _goes_on(source, found, known)):
            yield Problem(
                "missing-semicolon-after-character-reference",
                place[0],
                place[0] + 1 + len(known),
                f"&{known} without a semicolon",
                f"read as {html5[known]}",
            )


def _of_number(number: str, semicolon: str, place: tuple[int, int]) -> Iterator[Problem]:
    digits = number.lstrip("xX")
    if not digits:
        code = "absence-of-digits-in-numeric-character-reference"
        yield Problem(code, *place, "&# without a number", "kept as text")
        return
    if not semicolon:
        code = "missing-semicolon-after-character-reference"
        yield Problem(code, *place, "a character reference without a semicolon", "read all the same")
    value = int(digits[:9], 16 if digits != number else 10)
    if value == 0 or value > 0x10FFFF or 0xD800 <= value <= 0xDFFF:
        code = {0: "null-character-reference"}.get(value, "character-reference-outside-unicode-range")
        if 0xD800 <= value <= 0xDFFF:
            code = "surrogate-character-reference"
        yield Problem(code, *place, f"there is no character {value:#x}", "read as U+FFFD")
    elif 0x80 <= value <= 0x9F:
        yield Problem(
            "control-character-reference", *place, f"{value:#x} is a control", "read as windows-1252 has it"
        )


def _known_start(name: str) -> str:
    """The longest beginning of a name that needs no semicolon."""
    for size in range(min(len(name), 6), 1, -1):
        if name[:size] in html5:
            return name[:size]
    return ""


def _goes_on(source: str, found: "re.Match[str]", known: str) -> bool:
    """In an attribute a name that goes on, or = behind it, makes it no reference: ?a=1&copy=2 stays as it is."""
    return len(found[3]) > len(known) or source[found.end() : found.end() + 1] == "="


def _of_tree(source: str, tree: Tree, aligned: Aligned) -> Iterator[Problem]:
    tokens, marks, used = aligned.tokens, aligned.marks, aligned.used
    if not any(kind == DOCTYPE for kind in tokens.kind):
        yield Problem(
            "missing-doctype", 0, 0, "there is no <!DOCTYPE html>", "drawn as pages of the nineties were"
        )
    seen: set[int] = set()
    for node in range(1, len(tree)):
        token = aligned.token[node]
        if tree.kind[node] != Kind.ELEMENT or token < 0:
            continue
        name = tree.name_of(node)
        if token in seen:
            continue
        seen.add(token)
        if _was_moved(node, tree, aligned):
            yield Problem(
                "moved-out-of-table",
                tokens.start[token],
                tokens.stop[token],
                f"<{name}> stands where a table has no place for it",
                "moved in front of the table",
            )
        if marks.outer[node] < 0 and name not in VOID:
            yield from _of_open(node, name, source, tree, aligned)
    if not aligned.agrees:
        return
    for at in range(len(tokens)):
        if not used[at] and tokens.kind[at] in (START, END):
            yield from _of_lost(tokens, at)


def _was_moved(node: int, tree: Tree, aligned: Aligned) -> bool:
    """Whether it stands behind the start tag of the table that follows it in the tree."""
    following = tree.end[node]
    if following >= len(tree) or tree.parent[following] != tree.parent[node]:
        return False
    if tree.name_of(following) != "table" or aligned.marks.start[following] < 0:
        return False
    return aligned.marks.start[node] > aligned.marks.start[following]


def _of_open(node: int, name: str, source: str, tree: Tree, aligned: Aligned) -> Iterator[Problem]:
    """What is wrong about an element without an end tag."""
    token = aligned.token[node]
    start, stop = aligned.tokens.start[token], aligned.tokens.stop[token]
    has_slash = source[stop - 2] == "/"
    if has_slash and _is_foreign(node, tree):
        return
    if has_slash:
        yield Problem(
            "non-void-html-element-start-tag-with-trailing-solidus",
            start,
            stop,
            f"<{name}/> closes nothing in HTML",
            "the slash was dropped, and the element is open",
        )
    elif name not in _MAY_STAY_OPEN:
        yield Problem(
            "unclosed-element", start, stop, f"nothing closes <{name}>", "closed where its parent ends"
        )


def _is_foreign(node: int, tree: Tree) -> bool:
    while node > 0:
        if tree.name_of(node) in ("svg", "math"):
            return True
        node = tree.parent[node]
    return False


def _of_lost(tokens: Tokens, at: int) -> Iterator[Problem]:
    start, stop, name = tokens.start[at], tokens.stop[at], tokens.name[at]
    if tokens.kind[at] == END:
        if name not in ("html", "body", "head", "br", "p"):
            yield Problem("unexpected-end-tag", start, stop, f"</{name}> closes nothing", "dropped")
    elif name not in ("html", "body", "head"):
        yield Problem("unexpected-start-tag", start, stop, f"<{name}> may not stand here", "dropped")
