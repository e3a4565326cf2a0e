"""What to search, or who one says that one is: the fields of the three presets."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from workbench.panels.sockets.discovery.state import DiscoveryState, Form
from workbench.ui import theme
from workbench.ui.pieces import allow, field

WHAT = {
    "mdns": ("all types", "A type of service like _http._tcp; empty asks for all of them"),
    "ssdp": ("ssdp:all", "A search target: ssdp:all, upnp:rootdevice, uuid:… or urn:…; empty is all"),
    "group": ("who is there?", "What is said to the group as a question"),
}
TYPE = {
    "mdns": ("_http._tcp", "The type of the service, like _http._tcp"),
    "ssdp": ("urn:…:device:…:1", "What the device is; empty announces the root device alone"),
    "group": ("", "A plain group knows no types"),
}
MAX_FOR_S = 3600


class PlanForm(QWidget):
    """Two rows, of which the second is for announcing.

    Signals: edited: a person changed something. submitted: Enter in one of the fields.
    """

    edited = Signal()
    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        first = Form()
        self.what = field("Search for", *WHAT["mdns"])
        self.times = field("At", "0, 1", "When to ask or announce, in seconds, with commas between", 90)
        self.times.setText(first.times)
        self.for_s = _number("For", 0, MAX_FOR_S, first.for_s, "How long to listen; at 0 until you stop it")
        self.for_s.setSuffix(" s")
        self.for_s.setSpecialValueText("no end")
        self.name = field("Name", "workbench", "Who you say that you are", 150)
        self.name.setText(first.name)
        self.type = field("Type", *TYPE["mdns"], 170)
        self.port = _number("Port", 1, 65535, first.port, "Where your service is; nothing is started there")
        self.txt = field("Tells", "path=/, paper=A4", "What else is told, as name=value with commas between")
        self.goodbye = QCheckBox("Goodbye")
        self.goodbye.setToolTip("Say goodbye at the end; else others believe in you until the time is over")
        self.goodbye.setChecked(first.goodbye)
        self._searching = _row((("Search for", self.what),))
        self._announcing = _row(
            (
                ("Name", self.name),
                ("Type", self.type),
                ("Port", self.port),
                ("Tells", self.txt),
                ("", self.goodbye),
            )
        )
        timing = _row((("At", self.times), ("For", self.for_s)))
        rows = QHBoxLayout()
        rows.setSpacing(theme.metric(12))
        rows.addWidget(self._searching, 1)
        rows.addWidget(self._announcing, 1)
        rows.addWidget(timing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(rows)
        for line in (self.what, self.times, self.name, self.type, self.txt):
            line.textEdited.connect(self.edited)
            line.returnPressed.connect(self.submitted)
        for number in (self.for_s, self.port):
            number.valueChanged.connect(self.edited)
        self.goodbye.toggled.connect(self.edited)

    def fields(self) -> dict[str, object]:
        """What is composed here, by the names of the form."""
        return {
            "what": self.what.text(),
            "times": self.times.text(),
            "for_s": self.for_s.value(),
            "name": self.name.text(),
            "type": self.type.text(),
            "port": self.port.value(),
            "txt": self.txt.text(),
            "goodbye": self.goodbye.isChecked(),
        }

    def take(self, form: Form) -> None:
        """Put a form's values in."""
        for line, text in (
            (self.what, form.what),
            (self.times, form.times),
            (self.name, form.name),
            (self.type, form.type),
            (self.txt, form.txt),
        ):
            if line.text() != text:
                line.setText(text)
        self.for_s.setValue(form.for_s)
        self.port.setValue(form.port)
        self.goodbye.setChecked(form.goodbye)

    def show_state(self, state: DiscoveryState) -> None:
        """Show the fields of the preset, with the words of the language."""
        form = state.form
        is_announcing = form.preset == "announce"
        self._searching.setVisible(not is_announcing)
        self._announcing.setVisible(is_announcing)
        for line, words in ((self.what, WHAT), (self.type, TYPE)):
            hint, tip = words[form.language]
            line.setPlaceholderText(hint)
            line.setToolTip(tip)
        for widget in (self.type, self.port, self.txt):
            allow(widget, "a plain group knows no services" if form.language == "group" else "")
        allow(self, "stop what goes on first (Esc)" if state.is_running else "")


def _number(name: str, low: int, high: int, value: int, tip: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setValue(value)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box


def _row(widgets: "tuple[tuple[str, QWidget], ...]") -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.metric(8))
    for words, widget in widgets:
        if words:
            label = QLabel(words)
            label.setBuddy(widget)
            row.addWidget(label)
        row.addWidget(widget)
    return made
