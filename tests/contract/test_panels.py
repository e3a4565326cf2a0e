"""What every panel keeps, whatever it speaks: the same checks for each line of workbench.panels.PANELS.

One more panel is checked from its first line on. Where a check needs to know how a panel is set to work, it opens a
target and carries out the panel's own `start` action; a panel that begins otherwise has its line in BEGINS.
"""

import asyncio
import copy
import gc
import importlib
import json
import sys
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from tests.journeys.person import Workbench
from tests.kit.scripted_peer import scripted_peer
from tests.kit.stolen import Stopwatch
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels import PANELS, PanelInfo
from workbench.panels.pages import PagedPanel

RETIRES_WITHIN_S = 1.0

pytestmark = [pytest.mark.parametrize("info", PANELS, ids=[info.id for info in PANELS])]

_events: list[str] | None = None
"""What the audit hook saw while somebody listens; None while nobody does."""


def _audit(event: str, _args: tuple[object, ...]) -> None:
    if _events is not None and event in (
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "subprocess.Popen",
    ):
        _events.append(event)


sys.addaudithook(_audit)


def make(info: PanelInfo, place: Workplace) -> Any:
    """The panel's widget, made as the program makes it."""
    module, _, name = info.entry.partition(":")
    return getattr(importlib.import_module(module), name)(place.bench)


def opened(app: QApplication, info: PanelInfo, appearance: str = "light") -> tuple[Workplace, Any]:
    place = Workplace(app, appearance)
    panel = make(info, place)
    place.show(panel, 1280, 560)
    return place, panel


# ---- made and given back


async def test_it_is_made_and_shown_without_network_and_without_a_process(app, info: PanelInfo):
    global _events
    place = Workplace(app)
    _events = seen = []
    try:
        panel = make(info, place)
        place.show(panel)
        panel.focus_start()
        await settled(place)
    finally:
        _events = None
    assert seen == []
    assert place.lab.mode == "none"
    await place.close(panel)


async def settled(place: Workplace) -> None:
    """Return once what a panel does after its first paint is done."""
    for _ in range(50):
        await asyncio.sleep(0)
    await place.until(lambda: place.is_settled)


async def every_page(place: Workplace, panel: Any) -> AsyncIterator[None]:
    """Show one page after the other, made if need be; once where there are none."""
    pages = panel.pages.ids if isinstance(panel, PagedPanel) else ()
    for page in pages or ("",):
        if page:
            panel.show_page(page)
        await settled(place)
        yield


async def begin_with_target(place: Workplace, panel: Any, info: PanelInfo, target: str) -> None:
    panel.open_target(target)
    assert place.registry.run(f"{info.id}.start")


async def begin_an_experiment(place: Workplace, panel: Any, info: PanelInfo, target: str) -> None:
    """The start page talks to the Lab: to one that never answers."""

    async def never(*_args: object, **_switches: object) -> None:
        await asyncio.get_running_loop().create_future()

    place.lab.start = never  # type: ignore[method-assign]  # this one object only
    await place.until(lambda: panel.controller.state.cards)
    panel.open_target("lab:echo")
    await place.until(panel.service.isVisible)
    QTest.mouseClick(panel.service.start_button, Qt.MouseButton.LeftButton)


async def begin_a_question(place: Workplace, panel: Any, info: PanelInfo, target: str) -> None:
    """The DNS panel asks by TCP: by UDP it would hear at once that nobody is there."""
    panel.open_target("www.lab.test:53")
    panel.open_target(target, "server")
    panel.options.turn("tcp", True)
    assert place.registry.run(f"{info.id}.start")


async def begin_with_a_login(place: Workplace, panel: Any, info: PanelInfo, target: str) -> None:
    """The Mail panel asks who logs in."""
    panel.open_target(target)
    panel.reader.bar.user.setText("anna")
    assert place.registry.run(f"{info.id}.start")


