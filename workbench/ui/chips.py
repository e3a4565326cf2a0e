"""Chips: small rounded words with a figure, at the right end of a line."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workbench.jobs.verdict import ChipText
from workbench.ui import theme
from workbench.ui.steady import SteadyLabel


class Chip(SteadyLabel):
    """One chip; its words can be selected with the mouse."""

    def __init__(self, text: str = "", tip: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        theme.qualify(self, chip=True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_chip(ChipText(text, tip, role))

    def show_chip(self, chip: ChipText) -> None:
        """Take other words."""
        theme.qualify(self, role=chip.role)
        self.setText(chip.text)
        self.setToolTip(chip.tip)
        self.setAccessibleName(chip.text)
        self.setAccessibleDescription(chip.tip)


class ChipRow(QWidget):
    """Chips side by side; they are kept and filled anew, so that a line that changes thirty times a second is calm."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: list[Chip] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.metric(8))

    def show_chips(self, chips: Iterable[ChipText | str]) -> None:
        """Show these, in this order."""
        wanted = [ChipText(each) if isinstance(each, str) else each for each in chips]
        while len(self.chips) < len(wanted):
            chip = Chip(parent=self)
            self.chips.append(chip)
            self._layout.addWidget(chip)
        for at, chip in enumerate(self.chips):
            chip.setVisible(at < len(wanted))
            if at < len(wanted):
                chip.show_chip(wanted[at])

    @property
    def texts(self) -> list[str]:
        """What is to be seen."""
        return [chip.text() for chip in self.chips if not chip.isHidden()]
