"""The page of readiness as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.sockets.readiness.parts.lamps,
workbench.panels.sockets.readiness.parts.detail, workbench.panels.sockets.readiness.parts.pulse,
workbench.panels.sockets.readiness.parts.costs, workbench.panels.sockets.readiness.parts.race,
workbench.panels.sockets.readiness.actions, workbench.panels.sockets.readiness.models and
workbench.panels.sockets.readiness.tour.
"""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from tests.kit.pulse import even_pulse
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.sockets.readiness.models import DARK, LIT, UNTOLD, CostsModel, LampsModel
from workbench.panels.sockets.readiness.tour import tour
from workbench.panels.sockets.readiness.view import ReadinessPage
from workbench.protocols.readiness import costs
from workbench.protocols.readiness.costs import Cost
from workbench.protocols.readiness.engines import engines
from workbench.protocols.readiness.rows import Row
from workbench.protocols.readiness.values import FLAGS, Ready

LAMP = {str(flag.name): at for at, flag in enumerate(FLAGS, 1)}


class FrameOfOne:
    """Stands where the panel stands."""

    def __init__(self) -> None:
        self.talks: list[object] = []

    def show_page(self, page: str) -> None:
        pass

    def show_talk(self, page: object, talk: object) -> None:
        self.talks.append(talk)


async def opened(app, appearance: str = "light") -> tuple[Workplace, ReadinessPage]:
    place = Workplace(app, appearance)
    page = ReadinessPage(place.bench, FrameOfOne())
    place.registry.add_all(page.page_actions(), page)
    place.show(page, 1280, 640)
    return place, page


async def closed(place: Workplace, page: ReadinessPage) -> None:
    place.registry.forget("sockets/readiness")
    await place.close(page)


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def cell(page: ReadinessPage, row: int, column: int) -> str:
    model = page.lamps_view.model
    return str(model.index(row, column % model.columnCount()).data() or "")


@pytest.mark.covers("C5.35")
async def test_the_tickers_lines_arrive_and_the_spinner_turns_in_between(app):
    place, page = await opened(app)
    assert page.lamps_view.empty.isVisible()
    click(page.lamps_view.empty.button)
    await place.until(lambda: cell(page, 0, -1).endswith("Z"))
    assert page.lamps_view.verdict.verdict.word == "watching"
    turned = 0
    # A machine that gave us no time between two lines may do so before the next one.
    while turned < 3:
        before, began_s = page.lamps.state.counts.timeouts, time.monotonic()
        first = cell(page, 0, -1)
        await place.until(lambda first=first: cell(page, 0, -1) != first)
        turned = page.lamps.state.counts.timeouts - before
        # In waits of 0.05 s at most twenty a second.
        assert turned <= (time.monotonic() - began_s) / 0.045 + 2
    assert page.lamps_view.pulse.beats > 3
    assert page.current_talk().copies[0][1]().count("POLLIN") >= 2
    QTest.keyClick(page.lamps_view.table, Qt.Key.Key_Escape)
    await place.until(lambda: not page.lamps.state.is_watching)
    await place.until(lambda: page.lamps_view.verdict.verdict.word == "stopped")
    await closed(place, page)


