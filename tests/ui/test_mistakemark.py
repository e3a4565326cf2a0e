"""The wavy line lies under the characters that are wrong."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.ui import theme
from workbench.ui.mistakemark import MistakeMark

Show = Callable[..., QWidget]


@pytest.fixture
def field(show: Show) -> QLineEdit:
    made = QLineEdit("127.0.0.1:70000")
    show(made, 300, 28)
    return made


def reddish(field: QLineEdit) -> list[int]:
    """The columns in whose lower part the error's colour is to be seen."""
    image = field.grab().toImage()
    red = theme.colour("error")
    found = []
    for x in range(2, image.width() - 2):
        for y in range(image.height() // 2, image.height() - 2):
            colour = image.pixelColor(x, y)
            if abs(colour.red() - red.red()) < 60 and colour.green() < 120 and colour.blue() < 120:
                found.append(x)
                break
    return found


def test_the_mark_lies_under_its_characters_and_nowhere_else(field: QLineEdit) -> None:
    assert reddish(field) == []
    mark = MistakeMark(field)
    mark.mark(10, 15)
    left, right = mark.span
    columns = reddish(field)
    assert columns
    assert min(columns) >= left - 2
    assert max(columns) <= right + theme.metric(3)
    width = field.fontMetrics().horizontalAdvance("70000")
    assert right - left == pytest.approx(width, abs=3)
    mark.hide()
    assert reddish(field) == []


def test_the_mark_does_not_depend_on_where_the_cursor_stands(field: QLineEdit) -> None:
    mark = MistakeMark(field)
    mark.mark(10, 15)
    spans = set()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_End):
        QTest.keyClick(field, key)
        spans.add(tuple(round(edge) for edge in mark.span))
    lefts = [left for left, _ in spans]
    assert max(lefts) - min(lefts) <= 2


def test_something_missing_is_marked_by_a_letter_s_width(field: QLineEdit) -> None:
    mark = MistakeMark(field)
    mark.mark(15, 15)
    left, right = mark.span
    assert right - left >= theme.metric(6)


def test_the_mark_lets_the_mouse_through_and_takes_no_focus(field: QLineEdit) -> None:
    mark = MistakeMark(field)
    mark.mark(0, 3)
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    assert mark.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    field.resize(200, 40)
    assert mark.size() == field.size()
