"""The tree of facts with mouse and keys: selected, copied, set in its place, refreshed without losing the place."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit

from workbench.panels.sockets.parts.facttree import VALUE, FactModel, FactTree
from workbench.panels.sockets.rows import Row
from workbench.ui import fonts, theme

ROWS = (
    Row("verdict", "Verdict", "verified", "who", "good"),
    Row(
        "options",
        "Options",
        children=(
            Row("option.NODELAY", "NODELAY", "off", "small segments", "flag"),
            Row("option.KEEPIDLE", "KEEPIDLE", "7,200 s", "idle time", "count"),
            Row("option.V6ONLY", "V6ONLY", "not measurable here", "IPv6", "untold"),
        ),
    ),
)


@pytest.fixture
def tree(app):
    fonts.ensure_letters(app)
    theme.apply(app, "light", 100)
    made = FactTree("Facts")
    made.resize(600, 300)
    made.show_rows(ROWS, ("options",))
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_the_model_is_as_qt_wants_it_and_stays_so_when_rows_change(app):
    model = FactModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_rows(ROWS)
    model.show_rows(ROWS[1:])
    model.show_rows(ROWS)
    model.show_rows(())
    assert model.rowCount() == 0
    model.deleteLater()


def test_a_value_that_changed_keeps_selection_and_openness(tree: FactTree):
    tree.setCurrentIndex(tree.facts.find("option.KEEPIDLE", 0))
    resets = QSignalSpy(tree.facts.modelReset)
    changed = QSignalSpy(tree.facts.dataChanged)
    other = ROWS[1]._replace(children=(ROWS[1].children[0]._replace(value="on"), *ROWS[1].children[1:]))
    tree.show_rows((ROWS[0], other), ("options",))
    assert (resets.count(), changed.count()) == (0, 1)
    assert tree.facts.row_at(tree.currentIndex()).key == "option.KEEPIDLE"  # type: ignore[union-attr]
    tree.setExpanded(tree.facts.find("options", 0), False)
    tree.show_rows(ROWS, ("options",))
    assert not tree.isExpanded(tree.facts.find("options", 0)), "a branch that a person shut opened by itself"


def test_a_flag_is_turned_by_the_space_key_and_by_the_mouse(tree: FactTree):
    asked = QSignalSpy(tree.facts.asked)
    tree.setFocus()
    tree.setCurrentIndex(tree.facts.find("option.NODELAY", 0))
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert asked.at(0) == ["option.NODELAY", "1"]
    box = tree.visualRect(tree.facts.find("option.NODELAY"))
    place = box.topLeft()
    place.setX(place.x() + theme.metric(12))
    place.setY(box.center().y())
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert asked.count() == 2


def test_a_number_is_typed_in_its_place(tree: FactTree):
    asked = QSignalSpy(tree.facts.asked)
    tree.setFocus()
    tree.setCurrentIndex(tree.facts.find("option.KEEPIDLE", 0))
    QTest.keyClick(tree, Qt.Key.Key_Return)
    editor = tree.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    assert (editor.text(), editor.accessibleName()) == ("7200", "New value of KEEPIDLE")
    editor.selectAll()
    QTest.keyClicks(editor, "60")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert asked.wait(60_000)
    assert asked.at(0) == ["option.KEEPIDLE", "60"]


def test_what_is_not_told_is_hatched_and_can_not_be_set(tree: FactTree):
    index = tree.facts.find("option.V6ONLY")
    brush = index.data(Qt.ItemDataRole.BackgroundRole)
    assert brush.style() is Qt.BrushStyle.BDiagPattern
    assert not index.flags() & (Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable)
    assert not tree.facts.setData(index, "1")


def test_an_error_stands_at_its_row_with_a_sign_until_it_is_taken_away(tree: FactTree):
    tree.facts.remark("option.KEEPIDLE", "KEEPIDLE takes a number", is_bad=True)
    words = tree.facts.find("option.KEEPIDLE", VALUE + 1)
    assert words.data() == "KEEPIDLE takes a number"
    assert words.data(Qt.ItemDataRole.DecorationRole) is not None
    assert words.data(Qt.ItemDataRole.ForegroundRole) == theme.colour("error")
    tree.facts.forget_remarks()
    assert words.data() == "idle time"


def test_the_rows_that_are_selected_are_copied(tree: FactTree):
    tree.setFocus()
    tree.setCurrentIndex(tree.facts.find("verdict", 0))
    QTest.keyClick(tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Verdict: verified\nOptions\nNODELAY: off"


def test_a_screen_reader_hears_column_and_value(tree: FactTree):
    assert tree.facts.find("verdict").data(Qt.ItemDataRole.AccessibleTextRole) == "Value: verified"
    assert tree.facts.find("nobody") == QModelIndex()
