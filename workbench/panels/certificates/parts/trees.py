"""The two trees of the panel, set up the same way."""

from PySide6.QtCore import QAbstractItemModel, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from workbench.ui import theme


class SteadyTree(QTreeView):
    """A tree that keeps its current row in sight when it gets another size."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())


def tree_view(model: QAbstractItemModel, name: str, widths: tuple[int, ...]) -> QTreeView:
    """A tree for a model; widths: of all columns but the last, at scale 1."""
    tree = SteadyTree()
    tree.setModel(model)
    tree.setAccessibleName(name)
    tree.setUniformRowHeights(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    tree.setTabKeyNavigation(False)
    tree.setIndentation(theme.metric(16))
    tree.setIconSize(QSize(theme.metric(16), theme.metric(16)))
    tree.setTextElideMode(Qt.TextElideMode.ElideRight)
    header = tree.header()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setStretchLastSection(True)
    for column, width in enumerate(widths):
        tree.setColumnWidth(column, theme.metric(width))
    return tree
