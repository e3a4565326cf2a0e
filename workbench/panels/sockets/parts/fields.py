"""A field with its mistake: the words stand below it, a wavy line under the place in it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.ui import icons, theme
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.words import with_advice


class Problem(QWidget):
    """The reason below a field. Made when there is one: a sheet has twenty fields, and most never have any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = QLabel(self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.words, role="error")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(6))
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)

    def say(self, mistake: WorkbenchError) -> None:
        """Say what is wrong."""
        icons.sign(self.sign, "bad", "error")
        self.words.setText(with_advice(mistake))


class _WithProblem(QWidget):
    """A column of a field and, once there was one, its problem."""

    def __init__(self) -> None:
        super().__init__()
        self.problem: Problem | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.metric(4))

    def _say(self, mistake: WorkbenchError | None, widget: QWidget) -> None:
        theme.qualify(widget, wrong=mistake is not None)
        widget.setAccessibleDescription(with_advice(mistake) if mistake is not None else "")
        if mistake is not None:
            if self.problem is None:
                self.problem = Problem(self)
                self.column.addWidget(self.problem)
            self.problem.say(mistake)
        if self.problem is not None:
            self.problem.setVisible(mistake is not None)


class TextField(_WithProblem):
    """One line to type.

    Args:
        name: what a screen reader says.
        hint: shown while it is empty.

    Signals:
        edited: the person, or a draft, changed it.
    """

    edited = Signal()

    def __init__(self, name: str, hint: str = "", tip: str = "", *, is_secret: bool = False) -> None:
        super().__init__()
        self.field = QLineEdit(self)
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(hint)
        self.field.setToolTip(tip)
        if is_secret:
            self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.mark: MistakeMark | None = None
        self.row = QHBoxLayout()
        self.row.setSpacing(theme.metric(4))
        self.row.addWidget(self.field, 1)
        self.column.addLayout(self.row)
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._on_text_changed)

    def text(self) -> str:
        """What stands there."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Put something there."""
        self.field.setText(text)

    def add_button(self, icon: str, name: str) -> QToolButton:
        """A small button behind the field."""
        button = QToolButton(self)
        theme.qualify(button, kind="quiet")
        icons.dress(button, icon)
        button.setAccessibleName(name)
        button.setToolTip(name)
        self.row.addWidget(button)
        return button

    def show_mistake(self, mistake: WorkbenchError | None) -> None:
        """Mark the place, or all of it, and say the reason; None takes both away."""
        self._say(mistake, self.field)
        if mistake is None:
            if self.mark is not None:
                self.mark.hide()
            return
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        start: int | None = 0
        end: int | None = len(self.field.text())
        if isinstance(mistake, LocalMisuse):
            start, end = mistake.start, mistake.end
        if start is None or end is None:
            return
        self.mark = self.mark or MistakeMark(self.field)
        self.field.setCursorPosition(start)
        self.mark.mark(start, end)

    def _on_text_changed(self) -> None:
        self.show_mistake(None)
        self.edited.emit()


class ChoiceField(_WithProblem):
    """A choice of a few.

    Signals:
        edited: another one was chosen.
    """

    edited = Signal()

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], tip: str = "") -> None:
        super().__init__()
        self.box = QComboBox(self)
        self.box.setAccessibleName(name)
        self.box.setToolTip(tip or name)
        for choice, title in choices:
            self.box.addItem(title, choice)
        self.column.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.currentIndexChanged.connect(self._on_chosen)

    def choice(self) -> str:
        """The id of the chosen one."""
        return str(self.box.currentData())

    def choose(self, choice: str) -> None:
        """Choose one; an unknown one changes nothing."""
        at = self.box.findData(choice)
        if at >= 0:
            self.box.setCurrentIndex(at)

    def show_mistake(self, mistake: WorkbenchError | None) -> None:
        """Say what is wrong with it."""
        self._say(mistake, self.box)
        if mistake is not None:
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_chosen(self) -> None:
        self.show_mistake(None)
        self.edited.emit()
