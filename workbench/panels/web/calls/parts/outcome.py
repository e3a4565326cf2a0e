"""What came of a call: its value as a tree, and the XML of both directions; a value and its octets are linked."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTabWidget, QTreeView, QVBoxLayout, QWidget

from workbench.formats.markup.lines import Lines
from workbench.panels.web.calls.models import ValueModel
from workbench.panels.web.calls.state import Came
from workbench.panels.web.inspector.parts.source import SourceView
from workbench.ui import theme
from workbench.ui.empty import EmptyState

EMPTY = "The value, or the fault, and the XML of both directions will stand here."
MAX_XML = 4 * 1024 * 1024
"""Octets of XML that are shown; a value beyond them has no place."""


class OutcomeView(QWidget):
    """Shows what came of the newest call."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values = ValueModel()
        self.tree = _tree(self.values)
        self.empty = EmptyState(EMPTY, icon="received")
        self.sent, self.received = SourceView(), SourceView()
        self.sent.setAccessibleName("XML of the call")
        self.received.setAccessibleName("XML of the answer")
        self.lists = QTabWidget()
        self.lists.setDocumentMode(True)
        self.lists.addTab(self.tree, "Value")
        self.lists.addTab(self.received, "Received XML")
        self.lists.addTab(self.sent, "Sent XML")
        self.lists.tabBar().setAccessibleName("Value and XML")
        self._came: Came | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.empty)
        layout.addWidget(self.lists)
        self.tree.selectionModel().currentChanged.connect(self._on_value_chosen)
        self.show_came(None)

    def show_came(self, came: Came | None) -> None:
        """Show what came, or nothing."""
        self.empty.setVisible(came is None)
        self.lists.setVisible(came is not None)
        if came is self._came:
            return
        self._came = came
        value = came.answer.value if came is not None and came.answer is not None else None
        self.values.show_value(value)
        self.tree.expandToDepth(0)
        self.sent.show_lines(_lines(came.sent) if came is not None else None)
        self.received.show_lines(_lines(came.received) if came is not None else None)
        if value is None and came is not None:
            self.lists.setCurrentIndex(1)
        elif value is not None:
            self.lists.setCurrentIndex(0)

    def _on_value_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        value = self.values.value_of(current)
        if value is None or self._came is None or not 0 <= value.start < MAX_XML:
            return
        data = self._came.received
        start = len(data[: value.start].decode("utf-8", "replace"))
        self.received.select(start, start + len(data[value.start : value.stop].decode("utf-8", "replace")))


def _lines(data: bytes) -> Lines:
    return Lines(data[:MAX_XML].decode("utf-8", "replace"))


def _tree(model: ValueModel) -> QTreeView:
    tree = QTreeView()
    tree.setModel(model)
    tree.setAccessibleName("Value")
    tree.setUniformRowHeights(True)
    tree.setTabKeyNavigation(False)
    header = tree.header()
    header.setStretchLastSection(True)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in ((0, 180), (1, 130)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        tree.setColumnWidth(column, theme.metric(width))
    return tree
