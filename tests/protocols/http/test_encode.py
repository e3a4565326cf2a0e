"""The exact bytes of a request; h11, as a server, must read the same."""

import base64

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.http.encode import added, basic, check_field, encode
from workbench.protocols.http.values import Login, Request


@pytest.mark.covers("C6.2")
def test_the_bytes_are_known_before_they_go_and_fields_stay_as_typed():
    request = Request("http://h/a?b", headers=(("X-Lab", "1"), ("x-lAB", "1"), ("Accept", "")))
    assert encode(request).data == (
        b"GET /a?b HTTP/1.1\r\nHost: h\r\nX-Lab: 1\r\nx-lAB: 1\r\nAccept: \r\n"
        b"User-Agent: network-workbench/0.1.0\r\nConnection: close\r\n\r\n"
    )


def test_what_is_added_can_be_switched_off_and_is_left_out_where_it_was_typed():
    request = Request(
        "http://h/", headers=(("hOST", "other"),), without=frozenset({"user-agent", "connection"})
    )
    assert [field.name for field in added(request)] == ["Accept"]
    assert encode(request).data == b"GET / HTTP/1.1\r\nhOST: other\r\nAccept: */*\r\n\r\n"
    everything = added(Request("http://h/", "POST", body=b"x", login=Login("u", "p")))
    assert [field.name for field in everything] == [
        "Host",
        "Authorization",
        "User-Agent",
        "Accept",
        "Content-Length",
        "Connection",
    ]
    assert all(field.why for field in everything)


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [("GET", b"", None), ("POST", b"", "0"), ("GET", b"abc", "3"), ("PUT", b"", "0"), ("DELETE", b"", None)],
)
def test_the_length_of_a_body_is_said_where_it_means_something(method: str, body: bytes, length: str | None):
    told = {field.name: field.value for field in added(Request("http://h/", method, body=body))}
    assert told.get("Content-Length") == length


def test_a_login_is_sent_as_basic_and_masked_everywhere():
    assert basic(Login("unicode-ml", "unicode")) == "Basic dW5pY29kZS1tbDp1bmljb2Rl"
    octets = encode(Request("http://h/", login=Login("anna", "secret")))
    hidden = octets.data[slice(*octets.secret[0])]
    assert base64.b64decode(hidden) == b"anna:secret"
    assert octets.data[: octets.secret[0][0]].endswith(b"Authorization: Basic ")


@pytest.mark.parametrize("name", ["Authorization", "cookie", "PROXY-AUTHORIZATION"])
def test_a_typed_secret_is_masked_too(name: str):
    octets = encode(Request("http://h/", headers=((name, "s3cret"),)))
    assert [octets.data[start:stop] for start, stop in octets.secret] == [b"s3cret"]


def test_ranges_of_the_body_are_counted_from_the_requests_first_octet():
    octets = encode(Request("http://h/", "POST", body=b"a=1&pass=xyz", secret=((9, 12),)))
    assert [octets.data[start:stop] for start, stop in octets.secret] == [b"xyz"]
    assert octets.data[octets.head :] == b"a=1&pass=xyz"


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\0b", "a\r\nX: y", "\ud800"])
def test_what_would_make_one_field_two_is_refused_with_its_place(bad: str):
    with pytest.raises(LocalMisuse) as caught:
        encode(Request("http://h/", headers=(("X", bad),)))
    at = next(i for i, c in enumerate(bad) if c in "\r\n\0\ud800")
    assert caught.value.start == len("X: ") + at
    assert caught.value.caret()


@pytest.mark.parametrize(
    ("name", "at"), [("", 0), ("a b", 1), ("a:b", 1), ("a\r\nb", 1), ("\u00e9", 0), ("a\0", 1)]
)
def test_what_is_no_name_is_refused(name: str, at: int):
    with pytest.raises(LocalMisuse) as caught:
        check_field(name, "x")
    assert caught.value.start == at


def test_a_refused_secret_is_not_told():
    with pytest.raises(LocalMisuse) as caught:
        check_field("Authorization", "Basic c2VjcmV0\n")
    assert "c2VjcmV0" not in caught.value.text


@pytest.mark.parametrize("method", ["", "G T", "GET\r\n", "x" * 65, "CONNECT", "GE\0T", "G\u00c9T"])
def test_what_is_no_method_is_refused(method: str):
    with pytest.raises(LocalMisuse):
        encode(Request("http://h/", method))


@pytest.mark.parametrize(
    "login", [Login("a:b", "c"), Login("a\r\n", "c"), Login("a", "c\n"), Login("\ud800", "x")]
)
def test_a_login_that_basic_cant_say_is_refused(login: Login):
    with pytest.raises(LocalMisuse):
        encode(Request("http://h/", login=login))


TOKENS = st.text("!#$%&'*+-.^_`|~09azAZ", min_size=1, max_size=12)
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E) | st.sampled_from(" \t"), max_size=30)
FRAMING = {"content-length", "transfer-encoding", "host", "connection"}


@given(
    TOKENS.filter(lambda method: method != "CONNECT"),
    st.lists(st.tuples(TOKENS.filter(lambda name: name.lower() not in FRAMING), VALUES), max_size=5),
    st.binary(max_size=40),
)
def test_h11_as_a_server_reads_what_was_composed(method: str, headers: list[tuple[str, str]], body: bytes):
    octets = encode(Request("http://h:81/p?q", method, tuple(headers), body))
    server = h11.Connection(h11.SERVER)
    server.receive_data(octets.data)
    request = server.next_event()
    assert isinstance(request, h11.Request)
    assert (request.method, request.target) == (method.encode(), b"/p?q")
    got = [(name.decode(), value.decode()) for name, value in request.headers.raw_items()]
    assert got[0] == ("Host", "h:81")
    assert got[1 : 1 + len(headers)] == [(name, value.strip(" \t")) for name, value in headers]
    received = b""
    while isinstance(event := server.next_event(), h11.Data):
        received += event.data
    assert isinstance(event, h11.EndOfMessage)
    assert received == body


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_nothing_that_is_typed_makes_a_second_line(method: str, name: str, value: str):
    try:
        octets = encode(Request("http://h/", method, ((name, value),)))
    except LocalMisuse:
        return
    by_itself = added(Request("http://h/", method, ((name, value),)))
    # The request line, the field, what is added, the empty line, and nothing behind it.
    assert octets.data.count(b"\r\n") == 1 + 1 + len(by_itself) + 1
    assert b"\n" not in octets.data.replace(b"\r\n", b"")
    assert b"\0" not in octets.data
