"""One session: target bar, result, connections, and the editor for what is sent. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.payload import parse_payload
from workbench.formats.quantity import octets
from workbench.formats.target import Target, parse_target
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.panels.bench import Bench, Talk
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.models import PeersModel
from workbench.panels.sockets.parts.pieces import peers_table, tip_with_reason, tool_button
from workbench.panels.sockets.parts.routebox import RouteBox
from workbench.panels.sockets.state import SessionState
from workbench.ui import theme
from workbench.ui.byteedit import ByteEdit
from workbench.ui.empty import EmptyState
from workbench.ui.notice import Notice
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import Verdict, VerdictLine
from workbench.wire.explain import explain

KINDS = (
    ("client tcp", "TCP client"),
    ("listener tcp", "TCP listener"),
    ("client udp", "UDP client"),
    ("listener udp", "UDP listener"),
)
RULES = (
    ("none", "Answer by hand"),
    ("echo", "Send it back (echo)"),
    ("text", "Answer with this text"),
)
EMPTY = {
    "client": (
        "Connect to a server: the connection, its two halves and its end will stand here.",
        "Talk to lab:echo",
    ),
    "listener": ("Listen: everybody who connects will stand here.", "Listen on a free port"),
}
FREE_PORT = "127.0.0.1:0"


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
        self._title = ""
        self.bar = TargetBar("Connect", parse=self._parse, parent=self)
        self.bar.set_kinds(KINDS)
        self.route = RouteBox()
        self.bar.add_option(self.route)
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.model = PeersModel()
        self.table = peers_table(self.model)
        self.empty = EmptyState(*EMPTY["client"], icon="sockets")
        self.bytes = ByteEdit("Bytes to send")
        # What nearly every line protocol wants (RFC 5234's CRLF); the choice stands below the editor.
        self.bytes.ending.setCurrentIndex(self.bytes.ending.findData("crlf"))
        self.to = QLabel()
        self.send_button = tool_button("Send", "primary", "send", "Send these bytes (Ctrl+Enter)")
        self.finish_button = tool_button(
            "Finish", "", "finish", "Finish our half (FIN): we send no more, the peer still can (Ctrl+D)"
        )
        self.abort_button = tool_button(
            "Reset",
            "danger",
            "abort",
            "Reset the connection (RST): what is on its way is lost (Ctrl+Shift+D)",
        )
        self.rule = QComboBox()
        self.rule_text = QLineEdit()
        self.rule_label = QLabel("Answers")
        self._fill_rule()
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(controller, self._on_state_changed)
        self._render(controller.state)

    # ---- building

    def _fill_rule(self) -> None:
        for rule, title in RULES:
            self.rule.addItem(title, rule)
        self.rule.setAccessibleName("Rule for answers")
        self.rule.setToolTip("What a listener does with what arrives; it may be changed while it listens")
        self.rule_text.setAccessibleName("Text of the answer")
        self.rule_text.setPlaceholderText("answer, with escapes: 220 hello\\r\\n")
        self.rule_label.setBuddy(self.rule)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        self.left = QWidget()
        theme.qualify(self.left, pane=True)
        self._pages = QStackedLayout(self.left)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        rule_row = QHBoxLayout()
        rule_row.setSpacing(gap)
        rule_row.addWidget(self.rule_label)
        rule_row.addWidget(self.rule)
        rule_row.addWidget(self.rule_text, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap)
        buttons.addWidget(self.to, 1)
        for button in (self.abort_button, self.finish_button, self.send_button):
            buttons.addWidget(button)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(rule_row)
        column.addWidget(self.bytes, 1)
        column.addLayout(buttons)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(600), theme.metric(600)])
        layout = QVBoxLayout(self)
        margin = theme.metric(12)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        layout.addWidget(self.bar)
        layout.addWidget(self.verdict)
        layout.addWidget(self.notice)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self._on_cancelled)
        self.bar.edited.connect(self._on_bar_edited)
        self.route.currentIndexChanged.connect(self._on_bar_edited)
        self.empty.asked.connect(self._on_offer_taken)
        self.send_button.clicked.connect(self._on_send_clicked)
        self.finish_button.clicked.connect(self._on_finish_clicked)
        self.abort_button.clicked.connect(self._on_abort_clicked)
        self.bytes.submitted.connect(self._on_send_clicked)
        self.bytes.value_changed.connect(self._on_bytes_changed)
        self.rule.currentIndexChanged.connect(self._on_rule_changed)
        self.rule_text.textChanged.connect(self._on_rule_changed)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self.notice.event_asked.connect(self._on_event_asked)
        self.notice.dismissed.connect(self._on_notice_dismissed)

    # ---- for the panel

    @property
    def title(self) -> str:
        """What the session's tab says."""
        return self._title

    def talk(self) -> Talk:
        """The session's conversation."""
        return Talk(
            self.controller.transcript, explain, self._title, (("Python", self.controller.copy_as_python),)
        )

    def set_lab_names(self, names: tuple[LabName, ...]) -> None:
        """Offer the Lab's services in the target's list."""
        self.bar.set_lab_names(names)

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        form = self.controller.state.form
        return {
            "bar": self.bar.draft(),
            "bytes": self.bytes.draft(),
            "form": {"reply": form.reply, "reply_text": form.reply_text, "route": form.route},
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session."""
        form = draft.get("form")
        if isinstance(form, dict):
            self.rule.setCurrentIndex(max(0, self.rule.findData(str(form.get("reply")))))
            self.rule_text.setText(str(form.get("reply_text", "")))
            self.route.choose(str(form.get("route")))
        if isinstance(bar := draft.get("bar"), dict):
            self.bar.restore(bar)
        if isinstance(typed := draft.get("bytes"), dict):
            # All of it is text; whatever else stands there was not written by us.
            self.bytes.restore({key: value for key, value in typed.items() if isinstance(value, str)})
        self._on_bar_edited()

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

    def retire(self) -> None:
        """Cut the observer; the panel's scope ends the jobs."""
        self._uncut()

    # ---- a person did something

    def _parse(self, text: str) -> Target:
        return parse_target(text, listening=self.bar.kind().startswith("listener"))

    def _on_bar_edited(self) -> None:
        role, _, transport = self.bar.kind().partition(" ")
        self.controller.compose(
            role=role or "client",
            transport=transport or "tcp",
            target=self.bar.text(),
            route=self.route.route(),
        )
        self.draft_changed.emit()

    def _on_submitted(self, _target: str) -> None:
        if self._job is not None and self._job.is_running:
            return
        self._on_bar_edited()
        form = self.controller.state.form
        verb = "Listening on" if form.role == "listener" else "Talking to"
        title = f"{verb} {form.target} ({form.transport.upper()})"
        self._job = self._scope.launch(self.controller.open(), name="open", title=title)
        self.bytes.setFocus(Qt.FocusReason.OtherFocusReason)
        self.draft_changed.emit()

    def _on_cancelled(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_offer_taken(self) -> None:
        if self.controller.state.form.role == "listener":
            self.bar.set_text(FREE_PORT)
        else:
            self.bar.set_text("lab:echo" if self.controller.state.form.transport == "tcp" else "lab:udp-echo")
        self.bar.submit()

    def _on_send_clicked(self) -> None:
        if not self.controller.state.can_send:
            return
        try:
            data = self.bytes.value()
        except LocalMisuse:
            self.bytes.go_to_mistake()
            return
        self.bytes.remember()
        self._scope.launch(self.controller.send(data), name="send", title=f"Sending {octets(len(data))}")

    def _on_finish_clicked(self) -> None:
        self._scope.launch(self.controller.finish(), name="finish", title="Finishing our half")

    def _on_abort_clicked(self) -> None:
        try:
            self.controller.abort()
        except WorkbenchError as failure:
            self.controller.complain(failure)

    def _on_bytes_changed(self) -> None:
        self._render_buttons(self.controller.state)
        self.draft_changed.emit()

    def _on_rule_changed(self) -> None:
        rule = str(self.rule.currentData())
        try:
            if rule == "text":
                parse_payload(self.rule_text.text(), line_ending="crlf")
            theme.qualify(self.rule_text, wrong=False)
            self.rule_text.setToolTip("Sent for every piece that arrives; escapes as in the editor")
        except LocalMisuse as mistake:
            # The rule in force stays until the text is right again.
            theme.qualify(self.rule_text, wrong=True)
            self.rule_text.setToolTip(f"{mistake}\n{mistake.caret()}")
            return
        self.controller.compose(reply=rule, reply_text=self.rule_text.text())
        self.draft_changed.emit()

    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        peer = self.model.peer(current.row())
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
        self.bar.kind_box.setEnabled(not state.is_live)
        self.bar.target_box.setEnabled(not state.is_live)
        self.route.setEnabled(not state.is_live)
        self.route.setVisible(state.form.has_route)
        self._render_verdict(state)
        self.notice.show_failure(state.problem)
        self.model.show_peers(state.peers)
        self._pages.setCurrentWidget(self.table if state.peers else self.empty)
        sentence, offer = EMPTY[state.form.role]
        if listener and state.phase == "open":
            sentence, offer = f"Nobody has come to {state.address} yet.", ""
        elif state.is_live:
            offer = ""
        self.empty.set(sentence, offer, "listen" if listener else "sockets")
        row = self.model.row_of(state.selected)
        if row >= 0 and self.table.currentIndex().row() != row:
            self.table.selectRow(row)
        for widget in (self.rule_label, self.rule):
            widget.setVisible(listener)
        self.rule_text.setVisible(listener and state.form.reply == "text")
        self._render_buttons(state)
        self._render_title(state)

    def _render_verdict(self, state: SessionState) -> None:
        chips: list[str] = []
        if state.peers:
            sent = sum(peer.sent for peer in state.peers)
            received = sum(peer.received for peer in state.peers)
            chips = [f"→ {octets(sent)}", f"← {octets(received)}"]
            if state.form.role == "listener":
                live = sum(peer.is_open for peer in state.peers)
                chips.insert(0, f"{live} of {len(state.peers)} open")
        if state.phase == "idle":
            self.verdict.set("none", "", "Nothing was opened yet.")
        elif state.phase == "opening":
            doing = {"resolve": "looking up the name", "connect": "connecting"}.get(state.stage, "opening")
            self.verdict.set("running", doing, state.form.target)
        else:
            verdict = state.verdict
            self.verdict.show_verdict(Verdict(verdict.kind, verdict.word, verdict.sentence, tuple(chips)))  # type: ignore[arg-type]  # the state knows no Qt

    def _render_buttons(self, state: SessionState) -> None:
        wrong = "the text has a mistake" if self.bytes.mistake is not None else ""
        self.send_button.setEnabled(state.can_send and not wrong)
        self.send_button.setToolTip(
            tip_with_reason("Send these bytes (Ctrl+Enter)", wrong or state.why_not_send)
        )
        self.finish_button.setEnabled(state.can_finish)
        self.abort_button.setEnabled(state.can_abort)
        udp = state.form.transport == "udp"
        self.finish_button.setVisible(not udp)
        self.abort_button.setVisible(not udp)
        peer = state.peer
        several = state.form.role == "listener" and peer is not None
        self.to.setText(f"to {peer.address}" if several and peer is not None else "")
        theme.qualify(self.to, role="muted")
        self._bench.registry.refresh("sockets")

    def _render_title(self, state: SessionState) -> None:
        form = state.form
        title = form.target or "New session"
        if form.role == "listener" and form.target:
            title = f"on {state.address or form.target}"
        if form.transport == "udp" and form.target:
            title = f"{title} (UDP)"
        if title != self._title:
            self._title = title
            self.renamed.emit()
