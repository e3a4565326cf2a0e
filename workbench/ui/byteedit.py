"""The byte editor: text and hex mixed, read strictly as it is typed, with the mistake marked at its place.

Nothing is sent that a person has not seen: the chip says how many octets the text makes, a mistake is underlined, its
sentence stands below, and `value` refuses until it is mended.
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QTextCursor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.formats.charset import ENCODINGS
from workbench.formats.payload import parse_hex, parse_payload, write_payload
from workbench.formats.quantity import octets
from workbench.jobs.verdict import ChipText
from workbench.ui import icons, theme
from workbench.ui.bytetext import ByteText
from workbench.ui.chips import Chip
from workbench.ui.pieces import place_of
from workbench.ui.words import with_advice

MODES = (("text", "Text"), ("hex", "Hex"))
ENDINGS = (
    ("as typed", "Line breaks as typed"),
    ("crlf", "Line breaks CRLF"),
    ("lf", "Line breaks LF"),
    ("cr", "Line breaks CR"),
    ("nul", "Line breaks NUL"),
    ("none", "No line breaks"),
)
LIVE_LIMIT = 20_000
"""Characters up to which every key is checked at once (some 2 ms); above, once the typing rests."""

REST_MS = 150
MAX_HISTORY = 100
HEX_ROW = 16

Draft = dict[str, str]


class ByteEdit(QWidget):
    """The editor with its choices below it.

    Args:
        name: the accessible name, e.g. "Bytes to send".

    Signals:
        value_changed: the octets, or the mistake, are others now.
        submitted: Ctrl+Enter on a text without a mistake.
    """

    value_changed = Signal()
    submitted = Signal()

    def __init__(self, name: str = "Bytes to send", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = "text"
        self._mistake: LocalMisuse | None = None
        self._octets = b""
        self._history: list[Draft] = []
        self._history_at = 0
        self._present: Draft = {}
        self.editor = ByteText(self)
        self.editor.setAccessibleName(name)
        self.mode = _choice(self, "How the text is read", MODES)
        self.ending = _choice(self, "Line breaks", ENDINGS)
        self.encoding = _choice(self, "Encoding", [(each, each) for each in ENCODINGS])
        self.count = Chip("0 B", "Octets this makes", "muted", self)
        self.sign = QLabel(self)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.problem, role="error")
        self.go = QPushButton("Go to mistake", self)
        theme.qualify(self.go, kind="quiet")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._lay_out()
        self._show_mode()
        self._check()
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.submitted.connect(self.submit)
        self.editor.paste_refused.connect(self._on_paste_refused)
        self.editor.history_asked.connect(self._on_history_asked)
        self.mode.currentIndexChanged.connect(self._on_mode_chosen)
        self.ending.currentIndexChanged.connect(self._check)
        self.encoding.currentIndexChanged.connect(self._check)
        self.go.clicked.connect(self.go_to_mistake)
        self._rest.timeout.connect(self._check)

    def _lay_out(self) -> None:
        gap = theme.metric(4)
        problem = QHBoxLayout()
        problem.setContentsMargins(theme.metric(4), 0, 0, 0)
        problem.setSpacing(theme.metric(6))
        problem.addWidget(self.sign)
        problem.addWidget(self.problem, 1)
        problem.addWidget(self.go)
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(self.mode)
        row.addWidget(self.ending)
        row.addWidget(self.encoding)
        row.addStretch(1)
        row.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        layout.addWidget(self.editor, 1)
        layout.addLayout(problem)
        layout.addLayout(row)
        self.setFocusProxy(self.editor)

    # What it holds

    def value(self) -> bytes:
        """The octets as they stand at this moment.

        Raises: LocalMisuse with the place of the mistake.
        """
        if self._rest.isActive():
            self._check()
        if self._mistake is not None:
            raise self._mistake
        return self._octets

    @property
    def mistake(self) -> LocalMisuse | None:
        """What is wrong with the text, or None."""
        return self._mistake

    def text(self) -> str:
        """The text as typed."""
        return self.editor.exact_text()

    def set_text(self, text: str) -> None:
        """Put another text in."""
        self.editor.setPlainText(text)

    def set_value(self, data: bytes) -> None:
        """Put octets in, spelled as the present mode spells them."""
        self.set_text(self._spelled(data))

    def draft(self) -> Draft:
        """Text and choices for the session."""
        return {
            "mode": self._mode,
            "ending": str(self.ending.currentData()),
            "encoding": str(self.encoding.currentData()),
            "text": self.text(),
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; what is unknown in it stays as it is."""
        mode = draft.get("mode")
        if isinstance(mode, str) and mode in dict(MODES):
            self._mode = mode
            self._show_mode()
        for box, key in ((self.ending, "ending"), (self.encoding, "encoding")):
            at = place_of(box, draft.get(key))
            if at >= 0:
                box.setCurrentIndex(at)
        text = draft.get("text")
        if isinstance(text, str):
            self.set_text(text)

    # What a person does

    def submit(self) -> None:
        """Hand the octets over if they are right, else show the mistake."""
        self._check()
        if self._mistake is not None:
            self.go_to_mistake()
            return
        self.remember()
        self.submitted.emit()

    def remember(self) -> None:
        """Put the present text into the history."""
        draft = self.draft()
        if draft["text"] and (not self._history or self._history[-1] != draft):
            self._history = [*self._history, draft][-MAX_HISTORY:]
        self._history_at = len(self._history)

    @property
    def history(self) -> tuple[Draft, ...]:
        """What was sent before, oldest first."""
        return tuple(self._history)

    def set_history(self, drafts: tuple[Draft, ...]) -> None:
        """Take over what an earlier session sent."""
        self._history = list(drafts)[-MAX_HISTORY:]
        self._history_at = len(self._history)

    def go_to_mistake(self) -> None:
        """Select the mistake and put the focus there."""
        wrong = self._mistake
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if wrong is not None and wrong.start is not None:
            self.editor.setTextCursor(self.editor.cursor_over(wrong.start, wrong.end or wrong.start))
            self.editor.ensureCursorVisible()

    # Inside

    def _parse(self, text: str) -> bytes:
        if self._mode == "hex":
            return parse_hex(text)
        return parse_payload(
            text, encoding=str(self.encoding.currentData()), line_ending=str(self.ending.currentData())
        )

    def _spelled(self, data: bytes) -> str:
        if self._mode == "hex":
            return "\n".join(data[at : at + HEX_ROW].hex(" ") for at in range(0, len(data), HEX_ROW))
        return write_payload(data, encoding=str(self.encoding.currentData()))

    def _on_paste_refused(self, reason: str) -> None:
        self.problem.setText(reason)
        icons.sign(self.sign, "warning", "warning")
        for part in (self.sign, self.problem):
            part.setVisible(True)

    def _on_text_changed(self) -> None:
        if self.editor.document().characterCount() <= LIVE_LIMIT:
            self._check()
        else:
            self._rest.start()

    def _check(self) -> None:
        self._rest.stop()
        try:
            self._octets = self._parse(self.text())
            self._mistake = None
        except LocalMisuse as mistake:
            self._octets = b""
            self._mistake = mistake
        self._render()
        self.value_changed.emit()

    def _render(self) -> None:
        wrong = self._mistake
        if wrong is None:
            self.count.show_chip(ChipText(octets(len(self._octets)), "Octets this makes", "muted"))
            self.editor.mark(0, 0)
            self.problem.clear()
        else:
            self.count.show_chip(
                ChipText("not ready", "The text holds a mistake; nothing can be sent", "error")
            )
            self.editor.mark(*_visible_place(wrong, len(self.text())))
            self.problem.setText(with_advice(wrong))
            icons.sign(self.sign, "bad", "error")
        theme.qualify(self.editor, wrong=wrong is not None)
        self.editor.setAccessibleDescription(self.problem.text())
        for part in (self.sign, self.problem, self.go):
            part.setVisible(wrong is not None)
        self.go.setVisible(wrong is not None and wrong.start is not None)

    def _show_mode(self) -> None:
        is_text = self._mode == "text"
        self.mode.setCurrentIndex(self.mode.findData(self._mode))
        self.ending.setVisible(is_text)
        self.encoding.setVisible(is_text)
        self.editor.setPlaceholderText(
            r"Text, with \r \n \x00 \{de ad} for octets" if is_text else "Octets, like de ad be ef"
        )
        keys = QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
        self.editor.setToolTip(f"{keys} sends; Ctrl+Up and Ctrl+Down bring back what was sent")

    def _on_mode_chosen(self) -> None:
        """Spell the same octets the other way; a text with a mistake has no octets, so it stays where it is."""
        wanted = str(self.mode.currentData())
        if wanted == self._mode:
            return
        self._check()
        if self._mistake is not None:
            self._show_mode()
            self.go_to_mistake()
            return
        data = self._octets
        self._mode = wanted
        self._show_mode()
        self.set_value(data)

    def _on_history_asked(self, step: int) -> None:
        wanted = self._history_at + step
        if not 0 <= wanted <= len(self._history):
            return
        if self._history_at == len(self._history):
            self._present = self.draft()
        self._history_at = wanted
        self.restore(self._history[wanted] if wanted < len(self._history) else self._present)
        self.editor.moveCursor(QTextCursor.MoveOperation.End)


def _visible_place(mistake: LocalMisuse, length: int) -> tuple[int, int]:
    """The characters to underline; where something is missing, the one before that place."""
    if mistake.start is None or mistake.end is None or not length:
        return 0, 0
    start, end = mistake.start, min(mistake.end, length)
    return (start, end) if end > start else (max(0, min(start, length) - 1), min(max(start, 1), length))


def _choice(
    parent: QWidget, name: str, values: tuple[tuple[str, str], ...] | list[tuple[str, str]]
) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setToolTip(name)
    theme.qualify(box, kind="quiet")
    for data, title in values:
        box.addItem(title, data)
    return box
