"""The door: what a document is read as, its places as lines and octets, and what is refused.

What it leads to is tested through it: workbench.formats.markup.html, workbench.formats.markup.building,
workbench.formats.markup.entities, workbench.formats.markup.values and workbench.formats.markup.describe.
"""

import pytest

from tests.formats.markup.samples import read, table_page
from workbench.errors import PeerMisbehaved
from workbench.formats.markup.describe import shown_hit
from workbench.formats.markup.query import Hit
from workbench.formats.markup.reading import MAX_HTML_DEPTH, Reading, kind_of, words_of_place
from workbench.formats.markup.values import Kind, Ranks


@pytest.mark.parametrize(
    ("data", "media_type", "kind"),
    [
        (b"<p>", "", "html"),
        (b"<p>", "text/html; charset=x", "html"),
        (b"<p>", "application/xhtml+xml", "xml"),
        (b"<html>", "text/xml", "xml"),
        (b"<?xml version='1.0'?><p/>", "", "xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><p/>", "", "xml"),
        ("<?xml version='1.0'?><p/>".encode("utf-16"), "", "xml"),
        (b"<!DOCTYPE html><p>", "", "html"),
        (b"<!DOCTYPE book [<!ENTITY a 'b'>]><book/>", "", "xml"),
        (b"<feed/>", "", "xml"),
        (b"<p xmlns='http://www.w3.org/1999/xhtml'/>", "", "xml"),
        (b"just text", "", "html"),
        (b"", "", "html"),
    ],
)
def test_what_it_is_read_as(data: bytes, media_type: str, kind: str) -> None:
    assert kind_of(data, "", media_type)[0] == kind


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08", b"PK\x03\x04", b"BZh9", b"\x28\xb5\x2f\xfd"])
def test_what_is_compressed_is_named(data: bytes) -> None:
    with pytest.raises(PeerMisbehaved, match="compressed by"):
        Reading(data)


@pytest.mark.parametrize("tail", ["", "</div>" * 20_000])
def test_nesting_that_would_take_for_ever_is_refused_with_its_place(tail: str) -> None:
    place = 5 * MAX_HTML_DEPTH + 1
    with pytest.raises(PeerMisbehaved, match=rf"nested more than 5,000 deep \(line 1, column {place}\)"):
        read("<div>" * 20_000 + tail)


def test_tags_that_may_stay_open_are_no_nesting() -> None:
    page = read("<ul>" + "<li>x<br>" * 20_000).page
    assert len(page.tree) > 60_000


def test_templates_in_templates_have_a_bound() -> None:
    assert len(read("<template>" * 3000).page.tree) < 1000


def test_attributes_text_and_paths() -> None:
    page = read("<p id=a title='x &amp; y' hidden>one <b>two</b></p><p>three").page
    tree = page.tree
    first, second = [node for node in range(len(tree)) if tree.name_of(node) == "p"]
    assert tree.attributes_of(first) == (("id", "a"), ("title", "x & y"), ("hidden", ""))
    assert tree.text_inside(first) == "one two"
    assert (tree.path_of(first), tree.path_of(second)) == ("/html/body/p[1]", "/html/body/p[2]")
    assert tree.path_of(second + 1) == "/html/body/p[2]/text()"
    ranks: Ranks = {}
    every = range(1, len(tree))
    assert [tree.path_of(node, ranks) for node in every] == [tree.path_of(node) for node in every]
    assert [tree.row_of(node) for node in (first, second)] == [0, 1]


def test_an_attribute_has_its_own_place() -> None:
    reading = read("<a name=href href='/x'>y</a>")
    marks, _ = reading.marked()
    node = next(n for n in range(len(reading.page.tree)) if reading.page.tree.name_of(n) == "a")
    shown = shown_hit(Hit(node, "href", "/x"), reading.page, marks)
    assert (shown.markup, shown.text, shown.path) == ("href='/x'", "/x", "/html/body/a/@href")


def test_places_in_words() -> None:
    reading = read("\n<p>x")
    marks, _ = reading.marked()
    said = [words_of_place(marks, node, reading.lines, Kind.ELEMENT).text for node in (1, 4)]
    assert said == ["not in the source: the parser put it there", "line 2, column 1"]


@pytest.mark.slow  # as many rows as the page of the figures has
def test_a_page_of_a_quarter_of_a_million_nodes_is_read() -> None:
    reading = read(table_page(20_000))
    marks, problems = reading.marked()
    assert len(reading.page.tree) > 200_000
    assert problems == ()
    assert marks.known == len(reading.page.tree)
