"""One request on four levels: what a program on each writes, side by side, and the script of the chosen one."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.panels.sockets.gopher.controller import GopherController
from workbench.panels.sockets.gopher.models import LevelsModel
from workbench.panels.sockets.gopher.state import GopherState
from workbench.protocols.gopher.levels import LEVELS
from workbench.ui import theme
from workbench.ui.pieces import allow, button, table_of

HINT = "The question above is asked four times over: by sockets, by a file, by a module, by an address."


class LevelsView(QWidget):
    """The ladder of abstraction. Signals: asked: run it."""

    asked = Signal()

    def __init__(self, controller: GopherController) -> None:
        super().__init__()
        self._controller = controller
        self.model = LevelsModel()
        self.button = button("Ask on four levels", "play", "Make the same request on every level (F6)")
        self.hint = QLabel(HINT)
        self.hint.setWordWrap(True)
        theme.qualify(self.hint, role="muted")
        self.table = table_of(self.model, "Four levels of abstraction", (80, 290, 290, 290), stretch=4)
        self.table.setSelectionBehavior(self.table.SelectionBehavior.SelectColumns)
        self.table.setWordWrap(True)
        self.what = QLabel("")
        self.what.setWordWrap(True)
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setFont(theme.fixed_font())
        self.code.setTabChangesFocus(True)
        self.code.setAccessibleName("Script of the level")
        self.code.setPlaceholderText("The script of the chosen level will stand here; Copy as has it too.")
        self._lay_out()
        self.button.clicked.connect(self.asked)
        self.table.selectionModel().currentColumnChanged.connect(self._on_column_changed)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        top = QHBoxLayout()
        top.setContentsMargins(gap, gap, gap, 0)
        top.addWidget(self.button)
        top.addWidget(self.hint, 1)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(gap, 0, gap, gap)
        column.addWidget(self.what)
        column.addWidget(self.code, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.table)
        splitter.addWidget(below)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(splitter, 1)

    @property
    def level(self) -> int:
        """The number of the chosen level, 1 to 4."""
        return max(1, self.table.currentIndex().column())

    def show_state(self, state: GopherState) -> None:
        """Show the levels that are done."""
        allow(self.button, "wait for what is being asked, or cancel it (Esc)" if state.is_running else "")
        if state.levels is self.model.levels:
            return
        self.model.show_levels(state.levels)
        self.table.resizeRowsToContents()
        if state.levels and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 1))
        self._show_code()

    def _on_column_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self._show_code()

    def _show_code(self) -> None:
        info = LEVELS[self.level - 1]
        self.what.setText(f"{info.name}: {info.what}.")
        try:
            script = self._controller.copy_as_python(self.level) if self.model.levels else ""
        except WorkbenchError as failure:
            script = f"# {failure}"
        self.code.setPlainText(script)
