"""The parts of the status bar: the Lab's state, the jobs, a passing sentence, the loop's lag, and the palette's key."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QStatusBar, QWidget

from workbench.ui import theme
from workbench.ui.jobsbar import JobsBar, JobSource

LAG_EVERY_MS = 1000
LATE_MS = 50.0
"""DESIGN's budget for the longest gap between two turns of the loop."""

SAYING_MS = 6000


class StatusParts(QStatusBar):
    """The bar.

    Args:
        jobs: gives the running jobs.
        lag_ms: gives how late the loop was lately, or None when nobody measures.

    Signals:
        lab_asked: the Lab's state was pressed.
        palette_asked: the palette's key was pressed with the mouse.
    """

    lab_asked = Signal()
    palette_asked = Signal()

    def __init__(
        self, jobs: JobSource, lag_ms: Callable[[], float] | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lag_ms = lag_ms
        self.setSizeGripEnabled(False)
        self.lab = QPushButton("Lab: not running", self)
        self.lab.setToolTip("Real servers on this machine, to talk to without a network")
        self.jobs = JobsBar(jobs, self)
        self.saying = QLabel(self)
        self.saying.setTextFormat(Qt.TextFormat.PlainText)
        self.saying.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.lag = QLabel(self)
        self.lag.setToolTip("How late the window's own loop was lately: 99 of 100 turns were quicker")
        theme.qualify(self.lag, role="muted")
        self.palette_hint = QPushButton(self)
        self.palette_hint.setAccessibleName("Command palette")
        for button in (self.lab, self.palette_hint):
            theme.qualify(button, kind="quiet")
        self.addWidget(self.lab)
        self.addWidget(self.jobs)
        self.addWidget(self.saying, 1)
        self.addPermanentWidget(self.lag)
        self.addPermanentWidget(self.palette_hint)
        self._hush = QTimer(self)
        self._hush.setSingleShot(True)
        self._hush.setInterval(SAYING_MS)
        self._hush.timeout.connect(self.saying.clear)
        self._lags = QTimer(self)
        self._lags.setInterval(LAG_EVERY_MS)
        self._lags.timeout.connect(self.show_lag)
        self.lab.clicked.connect(self._on_lab_clicked)
        self.palette_hint.clicked.connect(self._on_palette_clicked)
        self.lag.setVisible(lag_ms is not None)
        self.show_lag()
        if lag_ms is not None:
            self._lags.start()

    def show_lab(self, state: str, tip: str = "") -> None:
        """Say how the Lab is: "5 running", "not running", "starting"."""
        self.lab.setText(f"Lab: {state}")
        if tip:
            self.lab.setToolTip(tip)

    def show_palette_key(self, keys: str) -> None:
        """Say by which key the palette opens."""
        self.palette_hint.setText(keys or "Commands")
        self.palette_hint.setToolTip(f"Every command by a few letters ({keys})" if keys else "Every command")

    def say(self, sentence: str) -> None:
        """Say something that goes away by itself."""
        self.saying.setText(sentence)
        self.saying.setToolTip(sentence)
        self._hush.start()

    def show_lag(self) -> None:
        """Show the lag as it is now; above the budget with a word."""
        if self._lag_ms is None:
            return
        lag = self._lag_ms()
        is_late = lag > LATE_MS
        self.lag.setText(f"loop {lag:.1f} ms" + (", late" if is_late else ""))
        theme.qualify(self.lag, role="warning" if is_late else "muted")

    def _on_lab_clicked(self) -> None:
        self.lab_asked.emit()

    def _on_palette_clicked(self) -> None:
        self.palette_asked.emit()
