"""Patterns of a person: compiled, or the place of the mistake named; never endless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.pattern import compile_pattern


def test_a_pattern_searches_octets_and_characters_mean_their_utf8():
    assert compile_pattern("xä+b").search("xääb".encode()) is None
    assert compile_pattern("x(ä)+b").search("xääb".encode())
    assert compile_pattern(r"\r\n$").search(b"line\r\n")


@pytest.mark.parametrize(("pattern", "place"), [("a(b", 1), ("ää(b", 2), ("[z-a]", 0), ("*", 0)])
def test_a_mistake_has_a_place_in_characters(pattern, place):
    with pytest.raises(LocalMisuse) as caught:
        compile_pattern(pattern)
    assert caught.value.start is not None
    assert place <= caught.value.start <= len(pattern)


@given(st.text(max_size=20))
def test_any_text_is_a_pattern_or_a_named_mistake(text):
    try:
        compile_pattern(text).search(b"abc", timeout=0.5)
    except LocalMisuse as mistake:
        if not (mistake.start is not None and 0 <= mistake.start <= mistake.end <= len(text)):
            raise
    except TimeoutError:
        return


def test_an_endless_pattern_gives_up():
    with pytest.raises(TimeoutError):
        compile_pattern("(a|a)*$").search(b"a" * 40 + b"!", timeout=0.02)
