"""The one model of the page: lines of text in columns, with tones, tips, and hatching for what is not told."""

from collections.abc import Sequence

from PySide6.QtCore import Qt

from workbench.formats.charset import visible
from workbench.panels.sockets.addresses.state import Line
from workbench.ui.tables import Column, TableModel

MAX_CELL = 400


class LinesModel(TableModel):
    """Rows of evidence."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Other headings, as many as before."""
        if tuple(columns) != self.columns:
            self.columns = tuple(columns)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def cell(self, row: Line, column: int) -> str:
        return visible(row.cells[column][:MAX_CELL])

    def tip(self, row: Line, column: int) -> str:
        return visible(row.tip) or self.cell(row, column)

    def colour(self, row: Line, column: int) -> str:
        return row.tone

    def is_unknown(self, row: Line, column: int) -> bool:
        return column in row.unknown
