"""Where each node of an HTML tree stands in the source, though the tree builder keeps no places.

The builder is asked twice. The second time it reads the same tokens with a number in place of what they say: every
start tag gets an attribute with its number, every comment becomes its number, and of every text the characters become
its number, written in white space where it was white space. What the builder decides by (names, kinds, order, white
space or not) is the same, so it makes the same tree, and each node of it says which tokens it was made from. A node
without a number stands in no source: the builder put it there. The two trees are compared on the way; where they
differ (the standard counts equal formatting elements, and with numbers none is equal) the places are UNKNOWN.
"""

import re
from array import array
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from workbench.formats.markup.html import HtmlTree
from workbench.formats.markup.tokens import (
    BOGUS,
    CDATA,
    COMMENT,
    DOCTYPE,
    END,
    INSTRUCTION,
    START,
    TEXT,
    VOID,
    Tokens,
    tokens_of,
)
from workbench.formats.markup.values import NOWHERE, UNKNOWN, Kind, Marks, Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPACE: Final = " \t\n\f\r"
_BLANKS: Final = " \t\n"
"""Three digits of white space; a form feed stands before a number written in them."""
_FIGURES: Final = str.maketrans(_BLANKS, "012")
_TWO, _THREE = "\ue000", "\ue001"  # before and behind a number in figures, in text; of private use
_CODE: Final = re.compile(rf"{_TWO}(\d+){_THREE}|\f([ \t\n]+)")
_NUMBER: Final = re.compile(r"(\d+)(?:\?|\Z)")
_LEAVES_LINE: Final = frozenset(("pre", "listing", "textarea"))
"""Behind these start tags the first line end is no text."""
NO_TOKEN = -1


class Aligned(NamedTuple):
    """The places, and what the list of problems needs to know of the way there.

    token: for each node the token that it begins with, or NO_TOKEN. closed: for each token whether a node ends with it
    or was made of it. agrees: whether both trees are the same throughout.
    """

    marks: Marks
    tokens: Tokens
    token: "array[int]"
    used: bytearray
    agrees: bool


def align(source: str, tree: Tree, *, known: int | None = None) -> Aligned:
    """The places of the nodes of an HTML tree.

    Args:
        source: the text that the tree was made from; may be only its beginning, with `known`.
        known: of the nodes only so many are looked at.
    """
    tokens = tokens_of(source)
    attribute = _free_name(source)
    reader = _Reader(attribute)
    other = HtmlTree(_numbered(source, tokens, attribute), reader.note).tree
    return _Aligner(source, tree, tokens, other, reader, len(tree) if known is None else known).aligned()


def _free_name(source: str) -> str:
    number = 0
    while f"nw{number}=" in source:
        number += 1
    return f"nw{number}"


def _white(number: int) -> str:
    """A number in white space."""
    digits = "\f"
    while True:
        digits += _BLANKS[number % 3]
        number //= 3
        if not number:
            return digits


def _number_of(white: str) -> int:
    return int(white[::-1].translate(_FIGURES), 3)


_DECIDING: Final = frozenset(("input", "font", "annotation-xml", "template"))
"""Start tags whose attributes the tree builder decides by (type=hidden, color, encoding, shadowrootmode)."""


def _numbered(source: str, tokens: Tokens, attribute: str) -> str:
    """The source with a number in place of what each token says."""
    parts: list[str] = []
    add = parts.append
    before = ""
    columns = zip(tokens.kind, tokens.start, tokens.stop, tokens.name, strict=True)
    for number, (kind, start, stop, name) in enumerate(columns):
        if kind == START:
            name_stop = start + 1 + len(name)
            if name in _DECIDING:
                add(f"{source[start:name_stop]} {attribute}={number} {source[name_stop:stop]}")
            else:
                end = "/>" if source[stop - 2] == "/" else ">"
                add(f"{source[start:name_stop]} {attribute}={number} {end}")
        elif kind == TEXT:
            add(_numbered_text(source, start, stop, number, before))
        elif kind == END:
            add(source[start:stop])
        elif kind in (COMMENT, BOGUS):
            add(f"<!--{number}-->")
        elif kind == CDATA:
            add(_coded(source[start + 9 : stop].removesuffix("]]>"), number))
        elif kind == INSTRUCTION:
            add(_numbered_instruction(source[start:stop], number))
        else:
            add(source[start:stop])
        before = name
    return "".join(parts)


