"""The diagnostics page: how the workbench itself is doing, in figures and stacks that fit into a bug report."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QFont, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import icons, theme
from workbench.ui.process import Section, as_text

REFRESH_MS = 1000

Index = QModelIndex | QPersistentModelIndex
Provider = Callable[[], Sequence[Section]]


class SectionModel(QAbstractItemModel):
    """Sections, and below each its rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sections: tuple[Section, ...] = ()

    def show(self, sections: Sequence[Section]) -> None:
        """Take other figures; as long as their shape is the same, nothing that is open closes."""
        new = tuple(sections)
        if _shape(new) == _shape(self.sections):
            self.sections = new
            for at, section in enumerate(new):
                top = self.index(at, 0)
                if section.rows:
                    self.dataChanged.emit(self.index(0, 0, top), self.index(len(section.rows) - 1, 1, top))
            return
        self.beginResetModel()
        self.sections = new
        self.endResetModel()

    def section_at(self, index: Index) -> Section | None:
        """The section an index belongs to."""
        if not index.isValid():
            return None
        top = index.internalId() - 1 if index.internalId() else index.row()
        return self.sections[top] if top < len(self.sections) else None

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        if parent is None or not parent.isValid():
            inside = 0 <= row < len(self.sections) and 0 <= column < 2
            return self.createIndex(row, column, 0) if inside else QModelIndex()
        if parent.internalId() or parent.column() or parent.row() >= len(self.sections):
            return QModelIndex()
        inside = 0 <= row < len(self.sections[parent.row()].rows) and 0 <= column < 2
        # A row knows its section by number plus one; a section has 0.
        return self.createIndex(row, column, parent.row() + 1) if inside else QModelIndex()

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]  # QObject.parent() has no index
        if index is None or not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index | None = None) -> int:
        if parent is None or not parent.isValid():
            return len(self.sections)
        if parent.internalId() or parent.column() or parent.row() >= len(self.sections):
            return 0
        return len(self.sections[parent.row()].rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        section = self.section_at(index)
        if section is None:
            return None
        if not index.internalId():
            if role == Qt.ItemDataRole.FontRole:
                font = QFont()
                font.setBold(True)
                return font
            return section.title if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        if role == Qt.ItemDataRole.DisplayRole and index.row() < len(section.rows):
            return section.rows[index.row()][index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return ("What", "Now")[section] if 0 <= section < 2 else None
        return None


class DiagnosticsPage(QWidget):
    """The page; it looks anew every second while it is to be seen.

    Args:
        provider: gives the figures, in some milliseconds.
    """

    def __init__(self, provider: Provider, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._provider = provider
        self.setAccessibleName("Diagnostics")
        self.model = SectionModel(self)
        self.tree = QTreeView(self)
        self.tree.setAccessibleName("Figures")
        self.tree.setModel(self.model)
        self.tree.setUniformRowHeights(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.details = QPlainTextEdit(self)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName("Details of the chosen section")
        self.details.setPlaceholderText("Choose a section to see its names and stacks")
        theme.qualify(self.details, fixed=True)
        self.copy = QPushButton("Copy report", self)
        self.copy.setToolTip("Copy everything on this page as text, for a bug report; it holds no payload")
        icons.dress(self.copy, "copy")
        self._looks = QTimer(self)
        self._looks.setInterval(REFRESH_MS)
        self._lay_out()
        self.refresh()
        self.model.modelReset.connect(self.tree.expandAll)
        self.tree.selectionModel().currentChanged.connect(self._on_row_chosen)
        self.copy.clicked.connect(self.copy_report)
        self._looks.timeout.connect(self.refresh)

    def _lay_out(self) -> None:
        intro = QLabel(
            "How the workbench itself is doing. Nothing here holds what was sent or received.", self
        )
        theme.qualify(intro, role="muted")
        intro.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(intro, 1)
        top.addWidget(self.copy)
        panes = QSplitter(Qt.Orientation.Horizontal, self)
        panes.setChildrenCollapsible(False)
        panes.addWidget(self.tree)
        panes.addWidget(self.details)
        panes.setSizes([theme.metric(460), theme.metric(600)])
        layout = QVBoxLayout(self)
        margin = theme.metric(12)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(theme.metric(8))
        layout.addLayout(top)
        layout.addWidget(panes, 1)

    def refresh(self) -> None:
        """Look anew."""
        had = len(self.model.sections)
        self.model.show(self._provider())
        if not had:
            self.tree.expandAll()
        self._on_row_chosen()

    def report(self) -> str:
        """The page as text."""
        return as_text(self.model.sections)

    def copy_report(self) -> None:
        """Put the page on the clipboard."""
        self.refresh()
        QGuiApplication.clipboard().setText(self.report())

    def focus_start(self) -> None:
        """Put the focus on the figures."""
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_row_chosen(self) -> None:
        section = self.model.section_at(self.tree.currentIndex())
        text = section.text if section is not None else ""
        if text != self.details.toPlainText():
            self.details.setPlainText(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._looks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looks.stop()


def _shape(sections: tuple[Section, ...]) -> list[tuple[str, int]]:
    return [(section.title, len(section.rows)) for section in sections]
