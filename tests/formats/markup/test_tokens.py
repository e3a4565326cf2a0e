"""Tokens cover the source from end to end, and end where the standard says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.formats.markup.tokens import tokens_of

START, END, TEXT, COMMENT, BOGUS, INSTRUCTION, DOCTYPE, CDATA, NOTHING = range(9)

PIECES = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "</",
            "/>",
            "<!--",
            "-->",
            "<!",
            "<?",
            "<p",
            "<svg>",
            "</svg>",
            "<script>",
            "</script",
            "<title>",
            "</title>",
            "=",
            '"',
            "'",
            " ",
            "a",
            "x=1",
            "\n",
            "&amp;",
            "<![CDATA[",
            "]]>",
            "<table",
            "\x00",
            "é",
        ]
    ),
    max_size=40,
).map("".join)


def told(text: str) -> list[tuple[int, str]]:
    tokens = tokens_of(text)
    return [(tokens.kind[at], text[tokens.start[at] : tokens.stop[at]]) for at in range(len(tokens))]


@pytest.mark.parametrize(
    ("pieces", "kinds"),
    [
        (('<p a="x>y" b=\'<\'>', "x", "</p >"), (START, TEXT, END)),
        (("a < b <3 ", "</ x>"), (TEXT, BOGUS)),
        (("<!-->", "a", "<!--->", "b", "<!-- c --!>", "d"), (COMMENT, TEXT, COMMENT, TEXT, COMMENT, TEXT)),
        (("<textarea>", "a</p>", "</TEXTAREA >"), (START, TEXT, END)),
        (("<script>", "<!--<script></script>-->", "</script>", "x"), (START, TEXT, END, TEXT)),
        (("<svg>", "<![CDATA[<]]>", "<title>", "q", "<b>", "</title>", "</svg>"),
         (START, CDATA, START, TEXT, START, END, END)),
        (("<![CDATA[<]]>",), (BOGUS,)),
        (('<p a="x',), (NOTHING,)),
        (("</>", "<?php x?>"), (NOTHING, INSTRUCTION)),
        (("<!doctype html>", "<a href=x/y/>"), (DOCTYPE, START)),
        (("<plaintext>", "</plaintext>"), (START, TEXT)),
        (("<",), (TEXT,)),
    ],
)  # fmt: skip
def test_a_token_ends_where_it_should(pieces: tuple[str, ...], kinds: tuple[int, ...]) -> None:
    assert told("".join(pieces)) == list(zip(kinds, pieces, strict=True))


@given(PIECES)
@settings(max_examples=200)
def test_tokens_cover_every_character_once(text: str) -> None:
    assert "".join(piece for _, piece in told(text)) == text


def test_many_quotes_take_no_longer_than_few() -> None:
    text = '<p a="' * 50_000
    assert sum(len(piece) for _, piece in told(text)) == len(text)
