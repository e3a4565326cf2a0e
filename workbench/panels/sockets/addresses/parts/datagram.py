"""The sheet of a datagram's size: a slider with the sizes that mean something, and one that is really sent."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from workbench.panels.sockets.addresses.choosing import STEPS, place_of_size, size_at
from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.panels.sockets.addresses.state import Sheet
from workbench.protocols.raw.datagram_size import BEYOND, Family, marks
from workbench.ui import theme
from workbench.ui.pieces import allow, button
from workbench.ui.tables import Column

FAMILIES: tuple[Family, ...] = ("IPv4", "IPv6")
START = 1232
TRY_TIPS = {
    "IPv4": "Send one so long to lab:udp-echo, and see it come back or not (F5)",
    "IPv6": "Send one so long to an echo of our own at ::1, and see it come back or not (F5)",
}


class Ruler(QWidget):
    """Ticks and names below a slider, where the marks are."""

    def __init__(self, slider: QSlider) -> None:
        super().__init__()
        self._slider = slider
        self._family: Family = "IPv4"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_family(self, family: Family) -> None:
        """The marks of another family."""
        self._family = family
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(600), 2 * self.fontMetrics().height() + theme.metric(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            metrics, tick = self.fontMetrics(), theme.metric(6)
            handle = self._slider.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self._slider)
            for number, mark in enumerate(marks(self._family)):
                x = handle // 2 + QStyle.sliderPositionFromValue(
                    0, STEPS, place_of_size(mark.size), self.width() - handle
                )
                row = number % 2
                top = tick + row * metrics.height()
                painter.setPen(theme.colour("strong_border"))
                painter.drawLine(x, 0, x, top)
                text = f"{mark.size:,} {mark.name}"
                wide = metrics.horizontalAdvance(text)
                # Ethernet's begins at its tick: before it the tick of today's DNS leads to the row below.
                left = min(max(0, x if number == 2 else x - wide // 2), self.width() - wide)
                beyond = size_at(self._slider.value(), self._family) > mark.size
                painter.setPen(theme.colour("muted" if beyond else "text"))
                painter.drawText(
                    QRect(left, top, wide + 2, metrics.height()), Qt.AlignmentFlag.AlignLeft, text
                )
        finally:
            painter.end()


class DatagramSheet(SheetView):
    """A size above, what becomes of it below.

    Signals:
        try_asked: send one.
    """

    try_asked = Signal()

    def __init__(self) -> None:
        super().__init__(
            "datagram",
            (
                Column("Octets", width=80, is_number=True),
                Column("Mark", width=170),
                Column("Here", width=100),
                Column("What happens", width=560),
                Column("Document", width=120, is_fixed=True),
            ),
            "Sizes that mean something",
            "No size was chosen yet.",
            ("What becomes of a datagram of the chosen size will stand here.", "Look at 1,232 octets"),
        )
        self.family = QComboBox()
        self.family.addItems(FAMILIES)
        self.family.setAccessibleName("Family")
        self.family.setToolTip("The headers differ, and so do the limits")
        self.octets = QSpinBox()
        self.octets.setRange(0, BEYOND)
        self.octets.setValue(START)
        self.octets.setGroupSeparatorShown(True)
        self.octets.setSuffix(" octets")
        self.octets.setAccessibleName("Octets of the datagram")
        self.octets.setToolTip(f"0 to {BEYOND:,}, without headers (Ctrl+L)")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 16)
        self.slider.setAccessibleName("Size of the datagram")
        self.slider.setToolTip("Each sixteenth of the way doubles the size")
        self.ruler = Ruler(self.slider)
        for widget in (self.family, self.octets):
            self.top.addWidget(widget)
        self.mark_buttons = self._mark_buttons()
        self.top.addStretch(1)
        self.try_button = self.add_button("Try it", "send", TRY_TIPS["IPv4"], "primary")
        rail = QVBoxLayout()
        rail.setSpacing(0)
        rail.addWidget(self.slider)
        rail.addWidget(self.ruler)
        self.below.addLayout(rail)
        self.slider.valueChanged.connect(self._on_slid)
        self.octets.valueChanged.connect(self._on_sized)
        self.family.currentIndexChanged.connect(self._on_family_chosen)
        self.try_button.clicked.connect(self.try_asked)
        self._show_place()
        self._show_family()

    def _mark_buttons(self) -> list[QPushButton]:
        row = QHBoxLayout()
        row.setSpacing(theme.metric(4))
        made = []
        for _ in marks("IPv4"):
            made.append(button("", "", "", "quiet"))
            made[-1].clicked.connect(self._on_mark_clicked)
        self.more = button("+1", "", "One octet more", "quiet")
        self.more.setAccessibleName("One octet more")
        self.more.clicked.connect(self.octets.stepUp)
        for each in (*made, self.more):
            row.addWidget(each)
        self.top.addLayout(row)
        return made

    # ---- for the page

    @property
    def chosen_family(self) -> Family:
        """IPv4 or IPv6."""
        return FAMILIES[self.family.currentIndex()]

    def focus_start(self) -> None:
        """Put the focus on the number."""
        self.octets.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.octets.selectAll()

    def values(self) -> dict[str, str]:
        """Family and size."""
        return {"family": self.chosen_family, "size": str(self.octets.value())}

    def restore(self, draft: object) -> None:
        """Take both; nothing is sent."""
        if not isinstance(draft, dict):
            return
        self.family.setCurrentIndex(max(0, self.family.findText(str(draft.get("family", "")))))
        text = str(draft.get("size", ""))
        if text.isascii() and text.isdecimal() and len(text) <= len(str(BEYOND)):
            self.octets.setValue(int(text))

    def show_sheet(self, sheet: Sheet) -> None:
        """As in every sheet; nothing more is sent while something is."""
        super().show_sheet(sheet)
        allow(self.try_button, "wait for the answer" if sheet.is_running else "")

    # ---- a person chose

    def _on_slid(self, place: int) -> None:
        self.octets.setValue(size_at(place, self.chosen_family))

    def _on_sized(self) -> None:
        self._show_place()
        self.asked.emit()
        self.edited.emit()

    def _on_family_chosen(self) -> None:
        self._show_family()
        self._on_sized()

    def _on_mark_clicked(self) -> None:
        at = next(at for at, each in enumerate(self.mark_buttons) if each is self.sender())
        self.octets.setValue(marks(self.chosen_family)[at].size)

    def _show_place(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(place_of_size(self.octets.value()))
        self.slider.blockSignals(False)
        self.ruler.update()

    def _show_family(self) -> None:
        for each, mark in zip(self.mark_buttons, marks(self.chosen_family), strict=True):
            each.setText(f"{mark.size:,}")
            each.setToolTip(f"{mark.name}: {mark.what}")
            each.setAccessibleName(f"{mark.size:,} octets: {mark.name}")
        self.ruler.show_family(self.chosen_family)
        self.try_button.setToolTip(TRY_TIPS[self.chosen_family])
