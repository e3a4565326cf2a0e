"""Searches in a document: XPath in XML and HTML (libxml2), CSS in HTML (lexbor) and in XML (by way of XPath).

An expression of a person may take for ever and all memory; whoever calls this does it in a worker that can be killed.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats.markup.reading import Reading
from workbench.formats.markup.values import Kind, Tree

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_EXPRESSION = 10_000  # ours
MAX_HITS = 100_000
"""Hits that an answer lists; what is beyond is counted."""
MAX_TREE_DEPTH = 2_000
"""Elements inside elements of an HTML page that XPath is let near: libxml2 recurses, on a stack that ends."""

Language = Literal["css", "xpath"]
_PREFIX: Final = re.compile(r"[A-Za-z_][\w.-]*")
_BARE_NAME: Final = re.compile(r"(?:^|[/\[(|]|::)\s*([A-Za-z_][\w.-]*)(?![\w.:(-])")
_NAME: Final = re.compile(r"[^A-Za-z0-9_.\-\u00b7-\uffff]")


class Hit(NamedTuple):
    """One thing that was found. node: its number; attribute: its name, where that was found; value: the text of an
    attribute, a text or a computed value, "" where the node says it."""

    node: int
    attribute: str = ""
    value: str = ""


class Answer(NamedTuple):
    """What a search found.

    Attributes:
        kind: "nodes", "string", "number" or "boolean".
        value: of the last three, as XPath writes it; "" for nodes.
        total: all hits, also those beyond MAX_HITS.
        hint: a sentence for whoever finds nothing; "" for none.
        translated: the XPath that a CSS selector became, in XML.
        namespaces: the prefixes that could be used.
    """

    kind: str
    hits: tuple[Hit, ...] = ()
    value: str = ""
    total: int = 0
    hint: str = ""
    translated: str = ""
    namespaces: tuple[tuple[str, str], ...] = ()


class Searcher:
    """One document, ready to be searched."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._root: _Element | None = None
        self._nodes: dict[Any, int] = {}

    def search(self, language: Language, text: str, namespaces: Mapping[str, str]) -> Answer:
        """Find in the document.

        Args:
            namespaces: what a person wrote: prefix and name; they count more than the document's own prefixes.

        Raises: LocalMisuse: the expression makes no sense. PeerMisbehaved: the document can't be searched this way.
        """
        check_expression(text)
        if language == "css" and self._reading.html is not None:
            return self._css(text)
        known = {**self._own_namespaces(), **namespaces}
        translated = ""
        if language == "css":
            text = translated = css_as_xpath(text)
        answer = self._xpath(text, known, translated)
        return answer._replace(translated=translated, namespaces=tuple(known.items()))

    def _own_namespaces(self) -> dict[str, str]:
        return {prefix: uri for prefix, uri in self._reading.page.namespaces if prefix and uri}

    # ---- CSS

    def _css(self, text: str) -> Answer:
        from selectolax.lexbor import SelectolaxError

        html = self._reading.html
        assert html is not None
        try:
            found = html.parser.css(text)
        except (SelectolaxError, ValueError) as error:
            raise LocalMisuse(
                "this is no CSS selector that lexbor understands",
                text=text,
                start=0,
                end=len(text),
                advice="for example: table.prices > tbody tr:nth-child(2) a[href]",
                source="Selectors Level 4",
            ) from error
        by_address = {address: node for node, address in enumerate(html.addresses) if address}
        nodes = [by_address[each.mem_id] for each in found if each.mem_id in by_address]
        hits = tuple(Hit(node) for node in dict.fromkeys(nodes[:MAX_HITS]))
        total = len(hits) if len(nodes) <= MAX_HITS else len(nodes)
        return Answer("nodes", hits, total=total, hint="" if hits else self._css_hint())

    def _css_hint(self) -> str:
        if "template" in self._reading.page.tree.names:
            return "What stands inside a template is a document of its own, which no selector enters."
        return ""

    # ---- XPath

    def _xpath(self, text: str, namespaces: Mapping[str, str], translated: str) -> Answer:
        from lxml import etree

        root = self._built()
        try:
            expression = etree.XPath(text, namespaces=dict(namespaces), smart_strings=True)
            found = expression(root.getroottree())
        except etree.XPathError as error:
            raise _no_expression(text, translated, str(error), namespaces) from error
        if isinstance(found, bool):
            return Answer("boolean", value="true" if found else "false", total=1)
        if isinstance(found, float):
            return Answer("number", value=_number(found), total=1)
        if isinstance(found, str):
            return Answer("string", value=str(found), total=1)
        hits = tuple(self._hits(found[:MAX_HITS]))
        return Answer("nodes", hits, total=len(found), hint="" if hits else self._hint(text, namespaces))

    def _hits(self, found: Iterable[Any]) -> Iterable[Hit]:
        tree, nodes = self._reading.page.tree, self._nodes
        for each in found:
            if isinstance(each, tuple):  # a namespace: prefix and name
                yield Hit(0, f"xmlns:{each[0]}" if each[0] else "xmlns", str(each[1]))
            elif not isinstance(each, str):
                yield Hit(nodes.get(each, 0))
            elif each.getparent() is None:  # type: ignore[attr-defined]  # smart strings know their parent
                yield Hit(0, "", str(each))
            else:
                yield _text_hit(each, tree, nodes.get(each.getparent(), 0))  # type: ignore[attr-defined]  # as above

    def _built(self) -> "_Element":
        """libxml2's tree of the document, and the number of each of its nodes."""
        if self._root is not None:
            return self._root
        reading = self._reading
        if reading.xml is not None:
            if reading.xml.root is None:
                raise PeerMisbehaved(
                    f"it can't be searched. {reading.xml.standing.removesuffix('.')}",
                    stage="search",
                    advice="repair the mistake, or read it as HTML",
                )
            self._root = reading.xml.root
            self._nodes = _numbers(reading.xml.root, reading.page.tree)
        else:
            self._root, self._nodes = _as_xml(reading.page.tree)
        return self._root

    def _hint(self, text: str, namespaces: Mapping[str, str]) -> str:
        page = self._reading.page
        names = _BARE_NAME.findall(text)
        local = {name.rpartition(":")[2] for name in page.tree.names}
        default = dict(page.namespaces).get("", "")
        if default and any(name in local for name in names):
            prefix = next((key for key, uri in namespaces.items() if uri == default), "")
            name = next(name for name in names if name in local)
            if prefix:
                return (
                    f"Its elements are in the namespace {default}: write {prefix}:{name} instead of {name}."
                )
            return (
                f"Its elements are in the namespace {default}, and a name without a prefix means none: "
                f"write x:{name} and say that x is {default}."
            )
        if page.kind == "html" and any(name != name.lower() and name.lower() in local for name in names):
            return "The names of HTML elements are in small letters here."
        return ""


