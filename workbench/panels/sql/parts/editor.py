"""The upper half: statements, their parameters, and what runs them. Decides nothing."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from workbench.panels.sql.state import SqlState
from workbench.protocols.sql.split import split, statement_at
from workbench.protocols.sql.values import Dialect
from workbench.ui import theme
from workbench.ui.pieces import allow, button

HINT = "SELECT * FROM missing;"
PARAMETERS_HINT = "One value a line: 5, 'text', NULL, or name=value"
TIPS = {
    "run": "Run the statement in which the cursor stands (Ctrl+Return)",
    "run_all": "Run all statements, up to the first that is refused (Ctrl+Shift+Return)",
}
SHOWS_STATEMENT_UP_TO = 100_000
"""Characters: in a longer text the statement at the cursor is found when it is run, and not at every key."""
REST_MS = 120


class SqlEditor(QPlainTextEdit):
    """Plain text with the statement at the cursor marked, and the place of an error."""

    def __init__(self) -> None:
        super().__init__()
        self.dialect: Dialect = "sqlite"
        self._mark: tuple[int, int] | None = None
        self.setAccessibleName("Statements")
        self.setPlaceholderText(HINT)
        self.setTabChangesFocus(True)
        theme.qualify(self, fixed=True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.show_marks)
        self.cursorPositionChanged.connect(self._rest.start)
        self.textChanged.connect(self._rest.start)

    def set_mark(self, mark: tuple[int, int] | None) -> None:
        """Mark the place of an error; None takes the mark away."""
        if mark != self._mark:
            self._mark = mark
            self.show_marks()

    def show_marks(self) -> None:
        """Draw what is marked now."""
        self._rest.stop()
        text = self.toPlainText()
        marks: list[QTextEdit.ExtraSelection] = []
        if len(text) <= SHOWS_STATEMENT_UP_TO:
            found = split(text, self.dialect)
            one = statement_at(found, self.place())
            if one is not None and len(found) > 1:
                shape = QTextCharFormat()
                shape.setBackground(theme.colour("selection", 0.45))
                marks.append(self._selection(one.start, one.end, shape))
        if self._mark is not None:
            shape = QTextCharFormat()
            shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            shape.setUnderlineColor(theme.colour("error"))
            shape.setForeground(theme.colour("error"))
            marks.append(self._selection(*self._mark, shape))
        self.setExtraSelections(marks)

    def add_statement(self, text: str) -> None:
        """Write a statement behind the others, and put the cursor into it; it can be undone."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        before = self.toPlainText()
        cursor.insertText(text if not before or before.endswith("\n") else "\n" + text)
        self.setTextCursor(cursor)

    def place(self) -> int:
        """Where the cursor stands, in characters of Python: Qt counts those beyond 16 bits twice."""
        return _characters(self.toPlainText(), self.textCursor().position())

    def _selection(self, start: int, end: int, shape: QTextCharFormat) -> QTextEdit.ExtraSelection:
        text = self.toPlainText()
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(_units(text[:start]), _units(text)))
        cursor.setPosition(min(_units(text[:end]), _units(text)), QTextCursor.MoveMode.KeepAnchor)
        one = QTextEdit.ExtraSelection()
        # PySide declares both as attributes that are read only.
        one.cursor = cursor  # type: ignore[misc]  # see above
        one.format = shape  # type: ignore[misc]  # see above
        return one


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _characters(text: str, units: int) -> int:
    if text.isascii():
        return units
    return len(text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "ignore"))


class EditorPart(QWidget):
    """Signals: edited: the statements or the parameters are others now."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.editor = SqlEditor()
        self.parameters = QPlainTextEdit()
        self.parameters.setAccessibleName("Parameters")
        self.parameters.setPlaceholderText(PARAMETERS_HINT)
        self.parameters.setToolTip(
            "Values for ? and :name (PostgreSQL: $1 and :name). They travel beside the statement, never within it"
        )
        self.parameters.setTabChangesFocus(True)
        theme.qualify(self.parameters, fixed=True)
        self.parameters.setMaximumWidth(theme.metric(260))
        self.run = button("Run", "play", TIPS["run"], "primary")
        self.run_all = button("Run all", "running", TIPS["run_all"])
        self.hint = QLabel("the statement at the cursor runs; results stand below")
        theme.qualify(self.hint, role="muted")
        self._lay_out()
        self.editor.textChanged.connect(self.edited)
        self.parameters.textChanged.connect(self.edited)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        upper = QHBoxLayout()
        upper.setSpacing(gap)
        upper.addWidget(self.editor, 3)
        upper.addWidget(self.parameters, 1)
        below = QHBoxLayout()
        below.setSpacing(gap)
        below.addWidget(self.run)
        below.addWidget(self.run_all)
        below.addWidget(self.hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(6))
        column.addLayout(upper, 1)
        column.addLayout(below)
        self.editor.setMinimumHeight(theme.metric(64))
        self.parameters.setMinimumHeight(theme.metric(64))

    def show_state(self, state: SqlState) -> None:
        """Show what can be run, and where the last mistake is."""
        if self.editor.dialect != state.dialect:
            self.editor.dialect = state.dialect
            self.editor.show_marks()
        self.editor.set_mark(state.mark)
        for widget, name in ((self.run, "run"), (self.run_all, "run_all")):
            allow(widget, state.why_not_run, TIPS[name])
