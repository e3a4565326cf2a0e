"""Two spinners side by side: the watch's own, which turns when a waiting returns, and the window's heartbeat."""

from time import monotonic

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from workbench.ui import theme

BEAT_MS = 50
FACES = "◐◓◑◒"
SHOWN_S = 1.0


class Pulse(QWidget):
    """Beats while it is to be seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.watch, self.window_beat = QLabel(), QLabel()
        self.watch.setToolTip(
            "Turns once with every waiting that returns: it stands still while the watch waits"
        )
        self.window_beat.setToolTip(
            "Turns with the window's own clock and tells its longest gap in a second: it goes on, whatever waits"
        )
        self.beats = 0
        self.longest_ms = 0.0
        self._turns = 0
        self._last_s = self._since_s = monotonic()
        self._gap_ms = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(12))
        for label in (self.watch, self.window_beat):
            label.setTextFormat(Qt.TextFormat.PlainText)
            theme.qualify(label, role="muted")
            row.addWidget(label)
        self.watch.setMinimumWidth(theme.metric(90))
        self.window_beat.setMinimumWidth(theme.metric(130))
        self.show_turns(0)
        self._show_beat()

    def show_turns(self, turns: int) -> None:
        """The watch's spinner has turned so often."""
        self._turns = turns
        self.watch.setText(f"{FACES[turns % len(FACES)]} watch")

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()

    def _on_beat(self) -> None:
        now_s = monotonic()
        self._gap_ms = max(self._gap_ms, (now_s - self._last_s) * 1000)
        self._last_s = now_s
        self.beats += 1
        if now_s - self._since_s >= SHOWN_S:
            self.longest_ms, self._gap_ms, self._since_s = self._gap_ms, 0.0, now_s
        self._show_beat()

    def _show_beat(self) -> None:
        gap = f" {self.longest_ms:.0f} ms" if self.longest_ms else ""
        self.window_beat.setText(f"{FACES[self.beats % len(FACES)]} window{gap}")

    def showEvent(self, event: object) -> None:
        self._last_s = self._since_s = monotonic()
        self._gap_ms = 0.0
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        self._timer.stop()
