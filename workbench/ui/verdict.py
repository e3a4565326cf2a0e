"""The verdict line: sign, word, one sentence with the result, and chips with figures; it stands on top of a view."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from workbench.ui import icons, theme
from workbench.ui.chips import ChipRow, ChipText

Kind = Literal["none", "info", "running", "good", "warning", "bad"]

# Sign and tone of each kind; the word tells the same without colour.
SIGNS: dict[Kind, tuple[str, str]] = {
    "none": ("", "muted"),
    "info": ("info", "accent"),
    "running": ("running", "accent"),
    "good": ("good", "good"),
    "warning": ("warning", "warning"),
    "bad": ("bad", "error"),
}


class Verdict(NamedTuple):
    """A result in plain words.

    Attributes:
        kind: which sign; "none" shows only the sentence, muted.
        word: one word or two ("match", "refused", "no answer").
        sentence: what came out, for a person who reads nothing else.
        chips: figures, most important first.
    """

    kind: Kind = "none"
    word: str = ""
    sentence: str = ""
    chips: tuple[ChipText | str, ...] = ()


class VerdictLine(QWidget):
    """Shows a verdict; word and sentence can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = Verdict()
        self.sign = QLabel(self)
        self.word = QLabel(self)
        self.sentence = QLabel(self)
        self.chips = ChipRow(self)
        theme.qualify(self.word, strong=True)
        for label in (self.word, self.sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(6))
        layout.addWidget(self.sign)
        layout.addWidget(self.word)
        layout.addSpacing(theme.metric(4))
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.chips)
        self.setAccessibleName("Result")
        self.show_verdict(self.verdict)

    def show_verdict(self, verdict: Verdict) -> None:
        """Take another result."""
        self.verdict = verdict
        sign, role = SIGNS[verdict.kind]
        icons.sign(self.sign, sign, role)
        self.sign.setVisible(bool(sign))
        self.word.setText(verdict.word)
        self.word.setVisible(bool(verdict.word))
        theme.qualify(self.word, role=role)
        self.sentence.setText(verdict.sentence)
        theme.qualify(self.sentence, role="muted" if verdict.kind == "none" else "")
        self.chips.show_chips(verdict.chips)
        self.setAccessibleDescription(self.text())

    def set(self, kind: Kind, word: str, sentence: str, chips: Iterable[ChipText | str] = ()) -> None:
        """The same from its parts."""
        self.show_verdict(Verdict(kind, word, sentence, tuple(chips)))

    def text(self) -> str:
        """The whole line in words, as a screen reader says it."""
        parts = [self.verdict.word, self.verdict.sentence, *self.chips.texts]
        return ", ".join(part for part in parts if part)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metric(120), theme.metric(24))
