"""The tree of what is in the database: tables and views, and the columns of those that are opened. Decides nothing."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedLayout, QTreeView, QVBoxLayout, QWidget

from workbench.formats.charset import visible
from workbench.panels.sql.state import SqlState
from workbench.protocols.sql.schema import Field, Table
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, small_button

EMPTY = ("Open a database: its tables and views will stand here.", "Open the story")
NOTHING = "There is no table in it yet."
TABLE = Qt.ItemDataRole.UserRole + 1
RELOAD_TIP = "Ask for the tables anew (Ctrl+R)"


class SchemaTree(QWidget):
    """Signals: looked_into: a table was opened, whose columns are not known. chosen: one was activated."""

    looked_into = Signal(object)
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tables: tuple[Table, ...] = ()
        self._fields: tuple[tuple[Table, tuple[Field, ...]], ...] = ()
        self.model = QStandardItemModel()
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setAccessibleName("Tables and views")
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.title = QLabel("Tables")
        theme.qualify(self.title, role="muted")
        self.title.setBuddy(self.tree)
        self.reload = small_button("reload", "Look anew", RELOAD_TIP)
        self.empty = EmptyState(*EMPTY, icon="sql")
        self._lay_out()
        self.tree.expanded.connect(self._on_expanded)
        self.tree.activated.connect(self._on_activated)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.reload)
        pane = QFrame()
        theme.qualify(pane, pane=True)
        self._pages = QStackedLayout(pane)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.tree)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addLayout(top)
        column.addWidget(pane, 1)

    def show_state(self, state: SqlState) -> None:
        """Show the tables of the state."""
        self._show_tables(state.tables)
        self._show_fields(state.fields)
        self._pages.setCurrentWidget(self.tree if state.tables else self.empty)
        if state.phase == "open" and not state.tables:
            self.empty.set(state.schema_note or NOTHING, "", "sql")
        else:
            self.empty.set(EMPTY[0], "" if state.is_live else EMPTY[1], "sql")
        self.title.setText(f"Tables ({state.schema_note})" if state.schema_note else "Tables")
        allow(self.reload, "" if state.phase == "open" else "open a database first")

    def _show_tables(self, tables: tuple[Table, ...]) -> None:
        if tables == self._tables:
            return
        self._tables = tables
        self._fields = ()
        self.model.clear()
        for table in tables:
            name = f"{table.schema}.{table.name}" if table.schema not in ("", "public") else table.name
            item = QStandardItem(visible(name) + (" (view)" if table.kind == "view" else ""))
            item.setData(table, TABLE)
            item.setToolTip(f"{table.kind} {visible(name)}: Enter writes a SELECT for it")
            item.appendRow(QStandardItem("…"))
            self.model.appendRow(item)

    def _show_fields(self, fields: tuple[tuple[Table, tuple[Field, ...]], ...]) -> None:
        if fields == self._fields:
            return
        fresh = [one for one in fields if one not in self._fields]
        self._fields = fields
        for table, columns in fresh:
            item = self.model.item(self._tables.index(table)) if table in self._tables else None
            if item is None:
                continue
            item.removeRows(0, item.rowCount())
            for column in columns:
                item.appendRow(QStandardItem(f"{visible(column.name)}   {visible(column.type)}".rstrip()))

    def _on_expanded(self, index: QModelIndex) -> None:
        table = index.data(TABLE)
        if table is not None:
            self.looked_into.emit(table)

    def _on_activated(self, index: QModelIndex) -> None:
        table = index.data(TABLE)
        if table is not None:
            self.chosen.emit(table)
