"""The tour, workbench.panels.certificates.tour, led through the real widgets: every step compares as it should."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.panels.benches import Workplace
from workbench.panels.certificates.tour import tour
from workbench.panels.certificates.view import CertificatesPanel
from workbench.transcript.render import line


class Leader:
    """A guide that writes the steps down, and reads the conversation where the dock would show it."""

    def __init__(self, place: Workplace, panel: CertificatesPanel) -> None:
        self._place = place
        self._panel = panel
        self.targets: list[str] = []
        self.steps: dict[str, tuple[object, object]] = {}

    def target(self, target: str) -> None:
        self.targets.append(target)

    def compare(self, name: str, shown: object, expected: object) -> None:
        self.steps[name] = (shown, expected)

    async def until(self, name: str, shown: Callable[[], object], expected: object) -> None:
        await self._place.until(lambda: shown() == expected)
        self.compare(name, shown(), expected)

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def type(self, widget: QWidget, text: str) -> None:
        QTest.keyClicks(widget, text)

    def conversation(self) -> list[str]:
        talk = self._panel.current_talk()
        assert talk is not None
        events = talk.transcript.events()
        return [" ".join(map(str, line(talk.transcript, event, talk.explain))) for event in events]


async def test_every_step_shows_what_it_should(app):
    place = Workplace(app)
    panel = CertificatesPanel(place.bench)
    place.show(panel)
    leader = Leader(place, panel)
    await tour(panel, leader)
    assert leader.targets == ["lab:tls-wrong-name"]
    assert len(leader.steps) >= 10
    assert {name: both for name, both in leader.steps.items() if both[0] != both[1]} == {}
    await place.close(panel)
