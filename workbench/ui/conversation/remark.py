"""One line below the bar: what was done, or why it was not. A sign says the same as the colour."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from workbench.ui import icons, theme

_SIGNS = {"error": "bad", "warning": "warning", "muted": "good"}


class Remark(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = QLabel(self)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(6))
        layout.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words, 1)
        self.hide()

    def say(self, sentence: str, role: str = "muted") -> None:
        """Say a sentence, or nothing. role: "muted" for what was done, "warning" or "error"."""
        if (self.words.text(), self.isHidden()) == (sentence, not sentence):
            return
        self.words.setText(sentence)
        theme.qualify(self.words, role=role)
        icons.sign(self.sign, _SIGNS[role] if sentence else "", role)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
