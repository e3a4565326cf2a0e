"""The page about octets that wait as a person uses it: mouse and keys on the real widgets, real connections below.

What it is made of is tested through it: workbench.panels.sockets.flow.actions, workbench.panels.sockets.flow.models,
workbench.panels.sockets.flow.parts.curve, workbench.panels.sockets.flow.parts.cycle,
workbench.panels.sockets.flow.parts.deathsview, workbench.panels.sockets.flow.parts.meterbar,
workbench.panels.sockets.flow.parts.pipeview, workbench.panels.sockets.flow.parts.stallview and
workbench.panels.sockets.flow.parts.stationbar;
workbench.panels.sockets.flow.tour in the tour of the whole window.
"""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from tests.kit.pulse import even_pulse
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.sockets.flow import view as module
from workbench.panels.sockets.flow.models import MachinesModel, cell_text, cell_tip
from workbench.panels.sockets.flow.parts.curve import CurveView
from workbench.panels.sockets.flow.parts.meterbar import MeterBar
from workbench.panels.sockets.flow.parts.stationbar import StationBar
from workbench.panels.sockets.flow.view import FlowPage
from workbench.panels.sockets.view import SocketsPanel
from workbench.protocols.deaths.values import DEATHS, Cell, Column, System
from workbench.protocols.flow.idle import Meter, Share
from workbench.protocols.flow.values import Stations

LEFT = Qt.MouseButton.LeftButton


class Alone:
    """A frame without a console."""

    def show_page(self, page): ...

    def show_talk(self, page, talk): ...


async def opened(app, appearance: str = "light") -> tuple[Workplace, FlowPage]:
    place = Workplace(app, appearance)
    page = FlowPage(place.bench, Alone())
    place.registry.add_all(page.page_actions(), page)
    place.show(page, 1240, 620)
    return place, page


def small(page: FlowPage) -> None:
    page.pipe.fields["octets"].setValue(256 * 1024)
    page.pipe.fields["piece"].setValue(4096)


def word(page: FlowPage) -> str:
    return page.verdict.verdict.word


@pytest.mark.covers("C3.38")
@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_a_pipe_is_filled_until_it_freezes_while_the_window_beats(app, appearance):
    place, page = await opened(app, appearance)
    assert sweep.unnamed(page) == []
    with even_pulse():
        QTest.mouseClick(page.pipe.empty.button, LEFT)
        await place.until(lambda: word(page) == "frozen")
        # It stands still, and the window does not: half a second of frames more.
        samples = len(page.controller.state.filling.samples)
        await place.until(lambda: len(page.controller.state.filling.samples) > samples + 12)
    assert "frozen at" in page.pipe.curve.accessibleDescription()
    assert "0 B came back" in page.pipe.curve.accessibleDescription()
    there = dict(page.pipe.there.words())
    assert there["sum"].count("=") == 1
    assert there["read by the peer"] != "0 B"
    assert not page.pipe.start.isEnabled()
    assert sweep.clipped(page) == []
    page.grab()
    await place.close(page)


@pytest.mark.covers("C3.39")
@pytest.mark.parametrize("remedy", ["read", "interleave", "both", "deadline"])
async def test_a_way_out_is_a_button_that_works_on_the_stalled_connection(app, remedy):
    place, page = await opened(app)
    small(page)
    page.pipe.deadline.setValue(0.1)
    assert not page.pipe.remedies[remedy].isEnabled()
    QTest.mouseClick(page.pipe.start, LEFT)
    await place.until(lambda: word(page) == "frozen")
    QTest.mouseClick(page.pipe.remedies[remedy], LEFT)
    wanted = "cut" if remedy == "deadline" else "echoed"
    await place.until(lambda: word(page) == wanted and page.pipe.start.isEnabled() and place.feed.is_idle)
    if remedy != "deadline":
        assert page.verdict.verdict.chips[-1].text == "hash equal"
        assert dict(page.pipe.back.words())["read by the peer"] == "256.0 KiB"
    else:
        assert "cannot know" in page.verdict.verdict.sentence
    assert not page.pipe.remedies[remedy].isEnabled()
    page.grab()
    await place.close(page)


async def test_escape_stops_a_frozen_pipe(app):
    place, page = await opened(app)
    QTest.mouseClick(page.pipe.start, LEFT)
    await place.until(lambda: word(page) == "frozen")
    QTest.keyClick(page.pipe.start, Qt.Key.Key_Escape)
    await place.until(lambda: word(page) == "stopped" and place.feed.is_idle)
    assert not page.is_busy
    await place.close(page)


