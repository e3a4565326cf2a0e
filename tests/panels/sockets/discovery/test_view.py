"""The page of discovery as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.sockets.discovery.parts.foundview,
workbench.panels.sockets.discovery.parts.planform, workbench.panels.sockets.discovery.actions,
workbench.panels.sockets.discovery.models and workbench.panels.sockets.discovery.state;
workbench.panels.sockets.discovery.tour in the tour of the whole window.
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.kit.ports import free_port
from tests.panels.benches import FrameOfOne, Workplace
from tests.ui import sweep
from workbench.panels.sockets.discovery import view as module
from workbench.panels.sockets.discovery.models import PeersModel, lines_of, place_text
from workbench.panels.sockets.discovery.view import DiscoveryPage
from workbench.protocols.discovery.values import Found, Peer, Txt

PEER = Peer(
    "a", "anvil", "_x._tcp", "a.local", ("127.0.0.9", "::1"), 9, "127.0.0.9:5", "answer", 0, 1, 9.0, "here"
)


async def opened(app, appearance: str = "light") -> tuple[Workplace, DiscoveryPage]:
    place = Workplace(app, appearance)
    page = DiscoveryPage(place.bench, FrameOfOne(place))
    place.registry.add_all(page.page_actions(), page)
    place.show(page, 1280, 620)
    return place, page


async def rested(place: Workplace, page: DiscoveryPage) -> None:
    await place.until(lambda: place.feed.is_idle and not any(scope.jobs for scope in place.scopes))


async def closed(place: Workplace, page: DiscoveryPage) -> None:
    place.registry.forget("sockets/discovery")
    await place.close(page)


async def found(app, appearance: str = "light", count: int = 2) -> tuple[Workplace, DiscoveryPage]:
    place, page = await opened(app, appearance)
    QTest.mouseClick(page.found.empty.button, Qt.MouseButton.LeftButton)
    await place.until(lambda: page.found.model.rowCount() == count and page.found.current.addresses)
    page.stop()
    await rested(place, page)
    return place, page


def cell(model, row: int, column: int) -> str:
    return str(model.index(row, column).data() or "")


@pytest.mark.covers("C5.22")
async def test_the_offer_finds_the_services_of_the_lab(app):
    place, page = await found(app)
    rows = {cell(page.found.model, row, 1): row for row in range(2)}
    assert set(rows) == {"Anvil printer", "Book shelf"}
    printer = [cell(page.found.model, rows["Anvil printer"], column) for column in range(7)]
    assert printer[0] == "✓ here"
    assert printer[2:4] == ["_ipp._tcp", "127.0.0.21:631"]
    assert printer[4].endswith(" ago")
    assert printer[6] == "answered"
    assert page.verdict.verdict.word in ("stopped", "found")
    page.found.table.setFocus()
    page.found.table.selectRow(0)
    QTest.keyClick(page.found.table, Qt.Key.Key_Down)
    told = dict(page.found.detail.rows)
    assert told["Name"] == page.found.current.name == cell(page.found.model, 1, 1)
    talk = page.current_talk()
    assert "224.0.0.251" in dict(talk.copies)["Python"]()
    told = [talk.explain(talk.transcript, event).text for event in talk.transcript.events()]
    assert any("which types of services" in text for text in told)
    await closed(place, page)


async def test_who_leaves_is_marked_and_stays_readable(app):
    place, page = await opened(app)
    page.open_target("lab:mdns", "discover")
    await rested(place, page)
    assert page.bar.button.text() == "Discover"
    running = await place.lab.start("mdns", goodbye_after=1)
    page.bar.set_text(f"{running.target.host}:{running.target.port}")
    page.form.for_s.setValue(0)
    QTest.keyClick(page.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: page.bar.button.text() == "Stop")
    await place.until(lambda: any(peer.state == "left" for peer in page.found.model.rows))
    row = [peer.state for peer in page.found.model.rows].index("left")
    assert cell(page.found.model, row, 0) == "✗ said goodbye"
    assert cell(page.found.model, row, 5) == ""
    QTest.mouseClick(page.bar.button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    assert page.verdict.verdict.word == "stopped"
    await closed(place, page)


async def test_an_announcement_has_fields_of_its_own(app):
    place, page = await opened(app)
    assert page.form.what.isVisible()
    assert not page.form.name.isVisible()
    page.preset.setFocus()
    QTest.keyClick(page.preset, Qt.Key.Key_Down)
    await rested(place, page)
    assert page.bar.button.text() == "Announce"
    assert page.form.name.isVisible()
    assert not page.form.what.isVisible()
    page.bar.set_kind("group")
    page.bar.set_text(f"239.255.1.1:{free_port()}")
    page.form.times.setText("0")
    page.form.for_s.setValue(1)
    await rested(place, page)
    assert not page.form.type.isEnabled()
    QTest.keyClick(page.form.name, Qt.Key.Key_Return)
    await place.until(lambda: page.verdict.verdict.word == "announced")
    assert "nobody has to answer" in page.found.empty.sentence.text()
    await closed(place, page)


async def test_a_mistake_is_shown_and_nothing_is_sent(app):
    place, page = await opened(app)
    QTest.keyClicks(page.form.what, "http")
    QTest.keyClick(page.form.what, Qt.Key.Key_Return)
    await place.until(lambda: page.notice.isVisible())
    assert "no type of service" in page.notice.what.text()
    page.bar.set_text("127.0.0.1:5")
    page.start()
    assert "no address of a group" in page.bar.problem.text()
    assert len(page.controller.transcript) == 0
    await closed(place, page)


@pytest.mark.parametrize("word", ["Send", "Cancel"])
async def test_what_would_leave_this_machine_is_asked_about_before(app, word: str, monkeypatch):
    monkeypatch.setattr(module, "interfaces", lambda: (("lo", "127.0.0.1"), ("192.0.2.77", "192.0.2.77")))
    place, page = await opened(app)
    page.bar.set_text("224.0.0.251:5353")
    page.interface.setCurrentIndex(1)
    page.start()
    await place.until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    box = QApplication.activeModalWidget()
    assert "would hear this" in box.informativeText()
    assert box.defaultButton().text().replace("&", "") == "Cancel"
    choice = next(each for each in box.buttons() if each.text().replace("&", "") == word)
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton)
    await rested(place, page)
    if word == "Send":
        # Agreed; but there is no such interface on this machine, so the socket can't be had.
        assert page.notice.isVisible()
        assert "none of this machine" in page.notice.what.text()
    else:
        assert len(page.controller.transcript) == 0
    assert not [event for event in page.controller.transcript.events() if event.kind != "fact"]
    await closed(place, page)


async def test_a_draft_comes_back_without_the_interface_and_junk_is_left_out(app):
    place, page = await opened(app)
    page.bar.set_kind("ssdp")
    page.preset.setCurrentIndex(1)
    page.form.name.setText("anvil")
    page.form.for_s.setValue(9)
    page._on_edited()
    draft = page.draft()
    assert "interface" not in draft
    _, other = place, DiscoveryPage(place.bench, FrameOfOne(place))
    place.show(other)
    other.restore(draft)
    assert (other.bar.kind(), other.bar.text(), other.preset.currentData()) == (
        "ssdp",
        "lab:ssdp",
        "announce",
    )
    assert (other.form.name.text(), other.form.for_s.value()) == ("anvil", 9)
    junk = {
        "language": 7,
        "preset": "x",
        "for_s": -1,
        "port": 70_000,
        "name": "a\nb",
        "what": ["x"],
        "goodbye": 1,
    }
    other.restore(junk)
    assert (other.bar.kind(), other.form.name.text(), other.form.for_s.value()) == ("ssdp", "anvil", 9)
    await other.retire()
    other.close()
    other.deleteLater()
    await closed(place, page)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_everything_has_a_name_and_room(app, appearance: str):
    place, page = await found(app, appearance)
    for preset in range(3):
        page.preset.setCurrentIndex(preset)
        await rested(place, page)
        assert not sweep.unnamed(page)
        assert not sweep.clipped(page)
    await closed(place, page)


def test_places_and_details_are_told_in_words(app):
    assert place_text(PEER) == "127.0.0.9:9, [::1]:9"
    assert place_text(PEER._replace(addresses=())) == "nowhere yet"
    assert place_text(PEER._replace(port=None)) == "127.0.0.9, ::1"
    lines = lines_of(PEER._replace(faults=("wrong",), told=(Txt("a\x1b", "b"),)))
    assert lines[0] == ("! wrong", "wrong")
    assert lines[-1] == ("a␛", "b")


def test_rows_that_stay_only_change_and_new_ones_are_added(app):
    model = PeersModel()
    model.show_found(Found((PEER,), now_s=2))
    assert cell(model, 0, 4) == "1 s ago"
    inserted, resets = [], []
    model.rowsInserted.connect(lambda *args: inserted.append(args))
    model.modelReset.connect(lambda: resets.append(1))
    second = PEER._replace(key="b", faults=("x",), state="expired", lives_s=None)
    model.show_found(Found((PEER, second), now_s=3))
    assert (len(inserted), len(resets)) == (1, 0)
    assert [cell(model, 1, column) for column in (0, 5)] == ["! expired", ""]
    assert cell(model, 0, 4) == "2 s ago"
    model.show_found(Found((second,)))
    assert (model.rowCount(), len(resets)) == (1, 0)
