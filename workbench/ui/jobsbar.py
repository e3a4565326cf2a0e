"""The status bar's part that shows what is going on: how many jobs, the newest one's stage and percent, and its end.

Jobs are looked at, not listened to: whoever starts or ends one calls `wake`, and while something runs the bar asks
for the list ten times a second. It knows of a job only what `JobLike` says.
"""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.quantity import duration
from workbench.ui import icons, theme

LOOK_EVERY_MS = 100
LIST_LIMIT = 30
"""Rows of the list: further ones are counted only."""


class JobLike(Protocol):
    """What the bar reads of a job."""

    title: str
    stage: str
    done: int
    total: int | None
    state: str
    started_ns: int

    def cancel(self) -> None:
        """Ask it to stop."""
        ...


JobSource = Callable[[], Sequence[JobLike]]
"""The jobs that run at this moment, oldest first."""


class JobsBar(QWidget):
    """Count, newest job, cancel; a press on the count lists all.

    Args:
        source: gives the running jobs.
    """

    def __init__(self, source: JobSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._shown: tuple[JobLike, ...] = ()
        self.count = QPushButton(self)
        theme.qualify(self.count, kind="quiet")
        self.count.setAccessibleName("Jobs")
        self.newest = QLabel(self)
        theme.qualify(self.newest, role="muted")
        self.newest.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.progress = _progress(self)
        self.percent = QLabel(self)
        self.cancel_button = _cancel_button(self)
        self.list = JobList(self.window())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(6))
        for part in (self.count, self.newest, self.progress, self.percent, self.cancel_button):
            layout.addWidget(part)
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_EVERY_MS)
        self._looks.timeout.connect(self.look)
        self.count.clicked.connect(self._on_count_clicked)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.look()

    def wake(self) -> None:
        """Something was started or has ended: look now, and go on looking while anything runs."""
        self.look()

    def look(self) -> None:
        """Show the jobs as they are at this moment."""
        jobs = tuple(job for job in self._source() if job.state == "running")
        self._shown = jobs
        if jobs and not self._looks.isActive():
            self._looks.start()
        elif not jobs:
            self._looks.stop()
        self.count.setText("no jobs" if not jobs else f"{len(jobs)} job{'s' * (len(jobs) > 1)}")
        self.count.setToolTip("List what is going on" if jobs else "Nothing is going on")
        self.count.setEnabled(bool(jobs))
        self._show_newest(jobs[-1] if jobs else None)
        if self.list.isVisible():
            self.list.show_jobs(jobs)

    def cancel_newest(self) -> None:
        """Ask the newest job to stop."""
        if self._shown:
            self._shown[-1].cancel()
            self.look()

    @property
    def is_busy(self) -> bool:
        """Whether a job ran when last looked."""
        return bool(self._shown)

    def _show_newest(self, job: JobLike | None) -> None:
        for part in (self.newest, self.cancel_button):
            part.setVisible(job is not None)
        known = job is not None and bool(job.total)
        self.progress.setVisible(known)
        self.percent.setVisible(known)
        if job is None:
            return
        self.newest.setText(_in_words(job))
        if known:
            _show_progress(self.progress, job)
            self.percent.setText(f"{_percent(job)} %")
        self.cancel_button.setToolTip(f"Cancel: {job.title}")
        self.cancel_button.setAccessibleName(f"Cancel {job.title}")

    def _on_count_clicked(self) -> None:
        if self.list.isVisible():
            self.list.hide()
            return
        self.list.setParent(self.window())
        self.list.show_jobs(self._shown)
        self.list.stand_on(self.mapTo(self.window(), QPoint(0, 0)))
        self.list.show()
        self.list.raise_()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_cancel_clicked(self) -> None:
        self.cancel_newest()


class JobList(QFrame):
    """All running jobs, each with its own end; lies over the window above the status bar. Esc closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._rows: list[_JobRow] = []
        self.setAccessibleName("Running jobs")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.qualify(self, overlay=True)
        body = QWidget(self)
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(theme.metric(4))
        self.more = QLabel(body)
        theme.qualify(self.more, role="muted")
        self._body.addWidget(self.more)
        self._body.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(body)
        layout = QVBoxLayout(self)
        gap = theme.metric(8)
        layout.setContentsMargins(gap, gap, gap, gap)
        layout.addWidget(self._scroll)
        self.hide()

    def show_jobs(self, jobs: Sequence[JobLike]) -> None:
        """Show these, newest first; with none left it closes."""
        newest_first = list(reversed(jobs))[:LIST_LIMIT]
        while len(self._rows) < len(newest_first):
            row = _JobRow(self)
            self._rows.append(row)
            self._body.insertWidget(len(self._rows) - 1, row)
        for at, row in enumerate(self._rows):
            row.show_job(newest_first[at] if at < len(newest_first) else None)
        rest = len(jobs) - len(newest_first)
        self.more.setText(f"and {rest} more")
        self.more.setVisible(rest > 0)
        if not jobs:
            self.hide()

    def stand_on(self, corner: QPoint) -> None:
        """Take place with the lower left corner at a point of the window."""
        window = self.window()
        shown = min(max(sum(not row.isHidden() for row in self._rows), 1), 8)
        row_height = max((row.sizeHint().height() for row in self._rows), default=theme.metric(28))
        height = shown * row_height + (shown - 1) * self._body.spacing() + 2 * theme.metric(8) + 2
        width = min(theme.metric(420), window.width() - 2 * corner.x())
        self.setGeometry(corner.x(), corner.y() - height - theme.metric(6), width, height)

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(420), theme.metric(80))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)


class _JobRow(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._job: JobLike | None = None
        self.title = QLabel(self)
        self.age = QLabel(self)
        theme.qualify(self.age, role="muted")
        self.progress = _progress(self)
        self.cancel_button = _cancel_button(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.metric(8))
        line.addWidget(self.title, 1)
        line.addWidget(self.progress)
        line.addWidget(self.age)
        line.addWidget(self.cancel_button)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)

    def show_job(self, job: JobLike | None) -> None:
        self._job = job
        self.setVisible(job is not None)
        if job is None:
            return
        self.title.setText(_in_words(job))
        self.age.setText(duration(time.monotonic_ns() - job.started_ns))
        self.progress.setVisible(bool(job.total))
        _show_progress(self.progress, job)
        self.cancel_button.setToolTip(f"Cancel: {job.title}")
        self.cancel_button.setAccessibleName(f"Cancel {job.title}")

    def _on_cancel_clicked(self) -> None:
        if self._job is not None:
            self._job.cancel()


def _progress(parent: QWidget) -> QProgressBar:
    bar = QProgressBar(parent)
    bar.setRange(0, 100)
    bar.setTextVisible(False)
    bar.setAccessibleName("Progress")
    bar.setFixedWidth(theme.metric(80))
    return bar


def _cancel_button(parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setAccessibleName("Cancel")
    theme.qualify(button, kind="quiet")
    icons.dress(button, "close", "muted")
    return button


def _in_words(job: JobLike) -> str:
    return f"{job.title}: {job.stage}" if job.stage else job.title


def _percent(job: JobLike) -> int:
    return min(100, job.done * 100 // job.total) if job.total else 0


def _show_progress(bar: QProgressBar, job: JobLike) -> None:
    bar.setValue(_percent(job))
