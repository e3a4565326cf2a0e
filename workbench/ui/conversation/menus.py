"""The menus of the conversation, filled when they open."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from workbench.formats.charset import visible
from workbench.ui.conversation import copying
from workbench.ui.conversation.leaving import EXPORTS
from workbench.ui.conversation.topbar import FORMS

if TYPE_CHECKING:
    from workbench.ui.conversation.dock import ConversationDock

LONGEST_TITLE = 60
ELSEWHERE = ("sockets", "dns", "certificates")
"""The panels in which the other end can be looked at."""


class Menus(QObject):
    """The menus of one dock; each entry names what it does, and one slot a menu does it."""

    def __init__(self, dock: "ConversationDock") -> None:
        super().__init__(dock)
        self._dock = dock
        self.export = dock.bar.export.menu()
        self.copy_as = dock.bar.copy_as.menu()
        self.more = dock.bar.more_menu
        self.context = QMenu("Events", dock)
        self._with_secrets = self._fill_export()
        self._fill_context()
        self.export.triggered.connect(self._on_export_triggered)
        self.copy_as.aboutToShow.connect(self._fill_copy_as)
        self.copy_as.triggered.connect(self._on_copy_as_triggered)
        self.more.aboutToShow.connect(self.fill_more)
        self.more.triggered.connect(self._on_more_triggered)
        self.context.triggered.connect(self._on_context_triggered)

    def open_context(self, where: QPoint) -> None:
        """Open the menu of the lists at a place of the screen."""
        has_rows = not self._dock.why_empty()
        self._dock.refresh_actions()
        elsewhere = [self._dock.action(name) for name in ELSEWHERE]
        for action in self.context.actions():
            if not action.isSeparator() and action not in elsewhere:
                action.setEnabled(has_rows)
        self.context.popup(where)

    def _fill_export(self) -> QAction:
        for form, title, tip, _ in EXPORTS:
            _add(self.export, title, form, tip)
        self.export.addSeparator()
        tip = "Also what is masked here: passwords and keys. You are asked once more"
        with_secrets = _add(self.export, "With secrets", "", tip)
        with_secrets.setCheckable(True)
        return with_secrets

    def _on_export_triggered(self, action: QAction) -> None:
        form = action.data()
        if form:
            with_secrets = self._with_secrets.isChecked()
            # The next export masks again, unless it is asked for once more.
            self._with_secrets.setChecked(False)
            self._dock.export(form, with_secrets=with_secrets)

    def _fill_copy_as(self) -> None:
        self.copy_as.clear()
        for number, (title, _) in enumerate(self._dock.copies):
            _add(self.copy_as, title, number)

    def _on_copy_as_triggered(self, action: QAction) -> None:
        copies = self._dock.copies
        if isinstance(action.data(), int) and action.data() < len(copies):
            self._dock.leaving.copy_as(*copies[action.data()])

    def fill_more(self) -> None:
        """Offer what there is to open, compare and copy."""
        dock = self._dock
        dock.refresh_actions()
        self.more.clear()
        self.more.setToolTipsVisible(True)
        for name in ("open", "replay", "compare_saved", "quiz"):
            self.more.addAction(dock.action(name))
        others = dock.other_conversations()
        for number, (title, _) in enumerate(others):
            shown = visible(title)[:LONGEST_TITLE]
            _add(self.more, f"Compare with {shown}", number, "Show where the two conversations part")
        self.more.addSeparator()
        for name in ELSEWHERE:
            self.more.addAction(dock.action(name))
        self.more.addSeparator()
        for name in ("copy_all", "filter", "next", "previous"):
            self.more.addAction(dock.action(name))

    def _on_more_triggered(self, action: QAction) -> None:
        others = self._dock.other_conversations()
        if isinstance(action.data(), int) and action.data() < len(others):
            self._dock.compare_with(*others[action.data()])

    def _fill_context(self) -> None:
        for way in copying.FORMATS:
            _add(self.context, way.title, f"copy {way.id}", way.tip)
        self.context.addSeparator()
        _add(self.context, "Select all", "all")
        _add(self.context, "Copy all lines shown", "copy_all")
        self.context.addSeparator()
        _add(self.context, "Only this direction", "direction", "Filter by the direction of the current event")
        _add(self.context, "Only this channel", "channel", "Filter by the channel of the current event")
        tip = "Filter by the layer of the current event: inside TLS, or on the wire"
        _add(self.context, "Only this layer", "layer", tip)
        self.context.addSeparator()
        for form, title, tip in FORMS:
            _add(self.context, f"Show {'in hex' if form == 'hex' else title.lower()}", f"form {form}", tip)
        self.context.addSeparator()
        for name in ELSEWHERE:
            self.context.addAction(self._dock.action(name))
        self.context.setToolTipsVisible(True)

    def _on_context_triggered(self, action: QAction) -> None:
        if not isinstance(action.data(), str):
            # One of the window's own actions: it does by itself what it says.
            return
        wish, _, rest = action.data().partition(" ")
        dock = self._dock
        if wish == "copy":
            dock.copy(rest)
        elif wish == "form":
            dock.show_form(rest)
        elif wish == "all":
            dock.select_all()
        elif wish == "copy_all":
            dock.copy_all()
        else:
            dock.filter_like_current(wish)


def texts(menu: QMenu) -> Sequence[str]:
    """What stands in a menu."""
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def _add(menu: QMenu, title: str, data: object, tip: str = "") -> QAction:
    action = menu.addAction(title)
    action.setData(data)
    if tip:
        action.setToolTip(tip)
    return action
