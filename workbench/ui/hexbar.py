"""The one line at the lower edge of a hex view in which a person types what to find or where to go."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton

from workbench.errors import LocalMisuse
from workbench.formats.payload import parse_payload
from workbench.ui import icons, theme
from workbench.ui.words import as_sentence


def parse_offset(text: str) -> int:
    """An offset as typed: decimal, or hexadecimal as 0x1f or 1fh.

    Raises: LocalMisuse when it is no number.
    """
    typed = text.strip().lower().replace("_", "").replace(" ", "")
    try:
        if typed.startswith("0x"):
            return int(typed[2:], 16)
        return int(typed[:-1], 16) if typed.endswith("h") else int(typed)
    except ValueError as error:
        raise LocalMisuse(
            "an offset is a decimal number, or hexadecimal like 0x1f", text=text, start=0, end=len(text)
        ) from error


class HexBar(QFrame):
    """Lies over the view's lower edge; Esc closes it and gives the focus back to the view.

    Signals:
        find_asked: the octets to look for, and whether backward.
        offset_asked: the offset to go to.
    """

    find_asked = Signal(bytes, bool)
    offset_asked = Signal(object)

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._mode = "find"
        theme.qualify(self, overlay=True)
        self.setAutoFillBackground(True)
        self.title = QLabel(self)
        self.field = QLineEdit(self)
        self.message = QLabel(self)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.message, role="muted")
        self.title.setBuddy(self.field)
        self.close_button = QToolButton(self)
        self.close_button.setAccessibleName("Close")
        self.close_button.setToolTip("Close (Esc)")
        theme.qualify(self.close_button, kind="quiet")
        icons.dress(self.close_button, "close", "muted")
        layout = QHBoxLayout(self)
        gap = theme.metric(6)
        layout.setContentsMargins(gap * 2, gap, gap, gap)
        layout.setSpacing(gap)
        layout.addWidget(self.title)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.message)
        layout.addWidget(self.close_button)
        self.close_button.clicked.connect(self.close_bar)
        self.field.textEdited.connect(self._on_field_edited)
        self.field.installEventFilter(self)
        self.hide()

    def open_find(self) -> None:
        """Ask what to find: text, escapes and hex mixed, as in the byte editor."""
        self._open(
            "find", "Find", r"Text, \r\n, \{de ad}: Enter for the next, Shift+Enter for the one before"
        )

    def open_go_to(self, offset: int) -> None:
        """Ask for an offset, beginning with the present one."""
        self._open("go", "Go to offset", "Decimal, or hexadecimal like 0x1f")
        self.field.setText(f"0x{offset:x}")
        self.field.selectAll()

    def tell(self, sentence: str) -> None:
        """Say something without asking anything."""
        self._mode = "tell"
        self.title.hide()
        self.field.hide()
        self.message.show()
        self._say(sentence, "warning")
        self.show()
        self.take_place()

    def answer(self, found: bool, wrapped: bool) -> None:
        """Say how a search ended."""
        if self.isVisible() and self._mode == "find":
            around = "found, past the end and on from the other one" if wrapped else ""
            self._say(around if found else "not found", "muted" if found else "warning")

    def close_bar(self) -> None:
        """Hide it; the focus returns to the view."""
        self.hide()
        view = self.parentWidget()
        if view is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_place(self) -> None:
        """Lie along the lower edge of the viewport."""
        view = self.parentWidget()
        if self.isVisible() and isinstance(view, QAbstractScrollArea):
            around = view.viewport().geometry()
            height = self.sizeHint().height()
            gap = theme.metric(4)
            self.setGeometry(
                around.left() + gap, around.bottom() - height - gap, around.width() - 2 * gap, height
            )
            self.raise_()

    def _open(self, mode: str, title: str, hint: str) -> None:
        if mode != self._mode:
            self.field.clear()
        self._mode = mode
        self.title.setText(title)
        self.title.show()
        self.field.show()
        self.field.setAccessibleName(title)
        self.field.setPlaceholderText(hint)
        self.field.setToolTip(hint)
        self._say("", "muted")
        self.show()
        self.take_place()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _say(self, sentence: str, role: str) -> None:
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        theme.qualify(self.message, role=role)

    def _submit(self, *, backward: bool) -> None:
        text = self.field.text()
        try:
            if self._mode == "go":
                self.offset_asked.emit(parse_offset(text))
                self.close_bar()
            elif text:
                self._say("looking\u2026", "muted")
                self.find_asked.emit(parse_payload(text), backward)
        except LocalMisuse as mistake:
            theme.qualify(self.field, wrong=True)
            self._say(as_sentence(mistake.what), "error")
            if mistake.start is not None:
                self.field.setSelection(mistake.start, max(1, (mistake.end or mistake.start) - mistake.start))

    def _on_field_edited(self) -> None:
        theme.qualify(self.field, wrong=False)
        self._say("", "muted")

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._submit(backward=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                return True
        return False
