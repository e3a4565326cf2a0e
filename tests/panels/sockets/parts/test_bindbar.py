"""What stands above a listener, with mouse and keys; with workbench.panels.sockets.parts.consent."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.formats.target import parse_target
from workbench.panels.sockets.view import SocketsPanel
from workbench.wire.interfaces import Interface, OwnAddress
from workbench.wire.port_ranges import Ranges

LO = Interface(1, "lo", ("UP", "LOOPBACK"), addresses=(OwnAddress("127.0.0.1", 8),))


@pytest.fixture(autouse=True)
def this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.panels.sockets.parts.bindbar.read_interfaces", lambda: (LO,))
    monkeypatch.setattr("workbench.panels.sockets.binding.port_ranges", lambda: Ranges(1024, 32768, 60999))


def opened(app, target: str, kind: str = "listener tcp", appearance: str = "light"):
    place = Workplace(app, appearance)
    panel = SocketsPanel(place.bench)
    place.show(panel, 1256, 640)
    view = panel.console.current
    view.open_target(target, kind)
    return place, panel, view


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def answer(place: Workplace, word: str) -> None:
    await place.until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    box = QApplication.activeModalWidget()
    click(next(each for each in box.findChildren(QPushButton) if each.text().replace("&", "") == word))
    await place.until(lambda: QApplication.activeModalWidget() is None)


@pytest.mark.covers("C1.9")
@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_a_privileged_port_is_warned_of_before_it_is_bound_and_a_free_one_works(app, appearance: str):
    place, panel, view = opened(app, "127.0.0.1:80", appearance=appearance)
    bar = view.binding
    await place.until(lambda: bar.heed.is_low)
    assert bar.free.isVisible()
    assert "below 1024" in bar.warning.text()
    assert "macOS" in bar.warning.toolTip()
    assert "this machine alone" in bar.reach.text()
    assert sweep.unnamed(panel) == []
    assert sweep.without_tip(panel) == []
    assert view.controller.state.phase == "idle"
    click(bar.free)
    await place.until(lambda: view.bar.text() != "127.0.0.1:80")
    assert (parse_target(view.bar.text()).port or 0) >= 1024
    await place.until(lambda: not bar.free.isVisible())
    view.start()
    await place.until(lambda: view.controller.state.phase == "open")
    assert view.controller.state.address == view.bar.text()
    await place.until(lambda: not bar.isVisible())
    await place.close(panel)


async def test_a_client_sees_nothing_of_it(app):
    place, panel, view = opened(app, "127.0.0.1:80", "client tcp")
    assert not view.binding.isVisible()
    await place.close(panel)


@pytest.mark.covers("C5.30")
async def test_a_purpose_chooses_the_address_and_everybody_is_asked_about_once(app):
    place, panel, view = opened(app, "127.0.0.1:0")
    bar = view.binding
    await place.until(bar.isVisible)
    good = bar.reach.text()
    bar.fill()
    actions = {action.text(): action for action in bar.menu.actions()}
    assert not actions["An inner network"].isEnabled()
    assert "no such address" in actions["An inner network"].toolTip()
    bar.menu.triggered.emit(actions["Everybody: 0.0.0.0"])
    await place.until(lambda: bar.heed.is_for_all)
    assert view.bar.text() == "0.0.0.0:0"
    # Colour alone says nothing: the words and the sign differ, too.
    assert bar.reach.text() != good
    assert "everybody" in bar.reach.text()
    assert bar.sign.property("icon_name") == "warning"
    view.start()
    await answer(place, "Cancel")
    await place.until(lambda: not any(scope.jobs for scope in place.scopes))
    assert view.controller.state.phase == "idle"
    view.start()
    await answer(place, "Listen")
    await place.until(lambda: view.controller.state.phase == "open")
    panel.console.new_session()
    another = panel.console.current
    another.open_target("0.0.0.0:0", "listener udp")
    another.start()
    await place.until(lambda: another.controller.state.phase == "open")
    assert QApplication.activeModalWidget() is None
    await place.close(panel)


@pytest.mark.covers("C5.30")
async def test_a_new_listener_is_for_this_machine(app):
    place, panel, view = opened(app, "", "listener tcp")
    click(view.empty.button)
    await place.until(lambda: view.controller.state.phase == "open")
    assert view.controller.state.address.startswith("127.0.0.1:")
    await place.close(panel)
