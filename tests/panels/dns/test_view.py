"""The DNS panel as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.dns.parts.packet and workbench.panels.dns.parts.pieces.
"""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.dns.parts.pieces import OPTIONS
from workbench.panels.dns.view import DnsPanel


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def cells(model, row: int, parent: QModelIndex | None = None) -> list[str]:
    parent = parent or QModelIndex()
    return [str(model.index(row, column, parent).data()) for column in range(model.columnCount())]


async def opened(app, appearance: str = "light") -> tuple[Workplace, DnsPanel]:
    place = Workplace(app, appearance)
    panel = DnsPanel(place.bench)
    place.show(panel, 1280, 560)
    return place, panel


async def asked(app, text: str, kind: str = "query", type_: str = "A", server: str = "lab:dns"):
    place, panel = await opened(app)
    panel.bar.set_kind(kind)
    panel.type.setEditText(type_)
    QTest.keyClicks(panel.server.field, server)
    QTest.keyClicks(panel.bar.field, text)
    QTest.keyClick(panel.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: panel.controller.state.phase in ("done", "failed") and place.feed.is_idle)
    return place, panel


async def test_the_offer_of_the_empty_panel_is_an_answer_away(app):
    place, panel = await opened(app)
    assert panel.packet.empty.isVisible()
    click(panel.empty.button)
    await place.until(lambda: panel.verdict.verdict.word == "answer")
    assert cells(panel.rows, 0) == ["answer", "www.lab.test.", "300", "A", "192.0.2.1"]
    assert panel.bar.text() == "www.lab.test"
    await place.close(panel)


@pytest.mark.covers("C4.22")
async def test_records_fields_and_octets_are_one_thing(app):
    place, panel = await asked(app, "lab.test", type_="MX")
    packet = panel.packet
    assert [cells(panel.rows, row)[4] for row in range(3)] == [
        "10 mail.lab.test.",
        "20 second.lab.test.",
        "50 late.lab.test.",
    ]
    data = packet.hex.provider.read(0, len(packet.hex.provider))
    # A record chosen in the table is chosen in the tree, and its octets are marked.
    panel.table.selectRow(2)
    start, stop = packet.hex.selected_range
    assert b"\x00\x32\x04late" in data[start:stop]
    assert packet.model.value(packet.fields.currentIndex()).value == "lab.test. MX"
    # Header: the id, that it is a response, that the server is in charge, and the counts.
    header = packet.model.index(0, 0)
    shown = {cells(packet.model, row, header)[0]: cells(packet.model, row, header)[1] for row in range(15)}
    assert shown["ID"].startswith(str(int.from_bytes(data[:2], "big")))
    assert (shown["QR"], shown["AA"], shown["QDCOUNT"], shown["ANCOUNT"]) == ("1", "1", "1", "3")
    # Octet 12 begins the name that was asked for; choosing it chooses the field.
    packet.hex.select(12, 13)
    chosen = packet.fields.currentIndex()
    names = []
    while chosen.isValid():
        names.append(packet.model.value(chosen).name)
        chosen = packet.model.parent(chosen)
    assert names == ["label", "QNAME", "question"]
    # An octet within a record chooses its row.
    packet.hex.select(data.index(b"\x04mail"), data.index(b"\x04mail") + 1)
    assert panel.table.currentIndex().row() == 0
    # And the sentence stands beside the field, with its section.
    assert all(cells(packet.model, row)[3].startswith("RFC ") for row in range(packet.model.rowCount()))
    await place.close(panel)


async def test_another_packet_can_be_looked_at(app):
    place, panel = await asked(app, "large.lab.test", type_="TXT")
    choice = panel.packet.choice
    assert [choice.itemText(at).split("  ")[1] for at in range(choice.count())] == [
        "query by UDP",
        "truncated answer by UDP",
        "query by TCP",
        "answer by TCP",
    ]
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Home)
    assert panel.controller.state.shown == 0
    assert panel.packet.octets.text() == "43 octets"
    assert cells(panel.packet.model, 0)[1] == "a query"
    await place.close(panel)


async def test_the_evidence_leads_to_its_packet(app):
    place, panel = await asked(app, "192.0.2.66", "reverse")
    assert panel.verdict.verdict.word == "mismatch"
    assert panel.tree.isVisible()
    assert not panel.type.isVisible()
    root = panel.evidence.index(0, 0)
    assert cells(panel.evidence, 0)[:2] == ["66.2.0.192.in-addr.arpa. PTR", "1 name"]
    name = panel.evidence.index(0, 0, root)
    assert cells(panel.evidence, 0, root)[:2] == ["www.whitehouse.test.", "it has other addresses"]
    assert not panel.evidence.data(name, Qt.ItemDataRole.DecorationRole).isNull()
    panel.tree.setCurrentIndex(name)
    question = panel.packet.model.index(1, 0)
    assert cells(panel.packet.model, 1)[1] == "www.whitehouse.test. A"
    assert question.isValid()
    await place.close(panel)


async def test_a_mistake_in_the_name_stays_in_the_field_with_its_reason(app):
    place, panel = await opened(app)
    panel.server.field.setText("lab:dns")
    QTest.keyClicks(panel.bar.field, "a..b")
    click(panel.bar.button)
    assert panel.bar.problem.isVisible()
    assert "missing beside this dot" in panel.bar.problem.text()
    assert place.scopes[-1].jobs == ()
    await place.close(panel)


