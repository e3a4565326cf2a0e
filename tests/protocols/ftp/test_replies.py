"""What stands in particular replies."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import PeerMisbehaved
from workbench.protocols.ftp.replies import (
    is_same_host,
    read_extended_passive,
    read_features,
    read_passive,
    read_path,
    read_size,
    read_time,
    said_size,
)
from workbench.protocols.ftp.values import Place, Reply


def said(code: int, text: bytes) -> Reply:
    return Reply(code, (text,))


@pytest.mark.parametrize(
    "text", [b"Entering Passive Mode (127,0,0,1,167,167).", b"127,0,0,1,167,167", b"=127,0,0,1,167,167 go"]
)
def test_passive_mode_names_an_address_and_a_port(text: bytes):
    assert read_passive(said(227, text)) == Place("127.0.0.1", 42919)


@pytest.mark.parametrize("text", [b"", b"(1,2,3,4,5)", b"(256,0,0,1,1,1)", b"(127,0,0,1,0,0)"])
def test_a_227_without_a_place_is_told(text: bytes):
    with pytest.raises(PeerMisbehaved):
        read_passive(said(227, text))


@pytest.mark.parametrize("text", [b"ok (|||35091|)", b"Extended (!!!35091!)."])
def test_extended_passive_mode_names_a_port(text: bytes):
    assert read_extended_passive(said(229, text)) == Place("", 35091)


@pytest.mark.parametrize("text", [b"(|||0|)", b"(|||65536|)", b"(|1|10.0.0.1|80|)", b"no"])
def test_a_229_without_a_port_is_told(text: bytes):
    with pytest.raises(PeerMisbehaved):
        read_extended_passive(said(229, text))


def test_a_path_is_read_with_its_doubled_quotation_marks():
    assert read_path(said(257, b'"/new ""dir" created')) == b'/new "dir'
    for text in (b"none", b'"open', b'"open ""'):
        with pytest.raises(PeerMisbehaved):
            read_path(said(257, text))


def test_sizes_and_times():
    assert read_size(said(213, b"5120")) == 5120
    for text in (b"", b"-1", b"many", b"9" * 30):
        with pytest.raises(PeerMisbehaved):
            read_size(said(213, text))
    assert said_size(said(150, b"Opening BINARY mode data connection for x (5000 bytes).")) == 5000
    assert said_size(said(150, b"About to open")) is None
    assert read_time(b"20260301123000.123") == "2026-03-01T12:30:00Z"
    assert read_time(b"20261301123000") == read_time(b"yesterday") == ""


def test_features_are_names_with_parameters():
    reply = Reply(211, (b"Features:", b" MLST type*;size*;", b" utf8", b"End"))
    assert read_features(reply) == {"MLST": "type*;size*;", "UTF8": ""}
    assert read_features(said(211, b"no features")) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("fe80::1%eth0", "fe80:0::1", True),
        ("10.9.9.9", "127.0.0.1", False),
        ("10.9.9.9", "server.test", False),
    ],
)
def test_addresses_are_compared_by_what_they_mean(one: str, other: str, same: bool):
    assert is_same_host(one, other) is same


@given(st.binary(max_size=80))
def test_any_text_is_a_value_or_a_complaint(text: bytes):
    for read in (read_passive, read_extended_passive, read_path, read_size):
        with suppress(PeerMisbehaved):
            read(said(227, text))
    said_size(said(150, text))
    read_time(text)
