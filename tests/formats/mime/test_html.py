"""HTML of letters: what is drawn, what is left out and named, in time that grows with the text alone."""

from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.formats.mime import html_draw
from workbench.formats.mime.html_draw import draw, drawing, misleading, text_of_html
from workbench.formats.mime.html_left_out import MAX_LISTED, WHY
from workbench.formats.mime.html_tokens import tokens


def kinds(source: str, pictures=()) -> list[tuple[str, str]]:
    return [(each.kind, each.target) for each in draw(source, pictures).left_out]


def markup(source: str) -> str:
    return "".join(piece.html for piece in draw(source).pieces)


@pytest.mark.parametrize(
    ("source", "kind", "target"),
    [
        ("<script src=http://x/y>alert(1)</script>", "script", "http://x/y"),
        ("<p onclick=steal()>a", "event handler", "onclick"),
        ('<a href="java&#9;script:alert(1)">a</a>', "script link", "javascript:alert(1)"),
        ("<a href='file:etc/passwd'>a</a>", "local file", "file:etc/passwd"),
        ("<a href='tel:123'>a</a>", "other link", "tel:123"),
        ("<img src=http://x/y.png>", "remote picture", "http://x/y.png"),
        ("<img src=//x/y.png>", "remote picture", "//x/y.png"),
        ("<img src=http://x/y.gif width=1 height=1>", "tracking picture", "http://x/y.gif"),
        ("<img src=cid:nobody>", "missing picture", "cid:nobody"),
        ("<img src='data:image/png;base64,AAAA'>", "picture in the text", "data:image/png;base64,AAAA"),
        ("<img srcset='http://x/1 1x, http://x/2 2x'>", "remote picture", "http://x/1"),
        ("<body background=http://x/y>", "remote picture", "http://x/y"),
        ("<style>p{color:red}</style>", "style sheet", ""),
        ("<link rel=stylesheet href=http://x/y.css>", "style sheet", "http://x/y.css"),
        ("<link rel=dns-prefetch href=//x>", "prefetch", "//x"),
        ("<p style='background:url(http://x/y)'>", "remote style", "http://x/y"),
        ("<style>@import 'http://x/y';</style>", "remote style", "http://x/y"),
        ("<style>@font-face{src:url(http://x/f)}</style>", "font", "http://x/f"),
        ("<form action=http://x/y><input></form>", "form", "http://x/y"),
        ("<iframe src=http://x/y></iframe>", "frame", "http://x/y"),
        ("<object data=http://x/y></object>", "frame", "http://x/y"),
        ("<video src=http://x/y></video>", "media", "http://x/y"),
        ("<svg onload=x><image href=http://x/y></svg>", "drawing", ""),
        ("<meta http-equiv=refresh content='0;url=http://x'>", "redirect", "0;url=http://x"),
        ("<base href=http://x>", "base", "http://x"),
    ],
)
def test_everything_that_would_load_run_or_send_is_left_out_and_named(source, kind, target):
    assert (kind, target) in kinds(source)
    drawn = markup(source + "<p>after</p>")
    for word in ("script", "http", "url(", "onclick", "onload", "<img", "file:", "tel:"):
        assert word not in drawn.lower(), drawn
    assert "after" in drawn


def test_every_kind_has_its_reason():
    assert all(WHY.values())


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("<h1>Title</h1>", "<h1>Title</h1>"),
        ("a <b>b <i>c</b> d</i>", "a <b>b <i>c</i></b><i> d</i>"),
        ("1 < 2 &amp; 3 &#62; 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<a href='http://x.test/?a=1&amp;b=\"'>x</a>", '<a href="http://x.test/?a=1&amp;b=&quot;">x</a>'),
        ("<b>a<p>b</b>", "<b>b</b>"),
    ],
)
def test_words_and_their_form_are_kept(source, drawn):
    assert drawn in markup(source)


