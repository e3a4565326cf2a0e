"""The view Stall: live connections, who waits for whom, where the octets are, and what waiting costs."""

from typing import cast

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.panels.sockets.flow.models import ConnectionsModel
from workbench.panels.sockets.flow.parts.cycle import CycleView
from workbench.panels.sockets.flow.parts.meterbar import MeterBar
from workbench.panels.sockets.flow.parts.stationbar import StationBar
from workbench.panels.sockets.flow.state import Connection, FlowState
from workbench.protocols.flow.pair import PAIRS
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, button, table_of

LOOK_EVERY_MS = 250
EMPTY = "Live connections of the Console, and pairs that are made to wait, will stand here."
OFFER = "Let two ends wait for each other"
RELIEF_TIP = "Apply the way out to the connection that is looked at"
METER_TIP = "Let two processes wait for callers for three seconds: one asleep, one asking again and again"
LINES_TIP = "Both ends of a Console’s connection go on only at the end of a line"


class StallView(QWidget):
    """Looks four times a second while it is seen.

    Signals: looked: it is time to look; pair_asked(kind); relieved; metered; watched(connection's id); edited.
    """

    looked = Signal()
    pair_asked = Signal(str)
    relieved = Signal()
    metered = Signal()
    watched = Signal(str)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pairs: dict[str, QPushButton] = {}
        self.relief = button("Way out", "good", RELIEF_TIP, "primary")
        self.lines = QCheckBox("Lines")
        self.lines.setToolTip(LINES_TIP)
        self.lines.setChecked(True)
        self.model = ConnectionsModel()
        self.table = table_of(self.model, "Live connections", (230, 84, 130))
        self.empty = EmptyState(EMPTY, OFFER, icon="sockets")
        self.cycle = CycleView()
        self.ways = QLabel()
        self.ways.setTextFormat(Qt.TextFormat.PlainText)
        self.ways.setWordWrap(True)
        self.ways.setAccessibleName("Ways out")
        self.there, self.back = StationBar(""), StationBar("")
        self.meter = MeterBar()
        self.meter_button = button("What does waiting cost?", "play", METER_TIP)
        self._is_showing = False
        self.timer = QTimer(self)
        self.timer.setInterval(LOOK_EVERY_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        top = QHBoxLayout()
        top.setSpacing(theme.metric(6))
        label = QLabel("Make two ends wait")
        theme.qualify(label, role="muted")
        top.addWidget(label)
        for kind, title, tip, _relief in PAIRS:
            made = button(title, "pause", tip)
            made.setProperty("pair", kind)
            self.pairs[kind] = made
            top.addWidget(made)
        top.addWidget(self.lines)
        top.addStretch(1)
        top.addWidget(self.relief)
        left = QWidget()
        self._pages = QStackedLayout(left)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.cycle, 1)
        column.addWidget(self.ways)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([theme.metric(560), theme.metric(640)])
        bottom = QHBoxLayout()
        bottom.setSpacing(theme.metric(12))
        bottom.addWidget(self.meter_button)
        bottom.addWidget(self.meter, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        layout.addLayout(top)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.there)
        layout.addWidget(self.back)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self.timer.timeout.connect(self.looked)
        self.empty.asked.connect(self._on_offer_taken)
        self.relief.clicked.connect(self.relieved)
        self.meter_button.clicked.connect(self.metered)
        self.lines.toggled.connect(self.edited)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        for each in self.pairs.values():
            each.clicked.connect(self._on_pair)

    def show_state(self, state: FlowState) -> None:
        """Show another state."""
        self._is_showing = True
        self.model.show_rows(state.connections)
        found = state.connection
        if found is not None and self.table.currentIndex().row() != state.connections.index(found):
            self.table.selectRow(state.connections.index(found))
        self._is_showing = False
        self._pages.setCurrentIndex(1 if state.connections else 0)
        self._show_connection(found)
        self.relief.setText(found.relief.capitalize() if found is not None and found.relief else "Way out")
        allow(self.relief, state.why_no_relief)
        self.meter.show_meter(state.meter)
        allow(self.meter_button, "it measures already" if state.is_metering else "")

    def _show_connection(self, found: Connection | None) -> None:
        self.cycle.setVisible(found is not None)
        self.cycle.show_connection(found)
        self.ways.setVisible(found is not None and bool(found.finding.ways_out))
        self.ways.setText("Ways out: " + "; ".join(found.finding.ways_out) if found is not None else "")
        places = found.stations if found is not None else ()
        for bar, at in ((self.there, 0), (self.back, 1)):
            bar.setVisible(len(places) > at)
            if found is not None and len(places) > at:
                other = found.there.name if found.there is not None else "the peer"
                ends = (found.here.name, other) if at == 0 else (other, found.here.name)
                bar.show_stations(places[at], " → ".join(ends))

    def _on_pair(self) -> None:
        self.pair_asked.emit(cast(str, self.sender().property("pair")))

    def _on_offer_taken(self) -> None:
        self.pair_asked.emit(PAIRS[0][0])

    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_showing:
            self.watched.emit(self.model.rows[current.row()].id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked.emit()
        self.timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.timer.stop()
