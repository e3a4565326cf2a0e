"""XML: the tree with its places, what is not well-formed with its place, and nothing that is ever loaded."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.formats.markup.samples import BOMB, outline, read
from workbench.errors import PeerMisbehaved
from workbench.formats.markup.values import Kind


def test_nodes_and_places() -> None:
    text = "<?xml version='1.0'?><!-- c --><a x='1'>t<b/><![CDATA[<]]><?p d?>&amp;</a>"
    assert outline(read(text, "xml")) == [
        "comment <!-- c -->",
        "a <a x='1'>t<b/><![CDATA[<]]><?p d?>&amp;</a>",
        "  text t",
        "  b <b/>",
        "  cdata <![CDATA[<]]>",
        "  instruction <?p d?>",
        "  text &amp;",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<a><b></a>", "1:"),
        ("<a>&nbsp;</a>", "1:"),
        ("<a x='1' x='2'/>", "1:"),
        ("<a/>\n<b/>", "2:1"),
        ("<a>\n\x01</a>", "2:1"),
        ("", "1:1"),
        ("<a>", "1:"),
    ],
)
def test_what_is_not_well_formed_has_its_place(text: str, place: str) -> None:
    reading = read(text, "xml")
    assert reading.page.standing.startswith("It is not well-formed")
    errors = [problem for problem in reading.page.problems if problem.level == "error"]
    assert str(reading.lines.place(errors[0].start)).startswith(place)


def test_a_mistake_of_one_document_is_not_told_of_the_next() -> None:
    read("<a x='1' x='2'/>", "xml")
    assert len(read("<a>", "xml").page.problems) == 1


def test_entities_that_grow_are_refused_with_their_place() -> None:
    with pytest.raises(PeerMisbehaved, match=r"e6 would become .* \(line 9, column 1\)"):
        read(BOMB, "xml")


def test_an_entity_that_stands_for_itself_is_refused() -> None:
    with pytest.raises(PeerMisbehaved, match="stands for itself"):
        read('<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]><a>&a;</a>', "xml")


def test_a_long_chain_of_entities_is_no_recursion() -> None:
    chain = "".join(f'<!ENTITY e{at} "&e{at + 1};">' for at in range(5000))
    reading = read(f'<!DOCTYPE a [{chain}<!ENTITY e5000 "x">]><a>&e0;</a>', "xml")
    # libxml2 has had enough at some depth, and says so.
    assert reading.page.problems[0].code == "resource-limit"


def test_a_file_that_an_entity_names_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("swordfish")
    text = f'<!DOCTYPE a SYSTEM "{tmp_path}/none.dtd" [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]><a>x&e;y</a>'
    reading = read(text, "xml")
    assert [problem.code for problem in reading.page.problems] == ["external-dtd", "external-entity"]
    tree = reading.page.tree
    kinds = [Kind(tree.kind[node]) for node in range(len(tree))]
    assert kinds[-3:] == [Kind.TEXT, Kind.ENTITY, Kind.TEXT]
    assert "swordfish" not in tree.heap
    assert reading.xml is not None
    assert b"swordfish" not in etree.tostring(reading.xml.root)


def test_nesting_has_a_bound_with_its_place() -> None:
    reading = read("<r>" * 100_000, "xml")
    assert reading.page.problems[0].sentence.startswith("elements are nested more than 256 deep")
    assert reading.page.problems[0].start == 770


def test_a_huge_attribute_is_only_long() -> None:
    reading = read(f"<a x='{'y' * 5_000_000}'/>", "xml")
    assert len(reading.page.tree.attributes_of(1)[0][1]) == 5_000_000


DOCUMENTS = st.recursive(
    st.sampled_from(["t", "&amp;", "<!-- c -->", "<b/>", "<![CDATA[<&]]>", " ", "\n", "é", "<?p d?>"]),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<a x='1&#65;'>{''.join(parts)}</a>"),
    max_leaves=12,
).map(lambda inner: f"<r>{inner}</r>")


@given(DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_the_tree_is_the_one_that_libxml2_makes(text: str) -> None:
    reading = read(text, "xml")
    tree = reading.page.tree
    marks, _ = reading.marked()
    root = etree.fromstring(text.encode())
    names = [tree.name_of(node) for node in range(len(tree)) if tree.kind[node] == Kind.ELEMENT]
    assert names == [element.tag for element in root.iter(etree.Element)]
    assert tree.text_inside(0) == "".join(root.itertext(etree.Element))
    assert all(
        text[marks.start[node]] == "<" for node in range(1, len(tree)) if tree.kind[node] == Kind.ELEMENT
    )


@given(st.text(alphabet="<>/a=\"'&;![]-? \n", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_document_or_has_a_place_for_its_mistake(text: str) -> None:
    reading = read(text, "xml")
    assert (reading.xml is not None and reading.xml.root is not None) == (reading.page.standing == "")
    if reading.page.standing:
        assert any(problem.level == "error" for problem in reading.page.problems)