def test_blocks_lists_and_tables_become_lines():
    source = (
        "<ul><li>one<li>two</ul><ol><li>first</ol><table><tr><td>a<td>b</tr><tr><th>c</table><blockquote>q"
    )
    assert [piece.text for piece in draw(source).pieces] == [
        "• one",
        "• two",
        "1. first",
        "a │ b",
        "c",
        "> q",
    ]
    assert text_of_html("<p>Hello<br>there<p>you") == "Hello\nthere\nyou\n"


def test_a_picture_of_the_letter_itself_is_drawn():
    drawn = draw("<img src='cid:logo@x' alt='the logo'>", ["logo@x"])
    assert drawn.left_out == ()
    assert drawn.pieces[0].pictures == ("logo@x",)
    assert 'src="cid:logo@x"' in drawn.pieces[0].html


def test_what_turns_the_reading_direction_is_shown_and_what_hides_is_left_out():
    assert draw("<p>a\u202eb\u200bc\u00ad").pieces[0].text == "a⟨U+202E⟩bc"


@pytest.mark.parametrize(
    ("words", "target", "warns"),
    [
        ("www.bank.test", "http://evil.test/", True),
        ("https://bank.test/login", "https://bank.test.evil.test/", True),
        ("bank.test", "https://www.bank.test/x", False),
        ("click here", "http://evil.test/", False),
        ("bank.test", "mailto:x@evil.test", False),
    ],
)
def test_words_that_name_another_host_than_the_link_are_told(words, target, warns):
    assert bool(misleading(words, target)) is warns
    assert any(link.warning for link in draw(f'<a href="{target}">{words}</a>').links) is warns


HOSTILE = {
    "deep": "<div>" * 20_000 + "x",
    "inline": "<b>" * 20_000 + "x" + "</b>" * 20_000,
    "quotes": '<a "' * 20_000,
    "attributes": "<a " + "x " * 20_000,
    "comments": "<!--" * 20_000,
    "raw": "<script></scrip" * 15_000,
    "lists": "<ul><li>" * 8_000,
    "signs": "<" * 20_000,
    "links": "<a href=http://x>" * 8_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_take_time_by_their_length_alone(source):
    began = thread_time()
    draw(source[: len(source) // 4])
    quarter = thread_time() - began
    began = thread_time()
    drawn = draw(source)
    # Quadratic would be sixteen times. Our own time: what others take of a busy machine is not in it.
    assert thread_time() - began < max(12 * quarter, 0.5)
    assert len(drawn.left_out) <= MAX_LISTED


def test_a_page_without_end_is_cut(monkeypatch):
    monkeypatch.setattr(html_draw, "MAX_PIECES", 20)
    drawn = draw("<p>x" * 30)
    assert drawn.is_cut
    assert len(drawn.pieces) == 20


def test_a_long_page_is_drawn_with_pauses():
    assert sum(1 for _ in drawing("<p>word</p>" * 5000)) > 20


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<b>", "</b>", "<a href=http://x>", "</a>", "<img src=http://y>", "<script>"),
                *("</script>", "<", ">", '"', "<!--", "-->", "&amp;", "&#0;", "<style>", "<svg>", "</svg>"),
                *("<td>", "<li>", "<pre>", "text ", "<title>", "<body>"),
            ]
        ) | st.text(max_size=5),
        max_size=30,
    ).map("".join)
)  # fmt: skip
def test_what_comes_out_holds_only_the_few_elements_that_are_drawn(source):
    allowed = {
        "p",
        "h1",
        "h2",
        "b",
        "i",
        "u",
        "s",
        "sub",
        "sup",
        "code",
        "small",
        "big",
        "a",
        "br",
        "hr",
        "img",
    }
    for piece in draw(source).pieces:
        open_: list[str] = []
        for token in tokens(piece.html):
            if token.kind == "start":
                assert token.text in allowed
                assert not any(name.startswith("on") for name in token.attributes)
                assert token.attributes.get("src", "cid:").startswith("cid:")
                if token.text not in ("br", "hr", "img"):
                    open_.append(token.text)
            elif token.kind == "end":
                assert open_.pop() == token.text
            else:
                assert token.kind == "text"
        assert open_ == []
