"""Words in the place of others: the same however the octets are cut, and nothing is kept back for long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse
from workbench.lab.relay.rewriting import Rewriter, Rewriting, read_rewriting

WORDS = st.text("ab", min_size=1, max_size=4).map(str.encode)


@given(WORDS, st.binary(max_size=3), st.text("abc", max_size=60).map(str.encode), st.integers(1, 60))
def test_however_the_octets_are_cut_it_is_what_replace_makes(wanted: bytes, put: bytes, data: bytes, n: int):
    rewriter = Rewriter(Rewriting(wanted, put))
    out, times = b"", 0
    for part in chop(data, n):
        piece, first, count = rewriter.feed(part)
        assert (first is None) == (count == 0)
        if first is not None:
            assert piece[first : first + len(put)] == put
        out += piece
        times += count
        # No more than a beginning is kept, and only where it may be one.
        assert rewriter.held == wanted[: len(rewriter.held)] != wanted
    assert out + rewriter.flush() == data.replace(wanted, put)
    assert times == data.count(wanted)
    assert rewriter.flush() == b""


def test_a_beginning_that_is_none_goes_on_with_what_shows_that():
    rewriter = Rewriter(Rewriting(b"aab", b"X"))
    assert rewriter.feed(b"ca") == (b"c", None, 0)
    assert rewriter.feed(b"a") == (b"", None, 0)
    assert rewriter.feed(b"a") == (b"a", None, 0)
    assert rewriter.feed(b"b.") == (b"X.", 0, 1)


@pytest.mark.parametrize(
    ("text", "wanted", "put"),
    [
        ("a=>b", b"a", b"b"),
        ("a=>", b"a", b""),
        ("\\r\\n=>\\n", b"\r\n", b"\n"),
        ("\\x3d>=>=>", b"=>", b"=>"),
    ],
)
def test_it_is_written_with_escapes(text: str, wanted: bytes, put: bytes):
    assert read_rewriting(text) == Rewriting(wanted, put)
    assert read_rewriting("") is None


@pytest.mark.parametrize(
    ("text", "start", "end"), [("abc", 3, 3), ("=>b", 0, 0), ("a\\q=>b", 1, 3), ("a=>b\\x1", 4, 7)]
)
def test_a_mistake_has_its_place(text: str, start: int, end: int):
    with pytest.raises(LocalMisuse) as caught:
        read_rewriting(text)
    assert (caught.value.text, caught.value.start, caught.value.end) == (text, start, end)
