"""Documents for the tests of markup, and what their trees look like in lines."""

import pytest

from workbench.formats.markup import reading as reading_module
from workbench.formats.markup.html import HtmlTree
from workbench.formats.markup.reading import Reading
from workbench.formats.markup.values import NOWHERE, UNKNOWN, Kind

UNCLOSED = "<!DOCTYPE html><title>t</title><ul><li>a<li>b</ul></i>"
BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE a [\n<!ENTITY e0 "ha">\n'
    + "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">\n' for at in range(1, 10))
    + "]>\n<a>&e9;</a>"
)


def table_page(rows: int) -> str:
    """A page of one table; 20,000 rows have 2.4 MB."""
    row = '<tr class="r"><td>{0}<td><a href="/item/{0}?x=1&amp;y=2">Item {0}</a><td>text &eacute;<td><b>bold</b></tr>\n'
    rows_text = "".join(row.format(at) for at in range(rows))
    return f"<!DOCTYPE html><title>T</title><table>{rows_text}</table>"


def read(text: str | bytes, kind: str = "html", **how: str) -> Reading:
    """A document, read."""
    return Reading(text.encode() if isinstance(text, str) else text, kind, **how)


def outline(reading: Reading) -> list[str]:
    """Every node in a line: indented name or text, and the source that it stands for."""
    tree, source = reading.page.tree, reading.page.text
    marks, _ = reading.marked()
    lines: list[str] = []
    depths = {0: -1}
    for node in range(1, len(tree)):
        depths[node] = depths[tree.parent[node]] + 1
        start, stop = marks.start[node], marks.stop[node]
        kind = Kind(tree.kind[node])
        name = tree.name_of(node) if kind is Kind.ELEMENT else kind.name.lower()
        where = {NOWHERE: "(nowhere)", UNKNOWN: "(unknown)"}.get(start) or source[start:stop]
        lines.append(f"{'  ' * depths[node]}{name} {where}")
    return lines


class HtmlTreeCount:
    """Counts how often a page is parsed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        made = reading_module.HtmlTree

        def counted(source: str) -> HtmlTree:
            self.number += 1
            return made(source)

        monkeypatch.setattr(reading_module, "HtmlTree", counted)
