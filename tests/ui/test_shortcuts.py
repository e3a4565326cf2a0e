"""The shortcut editor."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import sweep
from workbench.ui.actions import Action, ActionRegistry
from workbench.ui.shortcuts import ShortcutEditor, ShortcutModel, ShortcutRow

Show = Callable[..., QWidget]


@pytest.fixture
def registry(light: object) -> ActionRegistry:
    made = ActionRegistry()
    made.add(Action("w.quit", "Quit", int, shortcut="Ctrl+Q"))
    made.add(Action("w.help", "Help", int, shortcut="F1"))
    made.add(Action("dns.ask", "Ask", int, shortcut="Ctrl+E", context="dns"))
    made.add(Action("mail.send", "Send", int, shortcut="Ctrl+E", context="mail"))
    return made


@pytest.fixture
def editor(show: Show, registry: ActionRegistry) -> ShortcutEditor:
    made = ShortcutEditor(registry, {"w.help": "F2"})
    show(made, 700, 300)
    return made


def row(editor: ShortcutEditor, action_id: str) -> ShortcutRow:
    return next(each for each in editor.model.rows if each.action_id == action_id)


def test_all_actions_stand_there_with_their_keys_and_the_usual_ones(editor: ShortcutEditor) -> None:
    assert [each.text for each in editor.model.rows] == ["Quit", "Help", "Dns: Ask", "Mail: Send"]
    assert (row(editor, "w.help").keys, row(editor, "w.help").usual) == ("F2", "F1")
    assert row(editor, "dns.ask").where == "Dns"


def test_new_keys_are_pressed_and_set(editor: ShortcutEditor) -> None:
    spy = QSignalSpy(editor.wishes_changed)
    editor.choose("w.quit")
    editor.keys.setFocus()
    editor.keys.clear()
    QTest.keyClick(
        editor.keys, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    editor.apply_button.click()
    assert spy.at(0) == [{"w.help": "F2", "w.quit": "Ctrl+Alt+X"}]
    assert row(editor, "w.quit").keys == "Ctrl+Alt+X"


def test_keys_that_are_taken_are_refused_with_the_name_of_who_has_them(editor: ShortcutEditor) -> None:
    spy = QSignalSpy(editor.wishes_changed)
    assert not editor.set_keys("w.quit", "F2")
    assert editor.message.text() == "F2 belongs to Help"
    assert not editor.set_keys("w.quit", "Ctrl+E")
    assert spy.count() == 0
    assert row(editor, "w.quit").keys == "Ctrl+Q"
    assert editor.set_keys("w.quit", "F1")
    assert editor.message.text() == ""


def test_panels_may_share_a_key(editor: ShortcutEditor) -> None:
    assert editor.set_keys("dns.ask", "Ctrl+R")
    assert editor.set_keys("mail.send", "Ctrl+R")


def test_keys_can_be_taken_away_and_the_usual_ones_come_back(editor: ShortcutEditor) -> None:
    assert editor.set_keys("w.quit", "")
    assert editor.wishes["w.quit"] == ""
    editor.choose("w.quit")
    editor.usual_button.click()
    assert "w.quit" not in editor.wishes
    assert row(editor, "w.quit").keys == "Ctrl+Q"


def test_without_a_choice_nothing_can_be_set(editor: ShortcutEditor) -> None:
    assert not editor.apply_button.isEnabled()
    assert "Choose" in editor.apply_button.toolTip()


def test_the_search_leaves_what_fits(editor: ShortcutEditor) -> None:
    QTest.keyClicks(editor.search, "ask")
    assert editor.table.model().rowCount() == 1
    editor.search.clear()
    assert editor.table.model().rowCount() == 4


def test_actions_that_come_later_stand_there_too(editor: ShortcutEditor, registry: ActionRegistry) -> None:
    registry.add(Action("w.more", "More", int))
    assert QSignalSpy(registry.changed).wait(60_000)
    assert [each.text for each in editor.model.rows][-1] == "More"


def test_everything_has_a_name_and_room(editor: ShortcutEditor) -> None:
    assert sweep.unnamed(editor) == []
    assert sweep.clipped(editor) == []


def test_the_model_is_sound(app: QApplication, light: object) -> None:
    model = ShortcutModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows = [ShortcutRow(f"a.{n}", str(n), "Everywhere", "", "F5") for n in range(5)]
    model.show_rows(rows)
    changed = QSignalSpy(model.modelReset)
    model.show_rows([each._replace(keys="F6") for each in rows])
    assert changed.count() == 0
    assert model.index(0, 2).data() == "F6"
    model.show_rows(rows[:2])
    assert model.rowCount() == 2
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Command"


def test_only_the_cells_that_are_seen_are_asked_for(
    show: Show, registry: ActionRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()
    cell = ShortcutModel.cell

    def watched(model: ShortcutModel, row: ShortcutRow, column: int) -> str:
        asked.add(row.action_id)
        return cell(model, row, column)

    monkeypatch.setattr(ShortcutModel, "cell", watched)
    for number in range(300):
        registry.add(Action(f"w.{number}", f"Command {number}", int))
    editor = ShortcutEditor(registry, {})
    show(editor, 700, 300)
    editor.grab()
    assert "w.quit" in asked
    assert len(asked) < 30
