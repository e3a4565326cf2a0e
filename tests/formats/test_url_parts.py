"""Addresses of any scheme, taken apart with the place of each part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.url_parts import WHAT, choose, parts_of, read_data, scheme_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "gopher://127.0.0.1:7070/0/readme",
            [("scheme", "gopher"), ("host", "127.0.0.1"), ("port", "7070"), ("path", "/0/readme")],
        ),
        (
            "HTTP://me@[::1]:80/a?b#c",
            [
                ("scheme", "HTTP"),
                ("user", "me"),
                ("host", "[::1]"),
                ("port", "80"),
                ("path", "/a"),
                ("query", "b"),
                ("fragment", "c"),
            ],
        ),
        ("http://[::1]/", [("scheme", "http"), ("host", "[::1]"), ("path", "/")]),
        ("http://h#f?x", [("scheme", "http"), ("host", "h"), ("fragment", "f?x")]),
        ("lab:http/page?x", [("scheme", "lab"), ("service", "http"), ("path", "/page"), ("query", "x")]),
        ("file:/etc/hosts", [("scheme", "file"), ("path", "/etc/hosts")]),
        ("data:text/plain,a%20b", [("scheme", "data"), ("media type", "text/plain"), ("data", "a%20b")]),
    ],
)
def test_every_part_has_its_name_and_its_place(text: str, parts: list):
    found = parts_of(text)
    assert [(part.name, part.text) for part in found] == parts
    assert all(text[part.start : part.end] == part.text for part in found)
    assert all(part.name in WHAT for part in found)


@pytest.mark.parametrize("text", ["", "host:80", "127.0.0.1:70", "//host/", "1x://host/", "plain words"])
def test_without_a_scheme_there_is_nothing_to_take_apart(text: str):
    assert scheme_of(text) == ""
    with pytest.raises(LocalMisuse):
        parts_of(text)


def test_a_scheme_is_one_of_those_known():
    assert choose("GOPHER://h/", ("gopher", "http")) == "gopher"
    with pytest.raises(LocalMisuse) as unknown:
        choose("wais://h/", ("gopher", "http"))
    assert (unknown.value.start, unknown.value.end) == (0, 4)
    assert "gopher, http" in unknown.value.advice


@pytest.mark.parametrize(
    ("text", "kind", "data"),
    [
        ("data:,a%20b", "text/plain;charset=US-ASCII", b"a b"),
        ("data:text/html;base64,PGI+", "text/html", b"<b>"),
        ("data:image/png,%00%FF", "image/png", b"\0\xff"),
    ],
)
def test_data_is_in_the_address_itself(text: str, kind: str, data: bytes):
    assert read_data(text) == (kind, data)


@pytest.mark.parametrize("text", ["data:text/plain", "data:;base64,!!"])
def test_data_that_is_none_has_its_place(text: str):
    with pytest.raises(LocalMisuse) as wrong:
        read_data(text)
    assert wrong.value.start is not None


@given(st.text(max_size=60))
def test_any_text_is_taken_apart_or_refused(text: str):
    try:
        found = parts_of(text)
    except LocalMisuse:
        return
    assert all(text[part.start : part.end] == part.text for part in found)
    assert [part.start for part in found] == sorted(part.start for part in found)
