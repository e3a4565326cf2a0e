"""The composer: bar, result, the fields at the left, the letter as it will be sent at the right. Decides nothing."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.charset import visible
from workbench.formats.quantity import octets
from workbench.formats.target import Target
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.jobs.verdict import ChipText
from workbench.lab.catalogue import SERVICES
from workbench.panels.bench import Bench
from workbench.panels.mail.composer import ComposerController
from workbench.panels.mail.entrance import read_target
from workbench.panels.mail.models import FilesModel, ResultsModel
from workbench.panels.mail.parts.access import AccessBar
from workbench.panels.mail.parts.drawing import LetterText
from workbench.panels.mail.state import ComposerState
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.hexview import HeldOctets, HexView
from workbench.ui.notice import Notice
from workbench.ui.pieces import Tabbed, allow, button, field, table_of
from workbench.ui.targetbar import LabName
from workbench.ui.verdict import VerdictLine

LAB = "lab:smtp"
HINT = "lab:smtp, smtps://host, host:587"
FIELDS = (
    ("sender", "From", "Anna Lind <anna@lab.test>", "Who writes; also the sender on the envelope"),
    ("to", "To", "ben@lab.test, ...", "Who is to get it; several with commas between"),
    ("cc", "Cc", "", "Who gets it besides"),
    ("bcc", "Bcc", "", "Who gets it and stands on the envelope alone: nobody sees them in the letter"),
    ("subject", "Subject", "", "What it is about, in any script"),
)
NO_RESULT = "Send the letter: what the server says to each recipient will stand here."
NO_FILE = "Attach a file: it will be listed here."
REST_MS = 300
"""The preview waits until the typing rests."""
MAX_SOURCE = 256 * 1024
STAGES = {
    "resolve": "looking up the name",
    "connect": "connecting",
    "greeting": "waiting for the greeting",
    "tls": "shaking hands (TLS)",
    "login": "logging in",
    "envelope": "telling the recipients",
    "letter": "sending the letter",
}
MAX_TYPED = 1_000_000


class ComposerPage(QWidget):
    """The view of the ComposerController.

    Signals:
        draft_changed: something that survives a restart was edited.
        attach_asked: files are to be chosen.
    """

    draft_changed = Signal()
    attach_asked = Signal()

    def __init__(self, bench: Bench, scope: Scope, controller: ComposerController) -> None:
        super().__init__()
        self.controller = controller
        self._bench = bench
        self._scope = scope
        self.job: Job | None = None
        names = {service.name: service.title for service in SERVICES}
        lab = [LabName(LAB, names["smtp"])] if "smtp" in names else []
        self.bar = AccessBar("Send", self._parse, HINT, lab, (), self)
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.fields: dict[str, QLineEdit] = {
            name: field(title, hint, tip) for name, title, hint, tip in FIELDS
        }
        self.text = _editor("Text", "The letter as text, for every reader")
        self.html = _editor("HTML", "The same as HTML, for readers that show it; empty for none")
        self.files = FilesModel()
        self.files_table = table_of(self.files, "Attachments", (220, 150))
        self.no_file = EmptyState(NO_FILE, icon="files")
        self.attach = button("Attach", "add", "Attach files (Ctrl+Shift+A)")
        self.detach = button("Remove", "remove", "Leave the chosen file here (Ctrl+Shift+D)")
        self.from_html = button("Text from HTML", "text", "Make the text from the HTML (Ctrl+T)")
        self.clear = button("New letter", "add", "Begin another letter; the sender stays (Ctrl+Shift+N)")
        self.source = LetterText("Letter as it will be sent")
        self.source.setPlaceholderText("The letter will stand here as it goes over the wire.")
        self.hex = HexView("Octets of the letter")
        self.hex.set_hint("The octets of the letter will stand here.")
        self.results = ResultsModel()
        self.results_table = table_of(self.results, "Recipients", (200, 90))
        self.no_result = EmptyState(NO_RESULT, f"Take {LAB}", icon="send")
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setAccessibleName("About the letter")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._built: object = None
        self._lay_out()
        self._connect()
        self._uncut = bench.feed.watch(controller, self._on_state_changed)
        self._render(controller.state)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(gap)
        form.setVerticalSpacing(theme.metric(4))
        copies = QHBoxLayout()
        copies.setSpacing(gap)
        label = QLabel("Bcc")
        label.setBuddy(self.fields["bcc"])
        copies.addWidget(self.fields["cc"], 1)
        copies.addWidget(label)
        copies.addWidget(self.fields["bcc"], 1)
        form.addRow("From", self.fields["sender"])
        form.addRow("To", self.fields["to"])
        form.addRow("Cc", copies)
        form.addRow("Subject", self.fields["subject"])
        files = QWidget()
        self._file_pages = QStackedLayout(files)
        self._file_pages.setContentsMargins(0, 0, 0, 0)
        self._file_pages.addWidget(self.no_file)
        self._file_pages.addWidget(self.files_table)
        self.content = Tabbed(
            "Content",
            (
                ("Text", "What every reader sees (Ctrl+Alt+3)", self.text),
                ("HTML", "What readers see that show HTML (Ctrl+Alt+4)", self.html),
                ("Attachments", "Files that go along (Ctrl+Alt+5)", files),
            ),
        )
        below = QHBoxLayout()
        below.setSpacing(gap)
        for each in (self.attach, self.detach, self.from_html, self.clear):
            below.addWidget(each)
        below.addStretch(1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addLayout(form)
        column.addWidget(self.content, 1)
        column.addLayout(below)
        results = QWidget()
        self._result_pages = QStackedLayout(results)
        self._result_pages.setContentsMargins(0, 0, 0, 0)
        self._result_pages.addWidget(self.no_result)
        self._result_pages.addWidget(self.results_table)
        self.outcome = Tabbed(
            "The letter as it goes",
            (
                ("Source", "The letter, line by line (Ctrl+Alt+6)", self.source),
                ("Octets", "The very octets that are sent (Ctrl+Alt+7)", self.hex),
                ("Recipients", "What the server said of each (Ctrl+Alt+8)", results),
            ),
            self.about,
        )
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.outcome)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([theme.metric(600), theme.metric(640)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        for widget in (self.bar, self.verdict, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stop)
        self.bar.changed.connect(self._on_access_changed)
        self.bar.password_changed.connect(self._on_password_changed)
        for line in self.fields.values():
            line.textChanged.connect(self._on_written)
        self.text.textChanged.connect(self._on_written)
        self.html.textChanged.connect(self._on_written)
        self._rest.timeout.connect(self.preview)
        self.attach.clicked.connect(self.attach_asked)
        self.detach.clicked.connect(self.remove_file)
        self.from_html.clicked.connect(self.text_from_html)
        self.clear.clicked.connect(self.begin_another)
        self.no_result.asked.connect(self._on_offer_taken)
        self.notice.event_asked.connect(self._bench.show_event)
        self.notice.dismissed.connect(self.controller.dismiss)

    # ---- for the panel

    def retire(self) -> None:
        """Cut what observes."""
        self._rest.stop()
        self._uncut()

    def put(self, state: ComposerState) -> None:
        """Show a draft that was kept."""
        for name, line in self.fields.items():
            line.setText(getattr(state.draft, name))
        self.text.setPlainText(state.draft.text)
        self.html.setPlainText(state.draft.html)

    # ---- what a person can do

    def stop(self) -> None:
        """Stop sending."""
        if self.job is not None:
            self.job.cancel()

    def preview(self) -> None:
        """Build the letter as it is now."""
        if not self._scope.is_retired:
            self._scope.launch(self.controller.preview(), name="preview", title="Building the letter")

    def remove_file(self) -> None:
        """Leave the chosen file here."""
        self.controller.detach(self.files_table.currentIndex().row())
        self._changed()

    def attach_files(self, paths: list[str]) -> None:
        """Attach some files."""
        for path in paths:
            self._scope.launch(self.controller.attach(path), name="attach", title="Attaching a file")
        self.content.turn_to(2)
        self._changed()

    def text_from_html(self) -> None:
        """Make the text from the HTML."""
        self.controller.text_from_html()
        self.text.setPlainText(self.controller.state.draft.text)
        self.content.turn_to(0)

    def begin_another(self) -> None:
        """Begin another letter."""
        self.controller.clear()
        self.put(self.controller.state)
        self._changed()

    def _parse(self, text: str) -> Target:
        return read_target(text, "smtp")

    # ---- a person did something

    def _on_access_changed(self) -> None:
        self.controller.replace(access=self.bar.access())
        self.draft_changed.emit()

    def _on_password_changed(self, text: str) -> None:
        self.controller.password = text

    def _on_written(self) -> None:
        typed = {name: line.text() for name, line in self.fields.items()}
        text, html = self.text.toPlainText(), self.html.toPlainText()
        self.controller.write(**typed, text=text[:MAX_TYPED], html=html[:MAX_TYPED])
        self._changed()

    def _on_offer_taken(self) -> None:
        self.bar.set_text(LAB)
        self.bar.focus_target()

    def _changed(self) -> None:
        self._rest.start()
        self.draft_changed.emit()

    def _on_submitted(self, _target: str) -> None:
        if self.job is not None and self.job.is_running:
            return
        self._on_access_changed()
        self._rest.stop()
        self.controller.timeout_s = self._bench.settings().default_timeout_s
        title = f"Sending to {self.controller.state.access.target}"
        self.job = self._scope.launch(self.controller.send(), name="send", title=title)
        self.outcome.turn_to(2)
        self.draft_changed.emit()

    def _on_state_changed(self) -> None:
        self._render(self.controller.state)

    # ---- showing

    def _render(self, state: ComposerState) -> None:
        self._render_verdict(state)
        self.bar.set_busy(state.is_sending, "Cancel")
        self.notice.show_failure(state.problem)
        self.files.show_rows(state.files)
        self._file_pages.setCurrentIndex(1 if state.files else 0)
        allow(self.detach, "" if state.files else "no file is attached")
        allow(self.from_html, "" if state.draft.html else "there is no HTML")
        self.results.show_rows(state.results)
        self._result_pages.setCurrentIndex(1 if state.results else 0)
        self.no_result.set(NO_RESULT, "" if state.access.target else f"Take {LAB}", "send")
        self._render_fault(state)
        if state.built is not self._built:
            self._built = state.built
            data = state.built.data if state.built is not None else b""
            self.hex.set_provider(HeldOctets(data) if data else None)
            shown = data[:MAX_SOURCE].decode("utf-8", "replace").replace("\r\n", "\n")
            self.source.show_text(shown)
        self._bench.registry.refresh("mail")

    def _render_fault(self, state: ComposerState) -> None:
        """What is wrong with the letter stands below it, and the field that it is in is marked."""
        fault, built = state.fault, state.built
        for name, title, _, _ in FIELDS:
            theme.qualify(self.fields[name], wrong=fault is not None and title == fault.stage)
        if fault is not None:
            theme.qualify(self.about, role="error")
            self.about.setText(_told(fault))
        elif built is not None:
            theme.qualify(self.about, role="warning" if built.lacks else "muted")
            told = "; ".join(built.lacks) if built.lacks else "ready to send"
            whom = ", ".join(built.recipients) or "nobody"
            envelope = f"Envelope: from {built.sender or 'nobody'} to {whom}"
            self.about.setText(f"{octets(len(built.data))}, {told}. {envelope}")
        else:
            theme.qualify(self.about, role="muted")
            self.about.setText("Write something: the letter will stand here as it goes over the wire.")

    def _render_verdict(self, state: ComposerState) -> None:
        verdict = state.verdict
        if state.is_sending:
            self.verdict.set("running", STAGES.get(state.stage, "sending"), state.access.target)
        elif not verdict.sentence:
            self.verdict.set("none", "", "Nothing was sent yet.")
        else:
            taken = sum(each.accepted for each in state.results)
            chips = [ChipText(f"{taken} of {len(state.results)}", "recipients that the server accepted")]
            self.verdict.set(verdict.kind, verdict.word, verdict.sentence, chips if state.results else ())


def _told(fault: WorkbenchError) -> str:
    """A failure in one line, with the place in what was typed."""
    place = ""
    if isinstance(fault, LocalMisuse) and fault.start is not None and fault.text[fault.start :]:
        place = f" at “{visible(fault.text[fault.start : fault.start + 20])}”"
    return f"{fault.what}{place}" + (f". Try: {fault.advice}" if fault.advice else "")


def _editor(name: str, tip: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setAccessibleName(name)
    made.setToolTip(tip)
    made.setTabChangesFocus(True)
    made.setMinimumHeight(theme.metric(48))
    return made