def check_expression(text: str) -> None:
    """Raises: LocalMisuse: empty, too long, or with a NUL."""
    if not text.strip():
        raise LocalMisuse(
            "there is nothing to search for", text=text, start=0, end=len(text), advice="write //a or a[href]"
        )
    if len(text) > MAX_EXPRESSION:
        raise LocalMisuse(
            f"the expression has {len(text):,} characters; {MAX_EXPRESSION:,} are read", advice="shorten it"
        )
    for at, character in enumerate(text):
        if character == "\0" or 0xD800 <= ord(character) <= 0xDFFF:
            raise LocalMisuse("this character can't stand here", text=text, start=at, end=at + 1)


def read_namespace(text: str) -> tuple[str, str]:
    """`prefix=name` as a person writes it. Raises: LocalMisuse with the place."""
    prefix, sign, uri = text.partition("=")
    advice = "write prefix=name, for example x=http://www.w3.org/1999/xhtml"
    if not sign:
        raise LocalMisuse("there is no =", text=text, start=len(text), advice=advice)
    if not _PREFIX.fullmatch(prefix.strip()):
        raise LocalMisuse("this is no prefix", text=text, start=0, end=len(prefix), advice=advice)
    if not uri.strip():
        raise LocalMisuse("there is no name behind the =", text=text, start=len(text), advice=advice)
    return prefix.strip(), uri.strip()


def css_as_xpath(text: str) -> str:
    """A CSS selector as the XPath that finds the same in XML. Raises: LocalMisuse."""
    from cssselect import GenericTranslator, SelectorError
    from cssselect.parser import Element
    from cssselect.xpath import XPathExpr

    class AnyNamespace(GenericTranslator):
        """A name without a prefix is that of an element in any namespace, as CSS has it."""

        def xpath_element(self, selector: Element) -> XPathExpr:
            if not selector.element or selector.namespace is not None:
                return super().xpath_element(selector)
            return self.xpathexpr_cls(element="*").add_condition(f"local-name() = '{selector.element}'")

    try:
        return AnyNamespace().css_to_xpath(text)
    except SelectorError as error:
        raise LocalMisuse(
            f"this is no CSS selector: {error}",
            text=text,
            start=0,
            end=len(text),
            advice="for example: shelf > book[lang] title",
            source="Selectors Level 3",
        ) from error


