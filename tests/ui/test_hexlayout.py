"""Where octets stand in a row, and which octet stands at a place."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.hexlayout import WIDTHS, HeldOctets, HexLayout, fitting, row_hex, row_letters

LAYOUTS = st.builds(
    HexLayout,
    columns=st.sampled_from(WIDTHS),
    digits=st.integers(4, 16),
    char_width=st.floats(4, 20),
    row_height=st.integers(10, 40),
    margin=st.integers(0, 20),
)


def test_a_row_is_written_in_groups_of_eight() -> None:
    assert row_hex(bytes(range(16))) == "00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f"
    assert row_hex(b"\xff") == "ff"
    assert row_hex(b"") == ""


def test_letters_are_ascii_and_everything_else_a_middle_dot() -> None:
    assert row_letters(b"Hi.\r\n\x00\x7f\x80\xff~ ") == "Hi.······~ "


@given(st.binary(max_size=32))
def test_every_octet_has_one_letter(row: bytes) -> None:
    letters = row_letters(row)
    assert len(letters) == len(row)
    assert letters.isprintable()


@given(LAYOUTS, st.integers(0, 31), st.integers(0, 10), st.booleans())
def test_the_middle_of_an_octet_is_that_octet(
    layout: HexLayout, column: int, row: int, in_text: bool
) -> None:
    column %= layout.columns
    x = layout.text_x(column) + layout.char_width / 2 if in_text else layout.hex_x(column) + layout.char_width
    place = layout.place(x, row, 10_000)
    assert place is not None
    assert place.offset == row * layout.columns + column
    assert place.in_text == in_text


@given(LAYOUTS, st.floats(-1000, 5000), st.integers(-5, 50), st.integers(1, 500))
def test_any_place_is_an_octet_that_exists(layout: HexLayout, x: float, row: int, size: int) -> None:
    place = layout.place(x, row, size)
    assert place is not None
    assert 0 <= place.offset < size


def test_without_octets_there_is_no_place() -> None:
    assert HexLayout(16, 4, 7.0, 20, 8).place(50, 0, 0) is None


@given(LAYOUTS)
def test_columns_follow_each_other_and_fit_the_width(layout: HexLayout) -> None:
    xs = [layout.hex_x(column) for column in range(layout.columns)]
    xs += [layout.text_x(column) for column in range(layout.columns)]
    assert xs == sorted(xs)
    assert layout.text_x(layout.columns - 1) + layout.char_width <= layout.width + 1


@given(st.integers(0, 3000), st.integers(0, 2**50), st.floats(5, 15))
def test_the_widest_layout_that_fits_is_chosen(width: int, size: int, char_width: float) -> None:
    layout = fitting(width, size, char_width, 20, 8)
    assert layout.columns in WIDTHS
    wider = [each for each in WIDTHS if each > layout.columns]
    if layout.columns > min(WIDTHS):
        assert layout.width <= width
    for columns in wider:
        assert HexLayout(columns, layout.digits, char_width, 20, 8).width > width
    assert len(f"{max(size - 1, 0):x}") <= layout.digits
    assert layout.digits % 2 == 0


def test_held_octets_are_read_as_slices() -> None:
    held = HeldOctets(b"abcdef")
    assert len(held) == 6
    assert held.read(2, 4) == b"cd"
    assert held.read(4, 100) == b"ef"
