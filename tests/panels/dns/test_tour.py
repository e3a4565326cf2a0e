"""The tour of the DNS panel: workbench.panels.dns.tour, led through the real widgets."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.panels.benches import Workplace
from workbench.panels.dns.tour import tour
from workbench.panels.dns.view import DnsPanel
from workbench.protocols.dns.explain import explain
from workbench.transcript.render import line


class Guide:
    """Leads and notes what was not as expected."""

    def __init__(self, panel: DnsPanel) -> None:
        self._panel = panel
        self.where = ""
        self.steps = 0
        self.wrong: list[tuple[str, object, object]] = []

    def target(self, target: str) -> None:
        self.where = target

    def compare(self, name: str, shown: object, expected: object) -> None:
        self.steps += 1
        if shown != expected:
            self.wrong.append((name, shown, expected))

    async def until(self, name: str, shown: Callable[[], object], expected: object) -> None:
        async with asyncio.timeout(60):
            while shown() != expected:  # noqa: ASYNC110 - widgets have no event to wait for
                await asyncio.sleep(0.005)
        self.compare(name, shown(), expected)

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def type(self, widget: QWidget, text: str) -> None:
        QTest.keyClicks(widget, text)

    def conversation(self) -> list[str]:
        transcript = self._panel.controller.transcript
        return [line(transcript, event, explain).what for event in transcript.events()]


async def test_the_tour_shows_an_answer_and_a_lie(app):
    place = Workplace(app)
    panel = DnsPanel(place.bench)
    place.show(panel)
    guide = Guide(panel)
    await tour(panel, guide)
    assert guide.wrong == []
    assert guide.where == "lab:dns"
    assert guide.steps >= 8
    await place.close(panel)
