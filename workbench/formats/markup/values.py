"""What a document is once it was read: a tree in columns, what is wrong with it, and how its octets became text.

A page of 2.5 MB has some 240,000 nodes. An object for each would take seconds to hand from process to process, so a
node is a number, its place in the order of start tags, and everything about it stands in columns.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What a node is."""

    DOCUMENT = 0
    ELEMENT = 1
    TEXT = 2
    COMMENT = 3
    INSTRUCTION = 4
    DOCTYPE = 5
    CDATA = 6
    ENTITY = 7
    CONTENT = 8
    """What stands inside a template of HTML: a document of its own, which no search enters."""


NOWHERE = -1
"""The place of a node that stands in no source: the parser put it there."""
UNKNOWN = -2
"""The place of a node whose place is not known, or not yet."""


class Marks(NamedTuple):
    """Where each node stands in the source, in characters: its whole range and, of an element, its tags.

    An element from start to stop; its start tag ends at `inner`, its end tag begins at `outer` (NOWHERE where there is
    none). The others from start to stop.
    """

    start: "array[int]"
    inner: "array[int]"
    outer: "array[int]"
    stop: "array[int]"
    known: int
    """Nodes below this number have their place; the others UNKNOWN."""


Ranks = dict[int, dict[int, tuple[int, int]]]
"""By parent: for each child which one of its kind and name it is, and of how many."""
_STEPS = {
    Kind.TEXT: "text()",
    Kind.CDATA: "text()",
    Kind.COMMENT: "comment()",
    Kind.INSTRUCTION: "processing-instruction()",
    Kind.DOCTYPE: "doctype()",
    Kind.ENTITY: "",
    Kind.CONTENT: "content()",
    Kind.DOCUMENT: "",
}


class Tree:
    """The nodes of one document, by number; 0 is the document itself.

    kind: a Kind for each. parent, end: numbers; the nodes from n + 1 up to end[n] are those inside n. name: an index
    into names. value: where its text begins in `heap`; it ends where the next one's begins. An element's is its
    attributes: name, NUL, value, NUL, and so on.
    """

    def __init__(self) -> None:
        self.kind = bytearray()
        self.parent = array("i")
        self.end = array("i")
        self.name = array("i")
        self.value = array("i")
        self.names: list[str] = []
        self.heap = ""
        self._children: dict[int, Sequence[int]] = {}

    def __len__(self) -> int:
        return len(self.kind)

    def name_of(self, node: int) -> str:
        """Its name: of an element, an instruction, an entity; "" for others."""
        return self.names[self.name[node]]

    def text_of(self, node: int) -> str:
        """Its characters: of text, a comment, an instruction, a doctype."""
        after = self.value[node + 1] if node + 1 < len(self.value) else len(self.heap)
        return self.heap[self.value[node] : after]

    def attributes_of(self, node: int) -> tuple[tuple[str, str], ...]:
        """An element's attributes in their order."""
        if self.kind[node] != Kind.ELEMENT:
            return ()
        parts = self.text_of(node).split("\0")
        return tuple(zip(parts[0:-1:2], parts[1::2], strict=True))

    def children_of(self, node: int) -> Sequence[int]:
        """The nodes directly inside, in order; kept, for a view asks for them row by row."""
        known = self._children.get(node)
        if known is None:
            found = array("i")
            inside, end = node + 1, self.end
            while inside < end[node]:
                found.append(inside)
                inside = end[inside]
            known = self._children[node] = found
        return known

    def row_of(self, node: int) -> int:
        """Its place among the children of its parent."""
        parent = self.parent[node]
        return bisect_left(self.children_of(parent), node) if parent >= 0 else 0

    def path_of(self, node: int, ranks: "Ranks | None" = None) -> str:
        """An XPath that leads to this one node: /html/body/p[2].

        Args:
            ranks: kept from path to path by whoever wants many: else all siblings are looked at each time.
        """
        steps: list[str] = []
        while node > 0:
            steps.append(self._step(node, ranks))
            node = self.parent[node]
            if self.kind[node] == Kind.CONTENT:
                steps.append("content()")
                node = self.parent[node]
        return "/" + "/".join(reversed(steps))

    def _step(self, node: int, ranks: "Ranks | None") -> str:
        kind = self.kind[node]
        step = self.name_of(node) if kind == Kind.ELEMENT else _STEPS[Kind(kind)]
        if kind == Kind.ENTITY:
            step = f"&{self.name_of(node)};"
        parent = self.parent[node]
        if ranks is not None:
            known = ranks.get(parent)
            if known is None:
                known = ranks[parent] = self._ranked(parent)
            rank, number = known[node]
        else:
            alike = self._alike(node)
            rank, number = bisect_left(alike, node) + 1, len(alike)
        return step if number == 1 else f"{step}[{rank}]"

    def _alike(self, node: int) -> list[int]:
        """The siblings of the same kind and name, the node among them."""
        kinds, names, kind, name = self.kind, self.name, self.kind[node], self.name[node]
        alike = [each for each in self.children_of(self.parent[node]) if kinds[each] == kind]
        return [each for each in alike if names[each] == name] if kind == Kind.ELEMENT else alike

    def _ranked(self, parent: int) -> "dict[int, tuple[int, int]]":
        """For each child which one of its kind and name it is, and of how many."""
        groups: dict[tuple[int, int], list[int]] = {}
        for child in self.children_of(parent):
            name = self.name[child] if self.kind[child] == Kind.ELEMENT else -1
            groups.setdefault((self.kind[child], name), []).append(child)
        return {
            child: (rank, len(group))
            for group in groups.values()
            for rank, child in enumerate(group, start=1)
        }

    def text_inside(self, node: int, limit: int = 2000) -> str:
        """The text of the node and of all inside it, cut at `limit` characters."""
        parts: list[str] = []
        size = 0
        for each in range(node, self.end[node]):
            if self.kind[each] in (Kind.TEXT, Kind.CDATA):
                parts.append(self.text_of(each)[: limit - size])
                size += len(parts[-1])
                if size >= limit:
                    break
        return "".join(parts)


class Problem(NamedTuple):
    """One thing that is wrong, or worth knowing, with its place in the source in characters.

    code: the standard's name for it where it has one. level: "error" breaks the standard's rule; "note" doesn't.
    did: what the parser did about it.
    """

    code: str
    start: int
    stop: int
    sentence: str
    did: str = ""
    level: str = "error"


class Vote(NamedTuple):
    """One that says how the octets are encoded. who: "byte order mark", "HTTP", "document", "default", "person"."""

    who: str
    says: str
    encoding: str
    note: str = ""


class Encoding(NamedTuple):
    """How the octets became text: the encoding by Python's name, who decided, why, and all who had a vote.

    mark: octets of the byte order mark at the front. wrong: the characters that each stand for one octet that means
    nothing in this encoding.
    """

    name: str
    who: str
    why: str
    votes: tuple[Vote, ...]
    mark: int = 0
    wrong: Sequence[int] = ()


class Page(NamedTuple):
    """A document that was read.

    Attributes:
        kind: "html" or "xml".
        why: why it was read as that.
        text: its source as characters; U+FFFD for octets that mean nothing.
        namespaces: prefix (or "") and name of each namespace that is declared, in the order of the document.
        standing: "" for a whole document; else why only part of it is in the tree.
    """

    kind: str
    why: str
    text: str
    encoding: Encoding
    tree: Tree
    problems: tuple[Problem, ...]
    namespaces: tuple[tuple[str, str], ...] = ()
    standing: str = ""
