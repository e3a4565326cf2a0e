"""The verdict line: sign, word, one sentence with the result, and chips with figures; it stands on top of a view."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from workbench.formats.charset import visible
from workbench.jobs.verdict import NO_VERDICT, ChipText, Verdict, VerdictKind
from workbench.ui import icons, theme
from workbench.ui.chips import ChipRow

# Sign and tone of each kind; the word tells the same without colour.
SIGNS: dict[VerdictKind, tuple[str, str]] = {
    "none": ("", "muted"),
    "info": ("info", "accent"),
    "running": ("running", "accent"),
    "good": ("good", "good"),
    "warning": ("warning", "warning"),
    "bad": ("bad", "error"),
}


class VerdictLine(QWidget):
    """Shows a verdict; word and sentence can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = NO_VERDICT
        self._sign: tuple[str, str] | None = None
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
        # As high as its width asks for: what is fixed would be as high as the sentence in a narrow window.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(6))
        layout.addWidget(self.sign)
        layout.addWidget(self.word)
        # The word's own: where there is none, the sentence begins where everything else does.
        self.word.setContentsMargins(0, 0, theme.metric(4), 0)
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.chips)
        self.setAccessibleName("Result")
        self.show_verdict(self.verdict)

    def show_verdict(self, verdict: Verdict, nothing: str = "") -> None:
        """Take another result. nothing: what is said where there is none yet."""
        if not verdict.word and nothing:
            verdict = Verdict(sentence=nothing)
        chips = tuple(map(_chip, verdict.chips))
        self.verdict = verdict._replace(chips=chips)
        sign, role = SIGNS[verdict.kind]
        if (sign, role) != self._sign:
            self._sign = sign, role
            icons.sign(self.sign, sign, role)
            self.sign.setVisible(bool(sign))
        self.word.setText(verdict.word)
        self.word.setVisible(bool(verdict.word))
        theme.qualify(self.word, role=role)
        self.sentence.setText(visible(verdict.sentence))
        theme.qualify(self.sentence, role="muted" if verdict.kind == "none" else "")
        self.chips.show_chips(chips)
        self.setAccessibleDescription(self.text())

    def set(self, kind: VerdictKind, word: str, sentence: str, chips: Iterable[ChipText | str] = ()) -> None:
        """The same from its parts."""
        self.show_verdict(Verdict(kind, word, sentence, tuple(chips)))

    def text(self) -> str:
        """The whole line in words, as a screen reader says it."""
        parts = [self.verdict.word, self.verdict.sentence, *self.chips.texts]
        return ", ".join(part for part in parts if part)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metric(120), theme.metric(24))


def _chip(chip: tuple[str, ...] | str) -> ChipText:
    return ChipText(chip) if isinstance(chip, str) else ChipText(*chip)
