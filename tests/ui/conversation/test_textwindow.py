"""What is to be seen of text whose rows nobody has counted yet."""

from tests.ui.conversation.conversations import pings
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.lines import Place, TextLines
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.textwindow import TextWindow
from workbench.ui.hexscroll import RowScroll

PAGE = 10


def uncounted(events: int = 4_000) -> TextWindow:
    """A window on rows of which the first slice is counted only."""
    lines = TextLines(Rows(pings(events)), RowBreaks("utf-8", 80))
    lines.step(0)
    window = TextWindow(lines, RowScroll())
    window.scroll.resize(window.row_count(), PAGE)
    return window


def closed(window: TextWindow) -> None:
    window.lines.rows.transcript.close()
    window.lines.close()


def firsts(window: TextWindow, *, at_end: bool = False) -> list[int]:
    return [row.event.index for row in window.read(at_end=at_end)]


def test_the_end_is_seen_before_it_is_counted():
    window = uncounted()
    assert not window.lines.is_complete
    assert firsts(window, at_end=True) == list(range(3_990, 4_000))
    closed(window)


def test_any_place_is_seen_before_it_is_counted_and_keeps_its_place_afterwards():
    window = uncounted()
    window.stand_on(Place(2_000, 0))
    assert window.anchor == (2_000, 0)
    assert firsts(window) == list(range(2_000, 2_011))
    while window.lines.step():
        pass
    window.settle()
    assert window.anchor is None
    assert window.scroll.top == 2_000
    assert firsts(window) == list(range(2_000, 2_011))
    closed(window)


def test_scrolling_from_an_uncounted_place_moves_by_rows():
    window = uncounted()
    window.stand_on(Place(2_000, 0))
    window.read(at_end=False)
    window.scroll_by(-3)
    assert firsts(window)[0] == 1_997
    window.scroll_by(5)
    assert firsts(window)[0] == 2_002
    closed(window)


def test_the_bar_leads_to_about_the_right_place_while_counting_goes_on():
    window = uncounted()
    window.move_to_bar(window.scroll.bar_maximum // 2)
    assert 1_500 < firsts(window)[0] < 2_500
    window.move_to_bar(0)
    assert firsts(window)[0] == 0
    closed(window)


def test_the_estimate_becomes_the_count():
    window = uncounted()
    assert abs(window.row_count() - 4_000) < 400
    while window.lines.step():
        pass
    assert window.row_count() == 4_000
    closed(window)
