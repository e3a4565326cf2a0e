"""Modified UTF-7, with the examples of the RFC, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.imap.names import decode_name, encode_name


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("INBOX", b"INBOX"),
        ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501 section 5.1.3
        ("Entwürfe", b"Entw&APw-rfe"),
        ("A & B", b"A &- B"),
        ("&", b"&-"),
        ("\U0001f4ec", b"&2D3c7A-"),
        ("", b""),
    ],
)
def test_names_as_the_rfc_spells_them(name: str, raw: bytes):
    assert encode_name(name) == raw
    assert decode_name(raw) == name


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=40))
def test_every_name_comes_back(name: str):
    raw = encode_name(name)
    assert raw.isascii()
    assert decode_name(raw) == name


@given(st.binary(max_size=40))
def test_any_octets_are_shown_somehow(raw: bytes):
    decode_name(raw).encode("utf-8", "backslashreplace")


@pytest.mark.parametrize("raw", [b"&", b"&AB", b"&!!-", b"a&2D0-", "Grüße".encode(), b"\xff"])
def test_what_is_no_modified_utf_7_is_shown_as_it_is(raw: bytes):
    assert decode_name(raw) == raw.decode("utf-8", "backslashreplace")


@pytest.mark.parametrize("name", ["a\r\nb", "a\0", "\ud800"])
def test_names_that_no_command_can_hold_are_refused_with_the_place(name: str):
    with pytest.raises(LocalMisuse) as caught:
        encode_name(name)
    assert caught.value.start in (0, 1)
