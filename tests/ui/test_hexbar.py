"""The line in which one types what to find and where to go."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget

from workbench.errors import LocalMisuse
from workbench.ui.hexbar import parse_offset
from workbench.ui.hexview import HeldOctets, HexView

Show = Callable[..., QWidget]


@pytest.fixture
def view(show: Show) -> HexView:
    made = HexView("Received")
    show(made, 640, 400)
    made.set_provider(HeldOctets(b"one\r\ntwo\r\n" * 100))
    made.setFocus()
    return made


@pytest.mark.parametrize(
    ("text", "offset"),
    [("0", 0), ("31", 31), (" 0x1F ", 31), ("1fh", 31), ("1_000", 1000), ("0x1 0000", 65536)],
)
def test_an_offset_is_read_in_decimal_and_in_hexadecimal(text: str, offset: int) -> None:
    assert parse_offset(text) == offset


@pytest.mark.parametrize("text", ["", "x", "1f", "0x", "12.5", "h"])
def test_what_is_no_offset_is_a_mistake(text: str) -> None:
    with pytest.raises(LocalMisuse) as caught:
        parse_offset(text)
    assert caught.value.text == text


def test_control_f_finds_with_escapes_and_enter(view: HexView) -> None:
    QTest.keyClick(view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.bar.field.hasFocus()
    spy = QSignalSpy(view.search_ended)
    QTest.keyClicks(view.bar.field, r"\r\ntwo")
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    assert spy.wait(60_000)
    assert view.selected_range == (3, 8)
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert spy.wait(60_000)
    assert view.selected_range == (993, 998)
    assert "past the end" in view.bar.message.text()


def test_what_is_not_there_is_said(view: HexView) -> None:
    view.bar.open_find()
    spy = QSignalSpy(view.search_ended)
    QTest.keyClicks(view.bar.field, "three")
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    assert spy.wait(60_000)
    assert view.bar.message.text() == "not found"


def test_a_mistake_is_selected_and_said(view: HexView) -> None:
    view.bar.open_find()
    QTest.keyClicks(view.bar.field, r"ab\xZ")
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    assert view.bar.field.selectionStart() == 2
    assert view.bar.message.text()
    assert view.bar.field.property("wrong") is True
    QTest.keyClick(view.bar.field, Qt.Key.Key_Backspace)
    assert view.bar.field.property("wrong") is False


def test_control_g_goes_and_gives_the_focus_back(view: HexView) -> None:
    QTest.keyClick(view, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert view.bar.field.selectedText() == "0x0"
    QTest.keyClicks(view.bar.field, "0x200")
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    assert view.selected_range == (512, 513)
    assert not view.bar.isVisible()
    assert view.hasFocus()


def test_escape_and_the_cross_close_it(view: HexView) -> None:
    view.bar.open_find()
    QTest.keyClick(view.bar.field, Qt.Key.Key_Escape)
    assert not view.bar.isVisible()
    assert view.hasFocus()
    view.bar.open_go_to(0)
    view.bar.close_button.click()
    assert not view.bar.isVisible()


def test_it_lies_inside_the_view_at_any_size(view: HexView) -> None:
    view.bar.open_find()
    for width in (300, 900):
        view.resize(width, 250)
        assert view.rect().contains(view.bar.geometry())


def test_an_empty_search_does_nothing(view: HexView) -> None:
    view.bar.open_find()
    spy = QSignalSpy(view.bar.find_asked)
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    assert spy.count() == 0
