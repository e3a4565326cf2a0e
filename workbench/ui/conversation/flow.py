"""A row of controls that breaks onto a second line where it does not fit: for a bar in a narrow dock."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from workbench.ui import theme


class FlowLayout(QLayout):
    """Items from left to right, broken into lines. What expands shares the room that is left in its line.

    One item may stand in the middle of a single line and move to the end of several: the widest one. The first item
    then takes the room of its line, so that the others stand at the right.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._middle: QWidget | None = None
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(theme.metric(6))

    def add_middle(self, widget: QWidget) -> None:
        """Add the item that moves to the end."""
        self._middle = widget
        self.addWidget(widget)

    # Qt

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), is_trial=True)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, is_trial=False)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(item.sizeHint().width() for item in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    # Inside

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, is_trial: bool) -> int:
        """Put the items where they belong; returns the height that takes."""
        y = rect.y()
        for line in self._lines(rect.width()):
            widths = self._widths(line, rect.width())
            heights = [_height(item, width) for item, width in zip(line, widths, strict=True)]
            x = rect.x()
            for item, width, height in zip(line, widths, heights, strict=True):
                if not is_trial:
                    item.setGeometry(QRect(x, y + (max(heights) - height) // 2, width, height))
                x += width + self.spacing()
            y += max(heights) + self.spacing()
        return max(0, y - rect.y() - self.spacing())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = -1
        shown = self._shown()
        if self._middle is not None and self.sizeHint().width() > width:
            shown.sort(key=self._is_middle)
        for item in shown:
            wanted = item.sizeHint().width()
            if left < wanted or not lines:
                lines.append([])
                left = width
            lines[-1].append(item)
            left -= wanted + self.spacing()
        return lines

    def _widths(self, line: list[QLayoutItem], room: int) -> list[int]:
        widths = [min(item.sizeHint().width(), room) for item in line]
        spare = room - sum(widths) - self.spacing() * (len(line) - 1)
        greedy = [number for number, item in enumerate(line) if _expands(item)]
        if not greedy and self._middle is not None and line[0] is self._items[0]:
            greedy = [0]
        for number in greedy:
            # An odd pixel left over is nobody's.
            widths[number] += max(0, spare) // len(greedy)
        return widths

    def _is_middle(self, item: QLayoutItem) -> bool:
        return item.widget() is self._middle


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def _expands(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & Qt.Orientation.Horizontal)