def _numbered_text(source: str, start: int, stop: int, number: int, before: str) -> str:
    text = source[start:stop]
    if before in _LEAVES_LINE and text[0] in "\r\n":
        return "\n" + (_coded(text.removeprefix("\r").removeprefix("\n"), number))
    return _coded(text, number)


def _coded(text: str, number: int) -> str:
    first = text[0] if text else "\0"
    if first not in _SPACE and first != "\0":
        return f"{_TWO}{number}{_THREE}"
    # A NUL is dropped or replaced, by rules of its own.
    text = text.replace("\0", "")
    rest = text.lstrip(_SPACE)
    if not rest:
        return _white(number) if text else ""
    code = f"{_TWO}{number}{_THREE}"
    return code if len(rest) == len(text) else _white(number) + code


def _numbered_instruction(text: str, number: int) -> str:
    target = re.match(r"<\?([^\s?>]*)", text)
    return f"<?{target[1] if target else ''} {number}?>"


class _Reader:
    """Reads the numbers off the nodes of the numbered tree as it is built."""

    def __init__(self, attribute: str) -> None:
        self._attribute = attribute
        self.first = array("i")
        self.last = array("i")
        self.spaces = bytearray()
        """Of text: 1 where it begins with the white space of its first token, 2 where only with what follows it."""
        self.first.append(NO_TOKEN)
        self.last.append(NO_TOKEN)
        self.spaces.append(0)

    def note(self, number: int, node: Any) -> None:
        """Told of each node as it comes, by lexbor's number of what it is."""
        code = NO_TOKEN
        if number > 5:
            said = node.attributes.get(self._attribute)
            if said and said.isdecimal():
                code = int(said)
        elif number == 2:
            self._note_text(node.text_content)
            return
        elif number in (0, 4):
            found = _NUMBER.search((node.html or "").removesuffix("-->"))
            code = int(found[1]) if found else NO_TOKEN
        self.first.append(code)
        self.last.append(code)
        self.spaces.append(0)

    def _note_text(self, text: str) -> None:
        if text[:1] == _TWO and text[-1:] == _THREE and text.count(_TWO) == 1:
            code = int(text[1:-1])
            self._add(code, code, 2)
            return
        codes = _CODE.findall(text)
        if not codes:
            self._add(NO_TOKEN, NO_TOKEN)
            return
        first, last = codes[0], codes[-1]
        begin = int(first[0]) if first[0] else _number_of(first[1])
        end = int(last[0]) if last[0] else _number_of(last[1])
        self._add(begin, end, (2 if first[0] else 1) + (4 if not last[0] else 0))

    def _add(self, first: int, last: int, spaces: int = 0) -> None:
        self.first.append(first)
        self.last.append(last)
        self.spaces.append(spaces)


