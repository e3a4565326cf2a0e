"""The drop-down of routes by itself; what a route does is shown panel by panel."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QVBoxLayout, QWidget

from workbench.panels.routebox import RouteBox
from workbench.panels.routes import BYTEWISE, LATE, STRAIGHT


def test_it_says_what_the_chosen_one_does(app):
    box = RouteBox((STRAIGHT, LATE, BYTEWISE))
    box.show()
    assert (box.route(), box.toolTip()) == (STRAIGHT.id, STRAIGHT.what)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert (box.route(), box.toolTip(), box.accessibleDescription()) == (LATE.id, LATE.what, LATE.what)
    box.choose("nonsense")
    assert box.route() == LATE.id
    box.choose(BYTEWISE.id)
    assert box.currentText() == BYTEWISE.title
    box.deleteLater()


@pytest.fixture
def box(app) -> Iterator[RouteBox]:
    around = QWidget()
    made = RouteBox((STRAIGHT, LATE, BYTEWISE))
    QVBoxLayout(around).addWidget(made)
    around.show()
    yield made
    around.close()
    around.deleteLater()


def the_dialog(box: RouteBox) -> QInputDialog:
    (dialog,) = [each for each in box.window().findChildren(QInputDialog) if each.isVisible()]
    return dialog


def ask(box: RouteBox) -> QInputDialog:
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_End)
    return the_dialog(box)


def test_a_person_says_what_a_relay_of_their_own_does(box: RouteBox):
    told: list[str] = []
    box.currentIndexChanged.connect(lambda _at: told.append(box.route()))
    dialog = ask(box)
    assert box.route() == STRAIGHT.id
    dialog.setTextValue("delay=50,rewrite=cat=>dog")
    dialog.accept()
    assert told[-1] == box.route() == "own:delay=50,rewrite=cat=>dog"
    assert "delay=50,rewrite=cat=>dog" in box.toolTip()
    # Another one takes its place.
    dialog = ask(box)
    assert dialog.textValue() == "delay=50,rewrite=cat=>dog"
    dialog.setTextValue("drop=50")
    dialog.accept()
    assert told[-1] == box.route() == "own:drop=50"
    assert [box.itemData(at) for at in range(box.count())][3:] == ["own:drop=50", ""]
    assert box.currentText() == "Relay: drop=50"


def test_a_mistake_is_told_and_what_was_typed_stays(box: RouteBox):
    box.choose(LATE.id)
    dialog = ask(box)
    dialog.setTextValue("dely=3")
    dialog.accept()
    dialog = the_dialog(box)
    assert dialog.textValue() == "dely=3"
    assert "no switch 'dely'" in dialog.labelText()
    assert "did you mean delay" in dialog.labelText()
    dialog.reject()
    assert (box.route(), box.currentText()) == (LATE.id, LATE.title)


def test_a_draft_brings_it_back_and_junk_changes_nothing(box: RouteBox):
    box.choose("own:split=1")
    assert box.route() == "own:split=1"
    for junk in ("own:nothing=1", "", None, 7, ["own:split=2"]):
        box.choose(junk)
        assert box.route() == "own:split=1"
    box.choose(LATE.id)
    assert box.route() == LATE.id
