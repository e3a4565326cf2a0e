"""What came of it: the octets on the wire with their marks, how they are cut, the decoder's steps, the messages out."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QSplitter, QVBoxLayout, QWidget

from workbench.formats.framing.values import Message, Part
from workbench.panels.sockets.framing.models import StepsTable, design_table, messages_table
from workbench.panels.sockets.framing.state import CUTS, DESIGN, FramingState, Read
from workbench.ui import theme
from workbench.ui.hexview import HeldOctets, HexView, Highlight
from workbench.ui.pieces import Tabbed, allow, button, table_of

MAX_MARKS = 4000
"""Marks that are painted; whoever has more looks at the beginning."""
MAX_FIELD = 40
ROLES: dict[Part, str] = {
    "length": "accent",
    "data": "sent",
    "marker": "warning",
    "escape": "warning",
    "check": "good",
    "encoding": "received",
    "mistaken": "error",
}
TRY_TIP = "Feed the decoder every cut of these octets: it must say the same each time (Ctrl+Return)"


class ReadingView(QWidget):
    """The right side of the bench.

    Signals:
        edited: how it is cut, or where it ends, is another. try_asked: every cut. cut_chosen: in two at this octet.
    """

    edited = Signal()
    try_asked = Signal()
    cut_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._wire: object = None
        self._data = b""
        self._messages: Sequence[Message] = ()
        self.hex = HexView("Octets on the wire")
        self.hex.set_hint("The octets on the wire will stand here")
        self.cut = QComboBox()
        for cut, title in CUTS:
            self.cut.addItem(title, cut)
        self.cut.setAccessibleName("Cut")
        self.cut.setToolTip("How the octets reach the decoder; select an octet above to cut there")
        self.ends = QSpinBox()
        self.ends.setAccessibleName("Where the connection ends")
        self.ends.setToolTip("Cut the stream short: the connection is closed (FIN) after so many octets")
        self.ends.setRange(-1, -1)
        self.ends.setSpecialValueText("FIN at the end")
        self.ends.setPrefix("FIN after ")
        self.ends.setSuffix(" B")
        self.try_button = button("Try every cut", "compare", TRY_TIP)
        self.steps, self.messages, self.fields = StepsTable(), messages_table(), design_table()
        self.steps_table = table_of(self.steps, "Steps of the decoder", (60, 240, 260, 60, 90, 80), stretch=2)
        self.messages_table = table_of(self.messages, "Messages out", (40, 110, 60, 240))
        self.fields_table = table_of(self.fields, "Fields of the messages", (70, 120, 110, 100))
        self.tabs = Tabbed(
            "Decoder",
            (
                ("Steps", "Each read, and where the decoder was behind it", self.steps_table),
                ("Messages out", "What the decoder made of the octets", self.messages_table),
                ("Fields", "The fields of each message of your own format", self.fields_table),
            ),
        )
        self._lay_out()
        self.cut.currentIndexChanged.connect(self.edited)
        self.ends.valueChanged.connect(self.edited)
        self.try_button.clicked.connect(self.try_asked)
        self.hex.selection_changed.connect(self._on_octets_selected)
        for table, go in (
            (self.steps_table, self._on_step_chosen),
            (self.messages_table, self._on_message_chosen),
        ):
            table.selectionModel().currentRowChanged.connect(go)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.metric(8))
        for widget in (self.cut, self.ends, self.try_button):
            row.addWidget(widget)
        row.addStretch(1)
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addLayout(row)
        column.addWidget(self.tabs, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.hex)
        self.splitter.addWidget(lower)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([theme.metric(110), theme.metric(260)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)

    def values(self) -> dict[str, object]:
        """The fields by their names in the form."""
        return {"cut": str(self.cut.currentData()), "ends_after": self.ends.value()}

    # ---- showing

    def show_state(self, state: FramingState) -> None:
        """Show octets, steps and messages."""
        frames, form = state.frames, state.form
        with QSignalBlocker(self.cut), QSignalBlocker(self.ends):
            self.cut.setCurrentIndex(max(0, self.cut.findData(form.cut)))
            self.ends.setMaximum(max(-1, len(frames.wire.data) - 1))
            self.ends.setValue(form.ends_after)
        if frames.wire is not self._wire:
            self._wire = frames.wire
            if frames.wire.data != self._data:
                self._data = frames.wire.data
                with QSignalBlocker(self.hex):
                    self.hex.set_provider(HeldOctets(self._data))
            marks = frames.wire.marks[:MAX_MARKS]
            self.hex.set_highlights(
                Highlight(mark.start, mark.stop, ROLES[mark.part], mark.label) for mark in marks
            )
        self._show_read(frames.read)
        self.tabs.tabs.setTabVisible(2, form.framing == DESIGN)
        reason = "" if state.phase == "trying" else state.why_not_try
        self.try_button.setText("Stop" if state.phase == "trying" else "Try every cut")
        allow(self.try_button, reason, TRY_TIP)

    def _show_read(self, read: Read) -> None:
        if read.steps is not self.steps.rows:
            self.steps.show_read(read)
        if read.messages is not self._messages:
            self._messages = read.messages
            self.messages.show_rows(_Numbered(read.messages))
        self.fields.show_rows(
            [
                (
                    str(number),
                    each.field.name,
                    each.field.written,
                    f"{each.start:,} to {each.stop:,}",
                    _value(each.value),
                )
                for number, fields in enumerate(read.fields, 1)
                for each in fields
            ]
        )

    # ---- a person did something

    def _on_octets_selected(self, start: object, stop: object) -> None:
        if isinstance(start, int) and isinstance(stop, int) and stop == start + 1 and self.hex.hasFocus():
            self.cut_chosen.emit(start)

    def _on_step_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            step = self.steps.rows[current.row()]
            self._select(step.start, step.stop)

    def _on_message_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            _, message = self.messages.rows[current.row()]
            self._select(message.start, message.stop)

    def _select(self, start: int, stop: int) -> None:
        with QSignalBlocker(self):
            self.hex.select(start, stop)


class _Numbered(Sequence[tuple[int, Message]]):
    """Messages with their numbers, made one by one."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = messages

    def __len__(self) -> int:
        return len(self._messages)

    def __getitem__(self, at):
        return at + 1, self._messages[at]


def _value(value: int | bytes) -> str:
    if isinstance(value, int):
        return f"{value:,}  ({value:#x})"
    return value[:MAX_FIELD].decode("utf-8", "backslashreplace") + ("…" if len(value) > MAX_FIELD else "")
