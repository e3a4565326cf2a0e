"""The text field of the byte editor: what stands in it exactly, marks for mistakes, keys, and a limit for pasting."""

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from workbench.ui import theme
from workbench.ui.places import characters_to_units

MAX_PASTED = 1_000_000
MAX_PASTED_LINE = 65_536
"""Characters; laying out such a line takes 30 ms, and one that is four times as long is felt."""


class ByteText(QPlainTextEdit):
    """The text itself.

    Signals:
        submitted: Ctrl+Enter.
        history_asked: -1 for the entry before (Ctrl+Up), 1 for the next (Ctrl+Down).
        paste_refused: why what was pasted or dropped does not go in.
    """

    submitted = Signal()
    history_asked = Signal(int)
    paste_refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        # Octets have no words; and looking for words takes 6 s in a line of 256 Ki characters, 0.16 s without.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        theme.qualify(self, fixed=True)

    def exact_text(self) -> str:
        """What stands here, character by character. (toPlainText would turn no-break spaces into spaces.)"""
        return self.document().toRawText().replace("\u2029", "\n")

    def mark(self, start: int, end: int) -> None:
        """Underline the characters from start to end; nothing when they are equal."""
        marks = []
        if end > start:
            cursor = self.cursor_over(start, end)
            shape = QTextCharFormat()
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            shape.setUnderlineColor(theme.colour("error"))
            shape.setBackground(QColor(theme.tokens().tint("error")))
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            mark.format = shape
            marks.append(mark)
        self.setExtraSelections(marks)

    def cursor_over(self, start: int, end: int) -> QTextCursor:
        """A cursor that selects the characters from start to end; Qt counts in UTF-16."""
        text = self.exact_text()
        cursor = QTextCursor(self.document())
        cursor.setPosition(characters_to_units(text, start))
        cursor.setPosition(characters_to_units(text, end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text()
        longest = max(map(len, text.splitlines()), default=0)
        if len(text) > MAX_PASTED or longest > MAX_PASTED_LINE:
            self.paste_refused.emit(
                f"{len(text):,} characters are too many for this editor; nothing was pasted. It takes "
                f"{MAX_PASTED:,} at once, {MAX_PASTED_LINE:,} in a line"
            )
            return
        super().insertFromMimeData(source)

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(320), theme.metric(20 * 4 + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metric(120), theme.metric(20 * 2 + 12))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.submitted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Shift+Enter would make a U+2028 that nobody sees.
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        elif control and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.history_asked.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
