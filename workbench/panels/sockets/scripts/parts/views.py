"""The four views of a page of scripts: payload, script, replies, repeat. They decide nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.charset import ENCODINGS
from workbench.formats.payload_file import SavedPayload
from workbench.formats.quantity import octets
from workbench.panels.sockets.scripts.models import RulesModel, StepsModel
from workbench.panels.sockets.scripts.parts.texteditor import TextEditor
from workbench.panels.sockets.scripts.state import ScriptsState
from workbench.protocols.raw.repeat import LOOPBACK_PER_S, MAX_COUNT, MAX_QUIET_S, MIN_PER_S, limits_told
from workbench.ui import theme
from workbench.ui.byteedit import ENDINGS
from workbench.ui.hexview import HeldOctets, HexView
from workbench.ui.pieces import allow, button, field, table_of

MACRO_HINT = r"Text with \r \n \xHH \{de ad}, and ${counter} ${date %H:%M} ${random 4} ${length as=u16} ${crc16-modbus}"
SCRIPT_HINT = 'send "hello\\r\\n"\nexpect "hello" within 2s\nfinish\nexpect end FIN'
RULES_HINT = 'on "PING\\r\\n"\n  delay 100ms\n  reply "PONG\\r\\n"\n  then finish'


class PayloadView(QWidget):
    """The payload, what it makes, and what came back."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.editor = TextEditor("Payload", MACRO_HINT)
        self.ending = _choice("Line breaks", ENDINGS)
        self.encoding = _choice("Encoding", [(each, each) for each in ENCODINGS])
        self.note = field("Note", "What it is for", "Kept with the payload; nothing of it is sent")
        self.console = button(
            "Put into the console", "sockets", "The bytes as they would be sent now (Ctrl+Shift+Enter)"
        )
        self.preview = HexView("What would be sent now")
        self.answer = HexView("What came back")
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setAccessibleName("Report of the import")
        self.report.setToolTip("What was not taken over as it was")
        self.preview_label, self.answer_label = QLabel("Would be sent"), QLabel("Came back")
        for label in (self.preview_label, self.answer_label):
            theme.qualify(label, role="muted")
        self._held: tuple[bytes, bytes] = b"", b""
        self._lay_out()
        self.editor.edited.connect(self.edited)
        self.ending.currentIndexChanged.connect(self.edited)
        self.encoding.currentIndexChanged.connect(self.edited)
        self.note.textChanged.connect(self.edited)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        choices = QHBoxLayout()
        choices.setSpacing(theme.metric(4))
        for widget in (self.ending, self.encoding):
            choices.addWidget(widget)
        choices.addWidget(self.note, 1)
        choices.addWidget(self.console)
        top, below = QWidget(), QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.editor, 1)
        column.addLayout(choices)
        rows = QVBoxLayout(below)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.metric(4))
        for label in (self.preview_label, self.answer_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
        rows.addWidget(self.preview_label)
        rows.addWidget(self.preview, 1)
        rows.addWidget(self.answer_label)
        rows.addWidget(self.answer, 1)
        rows.addWidget(self.report, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(top)
        splitter.addWidget(below)
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(gap, gap, gap, gap)
        layout.addWidget(splitter)
        self.report.hide()

    def payload(self, before: SavedPayload) -> SavedPayload:
        """What stands in the fields, upon what was there."""
        return before._replace(
            text=self.editor.text(),
            line_ending=str(self.ending.currentData()),
            encoding=str(self.encoding.currentData()),
            note=self.note.text(),
        )

    def show_payload(self, payload: SavedPayload) -> None:
        """Put another payload in."""
        for box, value in ((self.ending, payload.line_ending), (self.encoding, payload.encoding)):
            box.setCurrentIndex(max(0, box.findData(value)))
        note = " ".join(payload.note.split())
        if note != self.note.text():
            self.note.setText(note)
        self.editor.set_text(payload.text)

    def show_state(self, state: ScriptsState) -> None:
        """Show preview, mistake and answer."""
        self.editor.show_mistake(state.mistake)
        preview, answer = state.preview or b"", state.answer
        if (preview, answer) != self._held:
            if preview != self._held[0]:
                self.preview.set_provider(HeldOctets(preview))
            if answer != self._held[1]:
                self.answer.set_provider(HeldOctets(answer))
            self._held = preview, answer
        told = "nothing: the text has a mistake" if state.preview is None else octets(len(preview))
        self.preview_label.setText(f"Would be sent now: {told}")
        self.answer_label.setText(f"Came back: {octets(len(answer))}")
        for widget in (self.answer_label, self.answer):
            widget.setVisible(bool(answer))
        if state.report != self.report.toPlainText():
            self.report.setPlainText(state.report)
        self.report.setVisible(bool(state.report))


class ScriptView(QWidget):
    """The script, and its steps with their marks."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.editor = TextEditor("Script", SCRIPT_HINT)
        self.model = StepsModel()
        self.table = table_of(self.model, "Steps", (60, 100, 90, 280))
        self.example = button("Example", "text", "Put a script in that talks to lab:echo")
        self.record = button(
            "From the conversation", "conversation", "Write what was said last on this page as a script"
        )
        _stack(self, self.editor, (self.example, self.record), self.table)
        self.editor.edited.connect(self.edited)

    def show_state(self, state: ScriptsState) -> None:
        """Show mistake and steps."""
        if state.form.view == "script":
            self.editor.show_mistake(state.mistake)
        self.model.show_rows(state.steps)


class RulesView(QWidget):
    """Rules for replies, and how often each answered."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.editor = TextEditor("Rules for replies", RULES_HINT)
        self.model = RulesModel()
        self.table = table_of(self.model, "Rules", (60, 220, 300))
        self.example = button("Example", "text", "Put rules in that greet, answer late and hang up")
        _stack(self, self.editor, (self.example,), self.table)
        self.editor.edited.connect(self.edited)

    def show_state(self, state: ScriptsState) -> None:
        """Show mistake and counts."""
        if state.form.view == "rules":
            self.editor.show_mistake(state.mistake)
        self.model.show_rows(state.rules)


class RepeatView(QWidget):
    """How often, how fast; and how it stands."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.times = QSpinBox()
        self.times.setRange(1, MAX_COUNT)
        self.per_s = QDoubleSpinBox()
        self.per_s.setRange(MIN_PER_S, LOOPBACK_PER_S)
        self.per_s.setSuffix(" /s")
        self.quiet = QDoubleSpinBox()
        self.quiet.setRange(0.05, MAX_QUIET_S)
        self.quiet.setSuffix(" s")
        self.marker = field(
            "End of an answer", r"\n", "What ends one answer of a stream, with escapes; each is counted"
        )
        self.stop_button = button("Stop sending", "pause", "Send no more; answers are still waited for")
        self.limits = QLabel(limits_told())
        self.limits.setWordWrap(True)
        theme.qualify(self.limits, role="muted")
        self.payload = QLabel()
        self.payload.setTextFormat(Qt.TextFormat.PlainText)
        self.payload.setWordWrap(True)
        self.figures = {
            name: QLabel("0") for name in ("Sent", "Answered", "Lost", "Octets sent", "Octets received")
        }
        self._lay_out()
        for box, name, tip in (
            (self.times, "Times", "How often it is sent"),
            (self.per_s, "Rate", "Payloads a second, at most"),
            (self.quiet, "Wait", "How long the last answers are waited for"),
        ):
            box.setAccessibleName(name)
            box.setToolTip(tip)
            box.valueChanged.connect(self.edited)
        self.marker.textChanged.connect(self.edited)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(theme.metric(12))
        form.addRow("Payload", self.payload)
        form.addRow("Times", self.times)
        form.addRow("Rate", self.per_s)
        form.addRow("An answer ends with", self.marker)
        form.addRow("Wait for the last", self.quiet)
        for box in (self.times, self.per_s, self.quiet):
            box.setMaximumWidth(theme.metric(140))
        self.marker.setMaximumWidth(theme.metric(140))
        form.addRow("", self.limits)
        for name, label in self.figures.items():
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            label.setMaximumWidth(theme.metric(140))
            theme.qualify(label, fixed=True)
            form.addRow(name, label)
        row = QHBoxLayout()
        row.addWidget(self.stop_button)
        row.addStretch(1)
        form.addRow("", row)
        layout = QVBoxLayout(self)
        margin = theme.metric(12)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.addLayout(form)
        layout.addStretch(1)

    def show_state(self, state: ScriptsState) -> None:
        """Show the payload and the counts."""
        preview = state.preview
        shown = (
            state.form.payload.text.replace("\n", "⏎")[:200] or "nothing yet: write one in the view Payload"
        )
        told = "it has a mistake" if preview is None else octets(len(preview))
        self.payload.setText(f"{shown}  ({told})")
        counts = state.counts
        values = (
            (counts.sent, counts.answered, counts.lost, counts.octets_sent, counts.octets_received)
            if counts is not None
            else (0, 0, 0, 0, 0)
        )
        for label, value in zip(self.figures.values(), values, strict=True):
            label.setText(f"{value:,}")
        allow(self.marker, "each datagram is an answer of its own" if state.form.transport == "udp" else "")
        allow(self.stop_button, "" if state.activity == "repeat" else "nothing is repeated")


def _stack(view: QWidget, editor: TextEditor, buttons: tuple[QWidget, ...], table: QWidget) -> None:
    top = QWidget()
    row = QHBoxLayout()
    row.setSpacing(theme.metric(4))
    for each in buttons:
        theme.qualify(each, kind="quiet")
        row.addWidget(each)
    row.addStretch(1)
    column = QVBoxLayout(top)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.metric(4))
    column.addWidget(editor, 1)
    column.addLayout(row)
    splitter = QSplitter(Qt.Orientation.Vertical)
    splitter.addWidget(top)
    splitter.addWidget(table)
    splitter.setChildrenCollapsible(False)
    layout = QVBoxLayout(view)
    gap = theme.metric(8)
    layout.setContentsMargins(gap, gap, gap, gap)
    layout.addWidget(splitter)


def _choice(name: str, values) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    theme.qualify(box, kind="quiet")
    for data, title in values:
        box.addItem(title, data)
    return box
