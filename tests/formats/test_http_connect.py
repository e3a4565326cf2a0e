"""CONNECT as octets and back: RFC 9110 section 9.3.6, and what a proxy may send instead."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats import http_connect

hosts = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=60) | st.ip_addresses().map(
    str
)
ports = st.integers(1, 65535)
texts = st.text(max_size=40)


def test_the_request_is_that_of_the_document():
    assert http_connect.encode_request("server.example", 80).data == (
        b"CONNECT server.example:80 HTTP/1.1\r\nHost: server.example:80\r\n\r\n"
    )
    assert http_connect.encode_request("::1", 80).data.startswith(b"CONNECT [::1]:80 HTTP/1.1\r\n")


@given(hosts, ports, texts.filter(lambda user: ":" not in user), texts)
def test_a_request_is_read_back_with_its_login(host: str, port: int, user: str, password: str):
    encoded = http_connect.encode_request(host, port, user=user, password=password)
    request = http_connect.decode_request(encoded.data)
    assert (request.host, request.port) == (host, port)
    if not user:
        assert encoded.secret == ()
        return
    assert http_connect.basic_credentials(request.field("proxy-authorization")) == (user, password)
    ((start, end),) = encoded.secret
    assert base64.b64decode(encoded.data[start:end]) == f"{user}:{password}".encode()


@given(
    st.integers(100, 999),
    st.text("abc DEF", max_size=20),
    st.lists(st.tuples(st.just("x-a"), st.text("ab c"))),
)
def test_an_answer_is_read_back(status: int, reason: str, fields: list[tuple[str, str]]):
    response = http_connect.decode_response(http_connect.encode_response(status, reason, *fields))
    assert (response.status, response.reason) == (status, reason.strip())
    assert response.fields == tuple((name, value.strip()) for name, value in fields)
    assert response.is_open == (200 <= status < 300)


@given(st.binary(max_size=300))
def test_whatever_octets_come_the_reader_says_what_is_wrong_or_reads_them(data: bytes):
    for decode in (http_connect.decode_response, http_connect.decode_request):
        for head in (data, data + b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + data + b"\r\n\r\n"):
            try:
                decode(head)
            except PeerMisbehaved as error:
                assert error.stage == "proxy"  # noqa: PT017 - whole heads pass, only cut ones may fail


@given(st.data())
def test_a_head_ends_at_its_empty_line_wherever_it_is_cut(data: st.DataObject):
    head = http_connect.encode_response(200, "OK", ("Via", "1.1 x"))
    cut = data.draw(st.integers(0, len(head) - 1))
    assert http_connect.head_end(head[:cut]) == -1
    assert http_connect.head_end(head + b"the tunnel\r\n\r\n") == len(head)
    with pytest.raises(PeerMisbehaved, match="in the middle"):
        http_connect.decode_response(head[:cut])


def test_lines_may_end_in_lf_alone():
    response = http_connect.decode_response(b"HTTP/1.0 200 Connection established\nVia: x\n\n")
    assert response.field("via") == "x"
    assert response.field("server") == ""


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"SSH-2.0-x\r\n\r\n", "no answer of HTTP/1"),
        (b"HTTP/2 200 OK\r\n\r\n", "no answer of HTTP/1"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "no answer of HTTP/1"),
        (b"HTTP/1.1 200 OK\r\nno field\r\n\r\n", "no header field"),
        (b"HTTP/1.1 200 OK\r\n: x\r\n\r\n", "no header field"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 101 + b"\r\n", "more than 100"),
    ],
)
def test_a_broken_answer_is_named(head: bytes, what: str):
    with pytest.raises(PeerMisbehaved, match=what):
        http_connect.decode_response(head)


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1",
        b"CONNECT x HTTP/1.1",
        b"CONNECT x:0 HTTP/1.1",
        b"CONNECT :1 HTTP/1.1",
        b"CONNECT x:1",
    ],
)
def test_a_broken_request_is_named(line: bytes):
    with pytest.raises(PeerMisbehaved):
        http_connect.decode_request(line + b"\r\n\r\n")


@pytest.mark.parametrize("host", ["a\r\nX: y", "a b", "bücher.test"])
def test_nothing_can_be_smuggled_into_the_request(host: str):
    with pytest.raises(LocalMisuse):
        http_connect.encode_request(host, 80)


def test_a_user_name_with_a_colon_can_not_be_written():
    with pytest.raises(LocalMisuse, match="colon"):
        http_connect.encode_request("x", 80, user="a:b", password="c")


@pytest.mark.parametrize("value", ["", "Basic", "Basic !!", "Bearer eDp5", "Basic eA=="])
def test_credentials_that_can_not_be_read_are_none(value: str):
    assert http_connect.basic_credentials(value) == ("", "")


def test_every_status_has_words():
    assert all(http_connect.words(status) for status in range(100, 1000))