async def test_a_stall_is_drawn_with_its_ways_out_and_relieved(app):
    place, page = await opened(app)
    await place.until(page.isActiveWindow)
    page.focus_start()
    QTest.keyClick(page.pipe.start, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert page.view == "stall"
    assert not page.stall.relief.isEnabled()
    QTest.mouseClick(page.stall.empty.button, LEFT)
    await place.until(lambda: word(page) == "read/read" and place.feed.is_idle)
    assert page.stall.cycle.accessibleDescription() == (
        "the left waits to read: the right; the right waits to read: the left"
    )
    assert "agree who speaks first" in page.stall.ways.text()
    assert page.stall.relief.text() == "Let the left speak first"
    model = page.stall.model
    assert [model.index(0, at).data() for at in range(3)] == ["Both read", "both", "to read / to read"]
    assert model.index(0, 3).data().startswith("⚠ read/read for ")
    QTest.mouseClick(page.stall.pairs["write/write"], LEFT)
    await place.until(lambda: model.rowCount() == 2 and model.rows[1].finding.is_cycle)
    await place.until(lambda: word(page) == "write/write" and place.feed.is_idle)
    assert "waits for room" in page.stall.cycle.accessibleDescription()
    page.stall.table.selectRow(0)
    await place.until(lambda: word(page) == "read/read" and place.feed.is_idle)
    page.grab()
    QTest.mouseClick(page.stall.relief, LEFT)
    await place.until(lambda: model.rowCount() == 1)
    page.stop()
    await place.until(lambda: model.rowCount() == 0 and place.feed.is_idle)
    assert not page.stall.cycle.isVisible()
    page.show_pipe()
    assert not page.stall.timer.isActive()
    await place.close(page)


async def test_connections_of_the_console_are_seen(app):
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    place.show(panel, 1240, 620)
    page = panel.pages["flow"]
    panel.console.open_target("127.0.0.1:0", "listen")
    panel.console.current.start()
    listener = panel.console.current.controller
    await place.until(lambda: listener.state.address)
    panel.console.open_target(listener.state.address)
    panel.console.current.start()
    await place.until(lambda: panel.console.current.controller.state.peer)
    panel.show_page("flow")
    page.show_stall()
    await place.until(lambda: word(page) == "read/read")
    assert page.stall.model.index(0, 1).data() == "both"
    assert not page.stall.relief.isEnabled()
    assert "not ours" in page.stall.relief.toolTip()
    await place.close(panel)


FIN = Cell("fin", "recv", "end", "EOF", 1.0)
SENT = Cell("fin", "send", "nothing", "", 2.0, "took 14")
COLUMN = Column(System("Linux", "6", "3.11"), (FIN, SENT))


@pytest.mark.covers("C2.13")
async def test_the_matrix_is_filled_by_processes_that_die(app):
    place, page = await opened(app)
    page.show_deaths()
    QTest.mouseClick(page.deaths.empty.button, LEFT)
    await place.until(lambda: word(page) == "dying")
    # The first findings stand there while the slow ones are still being made.
    await place.until(
        lambda: page.deaths.matrix.found(DEATHS[0], 4) is not None and page.controller.state.is_measuring
    )
    await place.until(lambda: not page.controller.state.is_measuring and place.feed.is_idle)
    matrix = page.deaths.matrix
    shown = [matrix.index(0, at).data().partition("\n")[0] for at in range(7)]
    assert shown == ["closes (FIN)", "took 14", "EPIPE", "ENOTCONN", "EOF", "EOF", "IN|RDHUP"]
    assert matrix.index(1, 1).data().startswith("ECONNRESET\n")
    assert matrix.index(3, 9).data().startswith("timeout\n")
    assert matrix.index(4, 7).data().startswith("ETIMEDOUT\n")
    assert "freezes: the system told no call of it" in page.deaths.sentences.text()
    assert sweep.clipped(page) == []
    page.grab()
    await place.close(page)


@pytest.mark.covers("C2.14")
async def test_findings_leave_and_those_of_an_unknown_system_stand_beside_ours(
    app, tmp_path: Path, monkeypatch
):
    place, page = await opened(app)
    page.show_deaths()
    page.controller.replace(columns=(COLUMN,))
    await place.until(lambda: place.feed.is_idle and page.deaths.table.isVisible())
    path = tmp_path / "plan9.json"

    async def chosen(*_arguments):
        return path

    monkeypatch.setattr(module, "ask_save_file", chosen)
    monkeypatch.setattr(module, "ask_open_file", chosen)
    QTest.mouseClick(page.deaths.export, LEFT)
    await place.until(lambda: path.exists() and not page.is_busy)
    document = json.loads(path.read_text())
    document["columns"][0]["system"]["os"] = "Plan 9"
    document["columns"][0]["cells"][0]["symbol"] = "EHUNGUP"
    path.write_text(json.dumps(document))
    QTest.mouseClick(page.deaths.import_, LEFT)
    await place.until(lambda: len(page.controller.state.columns) == 2 and place.feed.is_idle)
    compared = page.deaths.compared
    heads = [compared.headerData(at, Qt.Orientation.Horizontal) for at in range(4)]
    assert heads == ["The peer", "Call", "this machine: Linux 6, Python 3.11", "plan9: Plan 9 6, Python 3.11"]
    rows = [[compared.index(row, at).data() for at in range(4)] for row in range(compared.rowCount())]
    assert rows == [
        ["closes (FIN)", "≠ recv", "EOF  1.0 ms", "EHUNGUP  1.0 ms"],
        ["closes (FIN)", "send", "took 14  2.0 ms", "took 14  2.0 ms"],
    ]
    page.deaths.machines.setCurrentIndex(1)
    await place.until(lambda: page.deaths.matrix.found(DEATHS[0], 4).symbol == "EHUNGUP")
    page.grab()
    QTest.mouseClick(page.deaths.forget, LEFT)
    await place.until(lambda: len(page.controller.state.columns) == 1 and place.feed.is_idle)
    path.write_text("{}")
    QTest.mouseClick(page.deaths.import_, LEFT)
    await place.until(lambda: page.notice.isVisible())
    assert "no findings about dying connections" in page.notice.what.text()
    await place.close(page)


async def test_a_folder_that_cannot_be_written_is_told_of(app, tmp_path: Path, monkeypatch):
    place, page = await opened(app)
    page.controller.replace(columns=(COLUMN,))

    async def chosen(*_arguments):
        return tmp_path / "no" / "where.json"

    monkeypatch.setattr(module, "ask_save_file", chosen)
    monkeypatch.setattr(module, "ask_open_file", chosen)
    page.export()
    await place.until(lambda: page.controller.state.problem is not None)
    assert "No such file" in page.controller.state.problem.what
    page.controller.dismiss()
    page.import_()
    await place.until(lambda: page.controller.state.problem is not None and not page.is_busy)
    await place.close(page)


async def test_what_was_composed_comes_back(app):
    place, page = await opened(app)
    small(page)
    page.pipe.at_once.setChecked(True)
    page.stall.lines.setChecked(False)
    page.pipe.deadline.setValue(7.5)
    page.show_deaths()
    kept = json.loads(json.dumps(page.draft()))
    page.restore({"pipe": {"octets": "x", "piece": -5, "at_once": 1}, "view": "nowhere", "deadline_s": None})
    assert page.controller.state.form.pipe.piece == 1
    page.restore(kept)
    assert page.draft() == kept
    assert page.view == "deaths"
    assert page.current_talk().title == "Who noticed"
    await place.close(page)


def test_what_cannot_be_measured_is_hatched_and_said(app):
    bar = StationBar("here → there")
    bar.resize(900, 52)
    bar.show_stations(Stations(100, 10, 20, 30, None, None, 40))
    words = dict(bar.words())
    assert words["in the peer’s system"] == words["read by the peer"] == "not measurable"
    assert words["in the peer’s system or read"] == "40 B"
    assert words["sum"] == "100 B = 100 B written"
    assert "not measurable here; 40 B: from here one can’t tell" in bar.tip(4)
    assert "may have them already" in bar.tip(2)
    hatched = bar.grab().toImage()
    bar.show_stations(Stations(100, 10, 20, 30, 40, 0, way="difference"))
    assert "from the system’s table" in bar.tip(3)
    box = bar.boxes()[3].toRect().adjusted(8, 34, -8, -10)
    assert hatched.copy(box) != bar.grab().toImage().copy(box)
    place = bar.boxes()[1].center().toPoint()
    bar.event(QHelpEvent(QEvent.Type.ToolTip, place, bar.mapToGlobal(place)))
    assert "SIOCOUTQNSD" in QToolTip.text()
    QToolTip.hideText()
    bar.event(QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    bar.show_stations(None)
    assert "handed to our system" in bar.tip(1)
    bar.grab()
    bar.deleteLater()


def test_a_system_that_gives_less_than_was_asked_for_is_told_apart(app):
    meter = MeterBar()
    meter.resize(800, 48)
    assert "not measured yet" in meter.accessibleDescription()
    meter.show_meter(Meter(Share(0.001, 0.001), Share(0.5, 0.97), 1.0))
    assert dict(meter.words()) == {
        "asleep in accept()": "0.1% of a processor",
        "asking again and again": "50.0% of a processor, queued for 47% more",
    }
    meter.grab()
    meter.deleteLater()


def test_cells_say_what_was_told_and_when(app):
    assert cell_text(None) == "—"
    assert cell_text(SENT) == "took 14\n2.0 ms"
    assert cell_text(FIN._replace(symbol="POLLIN|POLLHUP", ms=2500.0)) == "IN|HUP\n2.50 s"
    assert cell_tip(None) == "not measured"
    assert "it waited" in cell_tip(SENT._replace(result=""))
    assert "our own clock" in cell_tip(FIN._replace(told="deadline"))
    model = MachinesModel()
    model.show_machines(
        (COLUMN, Column(System("X", "", ""), (Cell("meteor", "pray", "omen", "E\x1b", 1.0),)))
    )
    assert model.index(2, 0).data() == "meteor"
    assert "\x1b" not in model.index(2, 3).data()
    assert model.index(2, 2).data() == "—"
    curve = CurveView()
    assert curve.description == "nothing was written yet"
    curve.grab()
    curve.deleteLater()
