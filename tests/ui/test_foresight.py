"""A pointer that rests on a tab tells what will be opened; one that passes by does not."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHoverEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from workbench.ui.foresight import Foresight

Show = Callable[..., QWidget]
WAIT_MS = 10_000


@pytest.fixture
def bar(show: Show) -> QTabBar:
    made = QTabBar()
    for title in ("one", "two", "three"):
        made.addTab(title)
    show(made, 400, 30)
    return made


def point_at(bar: QTabBar, at: int) -> None:
    """The pointer moves to a tab, or off the bar."""
    place = QPointF(bar.tabRect(at).center()) if at >= 0 else QPointF(-1, -1)
    kind = QEvent.Type.HoverMove if at >= 0 else QEvent.Type.HoverLeave
    QApplication.sendEvent(bar, QHoverEvent(kind, place, place, place))


def test_a_tab_that_the_pointer_rests_on_is_told_in_a_turn_of_its_own(bar: QTabBar) -> None:
    spy = QSignalSpy(Foresight(bar).foreseen)
    point_at(bar, 1)
    assert spy.count() == 0
    assert spy.wait(WAIT_MS)
    assert spy.at(0) == [1]


def test_tabs_on_the_way_are_not_told(bar: QTabBar) -> None:
    spy = QSignalSpy(Foresight(bar).foreseen)
    for at in (0, 1, 2):
        point_at(bar, at)
    assert spy.wait(WAIT_MS)
    assert [spy.at(n) for n in range(spy.count())] == [[2]]


def test_a_tab_that_is_gone_when_the_pointer_has_rested_is_not_told(bar: QTabBar) -> None:
    foresight = Foresight(bar)
    spy = QSignalSpy(foresight.foreseen)
    rested = QSignalSpy(foresight._rest.timeout)
    point_at(bar, 2)
    bar.removeTab(2)
    assert rested.wait(WAIT_MS)
    point_at(bar, 1)
    point_at(bar, -1)
    assert rested.wait(WAIT_MS)
    assert spy.count() == 0
