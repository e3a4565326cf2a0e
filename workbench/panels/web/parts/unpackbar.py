"""How a body is looked at: which packing is undone, and by which charset its lines are read. Decides nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from workbench.formats.charset import ENCODINGS
from workbench.panels.web.state import WebState
from workbench.protocols.http.unpack import KINDS
from workbench.ui import theme

BY_ITSELF = "by itself"
_CHAINS: tuple[tuple[str, ...], ...] = (("base64", "gunzip"), ("base64", "zlib"))


class UnpackBar(QWidget):
    """Two choices.

    Signals:
        chosen: a person wants it otherwise.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.steps = QComboBox()
        self.encoding = QComboBox()
        self._fill()
        line = QHBoxLayout(self)
        gap = theme.metric(8)
        line.setContentsMargins(gap, theme.metric(4), gap, 0)
        line.setSpacing(gap)
        for text, box in (("Unpack", self.steps), ("Read as", self.encoding)):
            label = QLabel(text)
            theme.qualify(label, role="muted")
            label.setBuddy(box)
            line.addWidget(label)
            line.addWidget(box)
            box.setAccessibleName(text)
            box.activated.connect(self.chosen)
        self.fault = QLabel()
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        theme.qualify(self.fault, role="warning")
        line.addWidget(self.fault, 1)

    def _fill(self) -> None:
        model = QStandardItemModel(self.steps)
        rows: list[tuple[str, tuple[str, ...] | None, str, str]] = [
            (BY_ITSELF, None, "What the first octets are recognised as", ""),
            ("nothing", (), "The octets as they are", ""),
        ]
        rows += [(kind.name, (kind.name,), kind.what, kind.why_not) for kind in KINDS]
        rows += [(", ".join(chain), chain, "One after the other", "") for chain in _CHAINS]
        for text, steps, tip, why_not in rows:
            item = QStandardItem(text)
            item.setData(steps, Qt.ItemDataRole.UserRole)
            item.setToolTip(f"{tip}\nNot here: {why_not}" if why_not else tip)
            item.setEnabled(not why_not)
            model.appendRow(item)
        self.steps.setModel(model)
        self.steps.setToolTip("What is undone to look into it; what is saved stays as it came")
        self.encoding.addItem(BY_ITSELF, "")
        for name in ENCODINGS:
            self.encoding.addItem(name, name)
        self.encoding.setToolTip(
            "The charset of the text; by itself: as a mark, Content-Type or the page says"
        )

    def choice(self) -> tuple[tuple[str, ...] | None, str]:
        """Steps, None for those it asks for itself, and the encoding, "" likewise."""
        steps = self.steps.currentData()
        return (None if steps is None else tuple(steps)), str(self.encoding.currentData())

    def show_state(self, state: WebState) -> None:
        """Show what is chosen, and what came of it."""
        self.setVisible(bool(state.seen.data) or bool(state.seen.fault))
        for box, value in ((self.steps, state.steps), (self.encoding, state.encoding)):
            wanted = next((at for at in range(box.count()) if _same(box.itemData(at), value)), 0)
            if wanted != box.currentIndex():
                box.setCurrentIndex(wanted)
        taken = ", ".join(state.seen.steps)
        self.fault.setText(
            state.seen.fault or (f"unpacked by {taken}" if taken and state.steps is None else "")
        )
        theme.qualify(self.fault, role="warning" if state.seen.fault else "muted")


def _same(held: object, value: object) -> bool:
    if isinstance(held, list | tuple) and isinstance(value, tuple):
        return tuple(held) == value
    return held == value
