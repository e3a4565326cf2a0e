"""The page of ports and addresses as a person uses it: mouse and keys on the real widgets.

What it is made of is tested through it: workbench.panels.sockets.addresses.models,
workbench.panels.sockets.addresses.actions, workbench.panels.sockets.addresses.tour, and the sheets
workbench.panels.sockets.addresses.parts.sheet, workbench.panels.sockets.addresses.parts.ports,
workbench.panels.sockets.addresses.parts.address, workbench.panels.sockets.addresses.parts.interfaces,
workbench.panels.sockets.addresses.parts.route, workbench.panels.sockets.addresses.parts.reach,
workbench.panels.sockets.addresses.parts.lookup, workbench.panels.sockets.addresses.parts.late,
workbench.panels.sockets.addresses.parts.transport and workbench.panels.sockets.addresses.parts.datagram.
"""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.kit.pulse import even_pulse
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.sockets.addresses.models import LinesModel
from workbench.panels.sockets.addresses.parts.interfaces import caret_under
from workbench.panels.sockets.addresses.parts.late import LateSheet
from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.panels.sockets.addresses.state import DEFAULT_BIND, Line
from workbench.panels.sockets.addresses.view import AddressesPage, host_of
from workbench.panels.sockets.view import SocketsPanel
from workbench.ui.tables import Column
from workbench.wire.addresses import has_ipv6_loopback
from workbench.wire.interfaces import Interface, OwnAddress
from workbench.wire.own_names import own_names
from workbench.wire.probe import can_probe

LO = Interface(1, "lo", ("UP", "LOOPBACK"), 65536, addresses=(OwnAddress("127.0.0.1", 8, "host"),))
Role = Qt.ItemDataRole


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "workbench.panels.sockets.addresses.controller.read_interfaces", lambda _channel=None: (LO,)
    )


class Alone:
    """The panel around the page, as far as the page asks it."""

    def show_page(self, page: str) -> None: ...

    def show_talk(self, page: object, talk: object) -> None: ...


def opened(app, appearance: str = "light") -> tuple[Workplace, AddressesPage, AddressesPage]:
    """The page without the others of its panel, which take long to be made."""
    place = Workplace(app, appearance)
    page = AddressesPage(place.bench, Alone())
    place.registry.add_all(page.page_actions(), page)
    place.show(page, 1256, 560)
    return place, page, page


async def test_it_is_a_page_of_the_sockets_panel(app):
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    panel.show_page("addresses")
    place.show(panel, 1280, 640)
    assert isinstance(panel.page, AddressesPage)
    panel.open_target("127.0.0.1:80", "addresses")
    assert panel.page.route.host.text() == "127.0.0.1"
    assert panel.page.ports.isHidden() or not panel.page.ports.isVisible()
    await place.close(panel)


