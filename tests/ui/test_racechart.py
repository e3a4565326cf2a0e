"""The race chart: rows on one axis, chosen by mouse and key, said in words, painted without colour alone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget

from tests.ui import sweep
from workbench.ui import theme
from workbench.ui.racechart import ROW, TONES, Bar, RaceChart, tick_of

BARS = (
    Bar("look up many.test", 0.0, 2.0, "done", "::1, 127.0.0.1"),
    Bar("connect [::1]:80", 2.0, 252.0, "dropped", "IPv6"),
    Bar("connect 127.0.0.1:80", 252.0, 253.5, "won", "IPv4"),
    Bar("wait for first octet", 253.5, None, "running"),
)


@pytest.fixture
def chart(show: Callable[..., QWidget]) -> RaceChart:
    made = RaceChart("The race")
    show(made, 900, 240)
    made.show_bars(BARS, 300.0)
    return made


def test_the_axis_holds_what_runs_too(chart: RaceChart) -> None:
    assert chart.length_ms >= 300.0
    chart.show_bars(())
    assert chart.length_ms > 0
    assert chart.current == -1


def test_rows_are_chosen_by_mouse_and_by_key_and_said_aloud(chart: RaceChart) -> None:
    spy = QSignalSpy(chart.chosen)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(30, int(theme.metric(ROW) * 1.5)))
    assert chart.current == 1
    assert chart.accessibleDescription() == "connect [::1]:80: from 2.0 ms, 250.0 ms, dropped, IPv6"
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleDescription() == "connect 127.0.0.1:80: from 252.0 ms, 1.5 ms, won, IPv4"
    QTest.keyClick(chart, Qt.Key.Key_Up)
    QTest.keyClick(chart, Qt.Key.Key_Up)
    QTest.keyClick(chart, Qt.Key.Key_Up)
    assert chart.current == 0
    assert [spy.at(at)[0] for at in range(spy.count())] == [1, 2, 1, 0]
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(30, 230))
    assert chart.current == 0


def test_every_outcome_but_the_plain_one_has_a_sign_and_a_word() -> None:
    said = {outcome: sign for outcome, (_, sign) in TONES.items()}
    assert said.pop("done") == ""
    assert all(len(sign.split()) == 2 for sign in said.values())


def test_it_is_painted_and_the_longest_bar_is_the_longest(chart: RaceChart) -> None:
    assert sweep.unnamed(chart) == []
    picture = chart.grab().toImage()
    ratio = picture.devicePixelRatio()
    colours = {
        row: sum(
            picture.pixelColor(x, int((row + 0.5) * theme.metric(ROW) * ratio)) != theme.colour("base")
            for x in range(int(theme.metric(215) * ratio), picture.width())
        )
        for row in (0, 1, 2)
    }
    assert colours[1] > colours[2]


@pytest.mark.parametrize(("length", "tick"), [(1.0, 0.2), (5.0, 1.0), (306.0, 100.0), (30_000.0, 10_000.0)])
def test_ticks_are_round(length: float, tick: float) -> None:
    assert tick_of(length) == pytest.approx(tick)
    assert 1 <= length / tick_of(length) <= 10
