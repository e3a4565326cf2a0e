"""The bar with questions about a conversation: one at a time, with its choices, and what an answer was worth."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.charset import visible
from workbench.formats.references import references
from workbench.transcript.quiz import Question
from workbench.ui import theme
from workbench.ui.pieces import small_button

NOTHING = "Of this connection nothing can be asked: the record does not tell its endpoints."
MOST_CHOICES = 4


class QuizBar(QWidget):
    """The bar; hidden until it is wanted.

    Signals:
        closed: it is not wanted any more.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.questions: tuple[Question, ...] = ()
        self.at = 0
        self.right = 0
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        theme.qualify(self.text, strong=True)
        self.choices = [QRadioButton(self) for _ in range(MOST_CHOICES)]
        self.group = QButtonGroup(self)
        for number, choice in enumerate(self.choices):
            self.group.addButton(choice, number)
        self.next_button = QPushButton("Next question", self)
        self.next_button.setToolTip("Go on with the next question")
        self.close_button = small_button("close", "Close the questions", "Close the questions (Esc)")
        self.grade = QLabel(self)
        self.grade.setTextFormat(Qt.TextFormat.PlainText)
        self.grade.setWordWrap(True)
        self.grade.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setSpacing(theme.metric(12))
        row.addWidget(self.text, 1)
        row.addWidget(self.next_button)
        row.addWidget(self.close_button)
        answers = QHBoxLayout()
        answers.setSpacing(theme.metric(16))
        for choice in self.choices:
            choice.setToolTip("Answer this")
            answers.addWidget(choice)
        answers.addWidget(self.grade, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addLayout(row)
        column.addLayout(answers)
        self.group.idClicked.connect(self._on_answered)
        self.next_button.clicked.connect(self._on_next)
        self.close_button.clicked.connect(self.closed)
        self.hide()

    def ask(self, questions: Sequence[Question]) -> None:
        """Begin with the first of these."""
        self.questions, self.at, self.right = tuple(questions), 0, 0
        self.show()
        self._show_question()
        first = self.choices[0] if self.questions else self.close_button
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    # ----

    @property
    def question(self) -> Question | None:
        """The one that is asked now; None when all have been, or there are none."""
        return self.questions[self.at] if self.at < len(self.questions) else None

    def _show_question(self) -> None:
        question = self.question
        self.grade.setText("")
        self.grade.setVisible(False)
        offered = question.choices[:MOST_CHOICES] if question is not None else ()
        self.group.setExclusive(False)
        for number, choice in enumerate(self.choices):
            choice.setVisible(number < len(offered))
            choice.setChecked(False)
            choice.setEnabled(True)
            choice.setText(visible(offered[number]) if number < len(offered) else "")
        self.group.setExclusive(True)
        self.next_button.setVisible(question is not None)
        self.next_button.setEnabled(False)
        if question is not None:
            self.text.setText(f"{self.at + 1} of {len(self.questions)}. {visible(question.text)}")
        elif self.questions:
            self.text.setText(f"{self.right} of {len(self.questions)} answered rightly at once")
        else:
            self.text.setText(NOTHING)

    def _on_answered(self, choice: int) -> None:
        question = self.question
        if question is None:
            return
        is_right = question.grade(choice)
        is_first = not self.grade.isVisible()
        self.right += is_right and is_first
        word = "✓ Right" if is_right else "✗ Not so"
        documents = ", ".join(each.sentence for each in references(question.source))
        told = f"{word}: {question.why}." if is_right else f"{word}. Look again: {_hint(question)}."
        self.grade.setText(visible(f"{told} {documents}".strip() if is_right else told))
        theme.qualify(self.grade, role="good" if is_right else "warning")
        self.grade.setVisible(True)
        self.next_button.setEnabled(is_right)
        if is_right:
            for other in self.choices:
                other.setEnabled(other.isChecked())
            self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_next(self) -> None:
        self.at += 1
        self._show_question()
        following = self.choices[0] if self.question is not None else self.close_button
        following.setFocus(Qt.FocusReason.OtherFocusReason)


def _hint(question: Question) -> str:
    return "its last events tell" if "ended" in question.text else "the first events of this connection tell"
