"""Characters to lines, columns and octets, in every encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.markup.encoding import encoding_of, text_of
from workbench.formats.markup.lines import SPOT, Lines


def test_line_ends_of_all_kinds() -> None:
    lines = Lines("a\r\nb\nc\rd")
    assert [lines.line(number) for number in range(len(lines))] == ["a", "b", "c", "d"]
    assert [str(lines.place(at)) for at in (0, 1, 3, 4, 5, 7, 8)] == [
        "1:1",
        "1:2",
        "2:1",
        "2:2",
        "3:1",
        "4:1",
        "4:2",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-be", "cp1252", "gb18030", "shift_jis"])
def test_octets_before_a_character(encoding: str) -> None:
    text = "a\u00e9\n\u6f22b" * (SPOT // 2) if encoding not in ("cp1252", "shift_jis") else "ab\n" * SPOT
    lines = Lines(text, encoding, 3)
    for at in (0, 1, 5, SPOT - 1, SPOT, SPOT + 7, 2 * SPOT, len(text)):
        assert lines.offset(at) == 3 + len(text[:at].encode(encoding))


@given(
    st.lists(st.sampled_from([b"a", b"\xff", "é".encode(), b"\xe2\x82", "€".encode(), b"\n"])).map(b"".join)
)
def test_octets_that_mean_nothing_count_as_one_each(data: bytes) -> None:
    text, encoding = text_of(data, encoding_of(data, "html", "text/html; charset=utf-8"))
    lines = Lines(text, encoding.name, encoding.mark, encoding.wrong)
    assert lines.offset(len(text)) == len(data)
    for at in encoding.wrong:
        assert text[at] == "\ufffd"
        assert data[lines.offset(at)] >= 0x80
