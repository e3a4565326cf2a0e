"""Behind small tabs: the options of the selected socket, the exceptions to provoke, the descriptors of this process."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QTreeView, QVBoxLayout, QWidget

from workbench.panels.sockets.steps.models import FailuresModel, OpenModel, OptionsModel
from workbench.panels.sockets.steps.state import StepsState
from workbench.ui import theme
from workbench.ui.pieces import Tabbed, allow, button, field, table_of

OPTIONS, FAILURES, OPEN = 0, 1, 2
PROVOKE = "Bring this exception about, on sockets of its own"


class OptionsView(QWidget):
    """The table of options, with a filter."""

    def __init__(self) -> None:
        super().__init__()
        self.model = OptionsModel()
        self.shown = QSortFilterProxyModel()
        self.shown.setSourceModel(self.model)
        self.shown.setFilterKeyColumn(-1)
        self.shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = table_of(self.shown, "Options of the socket", (172, 72, 320, 110, 56, 66))
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.filter = field(
            "Filter options", "filter: RCVBUF, keep, missing …", "Show only options with these letters"
        )
        self.count = QLabel()
        theme.qualify(self.count, role="muted")
        row = QHBoxLayout()
        row.addWidget(self.filter, 1)
        row.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.metric(4), theme.metric(4), theme.metric(4), 0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.filter.textChanged.connect(self.shown.setFilterFixedString)

    def show_state(self, state: StepsState) -> None:
        """Show the options of the selected socket."""
        self.model.show_rows(state.options)
        here = sum(row.option.is_here for row in state.options)
        self.count.setText(f"{here} here, {len(state.options) - here} elsewhere")


class FailuresView(QWidget):
    """The tree of exceptions, with a button that provokes the chosen one. Signals: asked: its name."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = FailuresModel()
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setAccessibleName("Exceptions")
        self.tree.setUniformRowHeights(True)
        self.tree.setTabKeyNavigation(False)
        self.tree.expandAll()
        self.tree.header().setStretchLastSection(True)
        for at, width in ((0, 260), (1, 130)):
            self.tree.setColumnWidth(at, theme.metric(width))
        self.button = button("Provoke it", "warning", PROVOKE)
        self.what = QLabel("Choose an exception.")
        self.what.setWordWrap(True)
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        theme.qualify(self.what, role="muted")
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.what, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.metric(4), theme.metric(4), theme.metric(4), theme.metric(4))
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        self._is_busy = False
        self.tree.selectionModel().currentChanged.connect(self._on_chosen)
        self.tree.doubleClicked.connect(self._on_clicked)
        self.button.clicked.connect(self._on_clicked)
        self._show_button()

    def show_state(self, state: StepsState) -> None:
        """Show what was provoked."""
        self.model.show_came(state.provoked)
        self._is_busy = bool(state.provoking)
        self._show_button()

    @property
    def why_not(self) -> str:
        """Why the chosen one can't be provoked now; "" where it can."""
        kind = self.model.kind_at(self.tree.currentIndex())
        if kind is None:
            return "no exception is chosen"
        return "one is being provoked" if self._is_busy else kind.only_group

    def _show_button(self) -> None:
        allow(self.button, self.why_not, PROVOKE)

    def _on_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        kind = self.model.kind_at(current)
        if kind is not None:
            how = kind.only_group or kind.how or "; ".join(kind.lines)
            self.what.setText(how)
        self._show_button()

    def _on_clicked(self) -> None:
        kind = self.model.kind_at(self.tree.currentIndex())
        if kind is not None and not self.why_not:
            self.asked.emit(kind.name)


class OpenView(QWidget):
    """The open descriptors of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.model = OpenModel()
        self.table = table_of(self.model, "Open descriptors of this process", (50, 80, 320))
        self.why = QLabel("This system does not list them.")
        theme.qualify(self.why, role="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self.why)

    def show_state(self, state: StepsState) -> None:
        """Show them, those of the desk with their names."""
        self.model.names = {each.fd: each.name for each in state.descriptors if each.fd >= 0}
        self.model.show_rows(state.open_descriptors or ())
        self.why.setVisible(state.open_descriptors is None)


class Details(Tabbed):
    """The three of them."""

    def __init__(self) -> None:
        self.options, self.failures, self.open = OptionsView(), FailuresView(), OpenView()
        super().__init__(
            "Options, exceptions, descriptors",
            (
                ("Options", "Every socket option by level, for the selected socket", self.options),
                ("Exceptions", "What can go wrong, as a tree, with a way to provoke each", self.failures),
                ("Open descriptors", "Every open descriptor of this process", self.open),
            ),
        )

    def show_state(self, state: StepsState) -> None:
        """Show all three."""
        for part in (self.options, self.failures, self.open):
            part.show_state(state)
