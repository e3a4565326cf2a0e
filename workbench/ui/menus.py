"""The menu bar, built from the registry: an action names its menu, the order is that of the registry."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QMenuBar

from workbench.ui.actions import Action, ActionRegistry

FIRST = ("File", "Edit", "View", "Go")
LAST = ("Help",)


class Menus(QObject):
    """Keeps a menu bar in step with the registry and with the tab that is to be seen."""

    def __init__(self, bar: QMenuBar, registry: ActionRegistry) -> None:
        super().__init__(bar)
        self._registry = registry
        self._context = ""
        self._menus: list[QMenu] = []
        bar.setAccessibleName("Menus")
        registry.changed.connect(self.build)

    @property
    def _bar(self) -> QMenuBar:
        bar = self.parent()
        if not isinstance(bar, QMenuBar):
            raise TypeError("menus hang on a bar")
        return bar

    def set_context(self, context: str) -> None:
        """Show the actions of this tab beside those of the window."""
        if context != self._context:
            self._context = context
            self.build()

    def build(self) -> None:
        """Make the menus anew."""
        self._bar.clear()
        for menu in self._menus:
            menu.deleteLater()
        by_name: dict[str, list[Action]] = {}
        for action in self._registry.actions:
            if action.menu and action.context.split("/")[0] in ("", self._context):
                by_name.setdefault(action.menu, []).append(action)
        self._menus = [self._made(name, by_name[name]) for name in _in_order(by_name)]

    def titles(self) -> list[str]:
        """The menus that are there, without their mnemonics."""
        return [menu.title().replace("&", "") for menu in self._menus]

    def menu(self, title: str) -> QMenu:
        """One of them. Raises KeyError when it is not there."""
        for menu in self._menus:
            if menu.title().replace("&", "") == title:
                return menu
        raise KeyError(title)

    def _made(self, name: str, actions: list[Action]) -> QMenu:
        menu = QMenu(f"&{name}", self._bar)
        menu.setToolTipsVisible(True)
        for action in actions:
            menu.addAction(self._registry.qaction(action.id))
        menu.aboutToShow.connect(self._on_about_to_show)
        self._bar.addMenu(menu)
        return menu

    def _on_about_to_show(self) -> None:
        self._registry.refresh()


def _in_order(names: dict[str, list[Action]]) -> list[str]:
    known = (*FIRST, *LAST)
    others = [name for name in names if name not in known]
    return [name for name in (*FIRST, *others, *LAST) if name in names]
