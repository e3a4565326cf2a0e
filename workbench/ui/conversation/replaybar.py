"""The bar for a replay: which channel, to whom, how fast. It only collects that."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.formats.target import Target, parse_target
from workbench.transcript.records import ChannelInfo
from workbench.ui import icons, theme
from workbench.ui.targetbar import TargetBar

SPEEDS = (("full", "At full speed"), ("original", "At the speed of then"))
PROTECTIONS = (
    ("stop", "TLS as then"),
    ("show", "TLS as then, trusted or not"),
    ("clear", "In clear"),
)
MAX_CHANNELS = 500
TITLE = 40


class ReplayBar(QWidget):
    """The bar; hidden until it is wanted.

    Signals:
        asked: a target was accepted.
        stopped: the replay that goes on shall end.
        closed: the bar is not wanted any more.
    """

    asked = Signal()
    stopped = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel("Say it again to", self)
        theme.qualify(self.label, role="muted")
        self.bar = TargetBar("Replay", parse=parse_replay_target, hint="lab:echo, host:port", parent=self)
        self.label.setBuddy(self.bar.target_box)
        self.channel = QComboBox(self)
        self.channel.setAccessibleName("Channel to replay")
        self.channel.setToolTip("Which connection of this conversation is had again")
        self.channel.setMaximumWidth(theme.metric(260))
        self.speed = QComboBox(self)
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip(
            "Send each piece as soon as the one before was answered, or at the times of then"
        )
        for speed, title in SPEEDS:
            self.speed.addItem(title, speed)
        self.tls = QComboBox(self)
        self.tls.setAccessibleName("TLS")
        self.tls.setToolTip(
            "What was said under TLS is said under TLS again, from the same place on; or all of it in clear"
        )
        for how, title in PROTECTIONS:
            self.tls.addItem(title, how)
        for option in (self.channel, self.speed, self.tls):
            self.bar.add_option(option)
        self.close_button = QToolButton(self)
        icons.dress(self.close_button, "close", "muted")
        self.close_button.setAccessibleName("Close the replay")
        self.close_button.setToolTip("Close the replay (Esc)")
        theme.qualify(self.close_button, kind="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        for widget in (self.label, self.close_button):
            widget.setMinimumHeight(theme.metric(26))
        row.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.bar, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.bar.submitted.connect(self._on_submitted)
        self.bar.cancelled.connect(self.stopped)
        self.close_button.clicked.connect(self.closed)
        self.hide()

    def show_channels(self, channels: Sequence[ChannelInfo], chosen: int | None) -> None:
        """Offer the channels of a conversation; with one there is nothing to choose."""
        self.channel.clear()
        for info in channels[:MAX_CHANNELS]:
            self.channel.addItem(visible(f"{info.number}  {info.title}")[:TITLE], info.number)
        self.channel.setCurrentIndex(max(0, self.channel.findData(chosen)))
        self.channel.setVisible(self.channel.count() > 1)

    def show_protection(self, had_tls: bool) -> None:
        """Offer how TLS is had again; a conversation that had none leaves nothing to choose."""
        self.tls.setVisible(had_tls)

    def show_busy(self, busy: bool) -> None:
        """While a replay goes on, nothing but its end can be chosen."""
        self.bar.set_busy(busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            (self.stopped if not self.speed.isEnabled() else self.closed).emit()
        else:
            super().keyPressEvent(event)

    def _on_submitted(self) -> None:
        self.asked.emit()


def parse_replay_target(text: str) -> Target:
    """A target that a replay can be had with. Raises: LocalMisuse with the place."""
    target = parse_target(text)
    if target.scheme not in ("lab", "tcp", "udp", "unix"):
        raise LocalMisuse(
            f"{text} is no address that a socket can connect to",
            text=text,
            start=0,
            end=len(text),
            advice="use HOST:PORT, unix:PATH or lab:NAME",
        )
    return target
