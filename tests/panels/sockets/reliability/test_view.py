"""The page as a person uses it, by mouse and keys against the Lab.

Also workbench.panels.sockets.reliability.actions and workbench.panels.sockets.reliability.models.
"""

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from workbench.panels.sockets.reliability.view import ReliabilityPage
from workbench.panels.sockets.view import SocketsPanel


def shown(app, appearance: str = "light") -> tuple[Workplace, SocketsPanel, ReliabilityPage]:
    place = Workplace(app, appearance)
    panel = SocketsPanel(place.bench)
    panel.show_page("reliability")
    place.show(panel)
    page = panel.page
    assert isinstance(page, ReliabilityPage)
    return place, panel, page


def column(page: ReliabilityPage, number: int) -> list[str]:
    return [str(page.model.index(row, number).data()) for row in range(page.model.rowCount())]


async def test_a_person_sends_by_both_and_reads_what_became_of_each(app):
    place, panel, page = shown(app)
    assert page.empty.isVisible()
    page.fields["count"].setValue(30)
    page.fields["drop_percent"].setValue(50)
    QTest.mouseClick(page.send_button, Qt.MouseButton.LeftButton)
    await place.until(lambda: page.verdict.verdict.word == "compared")
    assert page.verdict.verdict.kind == "good"
    assert "lost" in page.verdict.text()
    assert page.table.isVisible()
    assert column(page, 0) == [str(number) for number in range(30)]
    assert "✗ lost" in column(page, 1)
    assert column(page, 2) == ["✓ arrived"] * 30
    talk = place.talks[-1]
    assert talk is not None
    assert talk.transcript is page.controller.transcript
    lost = page.model.index(column(page, 1).index("✗ lost"), 1)
    assert lost.data(Qt.ItemDataRole.ForegroundRole) is not None
    await place.close(panel)


async def test_it_is_stopped_and_the_faults_are_kept(app):
    place, panel, page = shown(app)
    page.fields["delay_ms"].setValue(1000)
    page.fields["changed_octet"].setValue(5)
    assert place.registry.run("sockets.reliability_compare")
    await place.until(page.stop_button.isEnabled)
    assert not page.send_button.isEnabled()
    QTest.mouseClick(page.stop_button, Qt.MouseButton.LeftButton)
    await place.until(lambda: page.verdict.verdict.word == "stopped")
    draft = json.loads(json.dumps(page.draft()))
    page.restore({"delay_ms": True, "count": 10**9, "seed": "x"})
    assert page.draft() == draft
    page.restore({"delay_ms": 3, "changed_octet": -1})
    assert (page.controller.state.faults.delay_ms, page.fields["changed_octet"].text()) == (3, "none")
    await place.close(panel)