BEGINS: dict[str, Callable[[Workplace, Any, PanelInfo, str], Awaitable[None]]] = {
    "start": begin_an_experiment,
    "dns": begin_a_question,
    "mail": begin_with_a_login,
}
"""How a panel is set to work that does not begin with a target and its `start` action."""


async def test_it_retires_in_the_middle_of_a_stalled_conversation_and_leaves_nothing(app, info: PanelInfo):
    with scripted_peer([("stall",)]) as peer:
        place, panel = opened(app, info)
        await BEGINS.get(info.id, begin_with_target)(place, panel, info, str(peer))
        await place.until(lambda: any(scope.jobs for scope in place.scopes))
        await settled(place)
        assert sweep.unexplained(panel) == []
        assert len(sweep.primaries(panel)) <= 1
        watch = Stopwatch()
        await panel.retire()
        assert watch.elapsed_s < RETIRES_WITHIN_S
        assert [job.title for scope in place.scopes for job in scope.jobs] == []
        assert [action.id for action in place.registry.actions] == []
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await place.close(panel)


async def test_nothing_keeps_a_closed_panel_alive(app, info: PanelInfo):
    place, panel = opened(app, info)
    async for _ in every_page(place, panel):
        pass
    gone = weakref.ref(panel)
    await place.close(panel)
    del panel
    await asyncio.sleep(0)

    def is_gone() -> bool:
        gc.collect()
        return gone() is None

    await place.until(is_gone)


# ---- actions, names, keys


async def test_every_action_has_words_a_tip_a_key_and_its_place_in_menu_and_palette(app, info: PanelInfo):
    async with Workbench(app) as person:
        panel = person.go(info.id)
        if isinstance(panel, PagedPanel):
            for page in panel.pages.ids:
                _ = panel.pages[page]
                await asyncio.sleep(0)
        registry = person.program.registry
        actions = [action for action in registry.actions if action.context.split("/")[0] == info.id]
        assert actions
        person.window.palette_overlay.open_palette()
        offered = {entry.id for entry in person.window.palette_overlay.model.entries}
        person.key(person.window.palette_overlay.search, Qt.Key.Key_Escape)
        for action in actions:
            assert action.id.startswith(f"{info.id}.")
            assert action.text
            assert not set(action.text) & set("&.…"), action.text
            assert registry.qaction(action.id).toolTip().startswith(action.tip or action.text)
            assert registry.shortcut_of(action.id), f"{action.id} has no key"
            assert action.id in offered, f"{action.id} is not in the palette"
            menu = person.window.menus.menu(action.menu)
            assert registry.qaction(action.id) in menu.actions(), f"{action.id} is in no menu"
        assert registry.clashes() == []


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_everything_has_a_name_and_every_sign_a_tip(app, info: PanelInfo, appearance: str):
    place, panel = opened(app, info, appearance)
    async for _ in every_page(place, panel):
        assert sweep.unnamed(panel) == []
        assert sweep.without_tip(panel) == []
        assert sweep.unexplained(panel) == []
        assert len(sweep.primaries(panel)) <= 1
        # A label that changed is laid out in the next turn.
        await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)


async def test_the_tab_key_alone_leads_once_around_and_past_every_control(app, info: PanelInfo):
    place, panel = opened(app, info)
    await settled(place)
    panel.activateWindow()
    QTest.qWaitForWindowActive(panel)
    panel.focus_start()
    first = QApplication.focusWidget()
    assert first is not None
    assert panel.isAncestorOf(first)
    wanted = {widget for widget in sweep.focus_order(panel) if widget.focusProxy() is None}
    visited: list[QWidget] = []
    for _ in range(3 * len(wanted) + 3):
        at = QApplication.focusWidget()
        assert at is not None
        visited.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    missed = [sweep.describe(widget) for widget in wanted - set(visited)]
    await place.close(panel)
    assert missed == []
    assert visited.count(first) > 1, "the focus never came back to where it began"


# ---- targets and drafts


