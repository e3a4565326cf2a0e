"""Highlights are found where they are, however many there are; and painted where their octets are."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from workbench.ui import theme
from workbench.ui.hexlayout import HexLayout
from workbench.ui.hexpaint import Highlight, Highlights, Sight, paint_rows

RANGES = st.lists(
    st.tuples(st.integers(0, 100), st.integers(1, 30)).map(
        lambda pair: Highlight(pair[0], pair[0] + pair[1])
    ),
    max_size=20,
)


@given(RANGES, st.integers(0, 120), st.integers(1, 40))
def test_those_that_touch_some_rows_are_all_found_and_no_others(
    ranges: list[Highlight], start: int, length: int
) -> None:
    stop = start + length
    expected = sorted(each for each in ranges if each.start < stop and each.stop > start)
    assert sorted(Highlights(ranges).touching(start, stop)) == expected


def test_the_narrowest_comes_first() -> None:
    wide, narrow = Highlight(0, 100, label="frame"), Highlight(10, 12, label="length")
    assert Highlights([wide, narrow]).at(11) == [narrow, wide]
    assert Highlights([wide, narrow]).at(50) == [wide]
    assert Highlights([wide]).at(100) == []


def test_marks_and_selection_lie_under_their_octets_in_both_columns(
    app: QApplication, light: theme.Theme
) -> None:
    layout = HexLayout(8, 4, 8.0, 20, 8)
    image = QImage(layout.width, 60, QImage.Format.Format_RGB32)
    image.fill(theme.colour("base"))
    marks = [Highlight(1, 2, "error")]
    with QPainter(image) as painter:
        painter.setFont(theme.fixed_font())
        paint_rows(painter, Sight(layout, 0, bytes(20), 0, marks, (10, 12), 10, True))
    tint, selection = theme.colour("error", 0.14).name(), theme.colour("selection").name()
    for x in (layout.hex_x(1) - 1, layout.text_x(1) - 1):
        assert image.pixelColor(round(x), 3).name() == tint
    for x in (layout.hex_x(3) + 10, layout.text_x(3) + 4):
        assert image.pixelColor(round(x), 22).name() == selection
    assert image.pixelColor(round(layout.hex_x(2) + 2), 2).name() == theme.colour("base").name()
    # A mark is told from the selection by its line, without colour.
    assert image.pixelColor(round(layout.hex_x(1)), 18).name() == theme.colour("error").name()
