"""A label for figures that change thirty times a second: nothing beside it moves, and nothing is laid out anew.

Qt lays all that is around a label out again with each new text. A widget whose smallest size is also its largest is
left out of that, so this one has the size of its words, and keeps it while they fill most of it.
"""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QWidget

ROOM = 0.75
"""Words that fill less of their room get a smaller one."""
_MOST = 16_777_215
"""Qt's QWIDGETSIZE_MAX."""
_LOOKS = (QEvent.Type.FontChange, QEvent.Type.StyleChange)


class SteadyLabel(QLabel):
    """Grows with its words, and is not narrower by a digit less."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = 0
        if text:
            self.setText(text)

    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        wanted, width = self._words() + self._around, self.minimumWidth()
        if not ROOM * width <= wanted <= width:
            self._fit()

    def _words(self) -> int:
        return self.fontMetrics().horizontalAdvance(self.text())

    def _fit(self) -> None:
        # The hint is of the size that is set as long as one is.
        self.setMinimumSize(0, 0)
        self.setMaximumSize(_MOST, _MOST)
        wanted = self.sizeHint()
        self._around = wanted.width() - self._words()
        self.setFixedSize(wanted)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _LOOKS:
            self._fit()
