"""Searches: XPath and CSS in both kinds of documents, every kind of result, and what makes no sense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.markup.samples import read
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats.markup.query import MAX_TREE_DEPTH, Answer, Searcher, css_as_xpath, read_namespace

HTML = "<!DOCTYPE html><p id=a>one <b>two</b><!-- c --></p><TABLE><tr><td>x<td class=k>y</table>"
ATOM = "http://www.w3.org/2005/Atom"
FEED = (
    f'<?xml version="1.0"?><feed xmlns="{ATOM}" xmlns:q="u">'
    '<entry q:a="1">t<title>T<![CDATA[<]]></title>z</entry></feed>'
)


def find(text: str, language: str, expression: str, kind: str = "html", **namespaces: str) -> Answer:
    return Searcher(read(text, kind)).search(language, expression, namespaces)


def paths(text: str, language: str, expression: str, kind: str = "html", **namespaces: str) -> list[str]:
    reading = read(text, kind)
    answer = Searcher(reading).search(language, expression, namespaces)
    return [
        reading.page.tree.path_of(hit.node) + (f"/@{hit.attribute}" if hit.attribute else "")
        for hit in answer.hits
    ]


@pytest.mark.parametrize(
    ("language", "expression", "expected"),
    [
        ("xpath", "//td[2]", ["/html/body/table/tbody/tr/td[2]"]),
        ("xpath", "//td/@class", ["/html/body/table/tbody/tr/td[2]/@class"]),
        ("xpath", "//p/text()", ["/html/body/p/text()"]),
        ("xpath", "//comment()", ["/html/body/p/comment()"]),
        ("xpath", "//b | //td[1]", ["/html/body/p/b", "/html/body/table/tbody/tr/td[1]"]),
        ("css", "tbody > tr td.k", ["/html/body/table/tbody/tr/td[2]"]),
        ("css", "p, p b", ["/html/body/p", "/html/body/p/b"]),
        ("css", "p:has(b)", ["/html/body/p"]),
    ],
)
def test_nodes_of_html(language: str, expression: str, expected: list[str]) -> None:
    assert paths(HTML, language, expression) == expected


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("count(//td)", "number", "2"),
        ("1 div 3", "number", "0.3333333333333333"),
        ("1 div 0", "number", "Infinity"),
        ("string(//b)", "string", "two"),
        ("//b = 'two'", "boolean", "true"),
        ("not(//p)", "boolean", "false"),
    ],
)
def test_results_that_are_no_nodes(expression: str, kind: str, value: str) -> None:
    answer = find(HTML, "xpath", expression)
    assert (answer.kind, answer.value) == (kind, value)


def test_from_a_node_to_its_children_and_to_all_below() -> None:
    book = "<book><title>A</title><chapter><title>B</title></chapter></book>"
    assert paths(book, "xpath", "/book/chapter/title", "xml") == ["/book/chapter/title"]
    assert paths(book, "xpath", "/book//title", "xml") == ["/book/title", "/book/chapter/title"]
    assert paths(book, "xpath", "/book/title", "xml") == ["/book/title"]


def test_a_default_namespace_is_explained_and_can_be_named() -> None:
    answer = find(FEED, "xpath", "//entry", "xml")
    assert answer.total == 0
    assert ATOM in answer.hint
    assert "x:entry" in answer.hint
    assert paths(FEED, "xpath", "//a:entry", "xml", a=ATOM) == ["/feed/entry"]
    assert "write a:entry" in find(FEED, "xpath", "//entry", "xml", a=ATOM).hint


def test_the_documents_own_prefixes_are_known_and_others_count_more() -> None:
    assert paths(FEED, "xpath", "//@q:a", "xml") == ["/feed/entry/@q:a"]
    assert find(FEED, "xpath", "//@q:a", "xml", q="other").total == 0


def test_text_behind_an_element_is_the_text_that_stands_there() -> None:
    reading = read(FEED, "xml")
    answer = Searcher(reading).search("xpath", "//text()", {})
    tree = reading.page.tree
    assert [tree.text_of(hit.node) for hit in answer.hits] == ["t", "T", "z"]
    assert [hit.value for hit in answer.hits] == ["t", "T<", "z"]


def test_css_in_xml_means_any_namespace_and_shows_its_xpath() -> None:
    answer = find(FEED, "css", "entry > title", "xml")
    assert answer.total == 1
    assert answer.translated == css_as_xpath("entry > title")


@pytest.mark.parametrize(
    ("language", "expression", "start", "end"),
    [
        ("xpath", "//a[", 0, 4),
        ("xpath", "//x:a", 2, 3),
        ("xpath", "nosuch()", 0, 8),
        ("css", "a[", 0, 2),
        ("css", "", 0, 0),
        ("xpath", "//a\0", 3, 4),
    ],
)
def test_what_makes_no_sense_has_its_place(language: str, expression: str, start: int, end: int) -> None:
    with pytest.raises(LocalMisuse) as caught:
        find(HTML, language, expression)
    assert (caught.value.start, caught.value.end) == (start, end)


def test_css_of_xml_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(LocalMisuse, match="no CSS selector"):
        find(FEED, "css", "a:foo(", "xml")


def test_a_broken_document_says_why_it_can_not_be_searched() -> None:
    with pytest.raises(PeerMisbehaved, match="not well-formed"):
        find("<a><b></a>", "xpath", "//b", "xml")


def test_no_recursion_is_let_near_a_deep_page() -> None:
    deep = "<div>" * (MAX_TREE_DEPTH + 10)
    with pytest.raises(PeerMisbehaved, match="deep"):
        find(deep, "xpath", "//div")
    assert find(deep, "css", "div").total == MAX_TREE_DEPTH + 10


def test_names_that_xml_has_not_can_be_searched_all_the_same() -> None:
    assert find('<p><a"b x="1"><1><a:b onclick=1 a@b=2>z', "xpath", "//p//*").total >= 2


def test_no_function_reads_a_file() -> None:
    with pytest.raises(LocalMisuse):
        find(HTML, "xpath", "document('/etc/passwd')")


@pytest.mark.parametrize(("text", "start"), [("x", 1), ("=u", 0), ("1x=u", 0), ("x=", 2), ("a b=u", 0)])
def test_a_prefix_that_is_none_has_its_place(text: str, start: int) -> None:
    with pytest.raises(LocalMisuse) as caught:
        read_namespace(text)
    assert caught.value.start == start
    assert read_namespace("x=http://h/a=b") == ("x", "http://h/a=b")


@given(st.sampled_from(["xpath", "css"]), st.text(alphabet="/@*[]().:a b1|='\"#>+~,-", max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_text_is_an_expression_or_a_mistake(language: str, text: str) -> None:
    for document, kind in ((HTML, "html"), (FEED, "xml")):
        try:
            answer = find(document, language, text, kind)
        except LocalMisuse:
            continue
        assert answer.kind in ("nodes", "string", "number", "boolean")
