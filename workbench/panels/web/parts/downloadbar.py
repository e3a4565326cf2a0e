"""A download in one line: how much is there, how fast it comes, how long the rest takes; held up and gone on with.

It is to be seen while a file comes, and while a part of one waits to be gone on with. Decides nothing.
"""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from workbench.formats.quantity import duration, octets
from workbench.panels.web.state import WebState
from workbench.ui import icons, theme
from workbench.ui.pieces import button

HOLD = "Take nothing more for now: the connection stays, the server waits (Ctrl+Alt+W)"
RELEASE = "Go on with what was held up (Ctrl+Alt+W)"
GO_ON = "Ask for the rest of it (Ctrl+Alt+G)"
_STEPS = 1000


class DownloadBar(QWidget):
    """The line."""

    def __init__(self) -> None:
        super().__init__()
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of the download")
        self.progress.setMinimumWidth(theme.metric(120))
        self.told = QLabel()
        theme.qualify(self.told, role="muted")
        self.hold = button("Pause", "pause", HOLD)
        self.go_on = button("Go on", "play", GO_ON)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.metric(8))
        line.addWidget(self.progress, 1)
        line.addWidget(self.told)
        line.addWidget(self.hold)
        line.addWidget(self.go_on)
        self._is_paused = False
        self.setVisible(False)

    def show_state(self, state: WebState) -> None:
        """Show how far it is."""
        can_go_on = not state.why_not_go_on
        is_there = bool(state.file) and (state.is_running or can_go_on)
        self.setVisible(is_there)
        if not is_there:
            return
        self.progress.setRange(
            0, 0 if state.total is None and state.is_running and not state.is_paused else _STEPS
        )
        share = _STEPS * state.received // state.total if state.total else 0
        self.progress.setValue(min(_STEPS, share))
        self.told.setText(_told(state))
        self.hold.setVisible(state.is_running)
        if state.is_paused != self._is_paused:
            self._is_paused = state.is_paused
            self.hold.setText("Go on" if state.is_paused else "Pause")
            icons.dress(self.hold, "play" if state.is_paused else "pause")
        self.hold.setToolTip(RELEASE if state.is_paused else HOLD)
        self.go_on.setVisible(can_go_on)


def _told(state: WebState) -> str:
    of = f" of {octets(state.total)}" if state.total is not None else ""
    told = [f"{octets(state.received)}{of}"]
    if state.is_paused:
        told.append("held up")
    elif state.is_running:
        if state.speed is not None:
            told.append(f"{octets(state.speed)}/s")
        if state.left_ns is not None:
            told.append(f"{duration(state.left_ns)} left")
    else:
        told.append("can be gone on with")
    return ", ".join(told)
