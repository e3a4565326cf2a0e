"""The failure bar inside a panel: what went wrong, where, and what to try. Never a message box."""

import json

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import WorkbenchError
from workbench.ui import icons, theme
from workbench.ui.failuretext import raw
from workbench.ui.words import as_sentence

HEADINGS = {
    "LocalMisuse": "Not possible like this",
    "PeerMisbehaved": "The peer broke the protocol",
    "LinkLost": "No connection",
    "TooSlow": "No answer in time",
    "Refused": "Refused",
    "Untrusted": "Not trusted",
    "LocalFault": "This machine failed",
}
WARNINGS = ("LocalMisuse", "TooSlow", "Refused")
"""Kinds that are no accident: a warning's sign and colour."""

RAW_LINES = 9
"""Of the raw text to be seen at once; the rest is scrolled to."""

COMMITTED = {
    "no": "",
    "maybe": "The peer may have carried it out.",
    "yes": "The peer has carried it out.",
}


class Notice(QFrame):
    """Shows one failure until it is dismissed or another comes.

    Signals:
        event_asked: the index of the transcript's event a person wants to see.
        dismissed: it was closed.
    """

    event_asked = Signal(int)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.failure: WorkbenchError | None = None
        self.setAccessibleName("Failure")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.sign = QLabel(self)
        self.heading = _words(self)
        self.what = _words(self)
        self.details = _words(self)
        theme.qualify(self.heading, strong=True)
        theme.qualify(self.details, role="muted")
        self.show_event = QPushButton("Show in conversation", self)
        self.show_event.setToolTip("Select the line of the conversation where it happened")
        self.more = QPushButton("Raw", self)
        self.more.setCheckable(True)
        self.more.setToolTip("What the program saw: class, system's words, traceback")
        self.raw = QPlainTextEdit(self)
        self.raw.setReadOnly(True)
        self.raw.setTabChangesFocus(True)
        self.raw.setAccessibleName("The failure as the program saw it")
        self.raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.copy = QPushButton("Copy details", self)
        self.copy.setToolTip("Copy everything known about this failure as JSON")
        self.close_button = QToolButton(self)
        self.close_button.setAccessibleName("Dismiss")
        self.close_button.setToolTip("Dismiss")
        icons.dress(self.close_button, "close", "muted")
        for button in (self.show_event, self.more, self.copy, self.close_button):
            theme.qualify(button, kind="quiet")
        self.raw.hide()
        self._lay_out()
        self.show_event.clicked.connect(self._on_show_event_clicked)
        self.more.toggled.connect(self._on_more_toggled)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.close_button.clicked.connect(self.dismiss)
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.metric(2))
        words.addWidget(self.heading)
        words.addWidget(self.what)
        words.addWidget(self.details)
        words.addWidget(self.raw)
        layout = QHBoxLayout(self)
        gap = theme.metric(8)
        layout.setContentsMargins(gap + theme.metric(4), gap, gap, gap)
        layout.setSpacing(gap)
        layout.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        for button in (self.show_event, self.more, self.copy, self.close_button):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def show_failure(self, failure: WorkbenchError | None) -> None:
        """Show a failure; None hides the bar."""
        if failure is not self.failure:
            # Another failure is told calmly again.
            self.more.setChecked(False)
        self.failure = failure
        if failure is None:
            self.hide()
            return
        role = "warning" if failure.kind in WARNINGS else "error"
        theme.qualify(self, notice=role)
        icons.sign(self.sign, "warning" if role == "warning" else "abort", role)
        stage = f", stage {failure.stage}" if failure.stage else ""
        self.heading.setText(HEADINGS.get(failure.kind, "Failed") + stage)
        self.what.setText(sentence(failure))
        details = second_line(failure)
        self.details.setText(details)
        self.details.setVisible(bool(details))
        self.show_event.setVisible(failure.transcript_index is not None)
        self.setAccessibleDescription(f"{self.heading.text()}. {self.what.text()} {details}".strip())
        self.show()

    def dismiss(self) -> None:
        """Close the bar."""
        self.show_failure(None)
        self.dismissed.emit()

    def _on_show_event_clicked(self) -> None:
        if self.failure is not None and self.failure.transcript_index is not None:
            self.event_asked.emit(self.failure.transcript_index)

    def _on_more_toggled(self, is_raw: bool) -> None:
        # Made when it is asked for: a traceback is long, and few want it.
        if is_raw and self.failure is not None:
            self.raw.setFont(theme.fixed_font())
            self.raw.setPlainText(raw(self.failure))
            height = self.raw.fontMetrics().lineSpacing() * RAW_LINES
            self.raw.setFixedHeight(height + 2 * theme.metric(6))
        self.raw.setVisible(is_raw)

    def _on_copy_clicked(self) -> None:
        if self.failure is not None:
            QGuiApplication.clipboard().setText(
                json.dumps(self.failure.as_dict(), indent=2, ensure_ascii=False)
            )


def sentence(failure: WorkbenchError) -> str:
    """What happened, as a sentence, with the system's symbol or the peer's own words behind it."""
    what = failure.what
    if failure.errno_name:
        what += f" ({failure.errno_name})"
    if failure.reply:
        what += f": {failure.reply.strip()}"
    return as_sentence(what)


def second_line(failure: WorkbenchError) -> str:
    """What to try, whether it may have happened all the same, and which document decides."""
    return " ".join(filter(None, (as_sentence(failure.advice), COMMITTED[failure.committed], failure.source)))


def _words(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label
