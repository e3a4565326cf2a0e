"""What a hex view shows: any size, read when painted, at any scale, following what grows."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.octet_sources import Broken, Counting, Growing
from workbench.ui import theme
from workbench.ui.hexcanvas import HexCanvas
from workbench.ui.hexlayout import HeldOctets
from workbench.ui.hexpaint import Highlight
from workbench.ui.hexselect import Selection

Show = Callable[..., QWidget]
HUGE = 2**40
"""Octets: 2**36 rows of 16, more than a scroll bar can count."""


@pytest.fixture
def canvas(show: Show) -> HexCanvas:
    made = HexCanvas("Received")
    show(made, 700, 500)
    return made


def painted(canvas: HexCanvas) -> int:
    """Paint it and return how many colours are to be seen in the viewport."""
    image = canvas.viewport().grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(image.height())})


def test_only_what_is_to_be_seen_is_read(canvas: HexCanvas) -> None:
    source = Counting(HUGE)
    canvas.set_provider(source)
    source.reads.clear()
    canvas.viewport().grab()
    assert source.reads
    assert max(source.reads) <= (canvas.visible_rows + 1) * canvas.columns


def test_any_place_of_a_huge_source_is_reached(canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(HUGE))
    for offset in (0, HUGE - 1, HUGE // 2 + 5, 12345):
        canvas.reveal(offset)
        shown = canvas.visible_rows * canvas.columns
        assert canvas.first_visible <= offset < canvas.first_visible + shown


def test_the_bar_leads_to_both_ends_of_a_huge_source(canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(HUGE))
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert canvas.first_visible + canvas.visible_rows * canvas.columns >= HUGE
    bar.setValue(0)
    assert canvas.first_visible == 0
    bar.setValue(bar.maximum() // 2)
    assert abs(canvas.first_visible - HUGE // 2) < HUGE // 1000


def test_a_step_of_the_bar_is_one_row_also_in_a_huge_source(canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(HUGE))
    bar = canvas.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderSingleStepAdd)
    assert canvas.first_visible == canvas.columns
    bar.triggerAction(bar.SliderAction.SliderPageStepAdd)
    assert canvas.first_visible == canvas.columns * (1 + canvas.visible_rows)
    bar.triggerAction(bar.SliderAction.SliderSingleStepSub)
    assert canvas.first_visible == canvas.columns * canvas.visible_rows


def test_painting_and_jumping_stay_far_below_a_frame(canvas: HexCanvas) -> None:
    # Measured 1.1 ms a page of 46 rows on two cores; the limit only tells a page from a whole source,
    # in time of our own, whatever else this machine does.
    canvas.resize(760, 46 * theme.metric(20) + 10)
    canvas.set_provider(Counting(HUGE))
    started = time.process_time()
    for n in range(20):
        canvas.reveal(n * (HUGE // 20))
        canvas.viewport().grab()
    assert (time.process_time() - started) / 20 < 0.1


@pytest.mark.parametrize(("width", "columns"), [(330, 8), (600, 16), (830, 24), (1080, 32)])
def test_the_rows_hold_what_fits_the_width(canvas: HexCanvas, width: int, columns: int) -> None:
    canvas.set_provider(Counting(5000))
    canvas.resize(theme.metric(width), 400)
    assert canvas.columns == columns


def test_a_view_too_narrow_for_eight_octets_scrolls_sideways(canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(5000))
    canvas.resize(canvas.minimumSizeHint().width(), 300)
    assert canvas.columns == 8
    assert canvas.horizontalScrollBar().maximum() > 0


def test_the_octet_at_the_top_stays_near_the_top_when_the_width_changes(canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(100_000))
    canvas.scroll_rows(1000)
    first = canvas.first_visible
    canvas.resize(theme.metric(330), 500)
    assert first - canvas.columns < canvas.first_visible <= first


def test_a_larger_font_makes_fewer_larger_rows(app: QApplication, canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(100_000))
    rows, columns = canvas.visible_rows, canvas.columns
    theme.apply(app, "light", 200)
    canvas.viewport().grab()
    assert canvas.visible_rows < rows
    assert canvas.columns < columns


def test_an_empty_view_says_what_will_stand_there(canvas: HexCanvas) -> None:
    blank = painted(canvas)
    canvas.set_hint("Here stands what the peer sends.")
    assert painted(canvas) > blank


def test_a_source_that_fails_says_so_where_the_octets_would_stand(canvas: HexCanvas) -> None:
    blank = painted(canvas)
    canvas.set_provider(Broken())
    assert painted(canvas) > blank
    canvas.change_selection(Selection(3, 3))
    assert canvas.row_text(3).startswith("0")


def test_following_stays_at_the_end_of_what_grows(canvas: HexCanvas) -> None:
    source = Growing(bytes(50))
    canvas.set_provider(source)
    canvas.set_following(True)
    for _ in range(5):
        source.data += bytes(10_000)
        canvas.provider_grew()
        assert canvas.first_visible + canvas.visible_rows * canvas.columns >= len(source)


def test_scrolling_up_leaves_the_end_and_coming_back_takes_it_up_again(canvas: HexCanvas) -> None:
    source = Growing(bytes(50_000))
    canvas.set_provider(source)
    spy = QSignalSpy(canvas.following_changed)
    canvas.set_following(True)
    canvas.scroll_rows(-3)
    assert not canvas.is_following
    first = canvas.first_visible
    source.data += bytes(50_000)
    canvas.provider_grew()
    assert canvas.first_visible == first
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum())
    assert canvas.is_following
    assert [spy.at(n)[0] for n in range(spy.count())] == [True, False, True]


def test_a_view_that_does_not_follow_stays_where_it_is(canvas: HexCanvas) -> None:
    source = Growing(bytes(50_000))
    canvas.set_provider(source)
    canvas.scroll_rows(10**6)
    assert not canvas.is_following
    first = canvas.first_visible
    source.data += bytes(50_000)
    canvas.provider_grew()
    assert canvas.first_visible == first


def test_a_row_can_be_said_in_words(canvas: HexCanvas) -> None:
    canvas.set_provider(HeldOctets(b"GET / HTTP/1.1\r\n" * 4))
    canvas.set_highlights([Highlight(16, 19, "accent", "method"), Highlight(16, 32, "sent", "request line")])
    canvas.resize(theme.metric(600), 300)
    said = canvas.row_text(17)
    assert said.startswith("10, 47 45 54 20 2f")
    assert "GET / HTTP/1.1··" in said
    assert said.endswith("method, request line")
    canvas.change_selection(Selection(17, 17))
    interface = QAccessible.queryAccessibleInterface(canvas)
    assert interface.text(QAccessible.Text.Name) == "Received"
    assert interface.text(QAccessible.Text.Description) == said


def test_another_source_begins_at_its_beginning_with_nothing_selected(canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(100_000))
    canvas.change_selection(Selection(500, 600))
    canvas.set_highlights([Highlight(0, 5)])
    canvas.scroll_rows(100)
    canvas.set_provider(HeldOctets(b"short"))
    assert canvas.first_visible == 0
    assert canvas.selected_range == (0, 0)
    assert canvas.labels_at(2) == []
    canvas.set_provider(None)
    assert canvas.place_at(canvas.viewport().rect().center().toPointF()) is None


def test_a_selection_that_is_no_longer_there_is_dropped(canvas: HexCanvas) -> None:
    source = Growing(bytes(100))
    canvas.set_provider(source)
    canvas.change_selection(Selection(90, 99))
    source.data = bytes(50)
    canvas.provider_grew()
    assert canvas.selected_range == (0, 0)


def test_the_same_selection_is_not_announced_twice(canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(HUGE))
    spy = QSignalSpy(canvas.selection_changed)
    canvas.change_selection(Selection(HUGE - 10, HUGE - 1))
    canvas.change_selection(Selection(HUGE - 10, HUGE - 1))
    assert spy.count() == 1
    assert spy.at(0) == [HUGE - 10, HUGE]


def test_a_font_change_is_taken_over_without_a_resize(canvas: HexCanvas) -> None:
    canvas.set_provider(Counting(100_000))
    font = canvas.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    columns = canvas.columns
    canvas.setFont(font)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.FontChange))
    assert canvas.columns <= columns