async def idle(place: Workplace, page: AddressesPage) -> None:
    await place.until(lambda: not page.is_busy and place.feed.is_idle)


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def rows(sheet: SheetView) -> list[list[str]]:
    model = sheet.model
    return [
        [str(model.index(row, at).data()) for at in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


async def test_a_port_is_searched_by_keys_and_a_wrong_one_is_marked_in_its_field(app):
    place, panel, page = opened(app)
    sheet = page.ports
    assert sheet.empty.isVisible()
    QTest.keyClicks(sheet.search, "gopher")
    QTest.keyClick(sheet.search, Qt.Key.Key_Return)
    await idle(place, page)
    assert rows(sheet)[0][:2] == ["70", "TCP"]
    assert sheet.model.index(0, 0).data(Role.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    sheet.search.selectAll()
    QTest.keyClicks(sheet.search, "70000")
    QTest.keyClick(sheet.search, Qt.Key.Key_Return)
    await idle(place, page)
    assert sheet.notice.isVisible()
    assert sheet.marks[sheet.search].isVisible()
    QTest.keyClicks(sheet.search, "x")
    assert not sheet.marks[sheet.search].isVisible()
    await place.close(panel)


async def test_a_suggested_port_opens_a_listener_and_used_ones_are_listed(app):
    place, panel, page = opened(app)
    sheet = page.ports
    assert not sheet.listen_button.isEnabled()
    assert "Not now" in sheet.listen_button.toolTip()
    click(sheet.free_button)
    await idle(place, page)
    port = page.controller.state.suggested
    assert sheet.listen_button.isEnabled()
    click(sheet.listen_button)
    assert place.opened == [("sockets", f"127.0.0.1:{port}", "listen")]
    click(sheet.used_button)
    await idle(place, page)
    assert sheet.model.headerData(3, Qt.Orientation.Horizontal) == "Program"
    click(sheet.find_button)
    await idle(place, page)
    assert sheet.model.headerData(3, Qt.Orientation.Horizontal) == "For"
    await place.close(panel)


async def test_the_examples_of_addresses_each_show_something(app):
    place, panel, page = opened(app)
    page.tabs.turn_to(1)
    click(page.address.empty.button)
    await idle(place, page)
    assert page.address.verdict.verdict.word == "ambiguous"
    words = set()
    for _ in range(7):
        click(page.address.example_button)
        await idle(place, page)
        words.add(page.address.verdict.verdict.word)
    assert {"ambiguous", "loopback", "private", "documentation"} <= words
    await place.close(panel)


async def test_bits_stand_side_by_side_with_the_prefix_and_a_caret(app):
    place, panel, page = opened(app)
    page.tabs.turn_to(2)
    sheet = page.interfaces
    click(sheet.empty.button)
    await idle(place, page)
    assert rows(sheet)[0][:2] == ["lo", "127.0.0.1/8"]
    sheet.table.setCurrentIndex(sheet.model.index(0, 1))
    assert sheet.own.text() == "127.0.0.1/8"
    QTest.keyClicks(sheet.target, "127.0.0.9")
    QTest.keyClick(sheet.target, Qt.Key.Key_Return)
    await idle(place, page)
    assert sheet.bits.isVisible()
    assert "┃" in sheet.bits.text()
    assert "prefix 8" in sheet.bits.accessibleDescription()
    comparison = page.controller.state.comparison
    assert comparison is not None
    # The two differ in the last bits only, behind the bar.
    assert caret_under(comparison).endswith("▲ behind the prefix")
    assert caret_under(comparison).index("▲") == comparison.own_bits.rindex("0001") + 1
    await place.close(panel)


@pytest.mark.skipif(not can_probe(), reason="only Linux hands routers' answers to who is not root")
@pytest.mark.covers("C1.5")
async def test_a_route_is_probed_again_and_again_until_esc_and_the_window_goes_on(app):
    place, panel, page = opened(app)
    page.tabs.turn_to(3)
    sheet = page.route
    sheet.again.setChecked(True)
    QTest.keyClicks(sheet.host, "127.0.0.1")
    with even_pulse():
        click(sheet.probe_button)
        await place.until(lambda: rows(sheet) and rows(sheet)[0][3])
        assert rows(sheet)[0][:2] == ["1", "127.0.0.1"]
        assert rows(sheet)[0][3] == "port unreachable"
        assert sheet.stop_button.isEnabled()
        assert place.registry.run("sockets.addresses_stop")
        await idle(place, page)
    assert sheet.verdict.verdict.word == "stopped"
    assert not sheet.stop_button.isEnabled()
    talk = page.current_talk()
    assert talk is not None
    assert len(talk.transcript) > 3
    assert "MSG_ERRQUEUE" in talk.copies[0][1]()
    await place.close(panel)


@pytest.mark.covers("C5.30")
async def test_a_server_of_ours_is_for_this_machine_until_a_person_agrees_once_to_more(app):
    place, panel, page = opened(app)
    page.tabs.turn_to(4)
    sheet = page.reach
    assert sheet.bind.currentData() == DEFAULT_BIND
    assert "Local only" in sheet.bind.toolTip()
    good = sheet.bind.itemData(sheet.bind.findData("loopback"), Role.ForegroundRole)
    amber = sheet.bind.itemData(sheet.bind.findData("all4"), Role.ForegroundRole)
    assert good != amber
    click(sheet.look_button)
    await idle(place, page)
    assert {row[0]: row[2] for row in rows(sheet)}["127.0.0.2"] == "no"
    sheet.bind.setCurrentIndex(sheet.bind.findData("all4"))
    click(sheet.look_button)
    await place.until(lambda: QApplication.activeModalWidget() or dialog(page))
    box = dialog(page)
    answer = next(each for each in box.findChildren(QPushButton) if each.text().replace("&", "") == "Listen")
    click(answer)
    await idle(place, page)
    assert {row[0]: row[2] for row in rows(sheet)}["127.0.0.2"] == "yes"
    # Nobody is asked a second time.
    click(sheet.look_button)
    await idle(place, page)
    assert dialog(page) is None
    assert {row[0]: row[2] for row in rows(sheet)}["127.0.0.3"] == "yes"
    await place.close(panel)


def dialog(page: AddressesPage):
    found = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.inherits("QDialog")]
    return found[0] if found else None


@pytest.mark.covers("C5.25")
async def test_a_look_up_is_picked_together_and_a_result_opens_in_the_console(app):
    place, panel, page = opened(app)
    page.tabs.turn_to(5)
    sheet = page.lookup
    click(sheet.empty.button)
    await idle(place, page)
    assert rows(sheet)[0][:3] == ["AF_INET", "SOCK_STREAM", "IPPROTO_TCP"] or rows(sheet)[0][0] == "AF_INET6"
    assert not sheet.connect_button.isEnabled()
    sheet.host.setText("::1")
    sheet.port.setText("80")
    sheet.family.setCurrentText("AF_INET")
    QTest.keyClick(sheet.host, Qt.Key.Key_Return)
    await idle(place, page)
    assert sheet.notice.isVisible()
    assert sheet.verdict.verdict.word == "EAI_ADDRFAMILY"
    sheet.family.setCurrentText("AF_UNSPEC")
    sheet.flag_actions["AI_NUMERICHOST"].setChecked(True)
    assert sheet.flags.text() == "Flags: 1"
    QTest.keyClick(sheet.host, Qt.Key.Key_Return)
    await idle(place, page)
    assert rows(sheet)[0][4] == "('::1', 80, 0, 0)"
    sheet.table.setCurrentIndex(sheet.model.index(0, 0))
    click(sheet.connect_button)
    assert place.opened == [("sockets", "[::1]:80", "")]
    click(sheet.ipv6_button)
    await idle(place, page)
    assert [row[0] for row in rows(sheet)][:2] == ["this Python", "this system"]
    assert sheet.model.headerData(0, Qt.Orientation.Horizontal) == "Layer"
    await place.close(panel)


@pytest.mark.covers("C1.12")
async def test_needs_are_ticked_and_the_best_transport_is_tried_in_the_console(app):
    place, panel, page = opened(app)
    assert not any(late.is_made for late in page.sheets if isinstance(late, LateSheet))
    page.tabs.turn_to(6)
    sheet = page.transport
    click(sheet.empty.button)
    await place.until(lambda: sheet.verdict.verdict.word == "TCP")
    assert set(sheet.needs) == {"integrity", "dialogue", "large"}
    QTest.keyClick(sheet.ticks["many"], Qt.Key.Key_Space)
    await place.until(lambda: sheet.verdict.verdict.word == "none gives all")
    click(sheet.clear_button)
    await place.until(lambda: not rows(sheet))
    assert not sheet.try_button.isEnabled()
    for name in ("small", "quick"):
        QTest.keyClick(sheet.ticks[name], Qt.Key.Key_Space)
    await place.until(lambda: sheet.verdict.verdict.word == "UDP")
    click(sheet.try_button)
    assert place.opened == [("sockets", "lab:udp-echo", "")]
    await place.close(panel)


@pytest.mark.covers("C1.12")
async def test_the_slider_meets_the_marks_and_a_datagram_beyond_the_limit_is_refused(app):
    place, panel, page = opened(app)
    page.tabs.turn_to(7)
    sheet = page.datagram
    for each, size in zip(sheet.mark_buttons, (512, 1232, 1472, 65507), strict=True):
        click(each)
        assert sheet.octets.value() == size
    click(sheet.more)
    await place.until(lambda: sheet.verdict.verdict.word == "refused")
    assert "does not split it for you" in sheet.verdict.verdict.sentence
    sheet.slider.setFocus()
    QTest.keyClick(sheet.slider, Qt.Key.Key_Home)
    assert sheet.octets.value() == 0
    sheet.family.setCurrentText("IPv6")
    assert [each.text() for each in sheet.mark_buttons] == ["512", "1,232", "1,452", "65,527"]
    sheet.octets.setValue(1453)
    await place.until(lambda: sheet.verdict.verdict.word == "fragments")
    assert place.registry.run("sockets.addresses_start")
    await idle(place, page)
    assert sheet.verdict.verdict.word == ("came back" if has_ipv6_loopback() else "EADDRNOTAVAIL")
    assert page.draft()["datagram"] == {"family": "IPv6", "size": "1453"}
    await place.close(panel)


async def test_what_this_machine_is_called_is_derived_way_by_way(app, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "workbench.panels.sockets.addresses.deciding.own_names", lambda: own_names("localhost", outside=())
    )
    place, panel, page = opened(app)
    page.tabs.turn_to(5)
    click(page.lookup.own_button)
    await idle(place, page)
    assert page.lookup.verdict.verdict.word == "misleading"
    assert page.lookup.model.headerData(2, Qt.Orientation.Horizontal) == "Who could use it"
    assert "this machine" in [row[2] for row in rows(page.lookup)]
    await place.close(panel)


async def test_what_was_typed_comes_back_and_nothing_is_asked(app):
    place, panel, page = opened(app)
    page.ports.search.setText("mail")
    page.lookup.family.setCurrentText("AF_INET6")
    page.lookup.flag_actions["AI_ALL"].setChecked(True)
    page.reach.port.setText("gopher")
    page.reach.bind.setCurrentIndex(page.reach.bind.findData("all4"))
    page.tabs.turn_to(6)
    QTest.keyClick(page.transport.ticks["browser"], Qt.Key.Key_Space)
    page.tabs.turn_to(4)
    draft = page.draft()
    await place.close(panel)
    place, panel, page = opened(app)
    page.restore(draft)
    assert page.draft() == draft
    await idle(place, page)
    assert page.ports.search.text() == "mail"
    assert page.lookup.arguments.family == "AF_INET6"
    assert page.lookup.arguments.flags == ("AI_ALL",)
    assert page.reach.port.text() == "gopher"
    # How a server binds begins with loopback at every start.
    assert page.reach.bind.currentData() == DEFAULT_BIND
    assert page.current is page.reach
    page.tabs.turn_to(6)
    await place.until(lambda: page.transport.verdict.verdict.word == "WebSocket")
    assert len(page.controller.transcript) == 0
    page.tabs.turn_to(7)
    page.restore(
        {"sheet": "x", "lookup": {"family": 5, "flags": 3}, "ports": None, "datagram": {"size": "x" * 9}}
    )
    page.open_target("[::1]:80")
    assert (page.route.host.text(), page.current) == ("::1", page.route)
    page.open_target("localhost:http", "lookup")
    assert (page.lookup.host.text(), page.current) == ("localhost", page.lookup)
    await place.close(panel)


async def test_rows_are_copied_and_sheets_are_turned_by_keys(app):
    place, panel, page = opened(app)
    QTest.keyClicks(page.ports.search, "gopher")
    QTest.keyClick(page.ports.search, Qt.Key.Key_Return)
    await idle(place, page)
    assert place.registry.run("sockets.addresses_copy")
    assert QGuiApplication.clipboard().text().startswith("Port\tTransport")
    page.ports.table.setCurrentIndex(page.ports.model.index(0, 0))
    page.ports.table.setFocus()
    QTest.keyClick(page.ports.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("70\tTCP")
    for _ in page.sheets:
        assert place.registry.run("sockets.addresses_next")
    assert page.current is page.ports
    await place.close(panel)


async def test_every_sheet_fits_beside_the_conversation_in_a_low_window(app):
    place, panel, page = opened(app)
    page.tabs.turn_to(6)
    click(page.transport.empty.button)
    await idle(place, page)
    # What the window of 1280x800 leaves of its height.
    assert page.minimumSizeHint().height() <= 443
    await place.close(panel)


async def test_the_figures_of_a_route_stand_beside_each_other(app):
    place, panel, page = opened(app)
    page.tabs.turn_to(3)
    header = page.route.table.horizontalHeader()
    # The names take what is left, and not the last figure.
    assert header.sectionResizeMode(2) == header.ResizeMode.Stretch
    assert not header.stretchLastSection()
    assert len({header.sectionSize(column) for column in range(5, 10)}) == 1
    await place.close(panel)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_no_control_is_unnamed_and_no_words_are_cut(app, appearance: str):
    place, panel, page = opened(app, appearance)
    for at in range(len(page.sheets)):
        page.tabs.turn_to(at)
        sheet = page.current
        if sheet is page.interfaces:
            sheet.own.setText("127.0.0.1/8")
            sheet.target.setText("127.0.0.9")
        if sheet is page.reach:
            sheet.port.setText("80")
        sheet.empty.asked.emit()
        await idle(place, page)
        await asyncio.sleep(0)
        assert sweep.unnamed(page) == []
        assert sweep.without_tip(page) == []
        await place.until(lambda: sweep.clipped(page) == [])
    await place.close(panel)


def test_the_model_is_one_that_qt_accepts(app):
    model = LinesModel((Column("A", width=10, is_number=True), Column("B", width=10, is_fixed=True)))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_rows((Line(("1", "x\ny"), "good", "tip", unknown=(1,)),))
    assert model.index(0, 1).data() != "x\ny"
    brush = model.index(0, 1).data(Role.BackgroundRole)
    assert isinstance(brush, QBrush)
    assert brush.style() == Qt.BrushStyle.BDiagPattern
    assert model.index(0, 0).data(Role.BackgroundRole) is None
    model.show_rows((Line(("2", "z")),))
    model.show_rows(())
    assert model.rowCount() == 0
    del tester


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("h:80", "h"),
        ("h", "h"),
        ("[::1]:5", "::1"),
        ("http://x/y", "x"),
        ("lab:echo", "lab:echo"),
        ("a b", "a b"),
    ],
)
def test_the_host_of_a_target(target: str, host: str):
    assert host_of(target) == host