def _no_expression(text: str, translated: str, said: str, namespaces: Mapping[str, str]) -> LocalMisuse:
    said = " ".join(said.split())
    what = f"this is no XPath: {said}"
    advice = "for example: //a[@href] or count(//item)"
    start, end = 0, len(text)
    if "namespace prefix" in said.lower():
        used = re.findall(r"([A-Za-z_][\w.-]*):(?=[A-Za-z_*])(?!:)", text)
        unknown = next((prefix for prefix in used if prefix not in namespaces), "")
        if unknown:
            start = text.index(f"{unknown}:")
            end = start + len(unknown)
            what = f"nobody says what the prefix {unknown} means"
            advice = f"add {unknown}=NAME of the namespace"
    return LocalMisuse(what, text=text, start=start, end=end, advice=advice, source="XPath 1.0")


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) else repr(value)


def _text_hit(text: Any, tree: Tree, parent: int) -> Hit:
    """The node that a text or an attribute stands in. parent: as libxml2 sees it, which hangs a text behind a node."""
    if text.is_attribute:
        name = str(text.attrname or "")
        return Hit(parent, _as_written(name, tree, parent), str(text))
    at = tree.end[parent] if text.is_tail else parent + 1
    if at < len(tree) and tree.kind[at] in (Kind.TEXT, Kind.CDATA):
        return Hit(at, "", str(text))
    return Hit(parent, "", str(text))


def _as_written(name: str, tree: Tree, node: int) -> str:
    """{uri}local as it stands in the source."""
    if not name.startswith("{"):
        return name
    local = name.rpartition("}")[2]
    return next((key for key, _ in tree.attributes_of(node) if key.rpartition(":")[2] == local), local)


def _numbers(root: "_Element", tree: Tree) -> dict[Any, int]:
    """The number of each node of libxml2's tree: both are in the order of the document."""
    wanted = (Kind.ELEMENT, Kind.COMMENT, Kind.INSTRUCTION, Kind.ENTITY)
    top = root
    while (before := top.getprevious()) is not None:
        top = before
    nodes: list[Any] = []
    while top is not None:
        nodes += top.iter() if top is root else [top]
        top = top.getnext()
    numbers = (node for node in range(len(tree)) if tree.kind[node] in wanted)
    return dict(zip(nodes, numbers, strict=False))


def _as_xml(tree: Tree) -> "tuple[_Element, dict[Any, int]]":
    """A tree of HTML for libxml2: the same nodes without namespaces; what XML has no name for gets one.

    Raises: PeerMisbehaved: nested deeper than MAX_TREE_DEPTH.
    """
    from lxml import etree

    html = next((n for n in tree.children_of(0) if tree.kind[n] == Kind.ELEMENT), 0)
    names = [_xml_name(name) for name in tree.names]
    top = etree.Element(names[tree.name[html]])
    found: dict[Any, int] = {top: html}
    above: list[tuple[Any, int]] = [(top, tree.end[html])]
    _set_attributes(top, tree, html)
    last: Any = None
    sub, kinds, node = etree.SubElement, tree.kind, html + 1
    while node < tree.end[html]:
        while node >= above[-1][1]:
            last = above.pop()[0]
        parent = above[-1][0]
        kind = kinds[node]
        if kind == Kind.TEXT:
            _add_text(parent, last, _xml_text(tree.text_of(node)))
        elif kind == Kind.ELEMENT:
            last = sub(parent, names[tree.name[node]])
            found[last] = node
            _set_attributes(last, tree, node)
            if tree.end[node] > node + 1:
                above.append((last, tree.end[node]))
                if len(above) > MAX_TREE_DEPTH:
                    raise PeerMisbehaved(
                        f"XPath is not let near elements nested more than {MAX_TREE_DEPTH:,} deep",
                        stage="search",
                        advice="search by CSS",
                    )
                last = None
        elif kind == Kind.CONTENT:
            # Of a template nothing is searched, as in a browser.
            node = tree.end[node]
            continue
        elif kind == Kind.COMMENT:
            last = etree.Comment(_xml_text(tree.text_of(node)).replace("--", "- -").removesuffix("-"))
            parent.append(last)
            found[last] = node
        node += 1
    return top, found


def _add_text(parent: Any, last: Any, text: str) -> None:
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text


def _set_attributes(element: Any, tree: Tree, node: int) -> None:
    for name, value in tree.attributes_of(node):
        element.set(_xml_name(name), _xml_text(value))


_known_names: dict[str, str] = {}


def _xml_name(name: str) -> str:
    known = _known_names.get(name)
    if known is None:
        known = _NAME.sub("_", name) or "_"
        if not known[0].isalpha() and known[0] != "_":
            known = f"_{known}"
        if len(_known_names) < 4096:
            _known_names[name] = known
    return known


_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _xml_text(text: str) -> str:
    return text if text.isprintable() else _NO_XML.sub("\ufffd", text)
