"""One packet: which of those that passed, its fields as a tree, its octets below; a field and its octets are linked."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.quantity import count
from workbench.panels.dns.models import FieldsModel
from workbench.panels.dns.state import Packet
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.hexview import HeldOctets, HexView, Highlight

HINT = "Every packet, field by field, and its octets will stand here."


class PacketView(QWidget):
    """Shows one packet of several.

    Signals:
        chosen: the place of the packet that a person wants to look at.
        record_chosen: the index of the record whose field or octets were selected.
    """

    chosen = Signal(int)
    record_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._packets: tuple[Packet, ...] = ()
        self._packet: Packet | None = None
        self._linking = False
        self.empty = EmptyState(HINT)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Packet")
        self.choice.setToolTip("Which of the messages that passed")
        self.octets = QLabel()
        theme.qualify(self.octets, role="muted")
        self.said = QLabel()
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        theme.qualify(self.said, role="warning")
        self.model = FieldsModel()
        self.fields = fields_tree(self.model)
        self.hex = HexView("Bytes of the packet")
        self._lay_out()
        self.choice.activated.connect(self.chosen)
        self.fields.selectionModel().currentChanged.connect(self._on_field_chosen)
        self.hex.selection_changed.connect(self._on_octets_chosen)
        self.show_packets((), -1)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        packet = QWidget()
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(self.choice, 1)
        row.addWidget(self.octets)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.fields)
        self.splitter.addWidget(self.hex)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(packet)
        layout = QVBoxLayout(packet)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        layout.addLayout(row)
        layout.addWidget(self.said)
        layout.addWidget(self.splitter, 1)

    def show_packets(self, packets: tuple[Packet, ...], shown: int) -> None:
        """Offer these packets and show one of them."""
        if packets != self._packets:
            self._packets = packets
            with QSignalBlocker(self.choice):
                self.choice.clear()
                self.choice.addItems([f"{at}  {packet.title}" for at, packet in enumerate(packets, start=1)])
        self.choice.setEnabled(len(packets) > 1)
        if shown != self.choice.currentIndex():
            with QSignalBlocker(self.choice):
                self.choice.setCurrentIndex(shown)
        packet = packets[shown] if 0 <= shown < len(packets) else None
        if packet is self._packet and packet is not None:
            return
        self._packet = packet
        self._linking = True
        self.model.show_packet(packet)
        self.hex.set_provider(HeldOctets(packet.data) if packet is not None else None)
        self._linking = False
        self.octets.setText(count(len(packet.data), "octet") if packet is not None else "")
        self.said.setText(
            f"This is no whole message: {packet.said}" if packet is not None and packet.said else ""
        )
        self.said.setVisible(bool(self.said.text()))
        self._pages.setCurrentIndex(0 if packet is None else 1)
        if packet is not None:
            self._begin_at(packet)

    def _begin_at(self, packet: Packet) -> None:
        """Point at what a reader wants first: the first record, else the question."""
        has_answer = packet.message is not None and packet.message.answers
        index = self.model.of_record(0) if has_answer else self.model.index(1, 0)
        place = self.model.place(index)
        if place is not None:
            self._linking = True
            self.fields.setCurrentIndex(index)
            self.fields.expand(index)
            self.fields.scrollToTop()
            self.hex.select(place.start, place.stop)
            self._linking = False

    def show_record(self, record: int) -> None:
        """Select a record of the packet, in the tree and in the bytes."""
        index = self.model.of_record(record)
        place = self.model.place(index)
        if place is None or self._linking:
            return
        self._linking = True
        self.fields.setCurrentIndex(index)
        self.fields.expand(index)
        self.fields.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)
        self.hex.select(place.start, place.stop)
        self._linking = False

    def _on_field_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        place = self.model.place(current)
        if place is None or self._packet is None:
            return
        field = self.model.value(current)
        self.hex.set_highlights(
            [Highlight(place.start, place.stop, "accent", f"{field.name}: {field.value}")]
        )
        if not self._linking:
            self._linking = True
            self.hex.select(place.start, place.stop)
            self._linking = False
        self._tell_record(current)

    def _on_octets_chosen(self, start: int, stop: int) -> None:
        if self._linking or self._packet is None:
            return
        index = self.model.at_octets(start, max(stop, start + 1))
        if index.isValid():
            self._linking = True
            self.fields.setCurrentIndex(index)
            self.fields.scrollTo(index)
            self._linking = False

    def _tell_record(self, index: QModelIndex) -> None:
        while index.isValid():
            record = self.model.value(index).record
            if record >= 0:
                self.record_chosen.emit(record)
                return
            index = self.model.parent(index)


def fields_tree(model: FieldsModel) -> QTreeView:
    """The tree of a packet's fields."""
    tree = QTreeView()
    tree.setModel(model)
    tree.setAccessibleName("Fields of the packet")
    tree.setUniformRowHeights(True)
    tree.setTabKeyNavigation(False)
    header = tree.header()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setStretchLastSection(False)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    for column, width in ((0, 128), (1, 150), (3, 112)):
        tree.setColumnWidth(column, theme.metric(width))
    return tree
