"""The drop-down in the target bar that routes a session through a relay."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from workbench.panels.sockets.routes import ROUTES


class RouteBox(QComboBox):
    """Chooses one of routes.ROUTES; its tip says what the chosen one does."""

    def __init__(self) -> None:
        super().__init__()
        for at, route in enumerate(ROUTES):
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
        at = self.findData(route_id)
        if at >= 0:
            self.setCurrentIndex(at)

    def _on_index_changed(self) -> None:
        what = str(self.currentData(Qt.ItemDataRole.ToolTipRole))
        self.setToolTip(what)
        self.setAccessibleDescription(what)
