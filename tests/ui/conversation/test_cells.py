"""What is painted of a row: every octet in exactly one cell, nothing hostile, characters across reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.charset import ENCODINGS, visible
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.cells import GOES_ON, Cells, _any_cells, cells, spelled

UTF8 = RowBreaks("utf-8", 160)


def shown(data: bytes, breaks: RowBreaks = UTF8, **options: object) -> Cells:
    return cells(data, breaks, **options)  # type: ignore[arg-type]


@given(st.binary(max_size=60), st.sampled_from(ENCODINGS))
def test_cells_cover_all_octets_and_steer_nothing(data, encoding):
    found = shown(data, RowBreaks(encoding, 160))
    assert found.octets[0] == 0
    assert found.octets[len(found)] == len(data)
    assert list(found.octets) == sorted(found.octets)
    assert list(found.starts) == sorted(found.starts)
    assert found.starts[len(found)] == len(found.text)
    assert visible(found.text) == found.text
    for octet in range(len(data)):
        cell = found.cell_of_octet(octet)
        assert found.octets[cell] <= octet < found.octets[cell + 1] or not data


@given(
    st.binary(max_size=60) | st.text("aé世\u0301\u0300\u202e⟨\r\n\U0001f600", max_size=30).map(str.encode),
    st.sampled_from(["utf-8", "latin-1", "cp1252", "koi8-r", "cp037", "tis-620"]),
    st.booleans(),
)
def test_the_quick_ways_give_what_the_slow_one_gives(data, encoding, goes_on):
    breaks = RowBreaks(encoding, 160)
    quick, slow = cells(data, breaks, goes_on=goes_on), _any_cells(data, breaks, b"", goes_on)
    assert quick.text == slow.text
    assert list(quick.octets) == list(slow.octets)
    assert list(quick.starts) == list(slow.starts)
    assert quick.quiet == slow.quiet


def test_a_mark_after_a_sign_of_ours_stands_alone():
    found = shown("\xff".encode("latin-1") + "\u0591\n\u0301x".encode())
    assert found.text == "⟨FF⟩◌\u0591\\n◌\u0301x"
    assert len(found) == 5


def test_controls_are_spelled_and_quiet():
    found = shown(b"a\x1b[2J\r\n")
    assert found.text == "a\\e[2J\\r\\n"
    assert found.quiet == {1, 5, 6}
    assert found.span(1, 2) == (1, 3)


def test_a_line_of_plain_text_is_itself():
    found = shown(b"hello")
    assert found.text == "hello"
    assert not found.quiet


def test_wrong_octets_have_a_cell_each():
    found = shown(b"\xffa\xfe")
    assert found.text == "⟨FF⟩a⟨FE⟩"
    assert list(found.octets) == [0, 1, 2, 3]
    assert found.quiet == {0, 2}


def test_a_character_that_began_in_an_earlier_read_stands_where_it_ends():
    text = "né".encode()
    stream = text + b"!"
    first = shown(stream[:2], goes_on=True)
    second = shown(stream[2:], offset=2, before=lambda count: stream[max(0, 2 - count) : 2])
    assert first.text == "n" + GOES_ON
    assert second.text == "é!"


def test_an_unfinished_character_at_the_very_end_is_shown_octet_by_octet():
    assert shown("é".encode()[:1]).text == "⟨C3⟩"


def test_units_of_two_octets_are_read_from_their_own_beginning():
    data = "xyz".encode("utf-16-le")
    breaks = RowBreaks("utf-16-le", 160)
    found = cells(data[1:], breaks, offset=1, before=lambda count: data[:1])
    assert found.text == "xyz"


def test_marks_over_a_letter_share_its_cell():
    found = shown("e\u0301x".encode())
    assert len(found) == 2
    assert found.text == "e\u0301x"


@pytest.mark.parametrize("hostile", ["\u202e", "\u200b", "\u2066", "\U000e0041", "\x85"])
def test_what_steers_or_hides_is_named(hostile):
    found = shown(f"a{hostile}b".encode())
    assert f"⟨U+{ord(hostile):04X}⟩" in found.text
    assert hostile not in found.text


def test_pictures_of_controls_are_spelled_where_no_colour_tells_them():
    assert spelled(visible("\x1b[0m\x01\x7f")) == "\\e[0m\\x01\\x7f"
