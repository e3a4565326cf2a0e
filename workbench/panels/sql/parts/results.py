"""The lower half: rows of a result, the statements of the run, one value in full. Decides nothing."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QStackedLayout,
    QTabBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.charset import visible
from workbench.formats.quantity import octets
from workbench.panels.sql.models import RowsModel, RunModel
from workbench.panels.sql.state import SqlState
from workbench.protocols.sql.cells import octets_of, text_of
from workbench.protocols.sql.rows import Rows
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.hexview import HeldOctets, HexView
from workbench.ui.pieces import allow, button, table_of

PARTS = (
    ("Rows", "What the shown statement brought (Ctrl+Alt+4)"),
    ("Statements", "Every statement of the last run, and what the database said to it (Ctrl+Alt+5)"),
    ("Value", "The selected value in full: its type, its text or its octets (Ctrl+Alt+6)"),
)
NO_ROWS = "Run a statement: its rows will stand here."
NO_COLUMNS = "This statement brought no rows; what it did stands above."
NO_RUN = "Run something: each statement will have its line here, with what the database said."
NO_VALUE = "Select a value in the rows: it will stand here in full."
EXPORT_TIP = "Write the rows to a file of comma-separated values, RFC 4180 (Ctrl+Shift+S)"
MAX_VALUE = 64 * 1024
"""Characters or octets of one value that are shown: a megabyte in one line would stop the window."""
MAX_COLUMN_WIDTH = 320


def _rows_table(model: RowsModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName("Rows of the result")
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setCornerButtonEnabled(False)
    corner = table.findChild(QAbstractButton)
    if isinstance(corner, QAbstractButton):
        corner.setAccessibleName("Corner of the table")
        corner.setToolTip("Row numbers stand below")
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    upright = table.verticalHeader()
    upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    upright.setDefaultSectionSize(theme.metric(24))
    upright.setMinimumWidth(theme.metric(52))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionsClickable(True)
    header.setSortIndicatorShown(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setMaximumSectionSize(theme.metric(1200))
    header.setResizeContentsPrecision(0)
    return table


class ResultsPart(QWidget):
    """Signals: sort_asked: column, and whether downward. result_chosen: the number of another result."""

    sort_asked = Signal(int, bool)
    result_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows = RowsModel()
        self.run = RunModel()
        self.table = _rows_table(self.rows)
        self.run_table = table_of(self.run, "Statements of the last run", (28, 340, 380, 80), stretch=2)
        self.value_title = QLabel()
        self.value_text = QPlainTextEdit()
        self.value_text.setReadOnly(True)
        theme.qualify(self.value_text, fixed=True)
        self.value_text.setTabChangesFocus(True)
        self.value_text.setAccessibleName("The selected value")
        self.value_hex = HexView("Octets of the selected value")
        self.no_rows = EmptyState(NO_ROWS, icon="sql")
        self.no_run = EmptyState(NO_RUN, icon="running")
        self.no_value = EmptyState(NO_VALUE, icon="text")
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Parts of the result")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for title, tip in PARTS:
            self.tabs.setTabToolTip(self.tabs.addTab(title), tip)
        self.export = button("Export", "export", EXPORT_TIP)
        self._sized: object = None
        self._sorted_by: tuple[int, bool] | None = None
        self._can_sort = False
        self._lay_out()
        self.tabs.currentChanged.connect(self._parts.setCurrentIndex)
        self.table.selectionModel().currentChanged.connect(self._on_cell_chosen)
        self.table.activated.connect(self._on_cell_activated)
        self.table.horizontalHeader().sectionClicked.connect(self._on_header_clicked)
        self.run_table.selectionModel().currentRowChanged.connect(self._on_run_chosen)

    def _lay_out(self) -> None:
        value = QWidget()
        inner = QVBoxLayout(value)
        inner.setContentsMargins(theme.metric(8), theme.metric(4), 0, 0)
        inner.addWidget(self.value_title)
        self._value_pages = QStackedLayout()
        self._value_pages.addWidget(self.value_text)
        self._value_pages.addWidget(self.value_hex)
        inner.addLayout(self._value_pages, 1)
        theme.qualify(self.value_title, role="muted")
        pane = QFrame()
        theme.qualify(pane, pane=True)
        self._parts = QStackedLayout(pane)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._pages: list[QStackedLayout] = []
        for empty, full in (
            (self.no_rows, self.table),
            (self.no_run, self.run_table),
            (self.no_value, value),
        ):
            part = QWidget()
            pages = QStackedLayout(part)
            pages.setContentsMargins(0, 0, 0, 0)
            pages.addWidget(empty)
            pages.addWidget(full)
            self._pages.append(pages)
            self._parts.addWidget(part)
        top = QHBoxLayout()
        top.addWidget(self.tabs, 1)
        top.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addLayout(top)
        column.addWidget(pane, 1)

    def show_part(self, number: int) -> None:
        """Show one part and put the focus into it."""
        self.tabs.setCurrentIndex(number)
        wanted = (self.table, self.run_table, self.value_text)[number]
        (wanted if wanted.isVisible() else self.tabs).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_rows(self, rows: Rows | None, state: SqlState) -> None:
        """The rows of the shown result; called whenever more of them came."""
        self.rows.show_rows(rows, is_whole=state.result is None or state.result.ending != "running")
        if rows is None:
            has_run = state.result is not None and state.result.ending == "done"
            self.no_rows.set(NO_COLUMNS if has_run else NO_ROWS, "", "sql")
        self._pages[0].setCurrentIndex(0 if rows is None else 1)
        if rows is not self._sized:
            self._sized = rows
            self._show_value(QModelIndex())
        if rows is not None and len(rows) and self.table.property("sized_for") != id(rows):
            self.table.setProperty("sized_for", id(rows))
            self._fit()

    def show_state(self, state: SqlState) -> None:
        """Everything but the rows."""
        self.run.show_rows(state.results)
        self._pages[1].setCurrentIndex(1 if state.results else 0)
        self._point_at(state.shown)
        self._can_sort = not state.why_not_sort
        self._sorted_by = state.result.sorted_by if state.result is not None else None
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(self._sorted_by is not None)
        if self._sorted_by is not None:
            column, downward = self._sorted_by
            order = Qt.SortOrder.DescendingOrder if downward else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(column, order)
        allow(self.export, state.why_not_export, EXPORT_TIP)

    def _point_at(self, number: int | None) -> None:
        """The line of the shown result is the current one; a table without one takes its first with the focus."""
        rows = [row for row, one in enumerate(self.run.rows) if one.number == number]
        if rows and self.run_table.currentIndex().row() != rows[0]:
            chosen = self.run_table.selectionModel()
            was = chosen.blockSignals(True)
            self.run_table.setCurrentIndex(self.run.index(rows[0], 1))
            chosen.blockSignals(was)
            self.run_table.viewport().update()

    def _fit(self) -> None:
        """Columns as wide as what is on the screen, within bounds; looked at once, when the first rows are there."""
        self.table.resizeColumnsToContents()
        most = theme.metric(MAX_COLUMN_WIDTH)
        for column in range(self.rows.columnCount()):
            if self.table.columnWidth(column) > most:
                self.table.setColumnWidth(column, most)

    def _on_header_clicked(self, column: int) -> None:
        if self._can_sort:
            was = self._sorted_by
            self.sort_asked.emit(column, was is not None and was[0] == column and not was[1])

    def _on_run_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.result_chosen.emit(self.run.rows[current.row()].number)

    def _on_cell_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._show_value(current)

    def _on_cell_activated(self, index: QModelIndex) -> None:
        self._show_value(index)
        self.show_part(2)

    def _show_value(self, index: QModelIndex) -> None:
        column = self.rows.column(index.column()) if index.isValid() else None
        self._pages[2].setCurrentIndex(0 if column is None else 1)
        if column is None:
            return
        raw = self.rows.raw(index.row(), index.column())
        kind = column.type or type(raw).__name__
        title = f"{visible(column.name)}, {kind}, row {index.row() + 1:,}"
        data = octets_of(raw, column)
        if data is not None:
            self.value_hex.set_provider(HeldOctets(data))
            self._value_pages.setCurrentWidget(self.value_hex)
            self.value_title.setText(f"{title}: {octets(len(data))}")
            return
        text = text_of(raw, column)
        more = f"; the first {MAX_VALUE:,} characters of {len(text):,}" if len(text) > MAX_VALUE else ""
        self.value_title.setText(f"{title}: NULL, no value" if raw is None else title + more)
        shown = "\n".join(visible(line) for line in text[:MAX_VALUE].split("\n"))
        self.value_text.setPlainText(shown)
        self._value_pages.setCurrentWidget(self.value_text)
