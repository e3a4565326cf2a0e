"""The welcome page by itself: its offers, and text that is never cut off by a layout's arithmetic."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from tests.ui import sweep
from workbench.panels.start.parts.pages import MAX_TEXT, WelcomePage, heading, paragraph
from workbench.panels.start.view import OFFERS
from workbench.ui import theme

LONG = "A sentence that is long enough to be broken into several lines wherever it stands. " * 6


def test_each_offer_tells_its_key_once(app):
    theme.apply(app, "light", 100)
    page = WelcomePage()
    spy = QSignalSpy(page.taken)
    for offer in page.offers:
        QTest.mouseClick(offer.button, Qt.MouseButton.LeftButton)
    keys = [spy.at(number)[0] for number in range(spy.count())]
    assert len(keys) == len(set(keys)) == len(page.offers)
    assert set(keys) == {*OFFERS, "experiment"}
    page.deleteLater()


def test_running_text_gets_the_height_it_needs_beside_neighbours_that_could_give_some(app):
    """A layout asks for the height at its own width; the text is narrower, and so higher."""
    theme.apply(app, "light", 100)
    page, area = QWidget(), QScrollArea()
    layout = QVBoxLayout(page)
    text, neighbour = paragraph(LONG), QLabel(LONG)
    neighbour.setWordWrap(True)
    for widget in (heading("Title"), neighbour, text):
        layout.addWidget(widget)
    layout.addStretch(1)
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.resize(2 * theme.metric(MAX_TEXT), 100)
    area.show()
    app.sendPostedEvents()
    assert text.width() == theme.metric(MAX_TEXT)
    assert text.height() >= text.heightForWidth(text.width())
    assert neighbour.height() >= neighbour.heightForWidth(neighbour.width())
    assert sweep.clipped(area) == []
    area.close()
    area.deleteLater()
