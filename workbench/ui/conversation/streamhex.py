"""The Hex form: all octets of one stream, with the selected event marked in them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from workbench.formats.charset import visible
from workbench.formats.quantity import octets
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.redact import MaskedBytes
from workbench.ui import theme
from workbench.ui.conversation.streams import Stream, stream_of, stream_title, streams
from workbench.ui.hexview import HexView, Highlight

LOOKED_THROUGH = 64
"""Channels that are looked through in every frame; of more, when another one opened or the list is opened."""


class Chooser(QComboBox):
    """A combo box that tells before its list opens."""

    opening = Signal()

    def showPopup(self) -> None:
        self.opening.emit()
        super().showPopup()


class StreamHex(QWidget):
    """A hex view over a stream that can be chosen.

    Signals:
        octets_selected: stream, start and stop within it; not for what `show_event` selects.
    """

    octets_selected = Signal(object, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transcript: Transcript | None = None
        self._stream: Stream | None = None
        self._listed: list[Stream] = []
        self._channels = 0
        self._is_showing = False
        self.chooser = Chooser(self)
        self.chooser.setAccessibleName("Stream shown in hex")
        self.chooser.setToolTip("Channel and direction whose octets are shown")
        self.hex = HexView("Octets of the stream", self)
        self.hex.set_hint("No octets have passed yet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(4))
        layout.addWidget(self.chooser)
        layout.addWidget(self.hex, 1)
        self.chooser.activated.connect(self._on_chosen)
        self.chooser.opening.connect(self._look)
        self.hex.selection_changed.connect(self._on_hex_selected)

    @property
    def stream(self) -> Stream | None:
        """What is shown."""
        return self._stream

    def show_transcript(self, transcript: Transcript | None) -> None:
        """Offer the streams of another conversation, and show its first one."""
        self._transcript = transcript
        self._stream = None
        self._listed = []
        self.chooser.clear()
        self._take(None)
        self.grew()

    def grew(self) -> None:
        """There is more: perhaps another stream."""
        if self._transcript is None:
            return
        channels = len(self._transcript.channels)
        if channels <= LOOKED_THROUGH or channels != self._channels or self._stream is None:
            self._channels = channels
            self._look()
        if self._stream is None and self._listed:
            self._take(self._listed[0])
        self.hex.provider_grew()

    def show_event(self, event: Event, start: int = 0, stop: int | None = None) -> None:
        """Show the stream of an event, the event marked, and octets start to stop of it selected; not announced."""
        if event.kind == "fact":
            self.hex.set_highlights(())
            return
        if stream_of(event) != self._stream:
            self._take(stream_of(event))
        self.mark(event)
        stop = event.size if stop is None else stop
        self._is_showing = True
        self.hex.provider_grew()
        self.hex.select(event.offset + start, event.offset + stop)
        self._is_showing = False

    def mark(self, event: Event) -> None:
        """Mark the octets of an event."""
        told = f"event {event.index}, {event.direction.value}, {octets(event.size)}"
        where = (event.offset, event.offset + event.size)
        self.hex.set_highlights([Highlight(*where, event.direction.value, told)])

    def _look(self) -> None:
        """Which streams there are by now."""
        listed = streams(self._transcript) if self._transcript is not None else []
        if listed != self._listed:
            self._listed = listed
            self._fill()

    def _fill(self) -> None:
        assert self._transcript is not None
        chosen = self._stream
        self.chooser.clear()
        for stream in self._listed:
            self.chooser.addItem(visible(stream_title(self._transcript, stream)), stream)
        if chosen is not None and chosen not in self._listed:
            self.chooser.addItem(visible(stream_title(self._transcript, chosen)), chosen)
        self._show_chosen()

    def _show_chosen(self) -> None:
        for place in range(self.chooser.count()):
            if tuple(self.chooser.itemData(place)) == self._stream:
                self.chooser.setCurrentIndex(place)
                return

    def _take(self, stream: Stream | None) -> None:
        self._stream = stream
        self._is_showing = True
        if stream is None or self._transcript is None:
            self.hex.set_provider(None)
        else:
            self.hex.set_provider(MaskedBytes(self._transcript, *stream))
            self.hex.set_following(True)
            if stream not in self._listed:
                self._fill()
            self._show_chosen()
        self._is_showing = False

    def _on_chosen(self, place: int) -> None:
        if 0 <= place < len(self._listed):
            self._take(self._listed[place])

    def _on_hex_selected(self, start: int, stop: int) -> None:
        if not self._is_showing and self._stream is not None:
            self.octets_selected.emit(self._stream, start, stop)
