"""Underlines the place of a mistake inside a one-line field, which Qt's own field cannot do."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.ui import theme
from workbench.ui.places import units_to_characters

WAVE = 2
"""Height, and half the length, of a wave at scale 1."""


class MistakeMark(QWidget):
    """A wavy line below some characters of a field; lies over it and lets the mouse through."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        self._start = 0
        self._end = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        field.installEventFilter(self)
        field.cursorPositionChanged.connect(self._on_cursor_moved)
        self.hide()

    @property
    def _field(self) -> QLineEdit:
        field = self.parentWidget()
        if not isinstance(field, QLineEdit):
            raise TypeError("a mark lies over a field")
        return field

    def mark(self, start: int, end: int) -> None:
        """Underline the characters from start to end; where something is missing (both equal), a letter's width."""
        self._start, self._end = start, end
        self.setGeometry(self._field.rect())
        self.show()
        self.raise_()
        self.update()

    @property
    def span(self) -> tuple[float, float]:
        """Left and right edge of what is marked, in the field's pixels."""
        left = self._x_of(self._start)
        return left, max(self._x_of(self._end), left + theme.metric(6))

    def _x_of(self, place: int) -> float:
        # Qt tells only where the cursor stands; from there the letters are measured.
        text = self._field.text()
        cursor = units_to_characters(text, self._field.cursorPosition())
        metrics = self._field.fontMetrics()
        box = self._field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
        middle = box.x() + box.width() / 2 if isinstance(box, QRect) else 0.0
        return middle + metrics.horizontalAdvance(text[:place]) - metrics.horizontalAdvance(text[:cursor])

    def _on_cursor_moved(self) -> None:
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._field:
            self.setGeometry(self._field.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        left, right = self.span
        wave = theme.metric(WAVE)
        bottom = self._field.height() - theme.metric(5)
        path = QPainterPath(QPointF(left, bottom))
        x, up = left, True
        while x < right:
            x += wave
            path.lineTo(x, bottom - wave if up else bottom)
            up = not up
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("error"), max(1.0, theme.metric(1))))
            painter.drawPath(path)
