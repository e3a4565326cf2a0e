"""Work that takes longer than a turn of the loop, done in slices while the window goes on."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 2
"""Between two slices of at most 8 ms. Whatever the network and painting have to do is done before the next one; the
pause is for what they have not begun yet."""

Work = Callable[[], bool]
"""Does one slice; returns whether there is more to do."""


class Turns(QObject):
    """Calls each of several works in turn, one slice a turn, as long as any has something to do."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._works: list[Work] = []
        self._next = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._on_turn)

    def add(self, work: Work) -> None:
        """Take a work in; it is called from the next `wake` on."""
        self._works.append(work)

    def wake(self) -> None:
        """There is something to do."""
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """No more turns until the next `wake`."""
        self._timer.stop()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is left to do."""
        return not self._timer.isActive()

    def _on_turn(self) -> None:
        # A work without anything to do costs nothing: go on to the first that has.
        for _ in range(len(self._works)):
            work = self._works[self._next]
            self._next = (self._next + 1) % len(self._works)
            if work():
                self._timer.start()
                return
