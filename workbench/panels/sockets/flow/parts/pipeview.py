"""The view Pipe: what is to be written, the curve, the stations, and the remedies for a pipe that is full."""

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.panels.sockets.flow.parts.curve import CurveView
from workbench.panels.sockets.flow.parts.stationbar import StationBar
from workbench.panels.sockets.flow.state import FlowState, Form
from workbench.protocols.flow.values import MAX_BUFFER, MAX_OCTETS, MAX_PIECE, REMEDIES, Pipe, Remedy
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, button

EMPTY = "The curve of a client that writes and does not read, against an echo, will stand here."
OFFER = "Fill the pipe"
FIELDS = (
    ("octets", "Write", "octets to write in all", MAX_OCTETS, 1),
    ("piece", "in pieces of", "octets of one write", MAX_PIECE, 1),
    (
        "client_sndbuf",
        "Buffers: client sends",
        "SO_SNDBUF of the client as asked for; 0: as the system has it",
        MAX_BUFFER,
        0,
    ),
    (
        "client_rcvbuf",
        "receives",
        "SO_RCVBUF of the client as asked for; 0: as the system has it",
        MAX_BUFFER,
        0,
    ),
    (
        "server_sndbuf",
        "server sends",
        "SO_SNDBUF of the server as asked for; 0: as the system has it",
        MAX_BUFFER,
        0,
    ),
    (
        "server_rcvbuf",
        "receives",
        "SO_RCVBUF of the server as asked for; 0: as the system has it",
        MAX_BUFFER,
        0,
    ),
)
AT_ONCE = "One call"
AT_ONCE_TIP = "The program writes everything at once into a buffer of its own, as asyncio’s write() does"


class PipeView(QWidget):
    """Signals: edited; started; remedy_asked(which)."""

    edited = Signal()
    started = Signal()
    remedy_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QSpinBox] = {}
        self.at_once = QCheckBox(AT_ONCE)
        self.at_once.setToolTip(AT_ONCE_TIP)
        self.start = button("Fill", "play", "Connect, and write without reading (F5)", "primary")
        self.remedies: dict[Remedy, QPushButton] = {}
        self.deadline = QDoubleSpinBox()
        self.empty = EmptyState(EMPTY, OFFER, icon="sockets")
        self.curve = CurveView()
        self.there = StationBar("client → server")
        self.back = StationBar("server → client")
        self._lay_out()
        self.start.clicked.connect(self._on_started)
        self.empty.asked.connect(self._on_started)
        self.at_once.toggled.connect(self._on_edited)
        self.deadline.valueChanged.connect(self._on_edited)
        for each in self.remedies.values():
            each.clicked.connect(self._on_remedy)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        first, second = self._form()
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addLayout(self._remedy_row())
        body = QWidget()
        self._pages = QStackedLayout(body)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.curve)
        layout.addWidget(body, 1)
        layout.addWidget(self.there)
        layout.addWidget(self.back)

    def _form(self) -> tuple[QHBoxLayout, QHBoxLayout]:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(theme.metric(6))
        for name, title, tip, most, least in FIELDS:
            label, box = QLabel(title), QSpinBox()
            theme.qualify(label, role="muted")
            box.setRange(least, most)
            box.setGroupSeparatorShown(True)
            box.setAccessibleName(
                f"{title}, octets" if name in ("octets", "piece") else tip.partition(";")[0]
            )
            box.setToolTip(tip)
            box.setSuffix(" B")
            box.setSpecialValueText("system’s" if least == 0 else "")
            box.setValue(getattr(Pipe(), name))
            box.valueChanged.connect(self._on_edited)
            label.setBuddy(box)
            self.fields[name] = box
            row = first if least else second
            row.addWidget(label)
            row.addWidget(box)
        first.addWidget(self.at_once)
        first.addStretch(1)
        first.addWidget(self.start)
        second.addStretch(1)
        return first, second

    def _remedy_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.metric(6))
        label = QLabel("Way out")
        theme.qualify(label, role="muted")
        row.addWidget(label)
        for remedy, title, tip in REMEDIES:
            made = button(title, "cancel" if remedy == "deadline" else "received", tip)
            made.setProperty("remedy", remedy)
            self.remedies[remedy] = made
            row.addWidget(made)
        self.deadline.setRange(0.1, 60.0)
        self.deadline.setDecimals(1)
        self.deadline.setValue(2.0)
        self.deadline.setSuffix(" s")
        self.deadline.setAccessibleName("Deadline of a write")
        self.deadline.setToolTip("How long a write may wait before the client gives up")
        row.addWidget(self.deadline)
        row.addStretch(1)
        return row

    def form(self, form: Form) -> dict[str, object]:
        """What a person composed here, as fields of the form."""
        values: dict[str, int] = {name: box.value() for name, box in self.fields.items()}
        pipe = Pipe(**values, at_once=self.at_once.isChecked())
        return {"pipe": pipe, "deadline_s": self.deadline.value()}

    def take_form(self, form: Form) -> None:
        """Show a form, of an earlier session or an example."""
        for name, box in self.fields.items():
            box.setValue(getattr(form.pipe, name))
        self.at_once.setChecked(form.pipe.at_once)
        self.deadline.setValue(form.deadline_s)

    def show_state(self, state: FlowState) -> None:
        """Show another state."""
        why = state.why_not_fill
        allow(self.start, why, "Connect, and write without reading (F5)")
        for box in (*self.fields.values(), self.at_once):
            allow(box, "wait until the pipe stands still, or stop it (Esc)" if state.is_filling else "")
        no_remedy = state.why_no_remedy
        for remedy, _title, tip in REMEDIES:
            allow(self.remedies[remedy], no_remedy, tip)
        filling = state.filling
        self._pages.setCurrentIndex(1 if filling is not None else 0)
        self.curve.show_filling(filling)
        self.there.setVisible(filling is not None)
        self.back.setVisible(filling is not None)
        if filling is not None:
            self.there.show_stations(filling.there)
            self.back.show_stations(filling.back)

    def _on_started(self) -> None:
        self.started.emit()

    def _on_edited(self) -> None:
        self.edited.emit()

    def _on_remedy(self) -> None:
        self.remedy_asked.emit(cast(str, self.sender().property("remedy")))
