"""Where strings, comments, names and parameters begin and end, in both dialects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.sql.lexer import tokens
from workbench.protocols.sql.values import Dialect

DIALECTS: tuple[Dialect, ...] = ("sqlite", "postgresql")
PIECES = (
    "'",
    '"',
    "$$",
    "$a$",
    "/*",
    "*/",
    "--",
    "\n",
    ";",
    "E'",
    "\\",
    "[",
    "]",
    "`",
    ":x",
    "?",
    "a",
    "1",
    " ",
    "(",
)


def kinds(text: str, dialect: Dialect) -> list[tuple[str, str]]:
    found = tokens(text, dialect)
    return [(one.kind, text[one.start : one.end]) for one in found if one.kind != "space"]


@pytest.mark.parametrize("dialect", DIALECTS)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60))
def test_the_tokens_are_the_whole_text_without_a_gap(dialect: Dialect, text: str):
    found = list(tokens(text, dialect))
    assert "".join(text[one.start : one.end] for one in found) == text
    assert all(one.start < one.end for one in found)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("'it''s; --'", "string"),
        ('"a;""b"', "name"),
        ("-- ; to the end", "comment"),
        ("/* ; */", "comment"),
        ("'left open ;", "string"),
        ("/* left open ;", "comment"),
        ("Grüße_2", "word"),
        ("1.5e3", "number"),
        (";", "semicolon"),
    ],
)
def test_a_piece_is_one_token(dialect: Dialect, text: str, kind: str):
    assert kinds(text, dialect) == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("$$ it's; $$", "string"),
        ("$a$ $$ ; $b$ $a$", "string"),
        ("$$ left open ;", "string"),
        (r"E'it\'s; \\'", "string"),
        ("B'101'", "string"),
        ('U&"d\\0061t"', "name"),
        ("/* /* ; */ ; */", "comment"),
        ("$1", "parameter"),
        (":name", "parameter"),
        ("::", "symbol"),
    ],
)
def test_what_only_postgresql_has(text: str, kind: str):
    assert kinds(text, "postgresql") == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[a;b]", "name"),
        ("`a;``b`", "name"),
        ("?", "parameter"),
        ("?12", "parameter"),
        ("@x", "parameter"),
        ("$x", "parameter"),
    ],
)
def test_what_only_sqlite_has(text: str, kind: str):
    assert kinds(text, "sqlite") == [(kind, text)]


def test_a_comment_of_sqlite_is_not_nested():
    assert kinds("/* /* */ x", "sqlite") == [("comment", "/* /* */"), ("word", "x")]


def test_a_cast_and_a_slice_hold_no_parameter():
    assert all(kind != "parameter" for kind, _ in kinds("a::int, b[lo:hi], c[1:n], f := 2", "postgresql"))
    assert ("parameter", ":x") in kinds("SELECT :x::int", "postgresql")
    assert ("parameter", ":x") in kinds("f(:x)", "postgresql")
