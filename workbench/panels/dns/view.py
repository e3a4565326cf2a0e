"""The DNS panel: question, verdict, evidence, packet. Decides nothing."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.jobs.job import Job, is_at_work
from workbench.panels.bench import Bench, Talk
from workbench.panels.dns.controller import DnsController, checked_text
from workbench.panels.dns.models import EvidenceModel, RowsModel
from workbench.panels.dns.parts.offers import EMPTY, HINTS, KINDS, LAB, NOTHING, OFFERS
from workbench.panels.dns.parts.packet import PacketView
from workbench.panels.dns.parts.pieces import (
    OptionsButton,
    ServerBox,
    SystemNote,
    TypeBox,
    evidence_tree,
)
from workbench.panels.dns.routes import ROUTES
from workbench.panels.dns.state import DnsState
from workbench.panels.routebox import RouteBox
from workbench.protocols.dns.names import is_address, parse_server
from workbench.protocols.dns.system import system_servers
from workbench.ui import theme
from workbench.ui.actions import Action, ActionMaker
from workbench.ui.empty import EmptyState
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.notice import Notice
from workbench.ui.pieces import table_of
from workbench.ui.targetbar import TargetBar
from workbench.ui.verdict import VerdictLine

CONTEXT = "dns"
_action = ActionMaker(CONTEXT, "DNS")
STAGES = {"resolve": "finding the server", "tcp": "asking by TCP"}


class DnsPanel(QWidget):
    """Questions to name servers, one at a time."""

    draft_changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._scope = bench.new_scope(CONTEXT)
        self._job: Job | None = None
        self._shown_transcript: object = None
        self.controller = DnsController(bench.new_transcript, bench.lab.resolve, relay=bench.lab.relay)
        self.bar = TargetBar("Ask", parse=self._parse, hint=HINTS["query"], parent=self)
        self.bar.set_kinds(KINDS)
        self.bar.kind_box.setToolTip("Ask for records of a name, or check the names of an address")
        self.bar.target_box.setAccessibleName("Name or address")
        self.bar.target_box.setToolTip("What to ask about (Ctrl+L)")
        self.bar.field.setAccessibleName("Name or address")
        self.type = TypeBox()
        self.server = ServerBox(system_servers())
        self.server_mark = MistakeMark(self.server.field)
        self.route = RouteBox(ROUTES)
        self.options = OptionsButton()
        for widget in (self.type, self.server, self.route, self.options):
            self.bar.add_option(widget)
        self.asked_as = QLabel()
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.empty = EmptyState(*EMPTY["query"], icon="dns")
        self.rows = RowsModel()
        self.table = table_of(self.rows, "Records of the answer", (76, 200, 54, 64))
        self.evidence = EvidenceModel()
        self.tree = evidence_tree(self.evidence)
        self.system = SystemNote()
        self.packet = PacketView()
        self._evidence_shown: object = None
        self._lay_out()
        self._connect()
        bench.registry.add_all(self._actions(), self)
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._compose()
        self._render(self.controller.state)

    # ---- building

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        self.asked_as.setTextFormat(Qt.TextFormat.PlainText)
        self.asked_as.setWordWrap(True)
        self.asked_as.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.asked_as, role="muted")
        pane = QFrame()
        theme.qualify(pane, pane=True)
        self._pages = QStackedLayout(pane)
        self._pages.setContentsMargins(0, 0, 0, 0)
        for page in (self.empty, self.table, self.tree):
            self._pages.addWidget(page)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(pane, 1)
        column.addWidget(self.system)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.packet)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(600), theme.metric(600)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        for widget in (self.bar, self.asked_as, self.verdict, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self._on_cancelled)
        self.bar.edited.connect(self._on_edited)
        self.bar.lead_to(self.table, self.tree)
        self.type.editTextChanged.connect(self._on_edited)
        self.server.entered.connect(self.bar.submit)
        self.server.field.textChanged.connect(self._on_edited)
        self.route.currentIndexChanged.connect(self._on_edited)
        for action in self.options.actions_by_name.values():
            action.toggled.connect(self._on_edited)
        self.empty.asked.connect(self._on_offer_taken)
        self.notice.event_asked.connect(self._on_event_asked)
        self.notice.dismissed.connect(self._on_notice_dismissed)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self.tree.selectionModel().currentChanged.connect(self._on_evidence_chosen)
        self.packet.chosen.connect(self._on_packet_chosen)
        self.packet.record_chosen.connect(self._on_record_chosen)

    # ---- what the program asks

    def draft(self) -> dict[str, object]:
        """What survives a restart."""
        return {
            "bar": self.bar.draft(),
            "type": self.type.currentText(),
            "server": self.server.field.text(),
            "servers": list(self.server.history),
            "route": self.route.route(),
            "options": self.options.values(),
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; what is unknown in it is left out."""
        if isinstance(bar := draft.get("bar"), dict):
            self.bar.restore(bar)
        if isinstance(type_ := draft.get("type"), str):
            self.type.setEditText(type_)
        if isinstance(servers := draft.get("servers"), list):
            self.server.set_history(each for each in servers if isinstance(each, str))
        if isinstance(server := draft.get("server"), str):
            self.server.field.setText(server)
        self.route.choose(draft.get("route"))
        if isinstance(options := draft.get("options"), dict):
            for name, on in options.items():
                if name in self.options.actions_by_name and isinstance(on, bool):
                    self.options.turn(name, on)
        self._compose()

    def focus_start(self) -> None:
        """Put the focus into the name."""
        self.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target: its host is what is asked about; how: "server", then it is whom to ask."""
        host = target
        try:
            parsed = parse_target(target, default_port=53)
            if how == "server" or parsed.is_lab:
                self.server.field.setText(target)
                return
            host = parsed.host
        except LocalMisuse:
            # As it was typed: the field says what is wrong with it.
            host = target
        self.bar.set_kind("reverse" if is_address(host) else "query")
        self.bar.set_text(host)
        self._compose()

    def current_talk(self) -> Talk | None:
        """The conversation of all lookups of this panel."""
        copies = (("Python", self.controller.copy_as_python), ("dig", self.controller.copy_as_dig))
        return Talk(self.controller.transcript, _explain, "DNS", copies)

    async def retire(self) -> None:
        """End what goes on, cut the observer, give everything back."""
        self._bench.registry.forget(CONTEXT)
        await self._scope.retire()
        self._uncut()
        self.controller.transcript.close()

    # ---- a person did something

    def _parse(self, text: str) -> object:
        return checked_text(
            "reverse" if self.bar.kind() == "reverse" else "query", text, self.type.currentText()
        )

    def _compose(self) -> None:
        kind = "reverse" if self.bar.kind() == "reverse" else "query"
        self.bar.field.setPlaceholderText(HINTS[kind])
        self.controller.compose(
            kind=kind,
            text=self.bar.text(),
            type=self.type.currentText(),
            server=self.server.field.text(),
            route=self.route.route(),
            **self.options.values(),
        )

    def _on_edited(self) -> None:
        self._show_server_mistake(None)
        self._compose()
        self.draft_changed.emit()

    def _on_submitted(self, _text: str) -> None:
        if is_at_work(self._job, self.controller.state.is_live):
            return
        try:
            parse_server(self.server.field.text())
        except LocalMisuse as mistake:
            self._show_server_mistake(mistake)
            return
        self._compose()
        form = self.controller.state.form
        self.server.remember(form.server)
        what = f"Checking {form.text}" if form.kind == "reverse" else f"Asking for {form.text} {form.type}"
        self._job = self._scope.launch(self.controller.ask(), name="ask", title=f"{what} at {form.server}")
        self.draft_changed.emit()

    def _show_server_mistake(self, mistake: LocalMisuse | None) -> None:
        theme.qualify(self.server, wrong=mistake is not None)
        self.server_mark.hide()
        if mistake is None:
            if isinstance(self.controller.state.problem, LocalMisuse):
                self.controller.dismiss()
            return
        self.controller.complain(mistake)
        self.server.setFocus(Qt.FocusReason.OtherFocusReason)
        if mistake.start is not None and mistake.end is not None:
            self.server.field.setCursorPosition(mistake.start)
            self.server_mark.mark(mistake.start, mistake.end)

    def _on_cancelled(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(OFFERS[self.controller.state.form.kind])
        self.server.field.setText(LAB)
        self.bar.submit()

    def _on_event_asked(self, index: int) -> None:
        self._bench.show_event(index)

    def _on_notice_dismissed(self) -> None:
        self.controller.dismiss()

    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self.rows.at(current.row())
        if row is not None:
            self._look_at(self.controller.state.accepted)
            self.packet.show_record(row.record)

    def _on_record_chosen(self, record: int) -> None:
        state = self.controller.state
        at = self.rows.row_of(record) if state.shown == state.accepted else -1
        if at >= 0 and at != self.table.currentIndex().row():
            self.table.selectRow(at)

    def _on_evidence_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        while current.isValid():
            packet = self.evidence.value(current).packet
            if packet >= 0:
                self._look_at(packet)
                return
            current = self.evidence.parent(current)

    def _on_packet_chosen(self, packet: int) -> None:
        self._look_at(packet)

    def _look_at(self, packet: int) -> None:
        self.controller.look_at(packet)
        state = self.controller.state
        self.packet.show_packets(state.packets, state.shown)

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- actions

    def _actions(self) -> tuple[Action, ...]:
        return (
            _action("focus_target", "Go to the name", self.bar.focus_target, "Ctrl+L", "search"),
            _action("focus_server", "Go to the name server", self._focus_server, "Ctrl+Shift+L", "dns"),
            _action(
                "switch",
                "Switch between query and reverse",
                self._switch,
                "Ctrl+R",
                "reload",
                self._why_no_start,
            ),
            _action("start", "Ask the name server", self.bar.submit, "F5", "connect", self._why_no_start),
            _action("cancel", "Stop asking", self.bar.cancel, "Esc", "cancel", self._why_no_cancel),
        )

    def _focus_server(self) -> None:
        self.server.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.server.field.selectAll()

    def _switch(self) -> None:
        self.bar.set_kind("query" if self.bar.kind() == "reverse" else "reverse")
        self.bar.focus_target()

    def _why_no_start(self) -> str:
        return "a question is being asked already" if self.controller.state.is_live else ""

    def _why_no_cancel(self) -> str:
        return "" if self.controller.state.is_live else "nothing is being asked"

    # ---- showing

    def _render(self, state: DnsState) -> None:
        reverse = state.form.kind == "reverse"
        self.bar.set_action("Check" if reverse else "Ask")
        self.bar.set_busy(state.is_live)
        self.type.setVisible(not reverse)
        self.asked_as.setText(state.asked_as)
        self.asked_as.setVisible(bool(state.asked_as))
        self._render_verdict(state)
        self.notice.show_failure(state.problem)
        self._render_evidence(state)
        self.packet.show_packets(state.packets, state.shown)
        self.system.show_line(state.system)
        self._bench.registry.refresh(CONTEXT)
        if self._shown_transcript is not self.controller.transcript:
            self._shown_transcript = self.controller.transcript
            self._bench.show(CONTEXT, self.current_talk())

    def _render_verdict(self, state: DnsState) -> None:
        verdict = state.verdict
        if state.is_live:
            verdict = verdict._replace(word=STAGES.get(state.stage, verdict.word))
        self.verdict.show_verdict(verdict, "Nothing was asked yet.")

    def _render_evidence(self, state: DnsState) -> None:
        kind = state.form.kind
        sentence, offer = EMPTY[kind]
        if state.is_live or state.phase == "done":
            sentence, offer = ("Waiting for the answer." if state.is_live else NOTHING[kind]), ""
        self.empty.set(sentence, offer, "dns")
        self.rows.show_rows(state.rows)
        if state.evidence is not self._evidence_shown:
            self._evidence_shown = state.evidence
            self.evidence.show_values(state.evidence)
            self.tree.expandAll()
        page: QWidget = self.tree if state.evidence else self.table if state.rows else self.empty
        self._pages.setCurrentWidget(page)


def _explain(transcript, event):
    """DNS's explainer, once somebody has asked: before that nothing of it is loaded."""
    from workbench.protocols.dns.explain import explain

    return explain(transcript, event)
