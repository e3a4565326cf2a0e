"""The program where all parts meet: shown, used, remembered, extended by strangers, and ended in order."""

import asyncio
import gc
import importlib.metadata
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel
from shiboken6 import Shiboken

from tests.journeys.person import Person, Workbench
from tests.kit.leftovers import compare, look
from workbench.app import Program, collect_garbage_from_now_on, main_window
from workbench.bridge import ending
from workbench.panels import PANELS
from workbench.settings import load_settings, places
from workbench.ui import theme
from workbench.ui.diagnostics import DiagnosticsPage
from workbench.ui.settings_page import SettingsPage
from workbench.ui.window import MainWindow

GREETING = "this is the Lab"


def session_file() -> Path:
    return places().state / "session.json"


def status(person: Person) -> str:
    """The passing sentence of the status bar."""
    return person.window.status.saying.text()


# ---- shown


async def test_it_begins_on_the_start_page_with_every_panel_in_its_order(app):
    async with Workbench(app) as person:
        assert person.window.isVisible()
        assert person.window.tabs.current_id == "start"
        assert person.window.tabs.ids == tuple(
            info.id for info in sorted(PANELS, key=lambda info: info.order)
        )
        assert "not started" in person.window.status.lab.text()
        assert person.window.status.jobs.count.text() == "no jobs"
        # The others are made at their first visit.
        assert set(person.window.tabs.pages) == {"start"}


async def test_every_tab_and_every_page_opens(app):
    async with Workbench(app) as person:
        for info in PANELS:
            assert person.go(info.id).isVisible()
            assert person.window.tabs.current_id == info.id
        for page in ("settings", "diagnostics"):
            person.program.registry.qaction(f"window.{page}").trigger()
            assert person.window.tabs.current_id == page
            assert person.window.tabs.close_page(page)
        assert person.window.tabs.ids == tuple(info.id for info in PANELS)


async def test_every_window_belongs_to_the_main_one_and_so_wears_its_style_sheet(app):
    others = set(QApplication.topLevelWidgets())
    async with Workbench(app) as person:
        for info in person.window.tabs.infos:
            page = person.window.show_tab(info.id)
            for inner in getattr(page, "pages", ()) if hasattr(page, "show_page") else ():
                page.show_page(inner)
        made = [each for each in QApplication.topLevelWidgets() if each not in others]
        assert person.window in made
        strangers = [each for each in made if each.parentWidget() is None and each is not person.window]
        assert [type(each).__name__ for each in strangers if each.isWindow()] == []


@pytest.mark.parametrize("argv", [[], ["lab:echo"]])
def test_the_command_opens_the_window_with_the_target_in_the_sockets_panel(
    app, monkeypatch: pytest.MonkeyPatch, argv: list[str]
):
    seen: list[tuple[str, str]] = []

    async def stay(program: Program) -> int:
        page = program.window.tabs.page("sockets")
        seen.append(
            (program.window.tabs.current_id, page.console.current.bar.text() if page is not None else "")
        )
        await program.end()
        return 7

    monkeypatch.setattr(Program, "stay", stay)
    # Its last resort would end this process, which goes on.
    monkeypatch.setattr(ending.faulthandler, "dump_traceback_later", lambda *_args, **_named: None)
    assert main_window(argv) == 7
    assert seen == [("sockets", "lab:echo") if argv else ("start", "")]


