"""Every node of an HTML tree stands for the right piece of the source, or for none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.markup.samples import UNCLOSED, outline, read, table_page
from workbench.formats.markup.html import HtmlTree
from workbench.formats.markup.marks import align
from workbench.formats.markup.reading import FIRST_OCTETS
from workbench.formats.markup.values import NOWHERE, UNKNOWN, Kind

PIECES = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i class=x>",
            "</i>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
            "<li>",
            "<ul>",
            "</ul>",
            "text",
            " ",
            "\n",
            "&amp;",
            "<!-- c -->",
            "<br>",
            "<template>",
            "</template>",
            "<svg>",
            "</svg>",
            "<title>",
            "</title>",
            "<pre>\n",
            "</pre>",
            "<form>",
            "<select>",
            "<option>",
            "\x00",
            "<body x=1>",
            "</html>",
        ]
    ),
    max_size=30,
).map("".join)


def test_what_the_parser_puts_there_stands_nowhere() -> None:
    assert outline(read("<table><tr><td>1</table>")) == [
        "html (nowhere)",
        "  head (nowhere)",
        "  body (nowhere)",
        "    table <table><tr><td>1</table>",
        "      tbody (nowhere)",
        "        tr <tr><td>1",
        "          td <td>1",
        "            text 1",
    ]


def test_the_end_of_an_element_is_its_end_tag_or_the_last_thing_in_it() -> None:
    lines = outline(read(UNCLOSED))
    assert "    ul <ul><li>a<li>b</ul>" in lines
    assert [line.strip() for line in lines if line.strip().startswith("li")] == ["li <li>a", "li <li>b"]


def test_what_is_moved_out_of_a_table_keeps_its_place() -> None:
    lines = [line.strip() for line in outline(read("<table> <b>x<tr><td>1</table>"))]
    assert lines.index("b <b>x") < lines.index("table <table> <b>x<tr><td>1</table>")


def test_an_element_that_is_made_again_points_at_its_one_tag() -> None:
    lines = [line.strip() for line in outline(read("<p><b>one<p>two"))]
    assert [line for line in lines if line.startswith("b ")] == ["b <b>one", "b <b>one<p>two"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<pre>\n\n x</pre>", "text \n\n x"),
        ("<textarea>\n</textarea>", "textarea <textarea>\n</textarea>"),
        ("<title>A &amp; B</title>", "text A &amp; B"),
        ("<p>a</x>b", "text a</x>b"),
        ("<p>x<!-- c --><?php y?>", "comment <!-- c -->"),
        ("<p><?php y?>", "instruction <?php y?>"),
        ("<template><li>x</template>", "template <template><li>x</template>"),
        ("<svg><![CDATA[a<b]]></svg>", "text <![CDATA[a<b]]>"),
        ("<!DOCTYPE html>", "doctype <!DOCTYPE html>"),
        ("<script>if (a < b)</script>", "text if (a < b)"),
        ("nw0=1<p nw0=7>", "p <p nw0=7>"),
    ],
)
def test_every_kind_of_node_has_its_place(text: str, expected: str) -> None:
    assert expected in [line.lstrip() for line in outline(read(text))]


def test_where_both_trees_differ_nothing_is_claimed() -> None:
    # The standard keeps three equal formatting elements; with a number in each none is equal.
    source = "<p><b><b><b><b>x<p>y"
    tree = HtmlTree(source).tree
    aligned = align(source, tree)
    assert not aligned.agrees
    assert aligned.marks.start[len(tree) - 1] == UNKNOWN


@given(PIECES)
@settings(max_examples=150, deadline=None)
def test_every_place_is_the_right_one(text: str) -> None:
    reading = read(text)
    marks, _ = reading.marked()
    tree = reading.page.tree
    for node in range(len(tree)):
        start, stop = marks.start[node], marks.stop[node]
        if start < 0:
            assert start in (NOWHERE, UNKNOWN)
            continue
        piece = text[start:stop]
        assert 0 <= start <= stop <= len(text)
        if tree.kind[node] == Kind.ELEMENT:
            assert piece.lower().startswith(f"<{tree.name_of(node)}")
            assert text[marks.inner[node] - 1] == ">"
            if marks.outer[node] >= 0:
                assert text[marks.outer[node] :].lower().startswith(f"</{tree.name_of(node)}")
        elif tree.kind[node] == Kind.COMMENT:
            assert piece == f"<!--{tree.text_of(node)}-->"


def test_what_is_on_screen_first_is_placed_as_all_is() -> None:
    reading = read(table_page(2000))
    first = reading.first_marks()
    every, _ = reading.marked()
    assert len(reading.page.text) > FIRST_OCTETS
    assert 1000 < first.known < len(reading.page.tree)
    assert first.start[4 : first.known] == every.start[4 : first.known]
    assert first.start[first.known] == UNKNOWN
