"""The page of calls by hand as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.sockets.steps.parts.callform,
workbench.panels.sockets.steps.parts.details, workbench.panels.sockets.steps.parts.lamps,
workbench.panels.sockets.steps.parts.quickbar, workbench.panels.sockets.steps.actions and
workbench.panels.sockets.steps.models; workbench.panels.sockets.steps.tour in the tour of the whole window.
"""

import socket

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.sockets.steps.models import LadderModel, OptionsModel
from workbench.panels.sockets.steps.parts.lamps import NOW, OFF, PASSED
from workbench.panels.sockets.steps.state import OptionRow
from workbench.panels.sockets.steps.view import StepsPage
from workbench.protocols.calls.options import all_options
from workbench.protocols.calls.values import Outcome


class Frame:
    """The panel around the page, as far as the page asks."""

    def __init__(self) -> None:
        self.talks: list = []

    def show_page(self, page: str) -> None: ...

    def show_talk(self, page, talk) -> None:
        self.talks.append(talk)


async def opened(app, appearance: str = "light") -> tuple[Workplace, StepsPage]:
    place = Workplace(app, appearance)
    page = StepsPage(place.bench, Frame())
    place.bench.registry.add_all(page.page_actions(), page)
    place.show(page, 1280, 640)
    return place, page


async def rested(place: Workplace, page: StepsPage) -> None:
    await place.until(lambda: place.feed.is_idle and not page.is_running)


async def make(place: Workplace, page: StepsPage, *lines: str) -> None:
    """Type calls into the line."""
    for line in lines:
        page.form.line.setFocus()
        page.form.line.selectAll()
        QTest.keyClicks(page.form.line, line)
        QTest.keyClick(page.form.line, Qt.Key.Key_Return)
        await rested(place, page)


async def both_ends(app, appearance: str = "light") -> tuple[Workplace, StepsPage]:
    place, page = await opened(app, appearance)
    QTest.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    return place, page


def cells(model, row: int) -> list[str]:
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def lamp(page: StepsPage, state: str) -> str:
    return page.lamps.lamps[state].text()[0]


