"""The table of connections: every figure it may show has room."""

import pytest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from workbench.formats.quantity import octets
from workbench.panels.sockets.models import PeersModel
from workbench.panels.sockets.parts.connections import WIDTHS
from workbench.ui import fonts, theme
from workbench.ui.pieces import table_of

SIZES = (0, 999, 1023 * 1024 + 1000, 1023 * 1024 * 1024, 888 * 1024**4)
SENT, RECEIVED = 1, 2


@pytest.mark.parametrize("scale", [100, 150])
def test_figures_and_heads_are_shown_whole(app: QApplication, scale: int):
    fonts.ensure_letters(app)
    theme.apply(app, "light", scale)
    table = table_of(PeersModel(), "Connections", WIDTHS)
    try:
        option = QStyleOptionViewItem()
        option.initFrom(table)
        room = theme.metric(2 * 6)
        for column in (SENT, RECEIVED):
            widest = max(table.fontMetrics().horizontalAdvance(octets(size)) for size in SIZES)
            assert widest + room <= table.columnWidth(column)
        header = table.horizontalHeader()
        for column in range(len(WIDTHS)):
            title = str(table.model().headerData(column, header.orientation()))
            assert header.fontMetrics().horizontalAdvance(title) + room <= table.columnWidth(column), title
    finally:
        table.deleteLater()
        theme.apply(app, "light", 100)
