"""One session: target bar, result, options, connections, and the editor for what is sent. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.quantity import octets
from workbench.formats.target import Target, parse_target
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.panels.bench import Bench, Talk
from workbench.panels.routebox import RouteBox
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.copying import copies
from workbench.panels.sockets.deeds import Deeds
from workbench.panels.sockets.explaining import explain
from workbench.panels.sockets.models import PeersModel
from workbench.panels.sockets.parts import sessiondraft
from workbench.panels.sockets.parts.answers import Answers
from workbench.panels.sockets.parts.bindbar import BindBar
from workbench.panels.sockets.parts.connections import Connections
from workbench.panels.sockets.parts.consent import consent
from workbench.panels.sockets.parts.decoded import Decoded
from workbench.panels.sockets.parts.editor import Editor
from workbench.panels.sockets.parts.faultlist import show_faults
from workbench.panels.sockets.parts.kindwords import FREE_PORT, HINTS, KINDS, title_of
from workbench.panels.sockets.parts.latepart import LatePart
from workbench.panels.sockets.parts.optionsheet import OptionSheet
from workbench.panels.sockets.parts.reads import Reads
from workbench.panels.sockets.parts.sessionverdict import SessionVerdict
from workbench.panels.sockets.parts.socketcard import SocketCard
from workbench.panels.sockets.parts.tlspart import TlsPart
from workbench.panels.sockets.routes import ROUTES
from workbench.panels.sockets.state import SessionState
from workbench.protocols.raw.field import FieldError
from workbench.ui import icons, theme
from workbench.ui.notice import Notice
from workbench.ui.targetbar import LabName, TargetBar


class SessionView(QWidget):
    """The view of one SessionController.

    Signals:
        renamed: the session's title, for its tab, is another one.
        draft_changed: something that survives a restart was edited.
    """

    renamed = Signal()
    draft_changed = Signal()

    def __init__(self, bench: Bench, scope: Scope, controller: SessionController) -> None:
        super().__init__()
        self.controller = controller
        self._bench = bench
        self._scope = scope
        self._job: Job | None = None
        self._mistake: FieldError | None = None
        self._title = ""
        self.bar = TargetBar("Connect", parse=self._parse, parent=self)
        self.bar.set_kinds(KINDS)
        self.tls = QCheckBox("TLS")
        self.tls.setToolTip("Under TLS from the first byte on; how, say the options behind ...")
        self.route = RouteBox(ROUTES)
        self.more = QToolButton()
        self.more.setCheckable(True)
        icons.dress(self.more, "more")
        self.more.setAccessibleName("Options of the connection")
        self.more.setToolTip("TLS, proxy, local address, socket options (Ctrl+Shift+O)")
        for option in (self.tls, self.route):
            self.bar.add_option(option)
        self.bar.add_option(self.more, held=False)
        self.deeds = Deeds(controller)
        self.binding = BindBar(scope, self.deeds)
        self.verdict = SessionVerdict(self.deeds, self)
        self.notice = Notice(self)
        self.model = PeersModel()
        self._sheet: OptionSheet | None = None
        self.socket = SocketCard(controller)
        self.certificates = TlsPart()
        self._reads = LatePart(lambda: Reads(controller.transcript, bench.feed))
        self._answers = LatePart(lambda: Answers(scope))
        self._decoded = LatePart(lambda: Decoded(controller, scope, bench.feed))
        self.left = Connections(
            self.model, self._reads, self._answers, self.certificates, self.socket, self._decoded
        )
        self.table, self.empty = self.left.table, self.left.empty
        self.editor = Editor(scope, self.deeds)
        self.bytes, self.rule, self.rule_text = self.editor.bytes, self.editor.rule, self.editor.rule_text
        self.send_button, self.tls_button = self.editor.send_button, self.editor.tls_button
        self.finish_button, self.abort_button = self.editor.finish_button, self.editor.abort_button
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(controller, self._on_state_changed)
        self._render(controller.state)

    # ---- building

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(self.editor)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(600), theme.metric(600)])
        self.pages = QStackedWidget()
        self.pages.addWidget(self.splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        layout.addWidget(self.bar)
        layout.addWidget(self.binding)
        layout.addWidget(self.verdict)
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self._on_cancelled)
        self.bar.edited.connect(self._on_bar_edited)
        self.binding.chosen.connect(self.bar.set_text)
        self.route.currentIndexChanged.connect(self._on_bar_edited)
        self.tls.toggled.connect(self._on_bar_edited)
        self.more.toggled.connect(self._on_more_toggled)
        self.tls_button.clicked.connect(self._on_start_tls_clicked)
        self.certificates.start_asked.connect(self._on_start_tls_clicked)
        self.empty.asked.connect(self._on_offer_taken)
        self.send_button.clicked.connect(self._on_send_clicked)
        self.editor.once_button.clicked.connect(self._on_once_clicked)
        self.editor.server.edited.connect(self._on_bar_edited)
        self.editor.server.stop_asked.connect(self._on_stop_listening)
        self.editor.server.thrown.connect(self.deeds.inject)
        self.editor.server.reading_asked.connect(self._on_reading_asked)
        self.editor.ask.edited.connect(self._on_bar_edited)
        self.finish_button.clicked.connect(self._on_finish_clicked)
        self.abort_button.clicked.connect(self._on_abort_clicked)
        self.bytes.submitted.connect(self._on_send_clicked)
        self.bytes.value_changed.connect(self._on_bytes_changed)
        self.rule.currentIndexChanged.connect(self._on_rule_changed)
        self.rule_text.textChanged.connect(self._on_rule_changed)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self.notice.event_asked.connect(self._on_event_asked)
        self.notice.dismissed.connect(self._on_notice_dismissed)

    @property
    def sheet(self) -> OptionSheet:
        """The sheet of options, made when it is first wanted: its many fields would delay every new session."""
        if self._sheet is None:
            self._sheet = OptionSheet(self._scope)
            form = self.controller.state.form
            self._sheet.show_forms(form.tls, form.way, form.limits)
            self._sheet.show_role(form.role, form.transport)
            self._sheet.edited.connect(self._on_bar_edited)
            self._sheet.password.edited.connect(self._on_password_edited)
            self.pages.addWidget(self._sheet)
            self._sheet.order_focus_after(self.bar.button)
        return self._sheet

    # ---- for the panel

    @property
    def title(self) -> str:
        """What the session's tab says."""
        return self._title

    def talk(self) -> Talk:
        """The session's conversation."""
        return Talk(self.controller.transcript, explain, self._title, copies(self.controller.copy_as))

    def set_lab_names(self, names: tuple[LabName, ...]) -> None:
        """Offer the Lab's services in the target's list."""
        self.bar.set_lab_names(names)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        return sessiondraft.draft_of(self)

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session."""
        sessiondraft.restore(self, draft)
        self._on_bar_edited()

    def show_forms(self) -> None:
        """Have the sheet of options, if it was made, show the forms."""
        if self._sheet is not None:
            form = self.controller.state.form
            self._sheet.show_forms(form.tls, form.way, form.limits)

    def open_target(self, target: str, kind: str) -> None:
        """Show a target as if it had been typed; kind is one of KINDS."""
        self.bar.set_kind(kind)
        self.bar.set_text(target)
        self._on_bar_edited()

    def start(self) -> None:
        """Connect or listen, as Enter in the target field does."""
        self.bar.submit()

    def stop(self) -> None:
        """Close the session's connection or listener."""
        self._on_cancelled()

    def toggle_options(self) -> None:
        """Open the sheet of options, or close it."""
        self.more.setChecked(not self.more.isChecked())

    def show_part(self, number: int) -> None:
        """Show a part by its number in parts.connections, and put the focus there."""
        self.more.setChecked(False)
        self.left.show_part(number)

    def retire(self) -> None:
        """Cut the observer; the panel's scope ends the jobs."""
        self._uncut()
        self.socket.timer.stop()
        for part in (self._reads, self._decoded):
            part.retire()
        self.verdict.retire()

    # ---- a person did something

    def _parse(self, text: str) -> Target:
        return parse_target(text, listening=self.bar.kind().startswith("listener"))

    def _on_bar_edited(self) -> None:
        role, _, transport = self.bar.kind().partition(" ")
        form = self.controller.state.form
        tls, way, limits = form.tls, form.way, form.limits
        if self._sheet is not None:
            tls, way = self._sheet.tls_form(is_on=True), self._sheet.way_form()
            limits = self._sheet.limits_form()
        self.controller.compose(
            role=role or "client",
            transport=transport or "tcp",
            target=self.bar.text(),
            route=self.route.route(),
            tls=tls._replace(is_on=self.tls.isChecked()),
            way=way,
            limits=limits,
            one_at_a_time=self.editor.server.one.isChecked(),
            udp=self.editor.ask.form(),
        )
        self.draft_changed.emit()

    def _on_password_edited(self) -> None:
        self.controller.password = self.sheet.password.text()

    def _on_more_toggled(self, is_open: bool) -> None:
        self.pages.setCurrentWidget(self.sheet if is_open else self.splitter)
        if is_open:
            self.sheet.focus_first()

    def _on_start_tls_clicked(self) -> None:
        first = b""
        if self.controller.state.form.role == "listener":
            try:
                first = self.bytes.value()
            except LocalMisuse:
                self.bytes.go_to_mistake()
                return
        self._scope.launch(self.controller.start_tls(first), name="start TLS", title="Starting TLS")

    def _on_submitted(self, _target: str) -> None:
        if self._job is not None and self._job.is_running:
            return
        self._on_bar_edited()
        form = self.controller.state.form
        verb = "Listening on" if form.role == "listener" else "Talking to"
        title = f"{verb} {form.target} ({form.transport.upper()})"
        self._job = self._scope.launch(self._open(), name="open", title=title)
        self.more.setChecked(False)
        self.bytes.setFocus(Qt.FocusReason.OtherFocusReason)
        self.draft_changed.emit()

    async def _open(self) -> None:
        if (leaving := await consent(self, self.deeds)) is not None:
            await self.controller.open(leaving=leaving)

    def _on_cancelled(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_offer_taken(self) -> None:
        if self.controller.state.form.role == "listener":
            self.bar.set_text(FREE_PORT)
        else:
            self.bar.set_text("lab:echo" if self.controller.state.form.transport == "tcp" else "lab:udp-echo")
        self.bar.submit()

    def _payload(self) -> bytes | None:
        """What is to be sent; None, and the mistake shown, where it can't be."""
        if not self.controller.state.can_send:
            return None
        try:
            data = self.bytes.value()
        except LocalMisuse:
            self.bytes.go_to_mistake()
            return None
        self.bytes.remember()
        return data

    def _on_send_clicked(self) -> None:
        if (data := self._payload()) is not None:
            self._scope.launch(self.controller.send(data), name="send", title=f"Sending {octets(len(data))}")

    def _on_once_clicked(self) -> None:
        if (data := self._payload()) is not None:
            self._scope.launch(self._send_once(data), name="send once", title=f"Offering {octets(len(data))}")

    async def _send_once(self, data: bytes) -> None:
        rest = await self.controller.send_once(data)
        if rest:
            self.editor.show_rest(rest)

    def _on_stop_listening(self) -> None:
        self._scope.launch(self.deeds.stop_listening(), name="stop", title="Stopping the listener")

    def _on_reading_asked(self) -> None:
        self._scope.launch(show_faults(self, self.controller.state.figures.faults), name="read exceptions")

    def _on_finish_clicked(self) -> None:
        self._scope.launch(self.controller.finish(), name="finish", title="Finishing our half")

    def _on_abort_clicked(self) -> None:
        try:
            self.controller.abort()
        except WorkbenchError as failure:
            self.controller.complain(failure)

    def _on_bytes_changed(self) -> None:
        self.editor.show_state(self.controller.state)
        self.draft_changed.emit()

    def _on_rule_changed(self) -> None:
        rule = self.editor.judged_rule()
        # While its text is wrong the rule in force stays.
        if rule is not None:
            self.controller.compose(reply=rule, reply_text=self.rule_text.text())
            self.draft_changed.emit()

    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        peer = self.model.at(current.row())
        if peer is not None and peer.channel != self.controller.state.selected:
            self.controller.select(peer.channel)

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _on_notice_dismissed(self) -> None:
        self.controller.dismiss()

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _render(self, state: SessionState) -> None:
        listener = state.form.role == "listener"
        self.bar.set_action(
            "Listen" if listener else ("Connect" if state.form.transport == "tcp" else "Open")
        )
        self.bar.set_busy(state.is_live, "Close" if state.phase == "open" else "Cancel")
        self.bar.field.setPlaceholderText(HINTS[state.form.role])
        self.route.setVisible(state.form.has_route)
        self.tls.setVisible(state.form.has_tls)
        if self._sheet is not None:
            self._sheet.show_role(state.form.role, state.form.transport)
        self._render_mistake(state)
        self.binding.show_state(state)
        self.verdict.show_state(state)
        self.notice.show_failure(state.problem)
        self.model.show_peers(state.peers, state.figures.waiting)
        self.left.show_state(state)
        self.editor.show_state(state)
        self._bench.registry.refresh("sockets")
        self._render_title(state)

    def _render_mistake(self, state: SessionState) -> None:
        """A mistake in the options is told once, at its field, with the sheet open."""
        if state.mistake is self._mistake:
            return
        self._mistake = state.mistake
        if state.mistake is not None:
            self.more.setChecked(True)
        if self._sheet is not None:
            self._sheet.show_mistake(state.mistake)

    def _render_title(self, state: SessionState) -> None:
        title = title_of(state)
        if title != self._title:
            self._title = title
            self.renamed.emit()