@pytest.mark.covers("C2.3", "C3.1")
async def test_a_story_is_told_step_by_step_and_the_lamps_follow(app):
    place, page = await opened(app)
    page.story.setCurrentIndex(page.story.findData("wrong"))
    QTest.mouseClick(page.begin_button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    assert "next: a = socket" in page.upcoming.text()
    for _ in range(3):
        QTest.mouseClick(page.next_button, Qt.MouseButton.LeftButton)
        await rested(place, page)
    assert cells(page.ladder, 2)[1:3] == ["a.accept()", "✗ OSError EINVAL"]
    assert page.verdict.verdict.word == "OSError"
    assert [lamp(page, state) for state in ("CREATED", "BOUND", "LISTENING")] == [PASSED, NOW, OFF]
    QTest.mouseClick(page.play_button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    page.table.selectRow(page.holdings.place_of("c"))
    await rested(place, page)
    assert [lamp(page, state) for state in ("CREATED", "CONNECTING", "CONNECTED")] == [PASSED, PASSED, NOW]
    assert "after" in page.lamps.lamps["CONNECTED"].toolTip()
    await place.close(page)


@pytest.mark.covers("C2.3")
async def test_a_call_that_waits_is_cancelled_by_esc_and_the_window_lives(app):
    place, page = await opened(app)
    await make(place, page, "a = socket", "a.bind 127.0.0.1:0", "a.listen")
    page.form.line.setText("b = a.accept")
    page.form.submit()
    await place.until(lambda: "waits" in cells(page.holdings, 0)[3])
    assert page.stop_button.isEnabled()
    # Other calls are made meanwhile: nothing waits with it.
    page.form.line.setText("c = socket")
    page.form.submit()
    await place.until(lambda: page.holdings.place_of("c") >= 0)
    assert page.is_running
    QTest.keyClick(page.form.line, Qt.Key.Key_Escape)
    await rested(place, page)
    assert page.verdict.verdict.word == "cancelled"
    assert cells(page.ladder, page.ladder.rowCount() - 1)[1:3] == ["a.accept()", "– cancelled"]
    await place.close(page)


@pytest.mark.covers("C2.7")
async def test_the_file_view_is_greyed_for_datagrams_with_the_reason(app):
    place, page = await opened(app)
    await make(place, page, "u = socket INET DGRAM")
    item = page.form.call.model().item(page.form.call.findData("makefile"))
    assert not item.isEnabled()
    assert "datagrams have borders" in item.toolTip()
    button = page.quick.buttons["makefile"]
    assert (button.isEnabled(), "datagrams have borders" in button.toolTip()) == (False, True)
    await make(place, page, "t = socket")
    assert page.form.call.model().item(page.form.call.findData("makefile")).isEnabled()
    assert page.quick.buttons["makefile"].isEnabled()
    await place.close(page)


@pytest.mark.covers("C2.15", "C2.16")
async def test_a_file_stands_below_its_socket_with_its_buffer_and_buttons_of_its_own(app):
    place, page = await both_ends(app)
    await make(place, page, "f1 = c.makefile rw", 'f1.write "kept"')
    row = page.holdings.place_of("f1")
    assert row == page.holdings.place_of("c") + 1
    assert cells(page.holdings, row)[3] == "4 B in the buffer"
    assert "4 B in the buffer of f1" in page.lamps.facts.text()
    assert "owned by c, f1" in page.lamps.facts.text()
    assert page.quick.buttons["flush"].isVisible()
    assert page.quick.buttons["shutdown"].isVisible()
    QTest.mouseClick(page.quick.buttons["flush"], Qt.MouseButton.LeftButton)
    await rested(place, page)
    assert cells(page.holdings, row)[3] == "open"
    QTest.mouseClick(page.quick.buttons["shutdown"], Qt.MouseButton.LeftButton)
    await rested(place, page)
    assert cells(page.ladder, page.ladder.rowCount() - 1)[1] == "c.shutdown(SHUT_WR)"
    await place.close(page)


@pytest.mark.covers("C5.2")
async def test_a_direction_that_has_ended_can_t_be_chosen_again(app):
    place, page = await both_ends(app)
    await make(place, page, "b.shutdown WR")
    page.form.choose("b", "shutdown")
    await rested(place, page)
    box = page.form.fields[0]
    usable = {box.itemText(at): box.model().item(at).isEnabled() for at in range(box.count())}
    assert usable == {"RD": True, "WR": False, "RDWR": True}
    assert not page.quick.buttons["shutdown"].isEnabled()
    assert "no way back" in page.quick.buttons["shutdown"].toolTip()
    await place.close(page)


@pytest.mark.covers("C2.10")
async def test_an_exception_is_provoked_by_its_button(app):
    place, page = await opened(app)
    page.show_failures()
    view = page.details.failures
    assert "no exception is chosen" in view.button.toolTip()
    for name in ("ConnectionRefusedError", "OverflowError"):
        view.tree.setCurrentIndex(view.model.index_of(name))
        QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
        await rested(place, page)
        at = view.model.index_of(name)
        assert str(at.siblingAtColumn(1).data()).startswith("✓")
        assert page.verdict.verdict.word == "provoked"
    view.tree.setCurrentIndex(view.model.index_of("ConnectionError"))
    assert not view.button.isEnabled()
    assert view.model.parent(view.model.index_of("ConnectionRefusedError")).data() == "ConnectionError"
    await place.close(page)


@pytest.mark.covers("C3.2")
async def test_an_option_is_edited_in_the_table_and_marked_where_it_reads_back_differently(app):
    place, page = await opened(app)
    await make(place, page, "a = socket")
    model = page.details.options.model
    row = next(at for at, each in enumerate(model.rows) if each.option.name == "SO_RCVBUF")
    index = model.index(row, 1)
    assert model.flags(index) & Qt.ItemFlag.ItemIsEditable
    model.setData(index, "10000")
    await rested(place, page)
    shown = cells(model, row)
    granted = model.rows[row].value
    assert shown[1] == (f"≠ {granted}" if granted != "10000" else "10000")
    assert shown[3] == int(granted).to_bytes(4, "little").hex(" ")
    kind = next(at for at, each in enumerate(model.rows) if each.option.name == "SO_TYPE")
    assert cells(model, kind)[1] == "1"
    assert not model.flags(model.index(kind, 1)) & Qt.ItemFlag.ItemIsEditable
    page.details.options.filter.setText("keep")
    assert 0 < page.details.options.shown.rowCount() < 12
    await place.close(page)


@pytest.mark.covers("C3.5")
def test_an_option_that_is_missing_is_greyed_with_the_reason(app):
    model = OptionsModel()
    option = next(each for each in all_options() if not each.is_here)
    model.show_rows((OptionRow(option, why=option.missing),))
    assert not model.flags(model.index(0, 1)) & Qt.ItemFlag.ItemIsEnabled
    assert option.missing in model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.covers("C2.2")
async def test_family_and_type_are_picked_and_what_is_not_here_is_greyed(app):
    place, page = await opened(app)
    family, kind = page.form.fields[:2]
    usable = {family.itemText(at): family.model().item(at) for at in range(family.count())}
    assert [kind.itemText(at) for at in range(kind.count())][:3] == ["STREAM", "DGRAM", "SEQPACKET"]
    assert usable["INET"].isEnabled()
    for name in ("VSOCK", "BLUETOOTH"):
        is_here = hasattr(socket, f"AF_{name}")
        assert usable[name].isEnabled() is is_here
        assert is_here or f"no AF_{name} here" in usable[name].toolTip()
    kind.setCurrentText("SEQPACKET")
    page.form.submit()
    await rested(place, page)
    assert page.verdict.verdict.word == "OSError"
    assert "this family has no socket of this type" in page.verdict.verdict.sentence
    await place.close(page)


@pytest.mark.covers("C2.6", "C2.1")
async def test_the_card_of_a_socket_tells_its_ends_before_it_is_connected_and_its_owners(app):
    place, page = await opened(app)
    await make(place, page, "x = socket")
    assert page.lamps.facts.text().startswith(
        f"x: created · fd {look(page, 'x').fd} · INET STREAM · blocking · 0.0.0.0:0 → –"
    )
    await make(place, page, "y = x.dup")
    assert "owned by x, y" in page.lamps.facts.text()
    model = page.details.open.model
    shown = {cells(model, row)[3]: cells(model, row)[1] for row in range(model.rowCount())}
    if page.controller.state.open_descriptors is not None:
        assert (shown["x"], shown["y"]) == ("socket", "socket")
    await place.close(page)


def look(page, name: str):
    return next(each for each in page.controller.state.descriptors if each.name == name)


async def test_a_call_is_composed_from_the_form(app):
    place, page = await opened(app)
    assert page.form.text() == "socket"
    page.form.fields[1].setCurrentText("DGRAM")
    assert page.form.text() == "socket type=DGRAM"
    QTest.mouseClick(page.form.button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    page.form.choose("a", "sendto")
    page.form.fields[0].setCurrentText('say "hi"')
    page.form.fields[1].setCurrentText("127.0.0.1:9")
    assert page.form.text() == 'a.sendto "say \\"hi\\"" 127.0.0.1:9'
    page.form.submit()
    await rested(place, page)
    assert page.controller.state.outcomes[-1].result == "8"
    await place.close(page)


async def test_the_call_that_usually_comes_next_is_laid_ready(app):
    place, page = await opened(app)
    for line, ready in (
        ("a = socket", "a.connect 127.0.0.1:0"),
        ("b = socket", "b.connect @a"),
        ("u = socket INET DGRAM", 'u.sendto "hello\\r\\n" @a'),
    ):
        await make(place, page, line)
        assert page.form.text() == ready
    await make(place, page, "a.bind 127.0.0.1:0")
    page.table.selectRow(page.holdings.place_of("b"))
    await rested(place, page)
    page.table.selectRow(page.holdings.place_of("a"))
    await rested(place, page)
    assert page.form.text() == "a.listen"
    await place.close(page)


async def test_a_mistake_in_the_line_is_selected(app):
    place, page = await opened(app)
    await make(place, page, "a = sokcet")
    assert page.form.line.selectedText() == "sokcet"
    assert page.notice.isVisible()
    assert page.ladder.rowCount() == 0
    await place.close(page)


async def test_a_chosen_call_is_shown_in_the_conversation_and_the_desk_is_emptied(app):
    place, page = await both_ends(app)
    page.calls.selectRow(4)
    assert place.events == [page.controller.state.outcomes[4].event]
    await rested(place, page)
    assert page.verdict.verdict.sentence == "b.connect(a.getsockname())"
    assert "b.connect(a.getsockname())" in page.current_talk().copies[0][1]()
    talk = page.current_talk().transcript
    QTest.mouseClick(page.empty_button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    assert page.holdings.rowCount() == 0
    assert page.current_talk().transcript is not talk
    await place.close(page)


async def test_the_draft_survives_and_nothing_is_called(app):
    place, page = await opened(app)
    page.story.setCurrentIndex(page.story.findData("dup"))
    page.form.line.setText("a.connect 127.0.0.1:80")
    draft = page.draft()
    await place.close(page)
    place, page = await opened(app)
    page.restore({**draft, "more": 1})
    assert page.draft() == draft
    page.restore({"story": 5, "line": 7})
    assert page.draft() == draft
    assert len(page.controller.transcript) == 0
    await place.close(page)


async def test_a_target_lays_its_calls_ready(app):
    place, page = await opened(app)
    page.open_target("lab:echo")
    assert page.controller.state.queue == ("a = socket INET STREAM", "a.connect lab:echo")
    page.open_target("[::1]:80", "listen")
    assert page.controller.state.queue == ("a = socket INET6 STREAM", "a.bind [::1]:80", "a.listen 5")
    assert len(page.controller.transcript) == 0
    await place.close(page)


async def test_a_page_goes_in_the_middle_of_calls_that_wait(app):
    place, page = await both_ends(app)
    await make(place, page, "f1 = c.makefile r")
    for line in ("f1.readline", "d = a.accept"):
        page.form.line.setText(line)
        page.form.submit()
    desk = page.controller.desk
    await place.until(lambda: desk.sockets["a"].waiting and desk.files["f1"].is_busy)
    await place.close(page)
    assert all(held.sock.fileno() == -1 for held in desk.sockets.values())


def test_answers_are_read_at_a_glance(app):
    model = LadderModel()
    model.show_rows(
        (
            Outcome(1, "send", "a", "a.send(b'x')", result="1", accepted=1, offered=3),
            Outcome(2, "recv", "a", "a.recv(1)", raised="TimeoutError"),
            Outcome(3, "recv", "a", "a.recv(1)", is_cancelled=True),
            Outcome(4, "recv", "a", "a.recv(1)", result="b'\\u202e'"),
        )
    )
    assert [cells(model, row)[2] for row in range(3)] == ["1  (1 B of 3 B)", "✗ TimeoutError", "– cancelled"]
    assert "\u202e" not in cells(model, 3)[2]


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_nothing_is_unnamed_or_clipped(app, appearance: str):
    place, page = await both_ends(app, appearance)
    await make(place, page, "f1 = c.makefile rw")
    assert sweep.unnamed(page) == []
    assert sweep.without_tip(page) == []
    await place.until(lambda: sweep.clipped(page) == [])
    await place.close(page)
