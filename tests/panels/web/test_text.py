"""A body as text: lines found in slices, characters made when they are looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.panels.web import text
from workbench.panels.web.text import LONGEST, charset_of, read_lines


@pytest.mark.parametrize(
    ("content_type", "data", "encoding"),
    [
        ("text/html; charset=ISO-8859-1", b"x", "cp1252"),
        ('text/html; Charset="utf-8"', b"x", "utf-8"),
        ("text/html", b'<meta charset="koi8-r">', "koi8-r"),
        ("text/html; charset=nonsense", b"x", "utf-8"),
        ("text/plain; charset=latin-1", b"\xef\xbb\xbfx", "utf-8"),
        ("text/plain", "\ufeffx".encode("utf-16-le"), "utf-16-le"),
        ("", b"", "utf-8"),
    ],
)
def test_the_charset_is_whose_word_counts(content_type: str, data: bytes, encoding: str):
    found, whence = charset_of(content_type, data)
    assert found == encoding
    assert whence


async def test_lines_are_found_and_safe_to_show():
    lines = await read_lines(b"one\r\ntwo\ttabs\n\x1b[31mred\xff", "text/plain")
    assert [lines.line(at) for at in range(len(lines))] == ["one", "two    tabs", "␛[31mred⟨FF⟩"]
    assert lines.text(0, 9) == "one\ntwo    tabs\n␛[31mred⟨FF⟩"
    assert not lines.is_cut


async def test_wide_characters_and_their_line_ends():
    data = "a\u4e0ab\nzwei\n".encode("utf-16-le")
    lines = await read_lines(data, "text/plain; charset=utf-16-le")
    assert [lines.line(at) for at in range(len(lines))] == ["a\u4e0ab", "zwei"]


async def test_a_page_without_line_ends_is_folded_between_characters():
    data = ("\u00fc" * 3000).encode()
    lines = await read_lines(b"x" + data, "")
    assert "".join(lines.line(at) for at in range(len(lines))) == "x" + "\u00fc" * 3000
    assert len(lines) >= len(data) // LONGEST


async def test_a_body_of_line_ends_alone_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(text, "MAX_LINES", 50)
    lines = await read_lines(b"\n" * 1000, "")
    assert lines.is_cut
    assert len(lines) == 50


@given(st.binary(max_size=3000), st.sampled_from(["utf-8", "utf-16-be", "cp1252", "utf-32-le"]))
def test_every_octet_stands_in_one_line(data: bytes, encoding: str):
    import asyncio

    lines = asyncio.run(read_lines(data, f"text/plain; charset={encoding}"))
    assert b"".join(lines._data[a:b] for a, b in zip(lines._starts, lines._starts[1:], strict=False)) == data
    for at in range(len(lines)):
        assert "\n" not in lines.line(at)
