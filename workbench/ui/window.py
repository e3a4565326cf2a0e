"""The window: tabs, the Conversation dock, menus, palette and status bar. It knows panels by description only.

Closing takes two steps: the first close event only starts the orderly end (`on_close`), and whoever carried it out
calls `finish_close`. So a conversation in progress is ended properly, and nothing spins meanwhile.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from workbench.ui import icons, theme
from workbench.ui.actions import Action, ActionRegistry, shown_keys
from workbench.ui.dock import ConversationDock
from workbench.ui.jobsbar import JobSource
from workbench.ui.menus import Menus
from workbench.ui.palette import CommandPalette
from workbench.ui.panel import HasStart, KeepsDraft
from workbench.ui.statusparts import StatusParts
from workbench.ui.tabactions import close_action, go_actions
from workbench.ui.tabs import TabInfo, TabStack

__all__ = ["MainWindow", "TabInfo"]

STATE_VERSION = 1
"""Of docks and toolbars; a state with another one is not restored."""

FIRST_SIZE = QSize(1280, 800)


def _no_jobs() -> tuple[()]:
    return ()


class MainWindow(QMainWindow):
    """The window.

    Args:
        tabs: descriptions of panels and pages.
        registry: where the window's own actions go, and the panels' later.
        on_close: called once, when a person wants to close the window; starts the end, returns at once.
        conversation: the dock's content, or None.
        jobs: gives the running jobs of all panels.
        lag_ms: gives how late the loop was lately.

    Signals:
        session_changed: something that `session` tells is another one now.
        panel_opened, panel_closing: id and widget of a tab that was made, or is about to be deleted.
    """

    session_changed = Signal()
    panel_opened = Signal(str, object)
    panel_closing = Signal(str, object)

    def __init__(
        self,
        tabs: Sequence[TabInfo],
        registry: ActionRegistry,
        *,
        on_close: Callable[[], object],
        conversation: QWidget | None = None,
        jobs: JobSource = _no_jobs,
        lag_ms: Callable[[], float] | None = None,
    ) -> None:
        super().__init__()
        self._registry = registry
        self._on_close = on_close
        self._may_close = False
        self._is_closing = False
        self._drafts: dict[str, dict[str, object]] = {}
        self.setObjectName("main_window")
        self.setWindowTitle("Network Workbench")
        self.setWindowIcon(icons.application_icon())
        self.tabs = TabStack(tabs, self)
        self.setCentralWidget(self.tabs)
        self.dock = None if conversation is None else ConversationDock(conversation, self)
        self.status = StatusParts(jobs, lag_ms, self)
        self.setStatusBar(self.status)
        registry.add_all(self._actions(), self)
        registry.add_all(go_actions(self.tabs.infos, self.show_tab), self)
        self.palette_overlay = CommandPalette(registry, self)
        self.menus = Menus(self.menuBar(), registry)
        self.menus.build()
        self._connect()
        self._show_keys()
        self.resize(_fitting_size())

    def _connect(self) -> None:
        self.tabs.opened.connect(self._on_tab_opened)
        self.tabs.closing.connect(self._on_tab_closing)
        self.tabs.current_changed.connect(self._on_current_changed)
        self.palette_overlay.choosing.connect(self._on_palette_choosing)
        self.status.palette_asked.connect(self.palette_overlay.open_palette)
        self._registry.refused.connect(self._on_action_refused)
        self._registry.changed.connect(self._show_keys)
        theme.current().changed.connect(self._on_theme_changed)
        if self.dock is not None:
            self.dock.resized.connect(self.session_changed)

    def _actions(self) -> tuple[Action, ...]:
        return (
            Action(
                "window.palette",
                "Command palette",
                self.palette_overlay_opened,
                tip="Find any command by a few letters",
                shortcut="Ctrl+Shift+P",
                icon="palette",
                menu="View",
            ),
            Action(
                "window.conversation",
                "Conversation",
                self.toggle_conversation,
                tip="Show or hide every byte that was said",
                shortcut="Ctrl+J",
                icon="conversation",
                menu="View",
                why_disabled=self._why_no_conversation,
                checked=self._is_conversation_shown,
            ),
            Action(
                "window.conversation_side",
                "Conversation at the side",
                self.move_conversation,
                tip="Put the conversation beside the panel, or below it again",
                shortcut="Ctrl+Shift+J",
                menu="View",
                why_disabled=self._why_no_conversation,
                checked=self._is_conversation_beside,
            ),
            Action(
                "window.full_screen",
                "Full screen",
                self.toggle_full_screen,
                shortcut="F11",
                menu="View",
                checked=self.isFullScreen,
            ),
            Action("window.next_tab", "Next tab", self.go_to_next_tab, shortcut="Ctrl+PgDown", menu="Go"),
            Action(
                "window.previous_tab",
                "Previous tab",
                self.go_to_previous_tab,
                shortcut="Ctrl+PgUp",
                menu="Go",
            ),
            Action(
                "window.quit",
                "Quit",
                self._quit,
                tip="End everything and close",
                shortcut="Ctrl+Q",
                menu="File",
            ),
        )

    # What others ask of it

    def show_tab(self, tab_id: str) -> QWidget | None:
        """Go to a tab and put the focus where its panel begins; returns the widget, None for an unknown id."""
        page = self.tabs.show_tab(tab_id)
        if isinstance(page, HasStart):
            page.focus_start()
        elif page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        return page

    def show_lab(self, state: str, tip: str = "") -> None:
        """Say in the status bar how the Lab is."""
        self.status.show_lab(state, tip)

    def say(self, sentence: str) -> None:
        """Say something in the status bar that goes away by itself."""
        self.status.say(sentence)

    def wake_jobs(self) -> None:
        """A job was started or has ended; for the scopes' on_change."""
        self.status.jobs.wake()

    def finish_close(self) -> None:
        """Everything has ended: close now."""
        self._may_close = True
        self.close()

    def session(self) -> dict[str, object]:
        """Layout, tab and drafts, as JSON can hold them."""
        drafts = dict(self._drafts)
        for tab_id, page in self.tabs.pages.items():
            if isinstance(page, KeepsDraft):
                drafts[tab_id] = page.draft()
        return {
            "geometry": _text_of(self.saveGeometry()),
            "state": _text_of(self.saveState(STATE_VERSION)),
            "tab": self.tabs.current_id,
            "conversation": self.dock is None or self.dock.is_wanted,
            "recent": list(self.palette_overlay.recent),
            "panels": drafts,
        }

    def restore_session(self, session: Mapping[str, object]) -> None:
        """Take over what an earlier session told; what does not fit is left out. Panels get their draft when opened."""
        panels = session.get("panels")
        if isinstance(panels, dict):
            self._drafts = {
                key: value
                for key, value in panels.items()
                if isinstance(key, str) and isinstance(value, dict)
            }
        recent = session.get("recent")
        if isinstance(recent, list):
            self.palette_overlay.set_recent(each for each in recent if isinstance(each, str))
        geometry, state = _bytes_of(session.get("geometry")), _bytes_of(session.get("state"))
        if geometry.size():
            self.restoreGeometry(geometry)
        if state.size():
            self.restoreState(state, STATE_VERSION)
        if self.dock is not None:
            self.dock.is_wanted = session.get("conversation") is not False
        tab = session.get("tab")
        known = [info.id for info in self.tabs.infos]
        first = tab if isinstance(tab, str) and tab in known else next(iter(self.tabs.ids), "")
        self.show_tab(first)

    # What actions do

    def palette_overlay_opened(self) -> None:
        """Open the palette."""
        self.palette_overlay.open_palette()

    def toggle_conversation(self) -> None:
        """Show or hide the dock."""
        if self.dock is not None:
            self.dock.toggle()
            self.session_changed.emit()

    def move_conversation(self) -> None:
        """Below the panel, or beside it."""
        if self.dock is not None:
            self.dock.move_over()
            self.session_changed.emit()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def go_to_next_tab(self) -> None:
        """One to the right."""
        self.tabs.step(1)

    def go_to_previous_tab(self) -> None:
        """One to the left."""
        self.tabs.step(-1)

    def _quit(self) -> None:
        self.close()

    def _why_no_conversation(self) -> str:
        return "" if self.dock is not None else "this window has no conversation"

    def _is_conversation_shown(self) -> bool:
        return self.dock is not None and self.dock.is_shown

    def _is_conversation_beside(self) -> bool:
        return self.dock is not None and self.dock.is_beside

    # What happens

    def _on_tab_opened(self, tab_id: str, page: QWidget) -> None:
        if isinstance(page, KeepsDraft):
            if tab_id in self._drafts:
                page.restore(self._drafts.pop(tab_id))
            page.draft_changed.connect(self.session_changed)
        info = self.tabs.info(tab_id)
        if info is not None and info.is_page:
            self._registry.add(close_action(info, self.tabs.close_page), page)
        self.panel_opened.emit(tab_id, page)

    def _on_tab_closing(self, tab_id: str, page: QWidget) -> None:
        self.panel_closing.emit(tab_id, page)
        self._registry.forget(tab_id)

    def _on_current_changed(self, tab_id: str) -> None:
        self.menus.set_context(tab_id)
        if self.dock is not None:
            info = self.tabs.info(tab_id)
            self.dock.give_room(info is not None and info.wants_conversation)
        self._registry.refresh("")
        self.session_changed.emit()

    def _on_palette_choosing(self, entry_id: str) -> None:
        """An action of another panel makes sense only where one sees what it does."""
        action = self._registry.find(entry_id)
        context = "" if action is None else action.context.split("/")[0]
        if context and context != self.tabs.current_id:
            self.show_tab(context)

    def _on_action_refused(self, action_id: str, reason: str) -> None:
        action = self._registry.find(action_id)
        self.say(f"{action.text if action else action_id}: not now, {reason}")

    def _on_theme_changed(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            icons.redress_all(app)

    def _show_keys(self) -> None:
        self.status.show_palette_key(shown_keys(self._registry.shortcut_of("window.palette")))

    # Qt

    def createPopupMenu(self) -> None:  # type: ignore[override]  # Qt allows a null menu: ours lists nothing
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.session_changed.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.session_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.session_changed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        if not self._is_closing:
            self._is_closing = True
            self.say("Ending what is going on\u2026")
            self._on_close()


def _fitting_size() -> QSize:
    return FIRST_SIZE.boundedTo(QGuiApplication.primaryScreen().availableGeometry().size())


def _text_of(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode("ascii")


def _bytes_of(text: object) -> QByteArray:
    if not isinstance(text, str):
        return QByteArray()
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return QByteArray()