@pytest.mark.covers("C5.36")
async def test_buttons_light_the_lamps_and_the_lamps_are_told_in_words(app):
    place, page = await opened(app)
    view = page.lamps_view
    click(view.reads)
    await place.until(view.reads.hasFocus)
    QTest.keyClick(view.reads, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    await place.until(lambda: cell(page, 0, LAMP["OUT"]) == LIT)
    assert cell(page, 0, LAMP["IN"]) == DARK
    for what, lamp in (("data", "IN"), ("fin", "RDHUP"), ("own-fin", "HUP"), ("close", "NVAL")):
        await place.until(view.detail.buttons[what].isEnabled)
        click(view.detail.buttons[what])
        await place.until(lambda lamp=lamp: cell(page, 0, LAMP[lamp]) == LIT)
        await place.until(lambda: place.feed.is_idle and not page.is_busy)
    box, words = view.detail.flags[Ready.NVAL]
    assert words.text().startswith("● there is no such descriptor")
    assert not box.isEnabled()
    assert "told unasked" in box.toolTip()
    assert "this socket is closed" in view.detail.buttons["data"].toolTip()
    assert "POLLNVAL" in words.toolTip()
    await closed(place, page)


async def test_what_select_cannot_tell_is_crossed_out_and_its_three_lists_are_shown(app):
    place, page = await opened(app)
    view = page.lamps_view
    click(view.pair)
    click(view.reads)
    view.engine.setCurrentIndex(view.engine.findData("select"))
    await place.until(lambda: cell(page, 0, LAMP["HUP"]) == UNTOLD)
    assert "can't tell" in str(view.model.index(0, LAMP["HUP"]).data(Qt.ItemDataRole.ToolTipRole))
    click(view.detail.buttons["data"])
    await place.until(lambda: cell(page, 0, LAMP["IN"]) == LIT)
    await place.until(lambda: not page.is_busy)
    QTest.keyClick(view.table, Qt.Key.Key_F10)
    await place.until(lambda: "to read  [pair 1]" in view.detail.sets.text())
    assert "urgent   []" in view.detail.sets.text()
    await closed(place, page)


@pytest.mark.covers("C5.32")
async def test_the_window_lives_while_five_things_stall_and_each_can_be_cancelled(app):
    place, page = await opened(app)
    page.lamps_view.timeout.clear()
    page.lamps_view.timeout.textEdited.emit("")
    page.add_pair()
    page.show_race()
    page.race.example()
    silent = page.race.state.form.target.split()[0]
    stalled = [("watch", page.lamps.watch(), "Watching"), ("race", page.race.run(), "Racing")]
    page.race.compose(target=silent)
    stalled += [(f"add {n}", page.lamps.add(silent), "Connecting") for n in range(3)]
    for name, work, title in stalled:
        page._launch(name, work, title)
    jobs = page._scope.jobs
    assert len(jobs) == 5
    until_s = time.monotonic() + 0.5
    with even_pulse():
        await place.until(lambda: time.monotonic() > until_s)
    assert sum(job.is_running for job in jobs) == len(jobs)
    for job in jobs:
        job.cancel()
        await place.until(lambda job=job: not job.is_running)
    assert not page.is_busy
    await closed(place, page)


async def test_the_costs_are_measured_drawn_and_told(app, monkeypatch):
    monkeypatch.setattr(costs, "COUNTS", (4, 1100))
    place, page = await opened(app)
    page.show_costs()
    click(page.costs_view.empty.button)
    await place.until(lambda: page.lamps.state.meters)
    await place.until(lambda: page.costs_view.verdict.verdict.word == "measured")
    assert "ValueError: filedescriptor out of range" in page.costs_view.verdict.text()
    assert any("asking again and again" in chip for chip in page.costs_view.verdict.chips.texts)
    model = page.costs_view.model
    column = 1 + model.engines.index("select")
    assert model.index(1, column).data() == "can't"
    assert "none at 1100" in page.costs_view.chart.accessibleDescription()
    click(page.costs_view.measure)
    await place.until(lambda: page.lamps.state.is_measuring)
    QTest.keyClick(page.costs_view.measure, Qt.Key.Key_Escape)
    await place.until(lambda: not page.lamps.state.is_measuring)
    await closed(place, page)


@pytest.mark.covers("C5.28")
async def test_a_race_is_drawn_with_winner_and_losers(app):
    place, page = await opened(app)
    page.show_race()
    view = page.race_view
    click(view.empty.button)
    await place.until(lambda: view.verdict.verdict.word == "connected")
    bars = {bar.outcome: bar for bar in view.chart.bars if bar.name.startswith("connect")}
    assert set(bars) == {"dropped", "failed", "won"}
    assert bars["won"].start_ms >= 245
    assert "ECONNREFUSED" in bars["failed"].note
    view.chart.setFocus()
    QTest.keyClick(view.chart, Qt.Key.Key_Down)
    await place.until(lambda: place.events)
    view.policy.setCurrentIndex(view.policy.findData("v4"))
    assert page.race.state.form.policy == "v4"
    view.bar.set_text("127.0.0.1:1 nowhere at all")
    click(view.bar.button)
    assert view.bar.problem.isVisible()
    assert not page.is_busy
    await closed(place, page)


async def test_a_way_of_waiting_that_this_system_lacks_is_greyed_with_the_reason(app):
    place, page = await opened(app)
    box = page.lamps_view.engine
    lacking = [name for name, info in engines().items() if info.why_not]
    for name in engines():
        index = box.model().index(box.findData(name), 0)
        is_greyed = not box.model().flags(index) & Qt.ItemFlag.ItemIsEnabled
        assert is_greyed == (name in lacking), name
        if is_greyed:
            assert "not on this platform" in str(index.data(Qt.ItemDataRole.ToolTipRole))
    await closed(place, page)


async def test_a_draft_comes_back_and_a_wrong_one_changes_nothing(app):
    place, page = await opened(app)
    page.open_target("127.0.0.1:9")
    page.lamps_view.timeout.setText("20")
    page.lamps_view.timeout.textEdited.emit("20")
    page.show_race()
    page.open_target("localhost:80")
    page.race_view.asks.setChecked(True)
    kept = page.draft()
    other_place, other = await opened(app)
    other.restore(kept)
    assert other.draft() == kept
    assert other.race_view.bar.text() == "localhost:80"
    other.restore({"engine": "guess", "policy": 3, "timeout": None, "view": 9, "target": ["x"]})
    assert other.lamps.state.form.engine == "poll"
    assert other.race.state.form.policy == "happy"
    await closed(other_place, other)
    await closed(place, page)


class _Guide:
    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.wrong: list[object] = []

    def target(self, target: str) -> None:
        pass

    def compare(self, name: str, shown: object, expected: object) -> None:
        if shown != expected:
            self.wrong.append((name, shown, expected))

    async def until(self, name: str, shown, expected: object) -> None:
        await self.place.until(lambda: shown() == expected)

    def click(self, widget) -> None:
        click(widget)

    def type(self, widget, text: str) -> None:
        QTest.keyClicks(widget, text)

    def conversation(self) -> list[str]:
        return []


async def test_the_tour_shows_what_it_says(app):
    place, page = await opened(app)
    guide = _Guide(place)
    await tour(page, guide)
    assert guide.wrong == []
    await closed(place, page)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_everything_has_a_name_and_room(app, appearance):
    place, page = await opened(app, appearance)
    for number in range(3):
        page.views.turn_to(number)
        assert sweep.unnamed(page) == []
        assert sweep.clipped(page) == []
        assert sweep.without_tip(page) == []
    page.show_lamps()
    page.add_pair()
    await place.until(lambda: page.lamps_view.table.isVisible())
    assert sweep.unnamed(page) == []
    assert sweep.clipped(page) == []
    await closed(place, page)


def test_models_keep_the_rules_of_models():
    lamps, figures = LampsModel(), CostsModel()
    testers = [QAbstractItemModelTester(model) for model in (lamps, figures)]
    rows = tuple(Row(key, f"pair {key}", "pair", 600 + key, Ready.IN) for key in (1, 2))
    lamps.show_lamps(rows, Ready.IN | Ready.OUT)
    lamps.show_lamps(rows[:1], Ready.IN)
    lamps.show_lamps((rows[1],), Ready.IN)
    assert lamps.place_of(2) == 0
    assert lamps.place_of(None) == -1
    figures.show_costs((Cost("poll", 4, 1.0), Cost("select", 4, None, "no room")))
    assert figures.index(0, 2).data(Qt.ItemDataRole.ToolTipRole) == "no room"
    assert len(testers) == 2
