"""Octets as text where they are text, as hexadecimal where not, and harmless on a terminal in any case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.cli.octets import ScreenText, shown_octets


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"", {"text": ""}),
        (b"hello\r\n\t", {"text": "hello\r\n\t"}),
        ("grüße".encode(), {"text": "grüße"}),
        (b"\xff\xfe", {"hex": "fffe"}),
        (b"a\0b", {"hex": "610062"}),
        (b"\x1b[2J", {"hex": "1b5b324a"}),
        ("‮evil".encode(), {"hex": "‮evil".encode().hex()}),
    ],
)
def test_only_what_is_text_without_controls_is_text(data: bytes, shown: dict[str, str]):
    assert shown_octets(data) == shown


def test_another_encoding_is_read_when_asked_for():
    assert shown_octets(b"gr\xfc\xdfe", "latin-1") == {"text": "grüße"}
    assert shown_octets(b"gr\xfc\xdfe") == {"hex": "6772fcdf65"}


def test_a_character_cut_by_the_bound_does_not_make_it_hexadecimal():
    assert shown_octets("aé".encode()[:2], whole=False) == {"text": "a"}
    assert shown_octets("aé".encode()[:2], whole=True) == {"hex": "61c3"}


@given(st.binary(max_size=64))
def test_the_octets_can_always_be_had_back(data: bytes):
    shown = shown_octets(data)
    assert (shown["text"].encode() if "text" in shown else bytes.fromhex(shown["hex"])) == data


HOSTILE = b"\x1b]0;title\x07\x1b[2J\x9b31m a\rb\r\n \xe2\x80\xaetxet \x08\x7f \xff last\r"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_terminal_gets_the_same_harmless_text_however_it_is_cut(size: int):
    screen = ScreenText()
    shown = "".join(screen.feed(piece) for piece in chop(HOSTILE, size)) + screen.finish()
    assert all(character.isprintable() or character in "\n\t" for character in shown)
    assert shown.count("\n") == 1
    assert shown.startswith("␛]0;title␇␛[2J")
    assert "a␍b\n" in shown
    assert shown.endswith("last␍")


@given(st.binary(max_size=200), st.integers(1, 7))
def test_no_octets_reach_a_terminal_as_controls(data: bytes, size: int):
    screen = ScreenText()
    shown = "".join(screen.feed(piece) for piece in chop(data, size)) + screen.finish()
    assert all(character.isprintable() or character in "\n\t" for character in shown)
