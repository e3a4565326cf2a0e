"""What is wrong in HTML: by the standard's names, each at its place."""

import pytest

from tests.formats.markup.samples import UNCLOSED, read
from workbench.formats.markup.problems import MAX_PROBLEMS

D = "<!DOCTYPE html>"


def told(text: str) -> list[tuple[str, str]]:
    """Names, and the source at the place."""
    _, problems = read(text).marked()
    return [(problem.code, text[problem.start : problem.stop]) for problem in problems]


@pytest.mark.parametrize(
    ("text", "code", "piece"),
    [
        (f"{D}<p a=1 A=2>", "duplicate-attribute", "A=2"),
        (f'{D}<p a="1"b=2>', "missing-whitespace-between-attributes", "b"),
        (f"{D}<p =a>", "unexpected-equals-sign-before-attribute-name", "="),
        (f"{D}<p a'b=1>", "unexpected-character-in-attribute-name", "a'b"),
        (f'{D}<p a=x"y>', "unexpected-character-in-unquoted-attribute-value", 'x"y'),
        (f"{D}<p a=>", "missing-attribute-value", "a="),
        (f"{D}<p>a</p x=1>", "end-tag-with-attributes", "</p x=1>"),
        (f"{D}<p>&copy 1", "missing-semicolon-after-character-reference", "&copy"),
        (f"{D}<p>&#65", "missing-semicolon-after-character-reference", "&#65"),
        (f"{D}<p>&bogus;", "unknown-named-character-reference", "&bogus;"),
        (f"{D}<p>&#0;", "null-character-reference", "&#0;"),
        (f"{D}<p>&#128;", "control-character-reference", "&#128;"),
        (f"{D}<p>&#xD800;", "surrogate-character-reference", "&#xD800;"),
        (f"{D}<p>&#1114112;", "character-reference-outside-unicode-range", "&#1114112;"),
        (f"{D}<p>&#x;", "absence-of-digits-in-numeric-character-reference", "&#x;"),
        (f"{D}<p>a < b", "invalid-first-character-of-tag-name", "<"),
        (f"{D}<p></>", "missing-end-tag-name", "</>"),
        (f"{D}<p></ x>", "invalid-first-character-of-tag-name", "</ x>"),
        (f"{D}<p><!-->", "abrupt-closing-of-empty-comment", "<!-->"),
        (f"{D}<p><!-- a --!>", "incorrectly-closed-comment", "--!>"),
        (f"{D}<p><!-- <!-- -->", "nested-comment", "<!--"),
        (f"{D}<p><!-- ", "eof-in-comment", "<!-- "),
        (f"{D}<p><a hr", "eof-in-tag", "<a hr"),
        (f"{D}<p><![CDATA[x]]>", "cdata-in-html-content", "<![CDATA[x]]>"),
        (f"{D}<p>a\0b", "unexpected-null-character", "\0"),
        (f"{D}<div/>", "non-void-html-element-start-tag-with-trailing-solidus", "<div/>"),
        (f"{D}<b>x", "unclosed-element", "<b>"),
        (f"{D}<p>x</i>", "unexpected-end-tag", "</i>"),
        (f"{D}<table><b>x</b><tr><td></table>", "moved-out-of-table", "<b>"),
        (f"{D}<form><form>", "unexpected-start-tag", "<form>"),
        ("<p>x", "missing-doctype", ""),
    ],
)
def test_a_mistake_is_found_at_its_place(text: str, code: str, piece: str) -> None:
    assert (code, piece) in told(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{D}<title>a</title><ul><li>a<li>b</ul><p>x<p>y<br><img src=x alt='a &amp; b'><hr/>",
        f"{D}<table><tr><td>1<td>2<tr><th>3</table>",
        f'{D}<a href="?a=1&copy=2">x</a>',
        f"{D}<svg><path d='M0'/><circle/></svg>",
        f"{D}<script>if (a < b && c) {{}}</script><style>a > b {{}}</style>",
        f"{D}<p>AT&amp;T &eacute; &#233; &#xe9;",
        f"{D}<html lang=en><head><meta charset=utf-8></head><body class=x>y</body></html>\n",
    ],
)
def test_what_is_allowed_is_no_mistake(text: str) -> None:
    assert told(text) == []


def test_optional_end_tags_are_no_mistake_and_a_stray_one_is() -> None:
    assert told(UNCLOSED) == [("unexpected-end-tag", "</i>")]


def test_the_list_has_an_end() -> None:
    found = told(D + "</i>" * 5000)
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1][0] == "more"
