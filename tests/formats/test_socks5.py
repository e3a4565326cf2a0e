"""SOCKS5 as octets and back: RFC 1928 and RFC 1929, and what a proxy may send instead."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats import socks5
from workbench.formats.socks5 import Login, Message

names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=255).filter(
    lambda name: not _is_address(name)
)
addresses = st.ip_addresses().map(str)
ports = st.integers(0, 65535)
texts = st.text(min_size=1, max_size=60)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def test_the_octets_are_those_of_the_document():
    assert socks5.encode_greeting((0, 2)) == b"\x05\x02\x00\x02"
    assert socks5.encode_request("192.0.2.1", 80) == b"\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50"
    assert socks5.encode_request("a.test", 443) == b"\x05\x01\x00\x03\x06a.test\x01\xbb"
    assert socks5.encode_request("::1", 1) == b"\x05\x01\x00\x04" + b"\0" * 15 + b"\x01\x00\x01"
    assert socks5.encode_login("me", "pw") == b"\x01\x02me\x02pw"
    assert socks5.encode_reply(5) == b"\x05\x05\x00\x01\0\0\0\0\0\0"


@given(st.integers(0, 255), names | addresses, ports)
def test_a_message_is_read_back_by_either_side(code: int, host: str, port: int):
    request, reply = socks5.encode_request(host, port, code), socks5.encode_reply(code, host, port)
    canonical = host if not _is_address(host) else str(ipaddress.ip_address(host))
    assert socks5.decode_request(request) == socks5.decode_reply(reply) == Message(code, canonical, port)
    assert socks5.message_size(reply[: socks5.HEAD]) == len(reply)


@given(st.lists(st.integers(0, 255), max_size=255).map(tuple))
def test_a_greeting_is_read_back(methods: tuple[int, ...]):
    assert socks5.decode_greeting(socks5.encode_greeting(methods)) == methods


@given(texts, texts)
def test_a_login_is_read_back_and_says_where_its_password_is(user: str, password: str):
    data = socks5.encode_login(user, password)
    login = socks5.decode_login(data)
    assert login == Login(user.encode(), password.encode())
    assert data[socks5.password_at(user) :] == password.encode()


def test_a_password_is_not_in_the_text_of_its_value():
    assert "secret" not in repr(Login(b"me", b"secret"))


@given(st.binary(max_size=600))
def test_whatever_octets_come_the_reader_says_what_is_wrong_or_reads_them_back(data: bytes):
    for decode in (
        socks5.decode_greeting,
        socks5.decode_choice,
        socks5.decode_login,
        socks5.decode_login_answer,
        socks5.decode_request,
        socks5.decode_reply,
    ):
        try:
            decode(data)
        except PeerMisbehaved as error:
            assert error.stage == "proxy"  # noqa: PT017 - some octets are a message, the others fail like this
            assert error.source.startswith("RFC 19")  # noqa: PT017 - as above


@given(names | addresses, ports, st.data())
def test_a_reply_cut_anywhere_is_told_as_cut(host: str, port: int, data: st.DataObject):
    whole = socks5.encode_reply(0, host, port)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(PeerMisbehaved, match="ends in the middle"):
        socks5.decode_reply(cut)


def test_another_protocol_is_recognised_by_its_first_octet():
    with pytest.raises(PeerMisbehaved, match="72 where SOCKS5 has 5") as caught:
        socks5.decode_choice(b"HT")
    assert "HTTP" in caught.value.advice
    with pytest.raises(PeerMisbehaved, match="kind 9"):
        socks5.message_size(b"\x05\x00\x00\x09\x00")
    with pytest.raises(PeerMisbehaved, match="version 5"):
        socks5.decode_login_answer(b"\x05\x00")


def test_every_code_has_words():
    assert all(socks5.words(code) for code in range(256))
    assert "refused" in socks5.words(5)
    assert "200" in socks5.words(200)


@pytest.mark.parametrize(("user", "password"), [("", "x"), ("x", ""), ("x" * 256, "x"), ("x", "é" * 128)])
def test_what_does_not_fit_into_one_octet_of_length_is_not_sent(user: str, password: str):
    with pytest.raises(LocalMisuse, match="1 to 255"):
        socks5.encode_login(user, password)


@pytest.mark.parametrize("name", ["", "x" * 256, "bücher.test"])
def test_a_name_that_the_protocol_can_not_carry_is_refused(name: str):
    with pytest.raises(LocalMisuse, match="ASCII"):
        socks5.encode_request(name, 80)
