"""What was found, in words and as JSON: where it stands, its markup, its text."""

from collections.abc import Iterator
from typing import NamedTuple

from workbench.formats.markup.lines import Lines
from workbench.formats.markup.query import Answer, Hit
from workbench.formats.markup.values import NOWHERE, Kind, Marks, Page, Problem, Ranks

MAX_MARKUP = 2000
"""Characters of markup, of text and of a value that are shown of one hit."""


class Shown(NamedTuple):
    """A hit, ready to be shown. start, stop: characters of the source; NOWHERE or UNKNOWN where it has no place."""

    kind: str
    name: str
    path: str
    text: str
    markup: str
    start: int
    stop: int


def shown_hit(hit: Hit, page: Page, marks: Marks, ranks: Ranks | None = None) -> Shown:
    """What is shown of a hit. ranks: as Tree.path_of has them."""
    tree, node = page.tree, hit.node
    start, stop = marks.start[node], marks.stop[node]
    kind = "attribute" if hit.attribute else Kind(tree.kind[node]).name.lower()
    path = tree.path_of(node, ranks) if node else "/"
    if hit.attribute:
        path = f"{path.rstrip('/')}/@{hit.attribute}"
        start, stop = attribute_place(page.text, hit.attribute, start, marks.inner[node])
    text = hit.value or tree.text_inside(node, MAX_MARKUP) or ("" if hit.attribute else _own(page, node))
    markup = page.text[start : min(stop, start + MAX_MARKUP)] if start >= 0 else ""
    return Shown(kind, hit.attribute or tree.name_of(node), path, text[:MAX_MARKUP], markup, start, stop)


def _own(page: Page, node: int) -> str:
    return "" if page.tree.kind[node] == Kind.ELEMENT else page.tree.text_of(node)


def attribute_place(text: str, name: str, start: int, inner: int) -> tuple[int, int]:
    """Where an attribute stands within the start tag from start to inner; the tag's own marks where it has none."""
    from workbench.formats.markup.tokens import ATTRIBUTE

    if start < 0 or inner < 0:
        return start, start
    begin = start + 1
    while begin < inner and text[begin] not in " \t\n\f\r/>":
        begin += 1
    for found in ATTRIBUTE.finditer(text, begin, inner - 1):
        if found[1].lower() == name.lower():
            return found.span()
    return NOWHERE, NOWHERE


def place_document(start: int, stop: int, lines: Lines) -> dict[str, object] | None:
    """A place as JSON shows it; None for what stands in no source."""
    if start < 0:
        return None
    begin, end = lines.place(start), lines.place(stop)
    return {
        "line": begin.line,
        "column": begin.column,
        "offset": begin.offset,
        "end_line": end.line,
        "end_column": end.column,
        "end_offset": end.offset,
    }


def hit_documents(answer: Answer, page: Page, marks: Marks, lines: Lines) -> Iterator[dict[str, object]]:
    """The hits as JSON shows them."""
    ranks: Ranks = {}
    for hit in answer.hits:
        shown = shown_hit(hit, page, marks, ranks)
        document: dict[str, object] = {
            "kind": shown.kind,
            "name": shown.name,
            "path": shown.path,
            "place": place_document(shown.start, shown.stop, lines),
            "markup": shown.markup,
            "text": shown.text,
        }
        if shown.start >= 0 and shown.stop - shown.start > MAX_MARKUP:
            document["markup_octets"] = lines.offset(shown.stop) - lines.offset(shown.start)
        if shown.kind == "element":
            document["attributes"] = dict(page.tree.attributes_of(hit.node))
        yield document


def problem_document(problem: Problem, lines: Lines) -> dict[str, object]:
    """A problem as JSON shows it."""
    return {
        "code": problem.code,
        "level": problem.level,
        "place": place_document(problem.start, problem.stop, lines),
        "sentence": problem.sentence,
        "did": problem.did,
    }


def page_document(page: Page) -> dict[str, object]:
    """How a document was read, as JSON shows it."""
    encoding = page.encoding
    return {
        "kind": page.kind,
        "kind_why": page.why,
        "encoding": {
            "name": encoding.name,
            "who": encoding.who,
            "why": encoding.why,
            "votes": [
                {"who": vote.who, "says": vote.says, "encoding": vote.encoding or None, "note": vote.note}
                for vote in encoding.votes
            ],
            "wrong_octets": len(encoding.wrong),
        },
        "nodes": len(page.tree),
        "standing": page.standing,
    }
