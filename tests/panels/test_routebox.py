"""The drop-down of routes by itself; what a route does is shown panel by panel."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

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
