"""The view Who noticed: the matrix of one machine, what each death comes to, and machines side by side."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from workbench.formats.charset import visible
from workbench.panels.sockets.flow.models import MachinesModel, MatrixModel, machine
from workbench.panels.sockets.flow.state import FlowState
from workbench.protocols.deaths.values import DEATHS
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, button, table_of

EMPTY = "Which call notices that the peer is gone, when, and with which error, will stand here."
OFFER = "Let some processes die"
COMPARE = "The findings of other machines will stand beside these: import their files."
MEASURE_TIP = "Start helper processes, let each go away in its manner, and make every call (F5)"
EXPORT_TIP = "Save the findings of all machines that are shown, with their systems, as JSON"
IMPORT_TIP = "Take the findings of another machine from its file"
MACHINE_WIDTH = 330
FORGET_TIP = "Take the machine that is shown away"


class DeathsView(QWidget):
    """Signals: measured, exported, imported, forgotten: a button; chosen(number of a machine)."""

    measured = Signal()
    exported = Signal()
    imported = Signal()
    forgotten = Signal()
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.measure = button("Measure", "play", MEASURE_TIP, "primary")
        self.export = button("Export", "export", EXPORT_TIP)
        self.import_ = button("Import", "import", IMPORT_TIP)
        self.forget = button("Remove", "remove", FORGET_TIP)
        self.machines = QComboBox()
        self.machines.setAccessibleName("Machine")
        self.machines.setToolTip("Whose findings the matrix shows")
        self.machines.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.empty = EmptyState(EMPTY, OFFER, icon="abort")
        self.matrix = MatrixModel()
        self.table = table_of(self.matrix, "Who noticed", (104, 92, 92, 92, 106, 92, 116, 98, 108))
        self.table.verticalHeader().setDefaultSectionSize(theme.metric(44))
        self.table.setWordWrap(True)
        self.sentences = QLabel()
        self.sentences.setTextFormat(Qt.TextFormat.PlainText)
        self.sentences.setWordWrap(True)
        self.sentences.setAccessibleName("Who noticed first")
        self.compared = MachinesModel()
        self.comparison = table_of(self.compared, "Machines side by side", (110, 120))
        self.nothing_to_compare = EmptyState(COMPARE, "Import findings", icon="compare")
        self._is_showing = False
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        top = QHBoxLayout()
        top.setSpacing(theme.metric(6))
        for widget in (self.machines, self.forget):
            top.addWidget(widget)
        top.addStretch(1)
        for widget in (self.import_, self.export, self.measure):
            top.addWidget(widget)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.table, 1)
        column.addWidget(self.sentences)
        lower = QWidget()
        self._lower = QStackedLayout(lower)
        self._lower.setContentsMargins(0, 0, 0, 0)
        self._lower.addWidget(self.nothing_to_compare)
        self._lower.addWidget(self.comparison)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(upper)
        splitter.addWidget(lower)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([theme.metric(380), theme.metric(160)])
        body = QWidget()
        self._pages = QStackedLayout(body)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        layout.addLayout(top)
        layout.addWidget(body, 1)

    def _connect(self) -> None:
        self.measure.clicked.connect(self.measured)
        self.empty.asked.connect(self.measured)
        self.export.clicked.connect(self.exported)
        self.import_.clicked.connect(self.imported)
        self.nothing_to_compare.asked.connect(self.imported)
        self.forget.clicked.connect(self.forgotten)
        self.machines.currentIndexChanged.connect(self._on_chosen)

    def show_state(self, state: FlowState) -> None:
        """Show another state."""
        allow(self.measure, state.why_not_measure)
        busy = "wait until it has measured, or stop it (Esc)" if state.is_measuring else ""
        allow(self.export, busy or state.why_not_export)
        allow(self.import_, busy)
        allow(self.forget, busy or ("" if state.columns else "nothing was measured yet"))
        self._pages.setCurrentIndex(1 if state.columns else 0)
        self._show_machines(state)
        column = state.column
        self.matrix.show_column(column)
        known = [
            death for death in DEATHS if column is not None and any(c.death == death.id for c in column.cells)
        ]
        told = [
            f"{death.title}: {visible(column.sentence(death.id))}" for death in known if column is not None
        ]
        self.sentences.setText("" if state.is_measuring else "\n".join(told))
        self._lower.setCurrentIndex(1 if len(state.columns) > 1 else 0)
        self.compared.show_machines(state.columns if len(state.columns) > 1 else ())
        for at in range(2, self.compared.columnCount() - 1):
            self.comparison.setColumnWidth(at, theme.metric(MACHINE_WIDTH))

    def _show_machines(self, state: FlowState) -> None:
        names = [machine(column) for column in state.columns]
        self._is_showing = True
        if names != [self.machines.itemText(at) for at in range(self.machines.count())]:
            self.machines.clear()
            self.machines.addItems(names)
        self.machines.setCurrentIndex(state.chosen if names else -1)
        self._is_showing = False
        self.machines.setVisible(bool(names))
        self.forget.setVisible(bool(names))

    def _on_chosen(self, number: int) -> None:
        if number >= 0 and not self._is_showing:
            self.chosen.emit(number)
