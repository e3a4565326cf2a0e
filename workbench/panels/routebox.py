"""The drop-down in a target bar that leads through a relay."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QInputDialog

from workbench.bridge.ask import show_as_typed
from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.panels.routes import OWN, Route, check_own, find_route
from workbench.ui.pieces import place_of

ASK = "Relay: your own …"
TITLE = "A relay of your own"
EXAMPLE = 'delay=200,rewrite="cat=>dog",direction=to-client'
LABEL = (
    "What shall the relay do? Its switches are those of `workbench relay`:\n\n"
    "delay, rate, split, coalesce, rewrite, flip, cut-after, reset-after, freeze-after, half-close-after, direction;\n"
    "of UDP: delay, drop, duplicate, reorder, corrupt, seed, direction"
)
MAX_TEXT = 1000
MAX_TITLE = 28


class RouteBox(QComboBox):
    """Chooses one of a panel's routes; its tip says what the chosen one does. The last entry asks for switches."""

    def __init__(self, routes: Sequence[Route]) -> None:
        super().__init__()
        for route in routes:
            self._add(route)
        self._chosen = str(self.itemData(0))
        self.addItem(ASK, "")
        self.setItemData(
            self.count() - 1, "Say what a relay of the Lab shall do", Qt.ItemDataRole.ToolTipRole
        )
        self.setAccessibleName("Route through relay")
        self.currentIndexChanged.connect(self._on_index_changed)
        self.activated.connect(self._on_activated)
        self._on_index_changed()

    def route(self) -> str:
        """The id of the chosen one."""
        return self._chosen

    def choose(self, route_id: object) -> None:
        """Choose a route; one that is not known, or whose switches are none, changes nothing."""
        if isinstance(route_id, str) and route_id.startswith(OWN):
            self._take(route_id.removeprefix(OWN))
            return
        at = place_of(self, route_id)
        if route_id and at >= 0:
            self.setCurrentIndex(at)

    def _add(self, route: Route) -> None:
        at = self.findText(ASK)
        at = at if at >= 0 else self.count()
        title = route.title if len(route.title) <= MAX_TITLE else f"{route.title[: MAX_TITLE - 1]}…"
        self.insertItem(at, title, route.id)
        self.setItemData(at, route.what, Qt.ItemDataRole.ToolTipRole)

    def _take(self, text: str) -> LocalMisuse | None:
        """Choose the relay with these switches; returns the mistake in them."""
        text = text.strip()
        try:
            check_own(text[:MAX_TEXT])
        except LocalMisuse as mistake:
            return mistake
        before = next((at for at in range(self.count()) if str(self.itemData(at)).startswith(OWN)), -1)
        route = find_route((), OWN + text[:MAX_TEXT])
        if before >= 0 and self.itemData(before) != route.id:
            self.blockSignals(True)
            self.removeItem(before)
            self.blockSignals(False)
            before = -1
        if before < 0:
            self._add(route._replace(title=visible(route.title), what=visible(route.what)))
        self.setCurrentIndex(place_of(self, route.id))
        if self._chosen != route.id:
            # The entry of the one before stood in the same place.
            self.currentIndexChanged.emit(self.currentIndex())
        return None

    # ---- a person did something

    def _on_index_changed(self) -> None:
        if chosen := str(self.currentData() or ""):
            self._chosen = chosen
        what = str(self.currentData(Qt.ItemDataRole.ToolTipRole))
        self.setToolTip(what)
        self.setAccessibleDescription(what)

    def _on_activated(self, at: int) -> None:
        if self.itemData(at) == "":
            self._ask(self._chosen.removeprefix(OWN) if self._chosen.startswith(OWN) else EXAMPLE, "")

    def _ask(self, text: str, wrong: str) -> None:
        dialog = QInputDialog(self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setInputMode(QInputDialog.InputMode.TextInput)
        dialog.setWindowTitle(TITLE)
        dialog.setLabelText(f"{LABEL}\n\n{wrong}" if wrong else LABEL)
        dialog.setTextValue(text)
        dialog.setOkButtonText("Use it")
        show_as_typed(dialog)
        dialog.textValueSelected.connect(self._on_said)
        dialog.rejected.connect(self._on_not_said)
        dialog.open()

    def _on_said(self, text: str) -> None:
        mistake = self._take(text)
        if mistake is not None:
            self._ask(text, _told(mistake))

    def _on_not_said(self) -> None:
        self.setCurrentIndex(place_of(self, self._chosen))


def _told(mistake: LocalMisuse) -> str:
    start, end = mistake.start or 0, mistake.end or 0
    where = f": “{visible(mistake.text[start:end])}”" if end > start else ""
    return f"{visible(mistake.what)}{where}" + (f" ({visible(mistake.advice)})" if mistake.advice else "")
