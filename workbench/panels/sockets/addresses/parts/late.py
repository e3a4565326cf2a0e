"""The place of a sheet that is made when it is first looked at: the page is to be there at once."""

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.panels.sockets.addresses.state import Sheet, SheetId


class LateSheet(QWidget):
    """The place, with what was typed there and what it would show.

    Args:
        which: its id. make: makes and connects it; called once.
    """

    def __init__(self, which: SheetId, make: Callable[[], SheetView]) -> None:
        super().__init__()
        self.which = which
        self._make = make
        self._sheet: SheetView | None = None
        self._shown = Sheet()
        self._draft: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def sheet(self) -> SheetView:
        """The sheet, made now if need be."""
        if self._sheet is None:
            self._sheet = self._make()
            self._column.addWidget(self._sheet)
            self._sheet.show_sheet(self._shown)
            self._sheet.restore(self._draft)
        return self._sheet

    @property
    def is_made(self) -> bool:
        """Whether somebody has looked at it."""
        return self._sheet is not None

    def values(self) -> object:
        """What is typed, or what is kept until there is a sheet."""
        if self._sheet is not None:
            return self._sheet.values()
        return self._draft if isinstance(self._draft, dict) else {}

    def restore(self, draft: object) -> None:
        """Take what was typed in an earlier session."""
        self._draft = draft
        if self._sheet is not None:
            self._sheet.restore(draft)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show what came of it, or keep it until there is a sheet."""
        self._shown = sheet
        if self._sheet is not None:
            self._sheet.show_sheet(sheet)

    # ---- Qt's

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        _ = self.sheet
