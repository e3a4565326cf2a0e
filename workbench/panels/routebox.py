"""The drop-down in a target bar that leads through a relay."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from workbench.panels.routes import Route
from workbench.ui.pieces import place_of


class RouteBox(QComboBox):
    """Chooses one of a panel's routes; its tip says what the chosen one does."""

    def __init__(self, routes: Sequence[Route]) -> None:
        super().__init__()
        for at, route in enumerate(routes):
            self.addItem(route.title, route.id)
            self.setItemData(at, route.what, Qt.ItemDataRole.ToolTipRole)
        self.setAccessibleName("Route through relay")
        self.currentIndexChanged.connect(self._on_index_changed)
        self._on_index_changed()

    def route(self) -> str:
        """The id of the chosen one."""
        return str(self.currentData())

    def choose(self, route_id: object) -> None:
        """Choose a route; one that is not known changes nothing."""
        at = place_of(self, route_id)
        if at >= 0:
            self.setCurrentIndex(at)

    def _on_index_changed(self) -> None:
        what = str(self.currentData(Qt.ItemDataRole.ToolTipRole))
        self.setToolTip(what)
        self.setAccessibleDescription(what)