@pytest.mark.parametrize(
    "target", ["", "lab:echo", "lab:nobody", "127.0.0.1:0", "no target at all", "x" * 10_000]
)
@pytest.mark.parametrize("how", ["", "listen", "otherwise"])
async def test_it_takes_any_target_and_connects_nothing(app, info: PanelInfo, target: str, how: str):
    place, panel = opened(app, info)
    panel.open_target(target, how)
    await settled(place)
    assert [job.title for scope in place.scopes for job in scope.jobs] == []
    assert place.lab.mode == "none"
    json.dumps(panel.draft())
    await place.close(panel)


def edit_everything(panel: QWidget) -> None:
    """Put something else into every field, box and tick that is to be seen."""
    for widget in panel.findChildren(QWidget):
        if not widget.isVisible() or not widget.isEnabled():
            continue
        if isinstance(widget, QComboBox) and widget.count() > 1:
            widget.setCurrentIndex(widget.count() - 1)
        elif isinstance(widget, QLineEdit) and not widget.isReadOnly():
            widget.setText("127.0.0.1:4242")
        elif isinstance(widget, QPlainTextEdit) and not widget.isReadOnly():
            widget.setPlainText("half a thought, \\x00 and “more”")
        elif isinstance(widget, QCheckBox):
            widget.setChecked(not widget.isChecked())


async def test_a_draft_comes_back_as_it_was(app, info: PanelInfo):
    place, panel = opened(app, info)
    async for _ in every_page(place, panel):
        edit_everything(panel)
    await settled(place)
    draft = json.loads(json.dumps(panel.draft()))
    other, again = opened(app, info)
    again.restore(draft)
    await settled(other)
    # What is kept for pages that nobody has visited yet, and then what these make of it.
    assert json.loads(json.dumps(again.draft())) == draft
    async for _ in every_page(other, again):
        pass
    again.restore(draft)
    await settled(other)
    assert json.loads(json.dumps(again.draft())) == draft
    await other.close(again)
    await place.close(panel)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(value: object, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the parts of a value stand, the value itself included: keys and places from the outside in."""
    inside: Any = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    return [before, *(path for key, inner in inside for path in paths(inner, (*before, key)))]


def mutations(value: object) -> st.SearchStrategy[Any]:
    """The value with some of its parts replaced by any JSON."""
    changes = st.lists(st.tuples(st.sampled_from(paths(value)), JSON), max_size=4)

    def changed(asked: list[tuple[tuple[Any, ...], Any]]) -> Any:
        whole: Any = {"draft": copy.deepcopy(value)}
        for path, junk in asked:
            at, last = whole, "draft"
            for key in path:
                at, last = at[last], key
                if not (isinstance(at, dict) and key in at) and not (
                    isinstance(at, list) and isinstance(key, int) and key < len(at)
                ):
                    # An earlier change has taken this part away.
                    break
            else:
                at[last] = junk
        return whole["draft"]

    return changes.map(changed)


async def test_it_survives_any_draft(
    app, info: PanelInfo, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    crashed: list[BaseException] = []
    # What earlier panels left is collected now: Qt still sends events to widgets that Python takes apart.
    gc.collect()
    gc.freeze()
    request.addfinalizer(gc.unfreeze)
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _tb: crashed.append(error))
    place, panel = opened(app, info)
    async for _ in every_page(place, panel):
        edit_everything(panel)
    draft = panel.draft()

    @settings(max_examples=80)
    @given(st.dictionaries(st.text(max_size=8), JSON, max_size=4) | mutations(draft).filter(is_object))
    def restore(junk: dict[str, object]) -> None:
        panel.restore(junk)
        json.dumps(panel.draft())
        assert crashed == []

    restore()
    await settled(place)
    assert crashed == []
    assert [job.title for scope in place.scopes for job in scope.jobs] == []
    # And it still works.
    panel.restore(draft)
    await settled(place)
    assert panel.isVisible()
    await place.close(panel)


def is_object(value: object) -> bool:
    return isinstance(value, dict)
