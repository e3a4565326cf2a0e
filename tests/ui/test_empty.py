"""What stands in an empty view."""

from collections.abc import Callable

from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tests.ui import sweep
from workbench.ui import theme
from workbench.ui.empty import EmptyState

Show = Callable[..., QWidget]


def test_it_says_what_will_stand_here_and_offers_what_fills_it(show: Show) -> None:
    state = show(EmptyState("Here stands what the peer sends.", "Try it with lab:echo", "sockets"), 500, 300)
    spy = QSignalSpy(state.asked)
    state.button.click()
    assert spy.count() == 1
    assert state.accessibleName() == "Here stands what the peer sends."
    assert state.sign.isVisible()


def test_without_an_offer_there_is_no_button(show: Show) -> None:
    state = show(EmptyState("Nothing was said yet."), 500, 300)
    assert not state.button.isVisible()
    assert not state.sign.isVisible()
    state.set("Now there is.", "Do it")
    assert state.button.text() == "Do it"
    assert state.button.isVisible()


def test_a_long_sentence_wraps_in_a_narrow_view(show: Show) -> None:
    state = show(
        EmptyState("One line that is much too long for a narrow pane of this window.", "Go"), 160, 300
    )
    assert sweep.clipped(state) == []


def test_it_looks_like_the_view_that_takes_its_place(show: Show) -> None:
    alone = EmptyState("Nothing was said yet.")
    show(alone, 300, 200)
    picture = alone.grab().toImage()
    assert picture.pixelColor(150, 20) == theme.colour("base")
    assert picture.pixelColor(150, 0) == theme.colour("border")
    pane = QFrame()
    theme.qualify(pane, pane=True)
    column = QVBoxLayout(pane)
    column.setContentsMargins(20, 20, 20, 20)
    column.addWidget(EmptyState("Nothing was said yet."))
    show(pane, 300, 200)
    picture = pane.grab().toImage()
    # One frame, and no box in it.
    assert picture.pixelColor(150, 0) == theme.colour("border")
    assert picture.pixelColor(150, 20) == theme.colour("base")
