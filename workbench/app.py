"""Where all parts meet: the program behind the window. Nothing here decides anything about protocols.

`main_window` makes the application and runs a Program on the bridge's loop. A Program owns what the panels share (Lab,
registry, feed, heartbeat, scopes, settings, the dock), hands each panel its Bench, and ends everything in order.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from workbench.bridge.crash import Crash, CrashReporter
from workbench.bridge.ending import Ending, Phase
from workbench.bridge.feed import Feed
from workbench.bridge.heartbeat import Heartbeat
from workbench.bridge.loop import run
from workbench.errors import LocalFault
from workbench.jobs import offload
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.lab.supervisor import Lab, LabStatus
from workbench.panels import PANELS, PanelInfo
from workbench.panels.bench import Bench, Document, Talk
from workbench.panels.loading import load_ahead, load_entry
from workbench.panels.plugins import stranger_panels
from workbench.panels.searchwords import SEARCH_WORDS
from workbench.settings import Places, Settings, load_settings, places, save_settings
from workbench.transcript.recorder import Transcript
from workbench.ui import theme
from workbench.ui.actions import ActionRegistry
from workbench.ui.application import asked_target, make_application
from workbench.ui.conversation.late import LateConversation
from workbench.ui.dock import first_height
from workbench.ui.helpoffer import HelpOffer
from workbench.ui.ownpages import own_pages, page_actions
from workbench.ui.session import FILE_NAME, SessionKeeper, load
from workbench.ui.window import MainWindow, TabInfo

if TYPE_CHECKING:
    from workbench.ui.conversation.dock import ConversationDock

MIB = 1024 * 1024


def main_window(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code.

    Args:
        argv: a target to begin with ("lab:echo"), or nothing.
    """
    target = asked_target(argv) if argv else ""
    app = make_application([sys.argv[0]])
    where = places()
    settings, problems = load_settings(where)

    async def main() -> int:
        program = Program(app, where, settings)
        program.show(problems)
        QTimer.singleShot(0, collect_garbage_from_now_on)
        if target:
            program.open_target("sockets", target)
        return await program.stay()

    return run(app, main)


