"""Widgets of a test: dressed in the light palette, shown, and gone when the test ends."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from workbench.ui import theme

Shown = TypeVar("Shown", bound=QWidget)


@pytest.fixture
def light(app: QApplication) -> Iterator[theme.Theme]:
    """The light palette at scale 1, whatever the test before wore."""
    yield theme.apply(app, "light")
    theme.apply(app, "light")


@pytest.fixture
def show(light: theme.Theme) -> Iterator[Callable[..., QWidget]]:
    """`show(widget, width, height)`: lay it out, make it active, and delete it after the test."""
    shown: list[QWidget] = []

    def show_widget(widget: Shown, width: int = 0, height: int = 0) -> Shown:
        shown.append(widget)
        if width:
            widget.resize(width, height)
        widget.show()
        widget.activateWindow()
        QTest.qWaitForWindowActive(widget)
        return widget

    yield show_widget
    for widget in shown:
        widget.hide()
        widget.deleteLater()
    shown.clear()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
