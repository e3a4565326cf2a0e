"""The widgets that a session is made of: its table of connections and its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QPushButton, QTableView

from workbench.panels.sockets.models import PeersModel
from workbench.ui import icons, theme


def peers_table(model: PeersModel) -> QTableView:
    """The table of connections."""
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName("Connections")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.metric(24))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setStretchLastSection(True)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width in enumerate((150, 70, 76, 70, 84)):
        table.setColumnWidth(column, theme.metric(width))
    return table


def tool_button(text: str, kind: str, icon: str, tip: str) -> QPushButton:
    """A button with icon and tip; kind is "primary", "danger" or ""."""
    button = QPushButton(text)
    theme.qualify(button, kind=kind)
    button.setToolTip(tip)
    icons.dress(button, icon, "on_accent" if kind == "primary" else "error" if kind == "danger" else "text")
    return button
