"""Forms as queries, as pairs and as parts; the standard library must read them back."""

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.http.forms import FormField, multipart, urlencoded, with_query


@pytest.mark.covers("C6.13")
def test_pairs_keep_their_order_and_escape_what_would_be_read_otherwise():
    fields = [
        FormField("query", "10001"),
        FormField("a", "x y&z=\u00e9"),
        FormField("a", "2"),
        FormField("k", None),
    ]
    assert urlencoded(fields).body == b"query=10001&a=x+y%26z%3D%C3%A9&a=2&k"


def test_a_query_joins_what_the_address_has_already():
    assert with_query("http://h/p?x=1#f", [FormField("y", "2")]) == "http://h/p?x=1&y=2#f"
    assert with_query("http://h/p", [FormField("y", "2")]) == "http://h/p?y=2"
    assert with_query("http://h/p?", [FormField("y", "2")]) == "http://h/p?y=2"
    assert with_query("http://h/p#f", []) == "http://h/p#f"


def test_what_looks_like_a_password_is_masked():
    made = urlencoded([FormField("user", "anna"), FormField("Password", "a b"), FormField("api_token", "")])
    assert [made.body[start:stop] for start, stop in made.secret] == [b"a+b"]
    made = multipart([FormField("user", "anna"), FormField("pwd", "xyz")], "b")
    assert [made.body[start:stop] for start, stop in made.secret] == [b"xyz"]


def test_parts_are_read_back_by_the_standard_library():
    fields = [FormField("name", "Gr\u00fc\u00dfe"), FormField("file", "", 'a "b".html', b"\0\r\n--b\xff")]
    made = multipart(fields)
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + made.content_type.encode() + b"\r\n\r\n" + made.body
    )
    parts = list(message.iter_parts())
    assert [part.get_param("name", header="content-disposition") for part in parts] == ["name", "file"]
    assert [part.get_payload(decode=True) for part in parts] == ["Gr\u00fc\u00dfe".encode(), b"\0\r\n--b\xff"]
    assert parts[1].get_content_type() == "text/html"
    assert b'filename="a %22b%22.html"' in made.body


def test_names_cant_end_their_head_early():
    made = multipart([FormField('x"\r\nX-Evil: 1', "v", "")], "b")
    assert b"\r\nX-Evil" not in made.body
    with pytest.raises(LocalMisuse):
        multipart([FormField("a\0", "v")], "b")


def test_a_file_needs_parts_and_a_boundary_must_not_stand_in_it():
    with pytest.raises(LocalMisuse):
        urlencoded([FormField("f", "", "x", b"")])
    with pytest.raises(LocalMisuse):
        multipart([FormField("f", "--b")], "b")
    assert multipart([]).content_type != multipart([]).content_type


@given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=10)), max_size=6))
def test_any_pairs_come_back(pairs: list[tuple[str, str]]):
    pairs = [
        (name.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode())
        for name, value in pairs
    ]
    body = urlencoded([FormField(name, value) for name, value in pairs]).body.decode("ascii")
    assert parse_qsl(body, keep_blank_values=True) == pairs


def test_half_of_a_surrogate_pair_is_refused_at_its_place():
    with pytest.raises(LocalMisuse) as caught:
        urlencoded([FormField("a", "b\ud800")])
    assert (caught.value.start, caught.value.end) == (1, 2)
