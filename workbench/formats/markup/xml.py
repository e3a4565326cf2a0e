"""XML to a tree with its places. libxml2 says whether it is well-formed, and where not; nothing outside is ever loaded.

A well-formed document hides no node and invents none, so the tree is read straight off the source, and its places with
it. What libxml2 makes of the same octets is kept for searching (`query`).
"""

import re
from array import array
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.formats.markup.building import TreeBuilder
from workbench.formats.markup.entities import PREDEFINED, REFERENCE, Entity, check_sizes, declared
from workbench.formats.markup.lines import Lines
from workbench.formats.markup.values import NOWHERE, Kind, Marks, Problem, Tree

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_DEPTH = 256
"""Elements inside elements; libxml2's own limit, which it keeps because recursion lives on a stack."""
MAX_NODES = 2_000_000
MAX_PROBLEMS = 100

_TAG: Final = re.compile(
    r"""<(/?)([^\s/>="'<&!?]+)((?:\s+[^\s=/><"']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*+)\s*(/?)>"""
)
_ATTRIBUTE: Final = re.compile(r"""([^\s=/><"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_INSTRUCTION: Final = re.compile(r"<\?([^\s?]+)\s*(.*?)\?>", re.DOTALL)
_SPLIT: Final = re.compile(r"&[^\s&;<#]+;")


class XmlDocument(NamedTuple):
    """A document that was read. root: libxml2's, None where it is not well-formed.

    standing: why the tree holds only a part of it; "" for all.
    """

    tree: Tree
    marks: Marks
    problems: tuple[Problem, ...]
    namespaces: tuple[tuple[str, str], ...]
    root: "_Element | None"
    standing: str


def read_xml(text: str, lines: Lines) -> XmlDocument:
    """Read an XML document.

    Raises: PeerMisbehaved with the place: entities that would fill memory.
    """
    walk = _Walk(text, lines)
    walk.look_ahead()
    root, problems = _judged(text, lines)
    stop = min((problem.start for problem in problems), default=len(text))
    tree, marks = walk.walked(stop if problems else len(text))
    namespaces = tuple(walk.namespaces.items())
    standing = ""
    if root is None:
        place = lines.place(stop)
        standing = f"It is not well-formed: the tree ends at line {place.line}, column {place.column}."
    return XmlDocument(tree, marks, (*walk.notes, *problems), namespaces, root, standing)


def _judged(text: str, lines: Lines) -> "tuple[_Element | None, tuple[Problem, ...]]":
    """What libxml2 says: the root of its tree, or why there is none."""
    from lxml import etree

    parser = safe_parser()
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser), ()
    except etree.XMLSyntaxError as error:
        # Its own log: the error's would hold what other documents did wrong before.
        log = list(parser.error_log) or [error]
        return None, tuple(_problem(each, lines, error) for each in log[:MAX_PROBLEMS])


def safe_parser() -> Any:
    """A parser that expands, loads and fetches nothing, whose input is UTF-8 whatever it declares."""
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
    )


def _problem(entry: Any, lines: Lines, error: Exception) -> Problem:
    line = max(1, getattr(entry, "line", 0) or getattr(error, "lineno", 0) or 1)
    column = max(1, getattr(entry, "column", 0) or getattr(error, "offset", 0) or 1)
    begin, end = lines.span(min(line, len(lines)) - 1)
    at = min(begin + column - 1, end)
    code = (
        str(getattr(entry, "type_name", "") or "not-well-formed")
        .removeprefix("ERR_")
        .replace("_", "-")
        .lower()
    )
    what = " ".join(str(getattr(entry, "message", "") or error).split())
    if "Excessive depth" in what:
        what = f"elements are nested more than {MAX_DEPTH} deep: made to exhaust a reader"
    return Problem(code, at, min(at + 1, len(lines.text)), what, "reading stopped here")


class _Walk:
    def __init__(self, text: str, lines: Lines) -> None:
        self._text = text
        self._lines = lines
        self._builder = TreeBuilder()
        self._columns = tuple(array("i", [NOWHERE]) for _ in range(4))
        self._stack: list[tuple[int, str]] = []
        self.namespaces: dict[str, str] = {}
        self.notes: list[Problem] = []
        self._entities: dict[str, Entity] = {}
        self._type_stop = 0

    def look_ahead(self) -> None:
        """Look at what the document declares, before any parser does. Raises: PeerMisbehaved."""
        text = self._text
        at = text.find("<!DOCTYPE")
        if at < 0 or re.search(r"<[^!?\s]", text[:at]):
            return
        found = declared(text, at)
        if found is None:
            return
        self.notes += found.notes
        self._entities = found.entities
        self._type_stop = found.stop
        check_sizes(found.entities, self._lines)

    def walked(self, stop: int) -> tuple[Tree, Marks]:
        """The tree of what stands before `stop`, and its places."""
        text, at = self._text, 0
        while at < stop:
            less = text.find("<", at)
            less = stop if less < 0 or less > stop else less
            if less > at:
                self._text_at(at, less)
            if less >= stop:
                break
            at = self._markup_at(less)
            if at < 0:
                break
        for node, _ in self._stack:
            self._columns[3][node] = stop
        tree = self._builder.tree()
        self._columns[0][0], self._columns[3][0] = 0, len(text)
        start, inner, outer, end = self._columns
        return tree, Marks(start, inner, outer, end, len(tree))

    def _markup_at(self, at: int) -> int:
        """One piece of markup; where the next one begins, or -1 where it makes no sense."""
        text = self._text
        found = _TAG.match(text, at)
        if found is not None:
            return self._tag(found)
        if text.startswith("<!--", at):
            return self._until("-->", Kind.COMMENT, at, at + 4)
        if text.startswith("<![CDATA[", at):
            return self._until("]]>", Kind.CDATA, at, at + 9)
        if text.startswith("<!DOCTYPE", at) and self._type_stop > at:
            self._leaf(Kind.DOCTYPE, "", text[at + 2 : self._type_stop - 1], at, self._type_stop)
            return self._type_stop
        instruction = _INSTRUCTION.match(text, at)
        if instruction is None:
            return -1
        # The XML declaration looks like one and is none.
        if instruction[1] != "xml":
            self._leaf(Kind.INSTRUCTION, instruction[1], instruction[2], at, instruction.end())
            if instruction[1] == "xml-stylesheet":
                note = "it names a style sheet, which stands outside the document"
                self.notes.append(
                    Problem("xml-stylesheet", at, instruction.end(), note, "it was not loaded", "note")
                )
        return instruction.end()

    def _until(self, sign: str, kind: Kind, at: int, inside: int) -> int:
        stop = self._text.find(sign, inside)
        if stop < 0:
            return -1
        self._leaf(kind, "", self._text[inside:stop], at, stop + len(sign))
        return stop + len(sign)

    def _tag(self, found: "re.Match[str]") -> int:
        slash, name, said, empty = found.groups()
        _, inner, outer, stop = self._columns
        if slash:
            if not self._stack or self._stack[-1][1] != name:
                return -1
            node, _ = self._stack.pop()
            outer[node], stop[node] = found.start(), found.end()
            self._builder.close()
            return found.end()
        value = self._attributes(said) if said else ""
        if empty:
            self._leaf(Kind.ELEMENT, name, value, *found.span())
            inner[-1] = found.end()
            return found.end()
        node = self._builder.open(Kind.ELEMENT, name, value)
        for column, place in zip(
            self._columns, (found.start(), found.end(), NOWHERE, found.end()), strict=True
        ):
            column.append(place)
        self._stack.append((node, name))
        return found.end()

    def _attributes(self, said: str) -> str:
        parts: list[str] = []
        for name, double, single in _ATTRIBUTE.findall(said):
            value = resolved(double or single)
            parts += (name, value.replace("\0", ""))
            if name == "xmlns" or name.startswith("xmlns:"):
                self.namespaces.setdefault(name[6:], value)
        return "".join([f"{part}\0" for part in parts])

    def _text_at(self, at: int, stop: int) -> None:
        if not self._stack:
            return  # white space around the root
        text = self._text[at:stop]
        if "&" not in text:
            self._leaf(Kind.TEXT, "", text.replace("\r\n", "\n"), at, stop)
            return
        begin = 0
        for found in _SPLIT.finditer(text):
            name = found[0][1:-1]
            if name in PREDEFINED:
                continue
            if found.start() > begin:
                self._leaf(
                    Kind.TEXT, "", resolved(text[begin : found.start()]), at + begin, at + found.start()
                )
            entity = self._entities.get(name)
            value = (entity.value or entity.outside) if entity is not None else ""
            self._leaf(Kind.ENTITY, name, value, at + found.start(), at + found.end())
            begin = found.end()
        if begin < len(text):
            self._leaf(Kind.TEXT, "", resolved(text[begin:]), at + begin, stop)

    def _leaf(self, kind: Kind, name: str, value: str, start: int, stop: int) -> None:
        if self._builder.add(kind, name, value) > MAX_NODES:
            raise PeerMisbehaved(f"the document has more than {MAX_NODES:,} nodes", stage="parse")
        for column, place in zip(self._columns, (start, NOWHERE, NOWHERE, stop), strict=True):
            column.append(place)


def resolved(text: str) -> str:
    """Text with its character references and the five predefined entities resolved; others stay as they are."""
    if "&" not in text:
        return text.replace("\r\n", "\n") if "\r" in text else text
    return REFERENCE.sub(_one, text.replace("\r\n", "\n"))


def _one(found: "re.Match[str]") -> str:
    name = found[1]
    if not name.startswith("#"):
        return PREDEFINED.get(name, found[0])
    try:
        number = int(name[2:], 16) if name[1] == "x" else int(name[1:])
        return chr(number)
    except (ValueError, OverflowError):
        return found[0]
