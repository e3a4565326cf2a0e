"""The status bar's parts."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget

from tests.ui import sweep
from workbench.ui.statusparts import StatusParts

Show = Callable[..., QWidget]


class Pulse:
    """A lag the test sets."""

    def __init__(self) -> None:
        self.ms = 1.2

    def lag(self) -> float:
        return self.ms


def no_jobs() -> tuple[()]:
    return ()


@pytest.fixture
def pulse() -> Pulse:
    return Pulse()


@pytest.fixture
def status(show: Show, pulse: Pulse) -> StatusParts:
    made = StatusParts(no_jobs, pulse.lag)
    show(made, 900, 30)
    return made


def test_the_lab_s_state_is_said_and_can_be_pressed(status: StatusParts) -> None:
    status.show_lab("5 running", "echo, time, chat and two more")
    assert status.lab.text() == "Lab: 5 running"
    assert status.lab.toolTip().startswith("echo")
    spy = QSignalSpy(status.lab_asked)
    status.lab.click()
    assert spy.count() == 1


def test_the_palette_s_key_is_shown_and_can_be_pressed(status: StatusParts) -> None:
    status.show_palette_key("Ctrl+Shift+P")
    assert status.palette_hint.text() == "Ctrl+Shift+P"
    spy = QSignalSpy(status.palette_asked)
    status.palette_hint.click()
    assert spy.count() == 1
    status.show_palette_key("")
    assert status.palette_hint.text() == "Commands"


def test_a_late_loop_is_said_in_words(status: StatusParts, pulse: Pulse) -> None:
    assert status.lag.text() == "loop 1.2 ms"
    pulse.ms = 87.0
    status.show_lag()
    assert status.lag.text() == "loop 87.0 ms, late"
    assert status.lag.property("role") == "warning"


def test_without_a_heartbeat_there_is_no_lag(show: Show) -> None:
    status = show(StatusParts(no_jobs, None), 900, 30)
    assert not status.lag.isVisible()
    status.show_lag()
    assert status.lag.text() == ""


def test_what_is_said_in_passing_goes_away(status: StatusParts) -> None:
    status.say("Finish: not now, nothing is connected")
    assert status.saying.text().startswith("Finish")
    status._hush.start(1)
    assert QSignalSpy(status._hush.timeout).wait(60_000)
    assert status.saying.text() == ""


def test_everything_has_a_name_and_room(status: StatusParts) -> None:
    status.show_palette_key("Ctrl+Shift+P")
    status.show_lab("5 running")
    assert sweep.unnamed(status) == []
    assert sweep.clipped(status) == []
