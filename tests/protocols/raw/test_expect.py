"""What is awaited is found however the octets are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse
from workbench.protocols.raw.expect import REMEMBERED, ExpectOctets, ExpectPattern


@given(st.text("ab", max_size=12), st.text("ab", min_size=1, max_size=4), st.integers(1, 5))
def test_octets_are_found_exactly_when_they_are_there(said, wanted, cut):
    octets, pattern = ExpectOctets(wanted.encode()), ExpectPattern(wanted)
    assert any(octets.feed(piece) for piece in chop(said.encode(), cut)) is (wanted in said)
    assert any(pattern.feed(piece) for piece in chop(said.encode(), cut)) is (wanted in said)


def test_a_pattern_remembers_a_bounded_past():
    pattern = ExpectPattern("b$")
    for _ in range(10):
        assert not pattern.feed(b"a" * REMEMBERED)
    assert len(pattern._window) <= REMEMBERED
    assert pattern.feed(b"b")


def test_mistakes_are_named():
    with pytest.raises(LocalMisuse):
        ExpectOctets(b"")
    with pytest.raises(LocalMisuse) as caught:
        ExpectPattern("a(b")
    assert caught.value.start is not None
    with pytest.raises(LocalMisuse, match="too long"):
        ExpectPattern("(a|a)*$").feed(b"a" * 40 + b"!")