@pytest.mark.parametrize(("argv", "code"), [(["--version"], 0), (["--colour"], 2), (["a", "b"], 2)])
def test_other_words_open_no_window(argv: list[str], code: int, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main_window(argv)
    assert left.value.code == code
    said = capsys.readouterr()
    assert "Network Workbench" in said.out if code == 0 else "usage" in said.err


# ---- settings and diagnostics


async def test_appearance_and_size_are_worn_at_once_and_kept(app):
    async with Workbench(app) as person:
        person.program.registry.qaction("window.settings").trigger()
        page = person.window.tabs.page("settings")
        assert isinstance(page, SettingsPage)
        assert theme.tokens().name == "light"
        small = person.window.fontMetrics().height()
        person.key(page.appearance, Qt.Key.Key_End)
        assert page.appearance.currentText() == "Dark"
        assert theme.tokens().name == "dark"
        page.scale.setValue(150)
        assert person.window.fontMetrics().height() > small
        page.timeout.setValue(2.5)
        assert person.program.bench().settings().default_timeout_s == 2.5
        # Three changes in a moment: the last word is what stands in the file.
        await person.until(lambda: load_settings(places())[0].default_timeout_s == 2.5)
        kept, problems = load_settings(places())
        assert problems == []
        assert (kept.appearance, kept.scale_percent) == ("dark", 150)
        assert person.program.jobs() == []


async def test_a_setting_changed_just_before_the_end_is_kept(app):
    async with Workbench(app) as person:
        person.program.registry.qaction("window.settings").trigger()
        page = person.window.tabs.page("settings")
        assert isinstance(page, SettingsPage)
        page.rows.setValue(17)
        await person.end()
    assert load_settings(places())[0].conversation_rows == 17


async def test_settings_that_cannot_be_saved_are_worn_all_the_same_and_it_is_said(app):
    async with Workbench(app) as person:
        place = places().config
        assert not place.exists()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("in the way")
        person.program.registry.qaction("window.settings").trigger()
        page = person.window.tabs.page("settings")
        assert isinstance(page, SettingsPage)
        person.key(page.appearance, Qt.Key.Key_End)
        await person.until(lambda: "cannot be saved" in status(person))
        assert theme.tokens().name == "dark"
        assert person.program.crashes.crashes == type(person.program.crashes.crashes)()


async def test_the_diagnostics_have_figures_and_no_payload(app):
    async with Workbench(app) as person:
        view = await person.connect("lab:echo")
        person.type(view.bytes.editor, "very private")
        person.click(view.send_button)
        await person.until(lambda: person.row(view)[2] == "12 B")
        person.program.registry.qaction("window.diagnostics").trigger()
        page = person.window.tabs.page("diagnostics")
        assert isinstance(page, DiagnosticsPage)
        figures = {name: value for section in page.model.sections for name, value in section.rows}
        assert figures["longest gap"].endswith(" ms")
        assert int(figures["tasks"]) >= 2
        assert figures["resident"].endswith("MiB")
        assert figures["unanswered exceptions"] == "0"
        report = page.report()
        assert "sockets/open" in report
        assert "very private" not in report


async def test_an_exception_nobody_answered_is_told_and_stands_in_the_diagnostics(app, expected_log):
    expected_log("slot")
    async with Workbench(app) as person:
        QTimer.singleShot(0, fail)
        await person.until(lambda: "Diagnostics" in status(person))
        person.program.registry.qaction("window.diagnostics").trigger()
        page = person.window.tabs.page("diagnostics")
        assert isinstance(page, DiagnosticsPage)
        assert "ZeroDivisionError" in page.report()


def fail() -> None:
    raise ZeroDivisionError("what a peer sent")


# ---- jobs and the Lab


async def test_the_status_bar_lists_what_a_person_started_and_nothing_else(app):
    async with Workbench(app) as person:
        view = await person.connect("lab:silent")
        jobs = person.window.status.jobs
        assert jobs.count.text() == "1 job"
        assert "Talking to lab:silent" in jobs.newest.text()
        person.program.keeper.note_change()
        person.program.keeper._on_soon()
        assert jobs.count.text() == "1 job"
        person.click(jobs.cancel_button)
        await person.until(lambda: view.verdict.verdict.word == "ended")
        assert jobs.count.text() == "no jobs"


async def test_the_labs_services_are_told_and_a_lab_that_died_is_said_and_replaced(app):
    async with Workbench(app) as person:
        await person.connect("lab:echo")
        lab = person.window.status.lab
        await person.until(lambda: lab.text() == "Lab: 1 running")
        assert "echo" in lab.toolTip()
        pid = person.program.lab.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await person.until(lambda: "not started" in lab.text())
        assert "SIGKILL" in lab.toolTip()
        person.sockets.console.new_session()
        again = await person.connect("lab:echo")
        assert again.verdict.verdict.word == "open"
        assert person.program.lab.pid != pid
        person.click(lab)
        assert person.window.tabs.current_id == "start"


# ---- what is remembered


async def test_the_session_holds_what_was_typed_and_never_what_was_received(app):
    async with Workbench(app) as person:
        view = await person.connect("lab:greet")
        await person.until(lambda: any(GREETING in row for row in person.conversation()))
        person.type(view.bytes.editor, "my draft")
        await person.end()
    text = session_file().read_text()
    kept = json.loads(text)["panels"]["sockets"]["pages"]["console"]["sessions"][0]
    assert kept["bar"]["target"] == "lab:greet"
    assert kept["bytes"]["text"] == "my draft"
    assert GREETING not in text


async def test_the_next_start_stands_where_the_last_one_ended_and_connects_nothing(app):
    async with Workbench(app) as person:
        view = await person.connect("lab:echo")
        person.type(view.bytes.editor, "one")
        person.click(person.sockets.console.add_button)
        person.sockets.console.current.bar.set_kind("listener udp")
        person.type(person.sockets.console.current.bar.field, "127.0.0.1:0")
        person.program.dock.show_form("hex")
        person.start.open_experiment("half-close")
        person.go("sockets")
        await person.end()
    async with Workbench(app) as person:
        assert person.window.tabs.current_id == "sockets"
        panel = person.sockets
        assert [view.bar.text() for view in panel.console.sessions] == ["lab:echo", "127.0.0.1:0"]
        assert panel.console.sessions[0].bytes.text() == "one"
        assert panel.console.current is panel.console.sessions[1]
        assert panel.console.current.bar.kind() == "listener udp"
        assert [view.controller.state.phase for view in panel.console.sessions] == ["idle", "idle"]
        assert person.program.dock.form == "hex"
        assert person.start.controller.state.page.key == "half-close"
        assert person.program.jobs() == []
        assert person.program.lab.mode == "none"


async def test_a_new_window_gives_most_of_its_height_to_the_panel(app):
    async with Workbench(app) as person:
        dock = person.window.dock
        assert dock is not None
        assert dock.height() <= person.window.height() // 3
        assert person.window.tabs.height() > 1.5 * dock.height()
    async with Workbench(app, conversation_rows=14) as person:
        dock = person.window.dock
        assert dock is not None
        # Drawn by the last window, which has left a session.
        assert dock.height() <= person.window.height() // 3
    session_file().unlink()
    async with Workbench(app, conversation_rows=14) as person:
        dock = person.window.dock
        assert dock is not None
        assert dock.height() > person.window.height() // 3


async def test_the_height_that_a_person_gave_the_conversation_comes_back(app):
    async with Workbench(app) as person:
        dock = person.window.dock
        assert dock is not None
        drawn = dock.height() + 77
        person.window.resizeDocks([dock], [drawn], Qt.Orientation.Vertical)
        await person.until(lambda: dock.height() == drawn)
        # Told at once: a window that is killed has it too.
        assert person.program.keeper.is_waiting
        await person.end()
    async with Workbench(app) as person:
        dock = person.window.dock
        assert dock is not None
        await person.until(lambda: dock.height() == drawn)
        person.go("sockets")
        person.go("mail")
        await person.shown()
        assert dock.height() == drawn


async def test_a_tab_that_was_not_visited_keeps_its_draft_for_the_next_time(app):
    async with Workbench(app) as person:
        person.type(person.sockets.console.current.bar.field, "lab:time")
        person.go("start")
        await person.end()
    for _ in range(2):
        async with Workbench(app) as person:
            assert person.window.tabs.current_id == "start"
            assert set(person.window.tabs.pages) == {"start"}
            await person.end()
    async with Workbench(app) as person:
        assert person.sockets.console.current.bar.text() == "lab:time"


JUNK: dict[str, bytes] = {
    "nothing": b"",
    "half": b'{"version": 1, "panels": {',
    "no text": bytes(range(256)),
    "another kind": b"[1, 2, 3]",
    "of the future": b'{"version": 99}',
    "wrong inside": json.dumps(
        {
            "version": 1,
            "geometry": "not base64!",
            "state": "/////w==",
            "tab": {"a": 1},
            "conversation": "yes",
            "recent": [1, None, ["x"]],
            "talk": {"form": [], "detail": "no", "encoding": 5},
            "panels": {
                "sockets": {"page": 5, "pages": {"console": {"sessions": 5, "current": "x"}}},
                "start": [],
                "gone": {"x": 1},
            },
        }
    ).encode(),
    "wrong deep inside": json.dumps(
        {
            "version": 1,
            "tab": "sockets",
            "talk": 5,
            "panels": {
                "sockets": {
                    "page": [],
                    "pages": {
                        "console": {
                            "sessions": [
                                {
                                    "bar": {"target": 5, "kind": [], "history": {}},
                                    "bytes": {"text": {}},
                                    "form": {},
                                },
                                {
                                    "bar": {"history": [None] * 3, "kind": "x"},
                                    "form": {"reply": [], "reply_text": 7},
                                },
                                {
                                    "bytes": {"mode": [], "ending": 10**30},
                                    "form": {"reply": 10**30, "route": 10**30},
                                },
                            ],
                            "current": 10**30,
                        }
                    },
                },
                "start": {"page": "service", "key": ["echo"]},
            },
        }
    ).encode(),
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
async def test_a_session_file_that_is_none_does_not_stop_the_start(app, junk: bytes):
    session_file().parent.mkdir(parents=True)
    session_file().write_bytes(junk)
    async with Workbench(app) as person:
        for info in PANELS:
            assert person.go(info.id).isVisible()
        assert list(person.program.crashes.crashes) == []
        if not junk.startswith(b'{"version": 1, "'):
            assert "session" in status(person)
    json.loads(session_file().read_bytes())


# ---- strangers


class Entry:
    """An entry point of an installed package."""

    def __init__(self, name: str, load: Callable[[], object]) -> None:
        self.name = name
        self.load = load


class Brings:
    """What a plugin's object holds."""

    def __init__(self, *panels: tuple[object, ...]) -> None:
        self.panels = panels


class Whois(QLabel):
    """A stranger's panel: any widget made with the bench."""

    def __init__(self, bench: object) -> None:
        super().__init__("whois")
        self.bench = bench


WHOIS = ("whois", "WHOIS", 75, f"{__name__}:Whois", "Who owns a name")


def install(monkeypatch: pytest.MonkeyPatch, *entries: Entry) -> None:
    def entry_points(*, group: str) -> tuple[Entry, ...]:
        assert group == "workbench.plugins"
        return entries

    monkeypatch.setitem(sys.modules, Whois.__module__, sys.modules[__name__])
    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


async def test_a_strangers_panel_gets_its_tab_after_the_first_paint(app, monkeypatch: pytest.MonkeyPatch):
    shown: list[bool] = []

    def brought() -> Brings:
        shown.append(any(isinstance(top, MainWindow) and top.isVisible() for top in app.topLevelWidgets()))
        return Brings(WHOIS)

    install(monkeypatch, Entry("whois", brought))
    async with Workbench(app) as person:
        await person.until(lambda: "whois" in person.window.tabs.ids)
        page = person.go("whois")
        assert isinstance(page, Whois)
        assert page.bench.lab is person.program.lab
        assert list(person.program.crashes.crashes) == []
    assert shown == [True]


def refuse() -> object:
    raise RuntimeError("made for another version")


def leave() -> object:
    sys.exit(3)


@pytest.mark.parametrize(
    "load",
    [refuse, leave, lambda: Brings(("too", "short")), lambda: Brings(("sockets", *WHOIS[1:]))],
    ids=["raises", "exits", "is malformed", "takes a name"],
)
async def test_a_stranger_that_fails_is_told_of_and_takes_nobody_along(
    app, monkeypatch: pytest.MonkeyPatch, expected_log, load: Callable[[], object]
):
    expected_log("plugin broken")
    install(monkeypatch, Entry("broken", load), Entry("whois", lambda: Brings(WHOIS)))
    async with Workbench(app) as person:
        await person.until(lambda: "whois" in person.window.tabs.ids)
        assert [crash.where for crash in person.program.crashes.crashes] == ["plugin broken"]
        assert person.window.tabs.ids[:2] == tuple(info.id for info in PANELS)[:2]
        assert person.sockets.isVisible()


# ---- the end


async def test_the_end_leaves_nothing_even_in_the_middle_of_stalled_conversations(app):
    before, threads = look(), set(threading.enumerate())
    async with Workbench(app) as person:
        address = await person.program.lab.start("silent", reads="nothing")
        first = await person.connect(str(address.target))
        person.program.scope.launch(first.controller.send(bytes(20_000_000)), name="send")
        await person.until(lambda: first.controller.state.sending)
        person.click(person.sockets.console.add_button)
        await person.connect("127.0.0.1:0", "listener tcp")
        person.start.open_experiment("half-close")
        assert await person.end() < 3
        assert not person.window.isVisible()
        # Qt deletes it when its loop comes round.
        await person.until(lambda: not Shiboken.isValid(person.window))
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert set(threading.enumerate()) == threads
        assert list(person.program.crashes.crashes) == []
        # Qt deletes the window, and the last frame's timer runs out, once the loop turns again.
        await person.until(lambda: compare(before, look()._replace(files=before.files)) == [])


async def test_a_panel_that_hangs_is_named_and_holds_up_neither_the_others_nor_the_end(
    app, monkeypatch: pytest.MonkeyPatch, expected_log
):
    expected_log("ending")
    ended = []

    async def hang() -> None:
        await asyncio.sleep(3600)

    async def note() -> None:
        ended.append("sockets")

    async with Workbench(app) as person:
        person.program.ending.add(ending.Phase.PANELS, "hanging", hang)
        person.program.ending.add(ending.Phase.PANELS, "sockets", note)
        await person.connect("lab:echo")
        assert await person.end() < 3
        assert ended == ["sockets"]
        assert person.program.lab.pid is None
        told = "".join(crash.text for crash in person.program.crashes.crashes)
        assert "hanging did not end" in told


async def test_the_close_button_asks_for_the_end_once_and_the_window_waits_for_it(app):
    async with Workbench(app) as person:
        staying = asyncio.create_task(person.program.ending.requested())
        person.window.close()
        person.window.close()
        assert person.window.isVisible()
        await staying
        assert "Ending" in status(person)
        await person.end()
        assert not person.window.isVisible()


async def test_nothing_that_changes_during_the_end_is_saved_or_complains(app):
    async with Workbench(app) as person:
        view = await person.connect("lab:echo")
        person.program.keeper.note_change()
        ending_ = asyncio.create_task(person.end())
        await asyncio.sleep(0)
        view.draft_changed.emit()
        person.window.session_changed.emit()
        assert not person.program.keeper.is_waiting
        await ending_
        assert list(person.program.crashes.crashes) == []


def test_once_the_window_stands_garbage_is_collected_again_and_what_stays_is_left_alone():
    before = gc.get_freeze_count()
    collect_garbage_from_now_on()
    assert gc.get_freeze_count() == before, "nobody had turned it off"
    gc.disable()
    try:
        collect_garbage_from_now_on()
        assert gc.isenabled()
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
        gc.enable()


async def test_the_style_sheet_is_on_before_the_window_is_seen(app, monkeypatch: pytest.MonkeyPatch):
    seen: list[bool] = []
    show = MainWindow.show

    def watched(window: MainWindow) -> None:
        seen.append(bool(window.styleSheet()) and not app.styleSheet() and not theme.current()._sheet_waits)
        show(window)

    monkeypatch.setattr(MainWindow, "show", watched)
    async with Workbench(app):
        assert seen == [True]
