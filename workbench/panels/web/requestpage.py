"""The page of requests: what is composed at the left, what came back at the right. Decides nothing."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from workbench.bridge.ask import ask_save_file
from workbench.formats.quantity import octets
from workbench.jobs.job import Job
from workbench.jobs.verdict import NO_VERDICT
from workbench.lab.catalogue import find_service
from workbench.panels.bench import Bench, Document, Talk
from workbench.panels.drafts import line_of
from workbench.panels.routebox import RouteBox
from workbench.panels.web.actions import CONTEXT, actions_of
from workbench.panels.web.controller import WebController
from workbench.panels.web.opening import dns_target, name_in, name_of, socket_target
from workbench.panels.web.pages import WebFrame
from workbench.panels.web.parts.answer import AnswerView
from workbench.panels.web.parts.badges import chips_of
from workbench.panels.web.parts.composer import Composer
from workbench.panels.web.parts.downloadbar import DownloadBar
from workbench.panels.web.routes import ROUTES
from workbench.panels.web.state import METHODS, Preview, WebState
from workbench.protocols.http.explain import explain
from workbench.protocols.http.url import read_url
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.notice import Notice
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import VerdictLine

LAB = "lab:http/page"
HINT = "lab:http/page, http://host/path, host:port"
STAGES = {
    "resolve": "looking up the name",
    "connect": "connecting",
    "tls": "shaking hands (TLS)",
    "request": "sending",
    "head": "waiting for the answer",
    "body": "receiving",
    "wait": "waiting for the next attempt",
}


class RequestPage(QWidget):
    """One request at a time."""

    draft_changed = Signal()

    def __init__(self, bench: Bench, frame: WebFrame) -> None:
        super().__init__()
        self._bench = bench
        self._frame = frame
        self._scope = bench.new_scope("web")
        self._job: Job | None = None
        self._shown_transcript: object = None
        self._rest: WebState | None = None
        self._is_restoring = False
        self.controller = WebController(bench.new_transcript, bench.lab, relay=bench.lab.relay)
        self.method = QComboBox()
        self.bar = TargetBar("Send", parse=self._parse, hint=HINT, parent=self)
        self.tls = QCheckBox("TLS")
        self.route = RouteBox(ROUTES)
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.composer = Composer()
        self.answer = AnswerView()
        self.download_bar = DownloadBar()
        self._fill_bar()
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(self.controller, self._on_state_changed)
        self._render(self.controller.state)

    # ---- building

    def _fill_bar(self) -> None:
        self.bar.set_lab_names(
            tuple(LabName(f"lab:{name}", find_service(name).title) for name in ("http", "https"))
        )
        self.method.setEditable(True)
        self.method.addItems(METHODS)
        self.method.setAccessibleName("Method")
        self.method.setToolTip("The method: one of these, or any other word")
        self.method.setFixedWidth(theme.metric(110))
        self.tls.setToolTip(
            "TLS before the request, where the address does not say so (https:// and lab:https do)"
        )
        for option in (self.tls, self.route):
            self.bar.add_option(option)
        self.bar.hold(self.method)

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        top = QHBoxLayout()
        top.setSpacing(gap)
        top.addWidget(self.method, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.bar, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.composer)
        self.splitter.addWidget(self.answer)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([theme.metric(480), theme.metric(750)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, gap, margin, gap)
        layout.setSpacing(gap)
        layout.addLayout(top)
        layout.addWidget(self.verdict)
        layout.addWidget(self.download_bar)
        layout.addWidget(self.notice)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.edited.connect(self._on_form_edited)
        self.bar.lead_to(*self.answer.places)
        self.method.editTextChanged.connect(self._on_form_edited)
        self.tls.toggled.connect(self._on_form_edited)
        self.route.currentIndexChanged.connect(self._on_form_edited)
        self.composer.edited.connect(self._on_form_edited)
        self.composer.password_edited.connect(self._on_secrets_edited)
        self.composer.raw_edited.connect(self._on_secrets_edited)
        self.answer.empty.asked.connect(self._on_offer_taken)
        self.answer.unpack.chosen.connect(self._on_look_chosen)
        self.download_bar.hold.clicked.connect(self.hold)
        self.download_bar.go_on.clicked.connect(self.go_on)
        self.answer.save.clicked.connect(self.save_body)
        self.answer.inspect.clicked.connect(self.inspect)
        self.answer.certificates.clicked.connect(self.open_in_certificates)
        self.answer.sockets.clicked.connect(self.open_in_sockets)
        self.answer.dns.clicked.connect(self.open_in_dns)
        self.answer.hops_table.selectionModel().currentRowChanged.connect(self._on_hop_chosen)
        self.notice.event_asked.connect(self._bench.show_event)
        self.notice.dismissed.connect(self.controller.dismiss)

    # ---- what the frame asks

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do here."""
        return actions_of(self)

    def draft(self) -> dict[str, object]:
        """Address and what is composed; never the password."""
        form = self.controller.state.form
        return {
            "bar": self.bar.draft(),
            "method": form.method,
            "route": form.route,
            "tls": form.tls,
            **self.composer.draft(form),
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take over the choices of an earlier run; nothing is sent."""
        self._is_restoring = True
        try:
            if isinstance(bar := draft.get("bar"), dict):
                self.bar.restore(bar)
            if isinstance(method := draft.get("method"), str):
                self.method.setEditText(line_of(method))
            self.composer.restore(draft)
            self.tls.setChecked(draft.get("tls") is True)
            self.route.choose(draft.get("route"))
        finally:
            self._is_restoring = False
        self._on_form_edited()

    def focus_start(self) -> None:
        """Put the focus into the address."""
        self.bar.focus_target()

    def open_target(self, target: str, how: str = "") -> None:
        """Show an address as if it had been typed."""
        if not self.controller.state.is_running:
            self.bar.set_text(target)
            self._on_form_edited()

    def current_talk(self) -> Talk | None:
        """The request's conversation."""
        controller = self.controller
        copies = (("Python", controller.copy_as_python), ("curl", controller.copy_as_curl))
        return Talk(controller.transcript, explain, controller.state.form.url, copies)

    async def retire(self) -> None:
        """End what goes on."""
        await self._scope.retire()
        self._uncut()
        self.controller.transcript.close()

    # ---- what a person can do; the actions call these too

    def start(self) -> None:
        """Send, as Enter in the address does."""
        self.bar.submit()

    def stop(self) -> None:
        """Stop what goes on."""
        for job in reversed(self._scope.jobs):
            job.cancel()

    def download(self) -> None:
        """Ask for a file, send, and put the body there."""
        self._scope.launch(self._ask_and_download(), name="ask", title="Choosing a file")

    def hold(self) -> None:
        """Hold a download up, or let it go on."""
        saver = self.controller.saver
        saver.release() if self.controller.state.is_paused else saver.hold()

    def go_on(self) -> None:
        """Ask for the rest of a download that broke off."""
        if not self.controller.state.why_not_go_on:
            self._launch(self.controller.state.file, resume=True)

    def save_body(self) -> None:
        """Ask for a file and save the body that is shown."""
        self._scope.launch(self._ask_and_save(), name="save", title="Saving the body")

    def inspect(self) -> None:
        """Hand the body to the Inspector."""
        exchange = self.controller.state.exchange
        if exchange is not None and not self.controller.state.why_not_body:
            kind = exchange.head.first("content-type") or ""
            url = exchange.last.url.text
            self._frame.inspect(Document(name_of(exchange), kind, exchange.body.data, url))

    def open_in_certificates(self) -> None:
        """Look at the certificates of the server that answered."""
        if (hop := self.controller.state.hop) is not None:
            self._bench.open("certificates", socket_target(hop), "")

    def open_in_sockets(self) -> None:
        """Talk to the same server by hand."""
        if (hop := self.controller.state.hop) is not None:
            self._bench.open("sockets", socket_target(hop), "")

    def open_in_dns(self) -> None:
        """Ask for the server's name."""
        if (hop := self.controller.state.hop) is not None:
            self._bench.open("dns", dns_target(hop), "")

    def show_text(self) -> None:
        """Show the body as text."""
        self.answer.parts.focus_page(0)

    def show_fields(self) -> None:
        """Show the answer's fields."""
        self.answer.parts.focus_page(1)

    def show_hops(self) -> None:
        """Show the hops."""
        self.answer.parts.focus_page(2)

    def show_octets(self) -> None:
        """Show the body as hex."""
        self.answer.parts.focus_page(3)

    def show_attempts(self) -> None:
        """Show the attempts of a download."""
        self.answer.parts.focus_page(5)

    async def _ask_and_download(self) -> None:
        path = await ask_save_file(self, "Where shall the body go?", suggested=name_in(self.bar.text()))
        if path is not None:
            # Of the same address, and where the policy is to go on, a part that an earlier run left is gone on with.
            self._launch(str(path), resume=self.controller.state.form.policy == "resume")

    async def _ask_and_save(self) -> None:
        path = await ask_save_file(self, "Save the body", suggested=self._suggested())
        if path is not None:
            await self.controller.save(str(path))

    def _suggested(self) -> str:
        exchange = self.controller.state.exchange
        return name_of(exchange) if exchange is not None else "body"

    def lines_text(self, row: int) -> str:
        """A line of the body as it is shown."""
        return str(self.answer.lines.index(row, 0).data() or "")

    # ---- a person did something

    @staticmethod
    def _parse(text: str) -> object:
        return read_url(text)

    def _on_form_edited(self) -> None:
        if self._is_restoring:
            return
        composer = self.composer
        self.controller.raw = composer.raw.value() if composer.raw.mistake is None else b""
        self.controller.compose(
            url=self.bar.text(),
            method=self.method.currentText(),
            route=self.route.route(),
            tls=self.tls.isChecked(),
            **composer.form(),
        )
        self.draft_changed.emit()

    def _on_secrets_edited(self) -> None:
        if self._is_restoring:
            return
        composer = self.composer
        self.controller.password = composer.password.text()
        self.controller.raw = composer.raw.value() if composer.raw.mistake is None else b""
        self.controller.renew_preview()
        self.draft_changed.emit()

    def _on_submitted(self, _url: str) -> None:
        self._on_form_edited()
        self._launch("")
        self.draft_changed.emit()

    def _on_look_chosen(self) -> None:
        steps, encoding = self.answer.unpack.choice()
        self._scope.launch(self.controller.look(steps, encoding), name="look", title="Looking into the body")

    def _launch(self, file: str, *, resume: bool = False) -> None:
        if self._job is not None and self._job.is_running:
            return
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        form = self.controller.state.form
        self._job = self._scope.launch(
            self.controller.send(file, resume=resume), name="send", title=f"{form.method} {form.url}"
        )
        self._show_talk()

    def _on_offer_taken(self) -> None:
        self.method.setEditText("GET")
        self.bar.set_text(LAB)
        self.bar.submit()

    def _on_hop_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.controller.show_hop(current.row() if current.isValid() else None)

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _show_talk(self) -> None:
        self._shown_transcript = self.controller.transcript
        self._frame.show_talk(self, self.current_talk())

    def _render(self, state: WebState) -> None:
        self._render_verdict(state)
        self.composer.show_state(state)
        # Progress comes thirty times a second; everything else stays as it is meanwhile.
        self.download_bar.show_state(state)
        rest = replace(
            state, received=0, total=None, speed=None, left_ns=None, verdict=NO_VERDICT, preview=Preview()
        )
        if rest == self._rest:
            return
        self._rest = rest
        self.bar.set_busy(state.is_running)
        self.notice.show_failure(state.problem)
        self.answer.show_state(state)
        self._bench.registry.refresh(CONTEXT)
        if self._shown_transcript is not None and self._shown_transcript is not self.controller.transcript:
            self._show_talk()

    def _render_verdict(self, state: WebState) -> None:
        if state.phase == "idle":
            self.verdict.set("none", "", "Nothing was sent yet.")
            return
        if state.is_paused:
            self.verdict.set("info", "held up", f"{octets(state.received)} are there; the server waits")
            return
        if state.is_running:
            of = f" of {octets(state.total)}" if state.total is not None else ""
            came = f"{octets(state.received)}{of}" if state.received else state.verdict.sentence
            self.verdict.set("running", STAGES.get(state.stage, state.verdict.word), came)
            return
        self.verdict.show_verdict(state.verdict._replace(chips=chips_of(state)))
