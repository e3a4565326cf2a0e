"""The line of the search: language, expression, what prefixes mean, and the way from hit to hit."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.panels.web.inspector.state import Form, InspectorState
from workbench.ui import icons, theme
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.pieces import allow

HINTS = {"xpath": "//a[@href]    count(//item)    string(//title)", "css": "table.prices td a[href]"}
_PREFIXES = "prefixes: x=http://www.w3.org/1999/xhtml"


class SearchLine(QWidget):
    """What is searched.

    Signals:
        submitted: search now. stopped: end the search. edited: something is another. stepped: to the next hit (1) or
        the one before (-1).
    """

    submitted = Signal()
    stopped = Signal()
    edited = Signal()
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = QComboBox()
        self.language.addItem("XPath", "xpath")
        self.language.addItem("CSS", "css")
        self.language.setAccessibleName("Language of the expression")
        self.language.setToolTip("XPath 1.0, or CSS selectors")
        self.expression = QLineEdit()
        self.expression.setAccessibleName("Expression")
        self.expression.setToolTip("What to find (Ctrl+F)")
        self.namespaces = QLineEdit()
        self.namespaces.setAccessibleName("Namespace prefixes")
        self.namespaces.setToolTip(
            "What prefixes of the expression mean: prefix=name, with spaces between several"
        )
        self.namespaces.setPlaceholderText(_PREFIXES)
        for field in (self.expression, self.namespaces):
            theme.qualify(field, fixed=True)
        self.marks = {"expression": MistakeMark(self.expression), "namespaces": MistakeMark(self.namespaces)}
        self.button = QPushButton("Find")
        self.button.setToolTip("Search the document (Enter)")
        self.before, self.after = QToolButton(), QToolButton()
        for button, icon, tip in (
            (self.before, "chevron-up", "The hit before (Shift+F3)"),
            (self.after, "chevron-down", "The next hit (F3)"),
        ):
            icons.dress(button, icon)
            button.setToolTip(tip)
            button.setAccessibleName(tip.partition(" (")[0])
        self.at = QLabel()
        theme.qualify(self.at, role="muted")
        self._is_searching = False
        self._lay_out()
        self._connect()
        self._on_language_changed()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        row.addWidget(self.language)
        row.addWidget(self.expression, 3)
        row.addWidget(self.namespaces, 2)
        for widget in (self.button, self.before, self.after, self.at):
            row.addWidget(widget)

    def _connect(self) -> None:
        self.language.currentIndexChanged.connect(self._on_language_changed)
        for field in (self.expression, self.namespaces):
            field.textChanged.connect(self._on_text_changed)
            field.returnPressed.connect(self._on_return_pressed)
        self.button.clicked.connect(self._on_button_clicked)
        self.before.clicked.connect(self._on_before_clicked)
        self.after.clicked.connect(self._on_after_clicked)

    # ---- what is composed

    def values(self) -> dict[str, str]:
        """The fields by their names in the form."""
        return {
            "language": str(self.language.currentData()),
            "expression": self.expression.text(),
            "namespaces": self.namespaces.text(),
        }

    def restore(self, form: Form) -> None:
        """Take other values."""
        self.language.setCurrentIndex(max(0, self.language.findData(form.language)))
        self.expression.setText(form.expression)
        self.namespaces.setText(form.namespaces)

    # ---- showing

    def show_state(self, state: InspectorState) -> None:
        """Say where in the hits we are, and what is wrong with the expression."""
        self._is_searching = state.is_searching
        self.button.setText("Stop" if state.is_searching else "Find")
        allow(self.button, "" if state.is_searching else state.why_not_search)
        number = len(state.answer.hits) if state.answer is not None else 0
        for step in (self.before, self.after):
            allow(step, "" if number > 1 else "there is one hit" if number else "nothing was found yet")
        self.at.setText(f"{state.hit + 1:,} of {number:,}" if number and state.hit >= 0 else "")
        self._show_mistake(state.problem)

    def _show_mistake(self, problem: WorkbenchError | None) -> None:
        for name, field in (("expression", self.expression), ("namespaces", self.namespaces)):
            is_here = isinstance(problem, LocalMisuse) and bool(problem.text) and problem.text == field.text()
            theme.qualify(field, wrong=is_here)
            if is_here and isinstance(problem, LocalMisuse) and problem.start is not None:
                self.marks[name].mark(problem.start, problem.end or problem.start)
            else:
                self.marks[name].hide()

    # ---- a person did something

    def _on_language_changed(self) -> None:
        self.expression.setPlaceholderText(HINTS[str(self.language.currentData())])
        self.edited.emit()

    def _on_text_changed(self) -> None:
        self.edited.emit()

    def _on_return_pressed(self) -> None:
        self.submitted.emit()

    def _on_button_clicked(self) -> None:
        if self._is_searching:
            self.stopped.emit()
        else:
            self.submitted.emit()

    def _on_before_clicked(self) -> None:
        self.stepped.emit(-1)

    def _on_after_clicked(self) -> None:
        self.stepped.emit(1)
