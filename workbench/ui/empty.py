"""What stands in a view that is empty: one line that says what will stand here, and what fills it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.ui import icons, theme

SIGN_SIZE = 32


class EmptyState(QFrame):
    """A sentence in the middle, with a button below it. It has the look of the view that will take its place.

    Args:
        sentence: what will stand here, and how it gets here.
        offer: what the button says ("Try it with lab:echo"); "" for no button.
        icon: a sign above the sentence, or "".

    Signals:
        asked: the button was pressed.
    """

    asked = Signal()

    def __init__(self, sentence: str, offer: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.qualify(self, empty=True)
        self.sign = QLabel(self)
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.qualify(self.sentence, role="muted")
        self.button = QPushButton(self)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.metric(12))
        layout.addStretch(1)
        layout.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.sentence)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.button.clicked.connect(self._on_button_clicked)
        self.set(sentence, offer, icon)

    def set(self, sentence: str, offer: str = "", icon: str = "", tip: str = "") -> None:
        """Say something else."""
        self.sentence.setText(sentence)
        self.button.setText(offer)
        self.button.setToolTip(tip)
        self.button.setVisible(bool(offer))
        icons.sign(self.sign, icon, "strong_border", size=SIGN_SIZE)
        self.sign.setVisible(bool(icon))
        self.setAccessibleName(sentence)

    def _on_button_clicked(self) -> None:
        self.asked.emit()