class _Aligner:
    def __init__(
        self, source: str, tree: Tree, tokens: Tokens, other: Tree, reader: _Reader, known: int
    ) -> None:
        self._source = source
        self._tree = tree
        self._tokens = tokens
        self._other = other
        self._reader = reader
        self._known = min(known, len(tree))
        size = len(tree)
        self._token = array("i", [NO_TOKEN]) * size
        self._last = array("i", [NO_TOKEN]) * size
        self._columns = tuple(array("i", [UNKNOWN]) * size for _ in range(4))
        self._used = bytearray(len(tokens))
        self._count = len(tokens)
        self._agrees = True
        self._doctypes = [at for at in range(len(tokens)) if tokens.kind[at] == DOCTYPE]

    def aligned(self) -> Aligned:
        """The places of all nodes."""
        for here, there in self._pairs():
            self._place(here, there)
        self._bubble()
        start, inner, outer, stop = self._columns
        marks = Marks(start, inner, outer, stop, self._known)
        return Aligned(marks, self._tokens, self._token, self._used, self._agrees)

    def _pairs(self) -> "list[tuple[int, int]]":
        """Nodes of the tree and of the numbered one that are the same."""
        tree, other = self._tree, self._other
        if self._known == len(tree) and tree.kind == other.kind and tree.end == other.end:
            return [(at, at) for at in range(len(tree))]
        pairs: list[tuple[int, int]] = []
        todo = [(0, 0)]
        while todo:
            here, there = todo.pop()
            if here >= self._known:
                continue
            pairs.append((here, there))
            if tree.end[here] == here + 1:
                continue
            mine, theirs = tree.children_of(here), other.children_of(there)
            for index, child in enumerate(mine):
                if index >= len(theirs) or not self._is_alike(child, theirs[index]):
                    self._agrees = False
                    break
                todo.append((child, theirs[index]))
        return pairs

    def _is_alike(self, here: int, there: int) -> bool:
        tree, other = self._tree, self._other
        return tree.kind[here] == other.kind[there] and (
            tree.kind[here] != Kind.ELEMENT or tree.name_of(here) == other.name_of(there)
        )

    def _place(self, here: int, there: int) -> None:
        """Note what the numbered node says of the place of this one."""
        tokens = self._tokens
        start, inner, outer, stop = self._columns
        kind = self._tree.kind[here]
        first, last = self._reader.first[there], self._reader.last[there]
        outer[here] = NOWHERE
        if kind == Kind.DOCTYPE and self._doctypes:
            first = last = self._doctypes[0]
        if not 0 <= first < self._count or not 0 <= last < self._count:
            start[here] = inner[here] = stop[here] = NOWHERE
            if not here:
                start[here], stop[here] = 0, len(self._source)
            return
        self._token[here], self._last[here] = first, last
        self._used[first] = self._used[last] = 1
        start[here], stop[here] = tokens.start[first], tokens.stop[last]
        inner[here] = tokens.stop[first] if kind == Kind.ELEMENT else NOWHERE
        if kind == Kind.TEXT and (first != last or self._source[start[here]] in _SPACE):
            self._trim(here, first, last, self._reader.spaces[there])

    def _trim(self, here: int, first: int, last: int, spaces: int) -> None:
        """A text may begin behind the white space of its token, or be nothing but that."""
        start, _, _, stop = self._columns
        source, tokens = self._source, self._tokens
        begin, end = tokens.start[first], tokens.stop[first]
        blank = end - begin - len(source[begin:end].lstrip(_SPACE))
        if spaces & 2:
            start[here] += blank
        if spaces & 4 and first == last and 0 < blank < end - begin:
            stop[here] = begin + blank
        for at in range(first, last + 1):
            if tokens.kind[at] in (TEXT, CDATA):
                self._used[at] = 1

    def _bubble(self) -> None:
        """Find the end of each element: behind the last thing inside it, where an end tag of its name follows."""
        tree, tokens, last, used = self._tree, self._tokens, self._last, self._used
        start, _, outer, stop = self._columns
        kinds, names, source_names = tokens.kind, tokens.name, _lowered(tree)
        kind, parents, name_of, count = tree.kind, tree.parent, tree.name, self._count
        for here in range(self._known - 1, 0, -1):
            if kind[here] == Kind.ELEMENT and start[here] >= 0:
                at = last[here] + 1
                name = source_names[name_of[here]]
                # Other end tags may stand between, which closed nothing.
                while (
                    at < count and kinds[at] != START and _is_passed(kinds[at], names[at] == name, used[at])
                ):
                    at += 1
                if at < count and kinds[at] == END and name not in VOID:
                    used[at] = 1
                    last[here] = at
                    outer[here], stop[here] = tokens.start[at], tokens.stop[at]
                else:
                    stop[here] = tokens.stop[last[here]]
            parent = parents[here]
            if last[here] > last[parent]:
                last[parent] = last[here]


def _is_passed(kind: int, is_same: bool, is_used: int) -> bool:
    """Whether the end of an element may stand behind this token: an end tag that closed nothing, dropped text."""
    return (kind == END and (is_used == 1 or not is_same)) or (kind == TEXT and not is_used)


def _lowered(tree: Tree) -> "Sequence[str]":
    return [name.lower() for name in tree.names]
