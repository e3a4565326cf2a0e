"""The settings page."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui import sweep
from workbench.settings import Settings, problem_with
from workbench.ui.actions import Action, ActionRegistry
from workbench.ui.settings_page import SettingsPage

Show = Callable[..., QWidget]


class Desk:
    """A page, and what it reported."""

    def __init__(self, show: Show) -> None:
        self.changes: list[Settings] = []
        self.registry = ActionRegistry()
        self.registry.add(Action("w.quit", "Quit", int, shortcut="Ctrl+Q"))
        self.page = SettingsPage(Settings(), self.registry, self.changes.append)
        show(self.page, 900, 600)


@pytest.fixture
def desk(show: Show) -> Desk:
    return Desk(show)


def test_each_change_is_reported_at_once_and_only_it(desk: Desk) -> None:
    page = desk.page
    page.appearance.setCurrentIndex(page.appearance.findData("dark"))
    page.scale.setValue(150)
    page.timeout.setValue(5.5)
    page.spool.setValue(64)
    page.rows.setValue(20)
    page.shortcuts.set_keys("w.quit", "Ctrl+Alt+Q")
    assert len(desk.changes) == 6
    assert desk.changes[0] == Settings(appearance="dark")
    assert desk.changes[-1] == page.settings == Settings("dark", 150, 5.5, 64, 20, {"w.quit": "Ctrl+Alt+Q"})


def test_what_was_set_elsewhere_is_shown_and_not_reported(desk: Desk) -> None:
    desk.page.show_settings(Settings("light", 200, 60.0, 8, 12, {"w.quit": ""}))
    assert desk.changes == []
    assert desk.page.appearance.currentData() == "light"
    assert desk.page.scale.text() == "200 %"
    assert desk.page.timeout.text() == "60.0 s"
    assert desk.page.shortcuts.wishes == {"w.quit": ""}


def test_setting_the_same_again_reports_nothing(desk: Desk) -> None:
    desk.page.scale.setValue(100)
    assert desk.changes == []


def test_a_number_is_taken_when_it_is_finished_not_at_every_digit(desk: Desk) -> None:
    desk.page.scale.setFocus()
    desk.page.scale.selectAll()
    QTest.keyClicks(desk.page.scale, "180")
    assert desk.changes == []
    QTest.keyClick(desk.page.scale, Qt.Key.Key_Return)
    assert [each.scale_percent for each in desk.changes] == [180]


def test_the_page_allows_what_the_file_allows(desk: Desk) -> None:
    page = desk.page
    for name, box in (
        ("scale_percent", page.scale),
        ("spool_after_mib", page.spool),
        ("conversation_rows", page.rows),
        ("default_timeout_s", page.timeout),
    ):
        for value in (box.minimum(), box.maximum()):
            assert problem_with(name, value) == ""
    for at in range(page.appearance.count()):
        assert problem_with("appearance", page.appearance.itemData(at)) == ""


def test_the_page_begins_at_its_first_setting_and_everything_has_a_name_and_room(desk: Desk) -> None:
    desk.page.focus_start()
    assert desk.page.appearance.hasFocus()
    assert sweep.unnamed(desk.page) == []
    assert sweep.clipped(desk.page) == []
    order = sweep.focus_order(desk.page)
    assert order[:5] == [
        desk.page.appearance,
        desk.page.scale,
        desk.page.timeout,
        desk.page.spool,
        desk.page.rows,
    ]
