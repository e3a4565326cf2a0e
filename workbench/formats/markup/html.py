"""HTML to the tree that the WHATWG standard builds, by lexbor, a parser in C that follows it."""

import re
from array import array
from collections.abc import Callable
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from workbench.errors import PeerMisbehaved
from workbench.formats.markup.values import Kind, Tree

if TYPE_CHECKING:
    pass

MAX_NODES = 2_000_000  # ours: some 25 MB of ordinary markup
MAX_TEMPLATES = 100
"""Templates inside templates that are entered; ours."""
_NONE, _TEXT, _COMMENT, _DOCTYPE = 0, 2, 4, 5  # lexbor's numbers of what is no element
_OTHERS: Final = frozenset((_NONE, _COMMENT, _DOCTYPE))
_INSIDE: Final = -1
_ELEMENT, _CHARACTERS = int(Kind.ELEMENT), int(Kind.TEXT)
_INSTRUCTION: Final = re.compile(r"<\?([^\s?>]*)\s*(.*?)\??>?\Z", re.DOTALL)


class HtmlTree:
    """A document in lexbor, and its Tree.

    Args:
        note: told of each node, by lexbor's number of what it is, as it comes. The tree then holds kinds and names
            alone: whoever listens wants to know how it was built, not what is in it.

    Attributes:
        addresses: for each node the number that lexbor knows it by, for CSS hits; of text 0.

    Raises: PeerMisbehaved: more nodes than MAX_NODES.
    """

    def __init__(self, source: str, note: "Callable[[int, Any], None] | None" = None) -> None:
        from selectolax.lexbor import LexborHTMLParser

        self.parser: LexborHTMLParser = LexborHTMLParser(source.encode("utf-8", "replace"))
        self._note = note
        self._nesting = 0
        # Lists while it grows: an array makes an object of every number that goes in or out.
        self._kinds, self._ends = [int(Kind.DOCUMENT)], [1]
        self._parents, self._numbers, self._addresses = [-1], [0], [0]
        self._values = [""]
        self._names: list[str] = [""]
        self._known: dict[int, int] = {}
        self._template_name = 0
        root = self.parser.root
        document = root.parent if root is not None else None
        if document is not None and document.child is not None:
            self._walk(document.child, 0)
        self._ends[0] = len(self._kinds)
        self.tree = self._made()
        self.addresses = array("Q", self._addresses)

    def _made(self) -> Tree:
        tree = Tree()
        tree.kind = bytearray(self._kinds)
        tree.parent, tree.end = array("i", self._parents), array("i", self._ends)
        tree.name, tree.names = array("i", self._numbers), self._names
        tree.heap = "".join(self._values)
        tree.value = array("i", accumulate(map(len, self._values), initial=0))
        return tree

    def _walk(self, node: Any, parent: int) -> None:
        """Depth first and without recursion: a page may be nested as deep as it is long.

        The columns are filled in place: a call for each of a quarter of a million nodes would be half of the time.
        """
        note, known, ends, parents = self._note, self._known, self._ends, self._parents
        add_kind, add_parent, add_end = self._kinds.append, parents.append, ends.append
        add_name, add_value, add_address = self._numbers.append, self._values.append, self._addresses.append
        above: list[Any] = []
        at = len(ends)
        while True:
            number = node.tag_id
            child = None
            value, name, kind, address = "", 0, _CHARACTERS, 0
            if number == _TEXT:
                if note is None:
                    value = node.text_content
            elif number in _OTHERS:
                kind, name, value = self._other(number, node)
            else:
                kind, address = _ELEMENT, node.mem_id
                found = known.get(number)
                name = self._name(number, node.tag) if found is None else found
                if note is None and (attributes := node.attributes):
                    # NUL can't stand in a name or value: the standard sees to that.
                    value = "".join([f"{key}\0{said or ''}\0" for key, said in attributes.items()])
                child = node.child
            add_kind(kind)
            add_parent(parent)
            add_end(at + 1)
            add_name(name)
            add_value(value)
            add_address(address)
            if note is not None:
                note(number, node)
            if name and name == self._template_name:
                self._template(node, at)
            if child is not None:
                above.append(node)
                parent, node = at, child
                at = len(ends)
                continue
            at = len(ends)
            following = node.next
            while following is None:
                if not above:
                    return
                node = above.pop()
                ends[parent] = at
                parent = parents[parent]
                following = node.next
            node = following
            if at > MAX_NODES:
                raise too_many_nodes()

    def _name(self, number: int, tag: str) -> int:
        at = self._known[number] = len(self._names)
        if tag == "template":
            self._template_name = at
        self._names.append(tag)
        return at

    def _other(self, number: int, node: Any) -> tuple[int, int, str]:
        """Kind, name and value of what is neither text nor element."""
        html: str = node.html or ""
        if number == _COMMENT:
            # Its own value comes stripped of white space.
            return Kind.COMMENT, 0, html[4:-3]
        if number == _DOCTYPE:
            return Kind.DOCTYPE, 0, html[2:-1]
        found = _INSTRUCTION.match(html)
        target, rest = (found[1], found[2]) if found is not None else ("", html)
        self._names.append(target)
        return Kind.INSTRUCTION, len(self._names) - 1, rest

    def _template(self, node: Any, at: int) -> None:
        """The inside of a template, as a node of its own below it."""
        fragments = [each.child for each in node.template_fragments() if each.child is not None]
        if not fragments or self._nesting == MAX_TEMPLATES:
            return
        inside = len(self._kinds)
        columns = (self._kinds, self._parents, self._ends, self._numbers, self._addresses)
        for column, number in zip(columns, (int(Kind.CONTENT), at, inside + 1, 0, 0), strict=True):
            column.append(number)
        self._values.append("")
        if self._note is not None:
            self._note(_INSIDE, node)
        self._nesting += 1
        for fragment in fragments:
            self._walk(fragment, inside)
        self._nesting -= 1
        self._ends[inside] = self._ends[at] = len(self._kinds)


def too_many_nodes() -> PeerMisbehaved:
    """The failure for a document that is larger than what is held in memory."""
    return PeerMisbehaved(
        f"the document has more than {MAX_NODES:,} nodes",
        stage="parse",
        advice="look at a part of it: save it, and cut it",
    )
