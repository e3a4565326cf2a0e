"""The page of conversations: sessions side by side in inner tabs."""

import asyncio
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.jobs.scope import Scope
from workbench.lab.catalogue import SERVICES, find_service
from workbench.panels.bench import Bench, Talk
from workbench.panels.pages import Frame
from workbench.panels.sockets.binding import Agreement
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.parts.connections import (
    ANSWERS,
    CERTIFICATES,
    CONNECTIONS,
    DECODED,
    READS,
    SOCKET,
)
from workbench.panels.sockets.parts.session import SessionView
from workbench.ui import icons, theme
from workbench.ui.actions import Action, ActionMaker
from workbench.ui.targetbar import LabName

PANEL = "sockets"
CONTEXT = "sockets/console"
_action = ActionMaker(CONTEXT, "Sockets", "sockets.")
MAX_RESTORED = 32
"""Sessions taken from an earlier run; a session file with more was not written by a person's work."""


class ConsolePage(QWidget):
    """Several sessions, one visible; closing one ends its jobs, closing the page ends all."""

    draft_changed = Signal()

    def __init__(self, bench: Bench, frame: Frame) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scopes: dict[SessionView, Scope] = {}
        self._agreement = Agreement()
        self._retiring = bench.new_scope("sockets/closing")
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Sessions")
        self.tabs.setTabsClosable(True)
        self.tabs.setMovable(False)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.stack = QStackedWidget()
        self.add_button = QToolButton()
        theme.qualify(self.add_button, kind="quiet")
        icons.dress(self.add_button, "add")
        self.add_button.setAccessibleName("New session")
        self.add_button.setToolTip("New session (Ctrl+T)")
        row = QHBoxLayout()
        margin = theme.metric(8)
        row.setContentsMargins(margin, margin // 2, margin, 0)
        row.setSpacing(theme.metric(4))
        row.addWidget(self.tabs)
        row.addWidget(self.add_button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._on_tab_chosen)
        self.tabs.tabCloseRequested.connect(self._on_close_asked)
        self.add_button.clicked.connect(self.new_session)
        self.new_session()

    # ---- sessions

    @property
    def current(self) -> SessionView:
        """The visible session; there always is one."""
        view = self.stack.currentWidget()
        assert isinstance(view, SessionView)
        return view

    @property
    def sessions(self) -> tuple[SessionView, ...]:
        """All sessions in the order of their tabs."""
        views = (self.stack.widget(at) for at in range(self.stack.count()))
        return tuple(view for view in views if isinstance(view, SessionView))

    def new_session(self) -> None:
        """Open one more session and show it."""
        scope = self._bench.new_scope("sockets")
        lab = self._bench.lab
        controller = SessionController(
            self._bench.new_transcript(),
            lab.resolve,
            relay=lab.relay,
            authority=lab.authority,
            agreement=self._agreement,
        )
        view = SessionView(self._bench, scope, controller)
        view.set_lab_names(tuple(LabName(f"lab:{service.name}", service.title) for service in SERVICES))
        self._scopes[view] = scope
        self.stack.addWidget(view)
        at = self.tabs.addTab(view.title)
        self._name_close_button(at)
        view.renamed.connect(self._on_renamed)
        view.draft_changed.connect(self.draft_changed)
        self.tabs.setCurrentIndex(at)
        self._on_tab_chosen(at)
        view.bar.focus_target()
        self.draft_changed.emit()

    def close_session(self) -> None:
        """Close the visible session; the last one gives way to a new one."""
        self._on_close_asked(self.stack.currentIndex())

    # ---- what the panel asks

    def draft(self) -> dict[str, object]:
        """The sessions' targets, payloads and choices."""
        return {"sessions": [view.draft() for view in self.sessions], "current": self.stack.currentIndex()}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take over the sessions of an earlier run; nothing is connected."""
        kept = draft.get("sessions")
        if not isinstance(kept, list):
            return
        for number, entry in enumerate([each for each in kept if isinstance(each, dict)][:MAX_RESTORED]):
            if number >= len(self.sessions):
                self.new_session()
            self.sessions[number].restore(entry)
        current = draft.get("current")
        if isinstance(current, int) and 0 <= current < self.tabs.count():
            self.tabs.setCurrentIndex(current)

    def focus_start(self) -> None:
        """Put the focus into the visible session's target."""
        self._focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target in the visible session if it is free, else in a new one."""
        if self.current.controller.state.is_live or self.current.controller.state.form.target:
            self.new_session()
        role = "listener" if how == "listen" else "client"
        self.current.open_target(target, f"{role} {_transport_of(target)}")

    def current_talk(self) -> Talk | None:
        """The visible session's conversation."""
        return self.current.talk()

    async def retire(self) -> None:
        """End every session."""
        await self._retiring.retire()
        # All that are left, also those whose closing was just cut short.
        await asyncio.gather(*(self._end_session(view) for view in tuple(self._scopes)))

    # ---- a person did something

    def _on_tab_chosen(self, at: int) -> None:
        if 0 <= at < self.stack.count():
            self.stack.setCurrentIndex(at)
            self._frame.show_talk(self, self.current.talk())
            self.draft_changed.emit()

    def _on_close_asked(self, at: int) -> None:
        view = self.stack.widget(at)
        if not isinstance(view, SessionView):
            return
        if self.stack.count() == 1:
            self.new_session()
        self.tabs.blockSignals(True)
        self.tabs.removeTab(at)
        self.tabs.blockSignals(False)
        self.stack.removeWidget(view)
        self._on_tab_chosen(self.tabs.currentIndex())
        self._retiring.launch(self._close(view), name="close")

    async def _close(self, view: SessionView) -> None:
        await self._end_session(view)
        view.deleteLater()

    async def _end_session(self, view: SessionView) -> None:
        await self._scopes[view].retire()
        del self._scopes[view]
        view.retire()
        view.controller.transcript.close()

    def _on_renamed(self) -> None:
        for at, view in enumerate(self.sessions):
            if self.tabs.tabText(at) != view.title:
                self.tabs.setTabText(at, view.title)
                self._name_close_button(at)
                if view is self.current:
                    self._frame.show_talk(self, view.talk())

    def _name_close_button(self, at: int) -> None:
        button = self.tabs.tabButton(at, QTabBar.ButtonPosition.RightSide)
        if button is not None:
            button.setAccessibleName(f"Close {self.tabs.tabText(at)}")
            button.setToolTip("Close this session (Ctrl+W)")

    # ---- actions

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do there."""
        return (
            _action("new_session", "New session", self.new_session, "Ctrl+T", "add"),
            _action("close_session", "Close session", self.close_session, "Ctrl+W", "close"),
            _action("focus_target", "Go to the target", self._focus_target, "Ctrl+L", "search"),
            _action("start", "Connect or listen", self._start, "F5", "connect", self._why_no_start),
            _action("cancel", "Close the connection", self._stop, "Esc", "cancel", self._why_no_stop),
            _action("send", "Send the bytes", self._send, "Ctrl+Shift+Return", "send", self._why_no_send),
            _action("finish", "Finish our half (FIN)", self._finish, "Ctrl+D", "finish", self._why_no_finish),
            _action(
                "abort",
                "Reset the connection (RST)",
                self._abort,
                "Ctrl+Shift+D",
                "abort",
                self._why_no_abort,
            ),
            _action("options", "Options of the connection", self._options, "Ctrl+Shift+O", "more"),
            _action(
                "start_tls", "Start TLS", self._start_tls, "Ctrl+Shift+L", "lock", self._why_no_start_tls
            ),
            _action(
                "stop_all",
                "Stop all sessions",
                self._stop_all,
                "Ctrl+Shift+F5",
                "cancel",
                self._why_no_stop_all,
            ),
            _action("connections", "Connections", self._connections, "Ctrl+Alt+N", "sockets"),
            _action("reads", "Reads and writes", self._reads, "Ctrl+Alt+R", "received"),
            _action(
                "answers", "Answers by UDP", self._answers, "Ctrl+Alt+A", "received", self._why_no_answers
            ),
            _action(
                "certificates",
                "Certificates and TLS",
                self._certificates,
                "Ctrl+Alt+E",
                "certificates",
                self._why_no_certificates,
            ),
            _action("socket", "Socket options and measures", self._socket, "Ctrl+Alt+I", "info"),
            _action("decoded", "Octets read as Telnet or WebSocket", self._decoded, "Ctrl+Alt+K", "text"),
        )

    def _focus_target(self) -> None:
        self.current.bar.focus_target()

    def _start(self) -> None:
        self.current.start()

    def _stop(self) -> None:
        self.current.stop()

    def _send(self) -> None:
        self.current.send_button.click()

    def _finish(self) -> None:
        self.current.finish_button.click()

    def _abort(self) -> None:
        self.current.abort_button.click()

    def _options(self) -> None:
        self.current.toggle_options()

    def _start_tls(self) -> None:
        self.current.tls_button.click()

    def _connections(self) -> None:
        self.current.show_part(CONNECTIONS)

    def _reads(self) -> None:
        self.current.show_part(READS)

    def _answers(self) -> None:
        self.current.show_part(ANSWERS)

    def _certificates(self) -> None:
        self.current.show_part(CERTIFICATES)

    def _socket(self) -> None:
        self.current.show_part(SOCKET)

    def _decoded(self) -> None:
        self.current.show_part(DECODED)

    def _stop_all(self) -> None:
        for view in self.sessions:
            view.stop()

    def _why_no_stop_all(self) -> str:
        return "" if any(view.controller.state.is_live for view in self.sessions) else "nothing is open"

    def _why_no_answers(self) -> str:
        form = self.current.controller.state.form
        return (
            "" if (form.role, form.transport) == ("client", "udp") else "only a client of UDP lists answers"
        )

    def _why_no_certificates(self) -> str:
        return "" if self.current.controller.state.form.has_tls else "UDP has no TLS"

    def _why_no_start_tls(self) -> str:
        state = self.current.controller.state
        return "TLS was asked for from the first byte on" if state.form.tls.is_on else state.why_not_start_tls

    def _why_no_start(self) -> str:
        return "this session is open already" if self.current.controller.state.is_live else ""

    def _why_no_stop(self) -> str:
        return "" if self.current.controller.state.is_live else "nothing is open"

    def _why_no_send(self) -> str:
        return self.current.controller.state.why_not_send

    def _why_no_finish(self) -> str:
        state = self.current.controller.state
        return "" if state.can_finish else (state.why_not_send or "UDP has no end that could be sent")

    def _why_no_abort(self) -> str:
        return "" if self.current.controller.state.can_abort else "there is no connection to reset"


def _transport_of(target: str) -> str:
    """The transport that a target asks for by itself; "tcp" where it says nothing."""
    try:
        parsed = parse_target(target)
        asked = find_service(parsed.host).transport if parsed.is_lab else parsed.scheme
        # The form knows streams and datagrams; a Unix socket is a stream.
        return "udp" if asked == "udp" else "tcp"
    except LocalMisuse:
        return "tcp"