def collect_garbage_from_now_on() -> None:
    """The window stands. All that it is made of stays, and need not be looked through (15 ms) ever again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


class Program:
    """The running program; made inside the loop.

    Args:
        app: the application.
        where: the folders.
        settings: what the person set.
        last_resort: end the process by force when the orderly end takes too long.
    """

    def __init__(
        self, app: QApplication, where: Places, settings: Settings, *, last_resort: bool = True
    ) -> None:
        self.settings = settings
        self.crashes = CrashReporter(where.state, echo=sys.stderr)
        self.crashes.install(asyncio.get_running_loop())
        self.ending = Ending(self.crashes.note, last_resort=last_resort)
        self.heartbeat = Heartbeat()
        self.feed = Feed()
        self.registry = ActionRegistry()
        self.registry.set_shortcuts(settings.shortcuts)
        self.lab = Lab(where, share=True)
        self._app = app
        self._places = where
        self._scopes: list[Scope] = []
        self._visible = ""
        self._enders: dict[str, Callable[[], None]] = {}
        self.theme = theme.apply(app, settings.appearance, settings.scale_percent, sheet_later=True)  # type: ignore[arg-type]  # checked by load_settings
        self.scope = self.new_scope("window")
        # What nobody started, and so is no news in the status bar.
        self._housekeeping = Scope("housekeeping", crash=self.crashes.report)
        self._settings_turn = asyncio.Lock()
        self._talk_draft: dict[str, object] = {}
        self.conversation = LateConversation(self._make_dock)
        self.window = MainWindow(
            [
                *(self._tab(info)._replace(load=partial(load_ahead, info.entry)) for info in PANELS),
                *own_pages(self._make_settings, self._make_diagnostics, self._make_help),
            ],
            self.registry,
            on_close=self.ending.request,
            conversation=self.conversation,
            jobs=cast(Any, self.jobs),
            lag_ms=self._lag_ms,
        )
        self.registry.add_all(page_actions(self.window.show_tab), self.window)
        self.window.palette_overlay.use_words(SEARCH_WORDS)
        self.window.palette_overlay.add_provider(HelpOffer(self.window.show_tab).entries)
        self.keeper = SessionKeeper(where.state / FILE_NAME, self._session, start=self._save_session)
        self._connect()
        self._plan_the_end()

    def _connect(self) -> None:
        self.window.session_changed.connect(self.keeper.note_change)
        self.window.panel_opened.connect(self._on_panel_opened)
        self.window.panel_closing.connect(self._on_panel_closing)
        self.window.tabs.current_changed.connect(self._on_tab_changed)
        self.window.status.lab_asked.connect(self._open_start)
        self.keeper.problem.connect(self.window.say)
        self.conversation.made.connect(self._on_conversation_made)
        self.lab.observe(self._on_lab_status)
        self.crashes.observe(self._on_crashed)

    def _plan_the_end(self) -> None:
        """Each panel adds a step of its own when it is opened: one that hangs keeps no other from ending."""
        self.ending.add(Phase.PANELS, "conversation", self.conversation.retire)
        self.ending.add(Phase.PANELS, "housekeeping", self._finish_housekeeping)
        self.ending.add(Phase.TASKS, "jobs", self._retire_scopes)
        self.ending.add(Phase.LAB, "Lab", self.lab.aclose)

    # ---- life

    def show(self, problems: Sequence[str] = ()) -> None:
        """Restore what the last run left and show the window."""
        session, problem = load(self._places.state / FILE_NAME)
        self.window.restore_session(session)
        talk = session.get("talk")
        if isinstance(talk, dict):
            self._talk_draft = talk
        self._on_tab_changed(self.window.tabs.current_id)
        self.theme.put_sheet_on(self.window)
        self.window.show()
        if "state" not in session and self.window.dock is not None:
            rows = self.settings.conversation_rows
            height = first_height(self.window.height(), rows, is_wish=rows != Settings().conversation_rows)
            self.window.resizeDocks([self.window.dock], [height], Qt.Orientation.Vertical)
        self.conversation.wait()
        self.heartbeat.start()
        for sentence in (*problems, *([problem] if problem else [])):
            self.window.say(sentence)
        QTimer.singleShot(0, self._look_for_plugins)

    async def stay(self) -> int:
        """Return the exit code once the person, or a signal, has ended the program and all has ended in order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.ending.request)
        await self.ending.requested()
        return await self.end()

    async def end(self) -> int:
        """End everything in order; returns the exit code."""
        self.window.session_changed.disconnect(self.keeper.note_change)
        if self.conversation.is_made:
            self.dock.draft_changed.disconnect(self.keeper.note_change)
        self.keeper.save_now()
        self.window.hide()
        await self.ending.run()
        self.heartbeat.stop()
        offload.shutdown()
        self.window.finish_close()
        self.window.deleteLater()
        self.crashes.uninstall()
        return 0

    async def _finish_housekeeping(self) -> None:
        """What is being saved is saved."""
        for job in self._housekeeping.jobs:
            await job.wait()

    async def _retire_scopes(self) -> None:
        await asyncio.gather(*(scope.retire() for scope in (*self._scopes, self._housekeeping)))

    # ---- the conversation

    @property
    def dock(self) -> "ConversationDock":
        """What stands in the Conversation dock, made now if need be."""
        return self.conversation.dock

    def _make_dock(self) -> "ConversationDock":
        from workbench.ui.conversation.dock import ConversationDock

        dock = ConversationDock(self.feed, self.registry, self.scope)
        dock.replaying.use(self.lab.resolve, self.new_transcript, self.lab.authority)
        dock.lab_asked.connect(self._on_lab_wanted)
        dock.open_asked.connect(self.open_target)
        return dock

    def _on_conversation_made(self) -> None:
        self.dock.restore(self._talk_draft)
        self.dock.draft_changed.connect(self.keeper.note_change)
        self._on_tab_changed(self.window.tabs.current_id)

    # ---- what panels are handed

    def bench(self) -> Bench:
        """What every panel works with."""
        return Bench(
            settings=lambda: self.settings,
            lab=self.lab,
            registry=self.registry,
            feed=self.feed,
            new_scope=self.new_scope,
            new_transcript=self.new_transcript,
            open=self.open_target,
            hand=self.hand_document,
            show=self.show_talk,
            show_event=self.show_event,
        )

    def new_scope(self, name: str) -> Scope:
        """A scope whose jobs the status bar lists."""
        scope = Scope(name, crash=self.crashes.report, on_change=self._on_job_changed)
        self._scopes = [known for known in self._scopes if not known.is_retired]
        self._scopes.append(scope)
        return scope

    def new_transcript(self) -> Transcript:
        """A transcript that spools as the settings say."""
        return Transcript(spool_after=self.settings.spool_after_mib * MIB)

    def open_target(self, panel: str, target: str, how: str = "") -> None:
        """Show a target in a panel, opening it if need be."""
        if (page := self.window.show_tab(panel)) is not None and hasattr(page, "open_target"):
            page.open_target(target, how)

    def hand_document(self, panel: str, document: Document) -> None:
        """Show another panel's document in a panel, opening it if need be."""
        if (page := self.window.show_tab(panel)) is not None and hasattr(page, "take"):
            page.take(document)

    def show_talk(self, panel: str, talk: Talk | None) -> None:
        """Show a panel's conversation in the dock, if the panel is the visible one."""
        if panel == self._visible and self.conversation.is_made:
            self.dock.show_talk(talk)

    def show_event(self, index: int) -> None:
        """Select an event in the dock."""
        self.dock.show_event(index)

    def jobs(self) -> list[Job]:
        """The running jobs of all scopes, oldest first."""
        running = [job for scope in self._scopes for job in scope.jobs]
        return sorted(running, key=attrgetter("started_ns"))

    # ---- tabs

    def _tab(self, info: PanelInfo) -> TabInfo:
        return TabInfo(info.id, info.title, partial(self._make_panel, info.entry), info.order, info.tip)

    def _make_panel(self, entry: str) -> QWidget:
        panel: QWidget = load_entry(entry)(self.bench())
        return panel

    def _make_settings(self) -> QWidget:
        from workbench.ui.settings_page import SettingsPage

        return SettingsPage(self.settings, self.registry, self._on_settings_changed)

    def _make_diagnostics(self) -> QWidget:
        from workbench.ui.diagnostics import DiagnosticsPage

        return DiagnosticsPage(self._figures)

    def _make_help(self) -> QWidget:
        from workbench.ui.help_page import HelpPage

        return HelpPage(self.registry)

    def _figures(self) -> Any:
        from workbench.ui.process import report

        return report(cast(Any, self.heartbeat), cast(Any, tuple(self.crashes.crashes)))

    def _open_start(self) -> None:
        self.window.show_tab("start")

    # ---- what happened

    def _on_tab_changed(self, tab: str) -> None:
        self._visible = tab
        if not self.conversation.is_made:
            # It asks for itself when it is there.
            return
        page = self.window.tabs.page(tab)
        talk = page.current_talk() if page is not None and hasattr(page, "current_talk") else None
        self.dock.show_talk(talk)

    def _on_panel_opened(self, tab: str, page: QWidget) -> None:
        retire = getattr(page, "retire", None)
        if retire is not None:
            self._enders[tab] = self.ending.add(Phase.PANELS, tab, retire)
        if tab == self._visible or tab == self.window.tabs.current_id:
            self._on_tab_changed(tab)

    def _on_panel_closing(self, tab: str, page: QWidget) -> None:
        retire = getattr(page, "retire", None)
        if retire is not None:
            self._enders.pop(tab)()
            self.scope.launch(retire(), name="retire")

    def _on_lab_status(self, status: LabStatus) -> None:
        if status.mode == "none":
            self.window.show_lab("not started", status.note or "It starts with the first visit to lab:NAME")
            return
        count = len(status.services)
        words = {"joined": "joined", "private": "of this window"}[status.mode]
        names = ", ".join(running.address.instance or running.address.name for running in status.services)
        self.window.show_lab(
            f"{count} running", f"The Lab ({words}): {names}" if names else f"The Lab ({words})"
        )

    def _on_lab_wanted(self) -> None:
        self.open_target("sockets", "lab:echo")

    def _on_job_changed(self, _job: Job) -> None:
        window = getattr(self, "window", None)
        if window is not None:
            window.wake_jobs()

    def _on_settings_changed(self, settings: Settings) -> None:
        self.settings = settings
        self.theme.wear(settings.appearance, settings.scale_percent)  # type: ignore[arg-type]  # the page offers no other
        self._housekeeping.launch(self._save_settings(), name="save settings")

    async def _save_settings(self) -> None:
        """One after another, each time what is set by then: a slow disk must not let an older choice win."""
        async with self._settings_turn:
            try:
                await offload.in_thread(save_settings, self._places, self.settings)
            except LocalFault as fault:
                self.window.say(f"The settings cannot be saved: {fault.what}")

    def _on_crashed(self, _crash: Crash) -> None:
        self.window.say("A fault of the workbench itself: the page Diagnostics has the details")

    def _lag_ms(self) -> float:
        return self.heartbeat.lateness_ms

    def _session(self) -> dict[str, object]:
        talk = self.dock.draft() if self.conversation.is_made else self._talk_draft
        return {**self.window.session(), "talk": talk}

    def _save_session(self, work: Any) -> object:
        return self._housekeeping.launch(work, name="save session")

    def _look_for_plugins(self) -> None:
        """A stranger's panels: looked for after the first paint, so that they can't delay it."""
        for name, info in stranger_panels(self.crashes.note):
            if not self.window.tabs.add(self._tab(info)):
                self.crashes.note(f"plugin {name}", f"there is a panel {info.id} already\n")
