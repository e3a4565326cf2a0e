"""The handshake of WebSocket: the RFC's own example, and every answer that is not the right one."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse, PeerMisbehaved, Refused
from workbench.protocols.websocket.handshake import (
    accept_for,
    answer_to,
    check_answer,
    new_nonce,
    read_address,
    read_head,
    request,
)

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 section 1.3
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
WIRE = request(read_address("ws://server.example.com/chat"), KEY)
GOOD = answer_to(WIRE)


def test_the_example_of_the_rfc():
    assert accept_for(KEY) == ACCEPT
    assert WIRE.startswith(b"GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n")
    assert f"Sec-WebSocket-Accept: {ACCEPT}\r\n".encode() in GOOD
    assert check_answer(WIRE, KEY, (), GOOD).accept == ACCEPT
    assert new_nonce() != new_nonce()


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("ws://h:81/a?b", "h:81", "/a?b"),
        ("ws://h/", "h", "/"),
        ("127.0.0.1:8000", "127.0.0.1:8000", "/"),
        ("lab:websocket/x", "localhost", "/x"),
        ("ws://[::1]:9/", "[::1]:9", "/"),
    ],
)
def test_an_address_says_where_and_what(text: str, host: str, path: str):
    address = read_address(text)
    assert (address.host, address.path) == (host, path)


@pytest.mark.parametrize("text", ["wss://h/", "http://h/", "ws://h/#x", ""])
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(LocalMisuse):
        read_address(text)


def test_a_subprotocol_is_offered_and_chosen():
    wire = request(
        read_address("h:80"), KEY, subprotocols=("chat", "other"), fields=(("Origin", "http://x"),)
    )
    assert b"Sec-WebSocket-Protocol: chat, other\r\nOrigin: http://x\r\n" in wire
    answer = GOOD.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: chat\r\n\r\n")
    assert check_answer(wire, KEY, ("chat", "other"), answer).subprotocol == "chat"
    with pytest.raises(PeerMisbehaved, match="did not offer"):
        check_answer(wire, KEY, (), answer)
    for bad in (("a b",), ("",), ("a\r\nb",)):
        with pytest.raises(LocalMisuse):
            request(read_address("h:80"), KEY, subprotocols=bad)
    with pytest.raises(LocalMisuse):
        request(read_address("h:80"), KEY, fields=(("X", "a\r\nY: b"),))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (b"101 Switching Protocols", b"200 OK", Refused),
        (b"101 Switching Protocols", b"403 Forbidden", Refused),
        (ACCEPT.encode(), b"AAAA", PeerMisbehaved),
        (b"Upgrade: websocket", b"Upgrade: h2c", PeerMisbehaved),
        (b"Connection: Upgrade", b"Connection: close", PeerMisbehaved),
        (b"HTTP/1.1", b"SSH-2.0", PeerMisbehaved),
        (b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", PeerMisbehaved),
        (b"\r\n\r\n", b"\r\nno colon\r\n\r\n", PeerMisbehaved),
    ],
)
def test_any_other_answer_is_refused(old: bytes, new: bytes, kind: type):
    with pytest.raises(kind) as wrong:
        check_answer(WIRE, KEY, (), GOOD.replace(old, new, 1))
    assert wrong.value.stage == "handshake"


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (b"GET ", b"POST ", b"405"),
        (b"HTTP/1.1", b"HTTP/1.0", b"400"),
        (b"Upgrade: websocket", b"Upgrade: x", b"426"),
        (b"Version: 13", b"Version: 8", b"426"),
        (KEY.encode(), b"short", b"400"),
        (b"Host:", b"Host", b"400"),
    ],
)
def test_a_server_says_why_not(old: bytes, new: bytes, status: bytes):
    assert answer_to(WIRE.replace(old, new, 1)).split(b" ")[1] == status


@given(st.binary(max_size=200))
def test_any_octets_are_a_head_or_misbehaviour(data: bytes):
    with contextlib.suppress(PeerMisbehaved):
        read_head(data)
    assert answer_to(data).startswith(b"HTTP/1.1 ")
