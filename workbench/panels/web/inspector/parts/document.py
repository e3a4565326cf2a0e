"""A document as tree beside its source, which has the lists of hits and problems below it; all of them linked."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSplitter,
    QTabWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from workbench.panels.web.inspector.models import HitsModel, ProblemsModel, TreeModel
from workbench.panels.web.inspector.parts.source import SourceView
from workbench.panels.web.inspector.state import InspectorState
from workbench.ui import theme
from workbench.ui.pieces import table_of

OPENED_AT_ONCE = 60
"""Rows that are opened in a new tree, level by level."""


class DocumentView(QWidget):
    """Shows the state's document.

    Signals:
        node_chosen: a node of the tree. place_chosen: a character of the source. hit_chosen, problem_chosen: a row.
    """

    node_chosen = Signal(int)
    place_chosen = Signal(int)
    hit_chosen = Signal(int)
    problem_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.nodes, self.hits, self.problems = TreeModel(), HitsModel(), ProblemsModel()
        self.tree = _tree(self.nodes)
        self.source = SourceView()
        self.hit_table = table_of(self.hits, "Hits", (56, 110, 340))
        self.problem_table = table_of(self.problems, "Mistakes", (80, 280, 330))
        self.where = QLabel()
        self._is_linking = False
        self._page: object = None
        self._answer: object = None
        self._lay_out()
        self.tree.selectionModel().currentChanged.connect(self._on_node_chosen)
        self.source.clicked.connect(self.place_chosen)
        self.hit_table.selectionModel().currentChanged.connect(self._on_hit_chosen)
        self.problem_table.selectionModel().currentChanged.connect(self._on_problem_chosen)

    def _lay_out(self) -> None:
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.where.setAccessibleName("Path and place of the selected node")
        theme.qualify(self.where, role="muted")
        self.lists = QTabWidget()
        self.lists.setDocumentMode(True)
        self.lists.addTab(self.hit_table, "Hits")
        self.lists.addTab(self.problem_table, "Mistakes")
        self.lists.tabBar().setAccessibleName("Hits and mistakes")
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.source)
        self.splitter.addWidget(self.lists)
        # The tree has the whole height: it is what a person reads, and beside the Conversation there is little of it.
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        self.sides.addWidget(self.tree)
        self.sides.addWidget(self.splitter)
        for splitter in (self.sides, self.splitter):
            splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        self.sides.setSizes([theme.metric(600), theme.metric(600)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.sides, 1)
        column.addWidget(self.where)

    # ---- showing

    def show_state(self, state: InspectorState) -> None:
        """Show document, hits, problems and what is selected."""
        self._is_linking = True
        try:
            looked = state.looked
            is_new = (looked.page if looked is not None else None) is not self._page
            self.nodes.show_document(looked)
            if is_new:
                self._page = looked.page if looked is not None else None
                self._open_some()
            if state.answer is not self._answer or is_new:
                self._answer = state.answer
                self.nodes.show_hits(state.answer)
            self.hits.show_answer(state.answer, looked)
            self.problems.show_document(looked)
            self.source.show_lines(looked.lines if looked is not None else None)
            self.source.show_hits(state.ranges)
            self._name_lists(state)
            self._select(state)
        finally:
            self._is_linking = False

    def _name_lists(self, state: InspectorState) -> None:
        hits = state.answer.total if state.answer is not None and state.answer.kind == "nodes" else 0
        problems = len(state.looked.problems) if state.looked is not None else 0
        self.lists.setTabText(0, f"Hits ({hits:,})" if hits else "Hits")
        self.lists.setTabText(1, f"Mistakes ({problems:,})" if problems else "Mistakes")

    def _select(self, state: InspectorState) -> None:
        selection = state.selection
        self.source.select(selection.start, selection.stop)
        words = [word for word in (selection.path, selection.said) if word]
        self.where.setText(
            "    ".join(words) if words else "Select a node in the tree, or a place in the source."
        )
        index = self.nodes.index_of(selection.node)
        if index.isValid() and self.nodes.node_of(self.tree.currentIndex()) != selection.node:
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        row = state.hit if state.answer is not None else -1
        if 0 <= row < self.hits.rowCount() and row != self.hit_table.currentIndex().row():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.hit_table.selectionModel().setCurrentIndex(self.hits.index(row, 0), flags)
            self.hit_table.scrollTo(self.hits.index(row, 0))

    def _open_some(self) -> None:
        """Open the first levels, as long as that is not much."""
        level, rows = [QModelIndex()], 0
        while level:
            following: list[QModelIndex] = []
            for parent in level:
                for row in range(min(self.nodes.rowCount(parent), OPENED_AT_ONCE)):
                    index = self.nodes.index(row, 0, parent)
                    rows += 1
                    if rows > OPENED_AT_ONCE:
                        return
                    if self.nodes.hasChildren(index) and self.nodes.rowCount(index) <= OPENED_AT_ONCE:
                        self.tree.expand(index)
                        following.append(index)
            level = following

    # ---- a person did something

    def _on_node_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_linking and current.isValid():
            self.node_chosen.emit(self.nodes.node_of(current))

    def _on_hit_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_linking and current.isValid():
            self.hit_chosen.emit(current.row())

    def _on_problem_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_linking and current.isValid():
            self.problem_chosen.emit(current.row())


def _tree(model: TreeModel) -> QTreeView:
    tree = QTreeView()
    tree.setModel(model)
    tree.setAccessibleName("Tree")
    tree.setUniformRowHeights(True)
    tree.setTabKeyNavigation(False)
    tree.setIndentation(theme.metric(16))
    header = tree.header()
    header.setStretchLastSection(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column, width in ((1, 48), (2, 120)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        tree.setColumnWidth(column, theme.metric(width))
    return tree
