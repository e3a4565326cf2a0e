"""What a worker does with documents: reads them once, marks, searches; all of it goes through a pipe."""

import pickle

import pytest

from tests.formats.markup.samples import HtmlTreeCount, table_page
from workbench.errors import PeerMisbehaved
from workbench.formats.markup import service
from workbench.formats.markup.service import MANY, Source


def test_page_places_and_lines_go_through_a_pipe() -> None:
    source = Source(101, table_page(MANY + 1).encode())
    page, marks, lines = pickle.loads(pickle.dumps(service.read(source), 5))
    assert lines.text is page.text, "the text goes over once"
    assert str(lines.place(marks.start[4])) == "1:16"
    tbody = next(node for node in range(len(page.tree)) if page.tree.name_of(node) == "tbody")
    assert tbody in page.tree._children, "long lists of children come with it"
    every, problems = pickle.loads(pickle.dumps(service.mark(source), 5))
    assert (every.known, problems) == (len(page.tree), ())


def test_a_document_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = HtmlTreeCount(monkeypatch)
    source = Source(102, b"<p>x")
    service.read(source)
    before = counted.number
    assert service.find(source, "css", "p", {}).total == 1
    assert service.find(source, "xpath", "//p", {}).total == 1
    assert counted.number == before
    assert service.find(Source(103, b"<b>x"), "css", "b", {}).total == 1


def test_a_document_that_can_not_be_read_is_not_kept() -> None:
    with pytest.raises(PeerMisbehaved):
        service.read(Source(104, b"\x1f\x8b"))
    with pytest.raises(PeerMisbehaved):
        service.find(Source(104, b"\x1f\x8b"), "css", "p", {})
