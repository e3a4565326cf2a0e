"""The selected event: its octets in a hex view, and above them what it is and means."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workbench.formats.charset import visible
from workbench.formats.references import references
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.redact import shown
from workbench.transcript.render import Explainer, line
from workbench.ui import theme
from workbench.ui.conversation.signs import sign_of
from workbench.ui.hexview import HexView, Highlight

LONGEST_WORDS = 400
"""Characters of an explanation or a value that are shown here."""
MOST_CITED = 4
"""Documents that are named below an explanation."""


class EventOctets:
    """A provider over the octets of one event, secrets masked."""

    def __init__(self, transcript: Transcript, event: Event) -> None:
        self._transcript = transcript
        self._event = event

    def __len__(self) -> int:
        # A closed transcript has nothing any more.
        return self._event.size if len(self._transcript) else 0

    def read(self, start: int, stop: int) -> bytes:
        """The octets from start to stop."""
        return shown(self._transcript, self._event, max(0, start), stop)


class EventDetail(QFrame):
    """Shows one event.

    Signals:
        octets_selected: event index, start and stop within the event.
    """

    octets_selected = Signal(int, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._event: Event | None = None
        self._is_showing = False
        self.head = _label("muted")
        self.what = _label("")
        theme.qualify(self.what, fixed=True)
        self.explanation = _label("")
        self.reference = _label("muted")
        self.reference.setAccessibleName("The documents behind the explanation")
        self.hex = HexView("Octets of the selected event", self)
        self.hex.selection_changed.connect(self._on_hex_selected)
        self.hex.set_hint("A message of zero octets")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(4))
        for label in (self.head, self.what, self.explanation, self.reference):
            layout.addWidget(label)
        layout.addWidget(self.hex, 1)
        # Without octets the words stay at the top.
        layout.addStretch(0)
        self.setAccessibleName("Selected event")

    @property
    def event_index(self) -> int | None:
        """The event that is shown."""
        return self._event.index if self._event is not None else None

    def show_event(self, transcript: Transcript, event: Event, explain: Explainer | None) -> None:
        """Show another event, or what is known of the same one by now."""
        is_other = self._event != event
        self._event = event
        told = line(transcript, event, explain)
        sign = sign_of(event)
        info = transcript.channels[event.channel]
        size = f" · {event.size:,} octets" if event.kind == "bytes" else ""
        title = visible(info.title)[:60]
        self.head.setText(
            f"{sign.text} {sign.word} {event.time_ns / 1e9:.6f} s{size} · {event.layer} · {title}"
        )
        is_fact = event.kind == "fact"
        self.hex.setVisible(not is_fact)
        self.what.setText(visible(told.what)[:LONGEST_WORDS])
        self.what.setVisible(is_fact)
        theme.qualify(self.what, role=sign.role if sign.role in ("warning", "error") else "")
        words = " · ".join(filter(None, (told.text, told.source)))
        if is_fact and event.values:
            words = "\n".join(filter(None, (words, _values(event))))
        self.explanation.setText(visible(words, keep="\n")[: LONGEST_WORDS * 4])
        self.explanation.setVisible(bool(words))
        cited = "\n".join(each.sentence for each in references(told.source)[:MOST_CITED])
        self.reference.setText(cited)
        self.reference.setVisible(bool(cited))
        if is_other:
            self._is_showing = True
            self.hex.set_provider(EventOctets(transcript, event))
            secrets = transcript.secrets(event)
            self.hex.set_highlights(Highlight(a, b, "warning", "secret, masked") for a, b in secrets)
            self._is_showing = False
        self.setAccessibleDescription(f"{self.head.text()}. {words}")

    def clear(self) -> None:
        """Show nothing."""
        self._event = None
        self._is_showing = True
        self.hex.set_provider(None)
        self._is_showing = False
        for label in (self.head, self.what, self.explanation, self.reference):
            label.clear()

    def select(self, start: int, stop: int) -> None:
        """Select octets of the event; not announced."""
        self._is_showing = True
        self.hex.select(start, stop)
        self._is_showing = False

    def _on_hex_selected(self, start: int, stop: int) -> None:
        if not self._is_showing and self._event is not None:
            self.octets_selected.emit(self._event.index, start, stop)


def _values(event: Event) -> str:
    """What a fact carries, one value a line; what the sentence says already is left to it."""
    lines = []
    for name, value in event.values.items():
        if value in ("", None) or name == "sentence":
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        lines.append(f"{name}: {text[:LONGEST_WORDS]}")
    return "\n".join(lines)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    if role:
        theme.qualify(label, role=role)
    return label
