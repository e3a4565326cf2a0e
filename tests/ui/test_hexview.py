"""The hex view in a person's hands: mouse, keys, menu, copying, finding."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.octet_sources import Counting
from workbench.ui import theme
from workbench.ui.hexview import HeldOctets, HexView, Highlight

Show = Callable[..., QWidget]
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
REQUEST = b"GET /index.html HTTP/1.1\r\nHost: lab\r\n\r\n" + bytes(range(256)) * 8
HUGE = 5 * 2**30


@pytest.fixture
def view(show: Show) -> Iterator[HexView]:
    made = HexView("Received")
    show(made, theme.metric(600), 400)
    made.set_provider(HeldOctets(REQUEST))
    assert made.columns == 16
    made.setFocus()
    yield made
    QApplication.clipboard().clear()


def spot(view: HexView, offset: int, *, text: bool = False) -> QPoint:
    """The middle of an octet in the viewport."""
    layout = view._layout
    row, column = divmod(offset - view.first_visible, view.columns)
    x = layout.text_x(column) + layout.char_width / 2 if text else layout.hex_x(column) + layout.char_width
    return QPointF(x, (row + 0.5) * layout.row_height).toPoint()


def drag(view: HexView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view.viewport(), LEFT, pos=start)
    QTest.mouseMove(view.viewport(), (start + end) / 2)
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), LEFT, pos=end)


def clipboard() -> str:
    return QApplication.clipboard().text()


def test_a_click_selects_one_octet_and_says_so(view: HexView) -> None:
    spy = QSignalSpy(view.selection_changed)
    QTest.mouseClick(view.viewport(), LEFT, pos=spot(view, 20))
    assert view.selected_range == (20, 21)
    assert spy.at(0) == [20, 21]


@pytest.mark.parametrize("text", [False, True])
def test_dragging_selects_from_one_octet_to_another(view: HexView, text: bool) -> None:
    drag(view, spot(view, 4, text=text), spot(view, 37, text=text))
    assert view.selected_range == (4, 38)
    drag(view, spot(view, 37, text=text), spot(view, 4, text=text))
    assert view.selected_range == (4, 38)


def test_shift_click_extends(view: HexView) -> None:
    QTest.mouseClick(view.viewport(), LEFT, pos=spot(view, 10))
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, spot(view, 50))
    assert view.selected_range == (10, 51)
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, spot(view, 2))
    assert view.selected_range == (2, 11)


def test_a_double_click_selects_a_word(view: HexView) -> None:
    QTest.mouseDClick(view.viewport(), LEFT, pos=spot(view, 7, text=True))
    start, stop = view.selected_range
    assert REQUEST[start:stop] == b"index"


def test_dragging_beyond_the_edge_scrolls_and_stops_with_the_button(view: HexView) -> None:
    view.set_provider(Counting(HUGE))
    QTest.mousePress(view.viewport(), LEFT, pos=spot(view, 3))
    QTest.mouseMove(view.viewport(), QPoint(50, view.viewport().height() + 60))
    assert QSignalSpy(view.verticalScrollBar().valueChanged).wait(60_000)
    QTest.mouseRelease(view.viewport(), LEFT, pos=QPoint(50, view.viewport().height() + 60))
    assert view.selected_range[1] > view.visible_rows * view.columns
    assert not view._drag_timer.isActive()


def test_a_bar_that_has_nothing_to_scroll_has_no_handle(view: HexView) -> None:
    bar = view.verticalScrollBar()
    view.set_provider(HeldOctets(b"few"))
    assert bar.property("idle") is True
    small = bar.grab().toImage()
    view.set_provider(Counting(HUGE))
    assert bar.property("idle") is False
    assert bar.grab().toImage() != small


def test_a_view_that_goes_away_in_the_middle_of_a_drag_takes_its_timer_along(view: HexView) -> None:
    view.set_provider(Counting(HUGE))
    QTest.mousePress(view.viewport(), LEFT, pos=spot(view, 3))
    QTest.mouseMove(view.viewport(), QPoint(50, -60))
    assert view._drag_timer.isActive()
    view.hide()
    assert not view._drag_timer.isActive()


def test_keys_move_and_shift_selects(view: HexView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.selected_range == (0, 1)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert view.selected_range == (16, 19)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.selected_range == (31, 32)
    QTest.keyClick(view, Qt.Key.Key_Home, SHIFT)
    assert view.selected_range == (16, 32)


def test_control_end_reaches_the_last_octet_of_gigabytes_and_page_up_comes_back(view: HexView) -> None:
    view.set_provider(Counting(HUGE))
    QTest.keyClick(view, Qt.Key.Key_End, CONTROL)
    assert view.selected_range == (HUGE - 1, HUGE)
    assert view.first_visible + view.visible_rows * view.columns >= HUGE
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.selected_range[0] == HUGE - 1 - view.visible_rows * view.columns
    QTest.keyClick(view, Qt.Key.Key_Home, CONTROL | SHIFT)
    assert view.selected_range[0] == 0
    assert view.first_visible == 0


def test_everything_is_selected_and_only_shown_rows_are_read_for_it(view: HexView) -> None:
    source = Counting(HUGE)
    view.set_provider(source)
    source.reads.clear()
    QTest.keyClick(view, Qt.Key.Key_A, CONTROL)
    view.viewport().grab()
    assert view.selected_range == (0, HUGE)
    assert max(source.reads) < 100_000


def test_control_c_copies_hex_or_text_by_the_column_pointed_at(view: HexView) -> None:
    drag(view, spot(view, 0), spot(view, 2))
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert clipboard() == "47 45 54"
    drag(view, spot(view, 0, text=True), spot(view, 2, text=True))
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert clipboard() == "GET"


@pytest.mark.parametrize(
    ("title", "copied"),
    [
        ("Copy as hex", "31 0d 0a"),
        ("Copy as text", "1\r\n"),
        ("Copy with escapes", r"1\r\n"),
        ("Copy as Python literal", r"b'1\r\n'"),
        ("Copy as C array", "static const unsigned char data[3] = {\n    0x31, 0x0d, 0x0a\n};"),
    ],
)
def test_the_menu_copies_in_each_way(view: HexView, title: str, copied: str) -> None:
    view.select(23, 26)
    next(action for action in view.menu().actions() if action.text() == title).trigger()
    assert clipboard().replace("\r\n", "\n") == copied.replace("\r\n", "\n")


def test_the_menu_offers_copying_only_where_something_is_selected(view: HexView) -> None:
    assert not view.menu().actions()[0].isEnabled()
    view.select_all()
    assert view.menu().actions()[0].isEnabled()
    view.set_provider(None)
    assert not any(action.isEnabled() for action in view.menu().actions() if not action.isSeparator())


def test_the_menu_opens_by_mouse_on_the_octet_there_and_by_key(view: HexView) -> None:
    reasons = QContextMenuEvent.Reason
    place = spot(view, 40)
    for reason in (reasons.Mouse, reasons.Keyboard):
        event = QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
        assert view.menu().isVisible()
        view.menu().hide()
    assert view.selected_range == (40, 41)


def test_too_much_is_not_copied_and_the_reason_is_said(view: HexView) -> None:
    view.set_provider(Counting(HUGE))
    QApplication.clipboard().setText("before")
    view.select_all()
    assert not view.copy("hex")
    assert clipboard() == "before"
    assert view.bar.message.isVisible()
    assert "5.0 GiB are selected" in view.bar.message.text()


def test_nothing_selected_copies_nothing(view: HexView) -> None:
    QApplication.clipboard().setText("before")
    assert not view.copy()
    assert clipboard() == "before"


def test_selecting_from_elsewhere_brings_the_range_into_sight(view: HexView) -> None:
    view.set_provider(Counting(HUGE))
    view.select(HUGE // 2, HUGE // 2 + 8)
    assert view.first_visible <= HUGE // 2 < view.first_visible + view.visible_rows * view.columns
    view.select(HUGE - 4, HUGE + 100)
    assert view.selected_range == (HUGE - 4, HUGE)
    view.select(-5, 3)
    assert view.selected_range == (0, 3)
    view.set_provider(None)
    view.select(3, 9)
    assert view.selected_range == (0, 0)


def test_going_to_an_offset_stays_within_the_ends(view: HexView) -> None:
    view.set_provider(Counting(HUGE))
    view.go_to(HUGE // 3)
    assert view.selected_range == (HUGE // 3, HUGE // 3 + 1)
    view.go_to(HUGE * 2)
    assert view.selected_range == (HUGE - 1, HUGE)
    view.go_to(-1)
    assert view.selected_range == (0, 1)


def test_finding_selects_the_match_and_f3_the_next(view: HexView) -> None:
    view.set_provider(HeldOctets(b"--ab--ab--"))
    spy = QSignalSpy(view.search_ended)
    view.find(b"ab")
    assert spy.wait(60_000)
    assert view.selected_range == (2, 4)
    for key, expected in ((Qt.Key.Key_F3, (6, 8)), (Qt.Key.Key_F3, (2, 4))):
        QTest.keyClick(view, key)
        assert spy.wait(60_000)
        assert view.selected_range == expected
    QTest.keyClick(view, Qt.Key.Key_F3, SHIFT)
    assert spy.wait(60_000)
    assert view.selected_range == (6, 8)


def test_another_source_ends_a_search(view: HexView) -> None:
    view.set_provider(HeldOctets(bytes(64 << 20)))
    spy = QSignalSpy(view.search_ended)
    view.find(b"never")
    view.set_provider(None)
    assert not spy.wait(30)


def test_the_wheel_moves_three_rows_a_notch_also_in_gigabytes(view: HexView) -> None:
    view.set_provider(Counting(HUGE))
    for notch, expected in ((-120, 3), (-40, 4), (-80, 6), (240, 0)):
        middle = QPointF(view.viewport().rect().center())
        event = QWheelEvent(
            middle,
            view.viewport().mapToGlobal(middle),
            QPoint(),
            QPoint(0, notch),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), event)
        assert view.first_visible // view.columns == expected


def test_its_keys_are_its_own_while_it_has_the_focus(view: HexView) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    for key, modifiers, ours in (
        (Qt.Key.Key_A, CONTROL, True),
        (Qt.Key.Key_F, CONTROL, True),
        (Qt.Key.Key_G, CONTROL, True),
        (Qt.Key.Key_P, CONTROL | SHIFT, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(view, event)
        assert event.isAccepted() == ours


def test_tab_leaves_the_view(show: Show) -> None:
    from PySide6.QtWidgets import QLineEdit, QVBoxLayout

    window, view, after = QWidget(), HexView(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(view)
    layout.addWidget(after)
    show(window, 500, 400)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_labels_of_highlights_are_found_at_their_octets(view: HexView) -> None:
    view.set_highlights([Highlight(0, 3, "accent", "method")])
    assert view.labels_at(1) == ["method"]
    assert view.labels_at(3) == []
