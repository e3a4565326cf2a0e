"""The columns of the Explained form: their heads, and where each stands."""

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from workbench.ui import theme

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """From left to right."""

    TIME = 0
    ARROW = 1
    CHANNEL = 2
    SIZE = 3
    WHAT = 4
    EXPLAINED = 5


TITLES = {
    Column.TIME: ("Time s", "Seconds since the conversation began"),
    Column.ARROW: ("", "Direction: → sent, ← received, • a fact without octets"),
    Column.CHANNEL: ("Ch", "The connection, socket or listener"),
    Column.SIZE: ("Size", "Octets"),
    Column.WHAT: ("What", "What passed or happened"),
    Column.EXPLAINED: ("Explained", "What it means, and where that is written"),
}
# At scale 1. The two last share what is left.
_WIDTHS = {Column.TIME: 86, Column.ARROW: 30, Column.CHANNEL: 38, Column.SIZE: 78}
_WHAT_SHARE = 0.46
_LEAST_WHAT = 120
_LEAST_WIDTH = 560


class Heads(QAbstractTableModel):
    """Titles only: the rows are painted, not modelled."""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        title, tip = TITLES[Column(section)]
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return title or "Direction"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = section in (Column.TIME, Column.SIZE)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class ColumnHeads(QHeaderView):
    """The line above the rows; widths follow the view until a person drags one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setModel(Heads(self))
        self.setAccessibleName("Columns of the conversation")
        self.setStretchLastSection(True)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(theme.metric(24))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._is_pressed = False
        self._dragged = False
        self.sectionResized.connect(self._on_section_resized)

    def show_channels(self, several: bool) -> None:
        """A column for the channel where there are several."""
        self.setSectionHidden(Column.CHANNEL, not several)

    def fit(self, width: int) -> None:
        """Share a width among the columns; in a narrow view there is no room for explanations."""
        self.setSectionHidden(Column.EXPLAINED, width < theme.metric(_LEAST_WIDTH))
        left = width
        for column, size in _WIDTHS.items():
            if not self._dragged:
                self.resizeSection(column, theme.metric(size))
            left -= self.sectionSize(column)
        if self.isSectionHidden(Column.EXPLAINED):
            self.resizeSection(Column.WHAT, left)
        elif not self._dragged:
            self.resizeSection(Column.WHAT, max(theme.metric(_LEAST_WHAT), round(left * _WHAT_SHARE)))

    def span(self, column: Column) -> tuple[int, int]:
        """Left edge and width."""
        return self.sectionViewportPosition(column), self.sectionSize(column)

    def _on_section_resized(self) -> None:
        if self._is_pressed:
            self._dragged = True
            self.viewport().update()

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_pressed = True
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._is_pressed = False
