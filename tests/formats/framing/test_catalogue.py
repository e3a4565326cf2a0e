"""Framings by name: what is written names one, and a mistake has its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.attempt import attempt
from workbench.errors import LocalMisuse
from workbench.formats.framing.catalogue import KINDS, read_framing
from workbench.formats.framing.lengths import Digits, LengthPrefix
from workbench.formats.framing.markers import Marked


def test_every_kind_can_be_written():
    for kind in KINDS:
        spec = (
            kind.written.replace(":OCTETS:ORDER", ":4:big")
            .replace("marker:OCTETS", "marker:--")
            .replace(":N", ":4")
        )
        framing = read_framing(spec)
        assert framing.title
        assert framing.encode(b"x").data
    assert read_framing("length:2:little") == LengthPrefix(2, "little")
    assert read_framing("length") == LengthPrefix(4, "big")
    assert read_framing("digits:6") == Digits(6)


def test_markers_are_written_like_payload_or_in_hexadecimal():
    assert read_framing("marker:\\r\\n.\\r\\n") == Marked(b"\r\n.\r\n", "Marker 0d 0a 2e 0d 0a")
    assert read_framing("marker:hex:de ad").encode(b"").data == b"\xde\xad"
    assert read_framing("marker:+").encode(b"").data == b"+"
    assert read_framing("marker:a+b").encode(b"").data == b"a+b"
    assert read_framing("marker:a+hex").encode(b"\1").data == b"01a"


@pytest.mark.parametrize(
    ("spec", "start", "end"),
    [
        ("lenth:4", 0, 5),
        ("lf:3", 2, 4),
        ("length:3", 7, 8),
        ("length:4:middle", 9, 15),
        ("digits:0", 7, 8),
        ("digits:99", 7, 9),
        ("lf+rot13", 3, 8),
        ("marker:", 7, 7),
        ("marker:" + "x" * 71, 7, 78),
        ("", 0, 0),
        ("x" * 2000, 1000, 2000),
    ],
)
def test_a_mistake_has_its_place(spec: str, start: int, end: int):
    with pytest.raises(LocalMisuse) as wrong:
        read_framing(spec)
    assert (wrong.value.start, wrong.value.end) == (start, end)
    assert wrong.value.advice


@given(st.text(max_size=30))
def test_any_text_is_a_framing_or_a_mistake(text: str):
    read = attempt(read_framing, text)
    if isinstance(read, LocalMisuse):
        assert read.start is not None
    else:
        assert read.title