@pytest.mark.parametrize(("server", "why"), [("", "missing"), ("lab:", "missing"), ("a b", "cannot stand")])
async def test_a_mistake_in_the_server_is_marked_there_and_goes_when_it_is_mended(app, server: str, why: str):
    place, panel = await opened(app)
    panel.bar.set_text("www.lab.test")
    panel.server.field.setText(server)
    panel.bar.submit()
    await place.until(panel.notice.isVisible)
    assert why in panel.notice.what.text()
    assert place.scopes[-1].jobs == ()
    panel.server.field.setText("lab:dns")
    await place.until(lambda: not panel.notice.isVisible())
    await place.close(panel)


async def test_a_failure_shows_stage_symbol_and_the_line_of_the_conversation(app):
    place, panel = await asked(app, "www.lab.test", server="127.0.0.1:1")
    await place.until(panel.notice.isVisible)
    assert "ECONNREFUSED" in panel.notice.what.text()
    click(panel.notice.show_event)
    assert place.events
    click(panel.notice.close_button)
    await place.until(lambda: not panel.notice.isVisible())
    await place.close(panel)


async def test_esc_stops_the_waiting_and_the_panel_asks_again(app):
    place, panel = await opened(app)
    panel.server.field.setText("lab:dns")
    panel.bar.set_text("www.silent.test")
    panel.bar.submit()
    await place.until(lambda: panel.controller.state.stage == "query" and panel.bar.button.text() == "Cancel")
    assert not panel.server.isEnabled()
    assert place.registry.run("dns.cancel")
    await place.until(lambda: panel.verdict.verdict.word == "cancelled")
    panel.bar.set_text("www.lab.test")
    assert place.registry.run("dns.start")
    await place.until(lambda: panel.verdict.verdict.word == "answer")
    await place.close(panel)


async def test_the_system_stands_beside_the_answer(app):
    place, panel = await opened(app)
    panel.options.turn("system", True)
    panel.server.field.setText("lab:dns")
    panel.bar.set_text("localhost")
    panel.bar.submit()
    await place.until(panel.system.isVisible)
    await place.until(lambda: panel.system.words.text().startswith("This system says the same: 127.0.0.1"))
    await place.close(panel)


async def test_every_option_reaches_the_question(app):
    place, panel = await opened(app)
    menu = {action.text() for action in panel.options.options.actions()}
    assert menu == {title for _, title, _, _ in OPTIONS}
    for name, _, tip, is_on in OPTIONS:
        assert getattr(panel.controller.state.form, name) is is_on
        panel.options.turn(name, not is_on)
        assert getattr(panel.controller.state.form, name) is not is_on
        assert panel.options.actions_by_name[name].toolTip() == tip
    await place.close(panel)


@pytest.mark.parametrize(
    ("target", "how", "kind", "text", "server"),
    [
        ("192.0.2.1:80", "", "reverse", "192.0.2.1", ""),
        ("[2001:db8::1]:80", "", "reverse", "2001:db8::1", ""),
        ("www.lab.test:443", "", "query", "www.lab.test", ""),
        ("https://www.lab.test/", "", "query", "www.lab.test", ""),
        ("lab:dns", "", "query", "", "lab:dns"),
        ("192.0.2.53:53", "server", "query", "", "192.0.2.53:53"),
    ],
)
async def test_a_target_from_elsewhere_is_what_is_asked_about(app, target, how, kind, text, server):
    place, panel = await opened(app)
    panel.open_target(target, how)
    assert (panel.bar.kind(), panel.bar.text(), panel.server.field.text()) == (kind, text, server)
    await place.close(panel)


async def test_the_conversation_is_handed_to_the_dock_with_its_copies(app):
    place, panel = await asked(app, "www.lab.test")
    talk = panel.current_talk()
    assert talk is not None
    assert [title for title, _ in talk.copies] == ["Python", "dig"]
    assert all("www.lab.test." in make() for _, make in talk.copies)
    assert talk.explain is not None
    events = [talk.explain(talk.transcript, event) for event in talk.transcript.events()]
    assert "query www.lab.test. A" in [told.what for told in events if told is not None]
    await place.close(panel)


async def test_a_field_says_its_octets_under_the_mouse(app):
    place, panel = await asked(app, "www.lab.test")
    tip = panel.packet.model.data(panel.packet.model.index(1, 0), Qt.ItemDataRole.ToolTipRole)
    assert "octets 12 to 29" in tip
    assert "RFC 1035" in tip
    assert panel.packet.hex.labels_at(panel.packet.hex.selected_range[0] or 30)
    await place.close(panel)


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize(
    ("kind", "text"), [("query", "lab.test"), ("reverse", "192.0.2.12"), ("query", "nosuch.lab.test")]
)
async def test_nothing_is_cut_off_or_without_a_name_when_it_is_full(
    app, appearance: str, kind: str, text: str
):
    place, panel = await opened(app, appearance)
    panel.bar.set_kind(kind)
    panel.bar.set_text(text)
    panel.server.field.setText("lab:dns")
    panel.bar.submit()
    await place.until(lambda: panel.controller.state.phase == "done" and place.feed.is_idle)
    assert sweep.unnamed(panel) == []
    assert sweep.without_tip(panel) == []
    await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)
