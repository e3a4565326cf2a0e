"""A text that is read while it is typed: its mistake underlined at its place, and told below."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.ui import icons, theme
from workbench.ui.bytetext import ByteText
from workbench.ui.words import with_advice

LIVE_LIMIT = 20_000
"""Characters up to which every key is read at once; above, once the typing rests."""
REST_MS = 150


class TextEditor(QWidget):
    """The editor; whoever reads the text calls show_mistake.

    Signals:
        edited: the text is another one now. submitted: Ctrl+Enter.
    """

    edited = Signal()
    submitted = Signal()

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self._mistake: LocalMisuse | None = None
        self.text_edit = ByteText(self)
        self.text_edit.setAccessibleName(name)
        self.text_edit.setPlaceholderText(hint)
        self.text_edit.setToolTip(f"{name}; Ctrl+Enter does what the button above says")
        self.sign = QLabel(self)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.problem, role="error")
        self.go = QPushButton("Go to mistake", self)
        self.go.setToolTip("Put the cursor to the mistake")
        theme.qualify(self.go, kind="quiet")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        row = QHBoxLayout()
        row.setContentsMargins(theme.metric(4), 0, 0, 0)
        row.setSpacing(theme.metric(6))
        row.addWidget(self.sign)
        row.addWidget(self.problem, 1)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.text_edit, 1)
        column.addLayout(row)
        self.setFocusProxy(self.text_edit)
        self.text_edit.textChanged.connect(self._on_text_changed)
        self.text_edit.submitted.connect(self.submitted)
        self.text_edit.paste_refused.connect(self._on_paste_refused)
        self.go.clicked.connect(self.go_to_mistake)
        self._rest.timeout.connect(self.edited)
        self.show_mistake(None)

    def text(self) -> str:
        """As typed."""
        return self.text_edit.exact_text()

    def set_text(self, text: str) -> None:
        """Show another text; the same one stays as it is, with its cursor."""
        if text != self.text():
            self.text_edit.setPlainText(text)

    def show_mistake(self, mistake: LocalMisuse | None) -> None:
        """Underline and tell a mistake; None for none."""
        if mistake is self._mistake and self.problem.text():
            return
        self._mistake = mistake
        for part in (self.sign, self.problem, self.go):
            part.setVisible(mistake is not None)
        theme.qualify(self.text_edit, wrong=mistake is not None)
        if mistake is None:
            self.text_edit.mark(0, 0)
            self.problem.clear()
        else:
            start, end = _underlined(mistake, len(self.text()))
            self.text_edit.mark(start, end)
            line = self.text().count("\n", 0, start) + 1
            where = f"Line {line}: " if "\n" in self.text() else ""
            self.problem.setText(where + with_advice(mistake))
            icons.sign(self.sign, "bad", "error")
        self.text_edit.setAccessibleDescription(self.problem.text())

    def go_to_mistake(self) -> None:
        """Select the mistake and put the focus there."""
        mistake = self._mistake
        self.text_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        if mistake is not None and mistake.start is not None:
            self.text_edit.setTextCursor(
                self.text_edit.cursor_over(mistake.start, mistake.end or mistake.start)
            )
            self.text_edit.ensureCursorVisible()

    def _on_text_changed(self) -> None:
        if self.text_edit.document().characterCount() <= LIVE_LIMIT:
            self.edited.emit()
        else:
            self._rest.start()

    def _on_paste_refused(self, reason: str) -> None:
        self.problem.setText(reason)
        icons.sign(self.sign, "warning", "warning")
        for part in (self.sign, self.problem):
            part.setVisible(True)


def _underlined(mistake: LocalMisuse, length: int) -> tuple[int, int]:
    """The characters to underline; where something is missing, the one before that place."""
    start, end = mistake.start or 0, min(mistake.end or 0, length)
    return (start, end) if end > start else (max(0, min(start, length) - 1), min(max(start, 1), length))
