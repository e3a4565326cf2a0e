"""A label of figures that moves nothing: no layout for other digits, a new size for other words and other letters."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from workbench.ui.steady import SteadyLabel

Show = Callable[..., QWidget]


class Layouts(QObject):
    """Counts how often a widget is asked to lay itself out."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def row(show: Show) -> tuple[SteadyLabel, QLabel, Layouts]:
    around = QWidget()
    steady, usual = SteadyLabel("1,000 octets"), QLabel("1,000 octets")
    layout = QHBoxLayout(around)
    layout.addWidget(steady)
    layout.addWidget(usual)
    layout.addStretch(1)
    show(around, 600, 40)
    return steady, usual, Layouts(around)


def settle() -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def test_other_digits_are_no_reason_to_lay_anything_out(row: tuple[SteadyLabel, QLabel, Layouts]) -> None:
    steady, usual, layouts = row
    usual.setText("1,001 octets")
    settle()
    assert layouts.count == 1
    before = steady.width()
    for text in ("1,001 octets", "111 octets", "1,000 octets"):
        steady.setText(text)
        settle()
        assert (steady.text(), steady.width(), layouts.count) == (text, before, 1)


def test_more_words_get_more_room_and_few_get_less(row: tuple[SteadyLabel, QLabel, Layouts]) -> None:
    steady, _, layouts = row
    before = steady.width()
    steady.setText("1,000 octets, and as many again")
    settle()
    assert steady.width() > before
    steady.setText("none")
    settle()
    assert steady.width() < before
    assert layouts.count == 2


def test_larger_letters_get_more_room(row: tuple[SteadyLabel, QLabel, Layouts]) -> None:
    steady = row[0]
    before = steady.size()
    font = steady.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    steady.setFont(font)
    settle()
    assert steady.width() > before.width()
    assert steady.height() > before.height()
    font.setPointSizeF(font.pointSizeF() / 2)
    steady.setFont(font)
    settle()
    assert steady.size() == before
