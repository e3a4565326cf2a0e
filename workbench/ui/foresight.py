"""What a person is about to open is loaded while the pointer rests on its tab, some tenths of a second before.

A first opening loads modules, then builds and dresses: two pieces of work of equal length, which so come in two turns.
Not sooner than the pointer says so: the modules of all panels take 10 MiB.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHoverEvent
from PySide6.QtWidgets import QTabBar

REST_MS = 50
"""A pointer on its way across the bar has left a tab by then."""


class Foresight(QObject):
    """Watches the pointer on a bar.

    Signals:
        foreseen: the place of a tab that the pointer rests on; more than once for the same one.
    """

    foreseen = Signal(int)

    def __init__(self, bar: QTabBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._at = -1
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._on_rested)
        bar.setAttribute(Qt.WidgetAttribute.WA_Hover)
        bar.installEventFilter(self)

    def _on_rested(self) -> None:
        if 0 <= self._at < self._bar.count():
            self.foreseen.emit(self._at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            is_gone = event.type() == QEvent.Type.HoverLeave
            at = -1 if is_gone else self._bar.tabAt(event.position().toPoint())
            if at != self._at:
                self._at = at
                self._rest.start()
        return False
