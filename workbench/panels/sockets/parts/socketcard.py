"""The socket card: the 5-tuple, every option, the queues and TCP_INFO of the selected peer, fresh while in sight."""

from typing import Protocol

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.panels.sockets.look import SocketLook
from workbench.panels.sockets.parts.facttree import FactTree
from workbench.ui.empty import EmptyState
from workbench.ui.words import as_sentence, with_advice
from workbench.wire.options import Value, value_text

INTERVAL_MS = 500
"""Between two looks: quick enough to see a queue fill, slow enough to read."""
OPENED = ("tuple", "queues", "options", "info")
NOTHING = (
    "The socket of the selected connection: its addresses, its options and what the system measures of it."
)


class Sockets(Protocol):
    """Who has the socket."""

    def look(self) -> SocketLook | None: ...
    def set_option(self, name: str, text: str) -> Value: ...


class SocketCard(QStackedWidget):
    """The card. While hidden it looks at nothing.

    Args:
        sockets: asked twice a second while the card is in sight.
    """

    def __init__(self, sockets: Sockets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sockets = sockets
        self._whose: tuple[str, str, str] | None = None
        self.empty = EmptyState(NOTHING, icon="sockets")
        self._tree: FactTree | None = None
        self.addWidget(self.empty)
        self.timer = QTimer(self)
        self.timer.setInterval(INTERVAL_MS)
        self.timer.timeout.connect(self.refresh)

    @property
    def tree(self) -> FactTree:
        """The tree, made when there is first a socket to show."""
        if self._tree is None:
            self._tree = FactTree("Socket")
            self._tree.facts.asked.connect(self._on_asked)
            self.addWidget(self._tree)
            # Made late, it would come last in the whole window.
            QWidget.setTabOrder(self.empty.button, self._tree)
        return self._tree

    def refresh(self) -> None:
        """Look now."""
        look = self._sockets.look()
        if look is None:
            self._whose = None
            self.setCurrentWidget(self.empty)
            return
        whose = look[:3]
        if whose != self._whose:
            self._whose = whose
            self.tree.facts.forget_remarks()
        self.tree.show_rows(look.rows(), OPENED)
        self.setCurrentWidget(self.tree)

    def _on_asked(self, key: str, text: str) -> None:
        name = key.removeprefix("option.")
        facts = self.tree.facts
        try:
            granted = self._sockets.set_option(name, text.strip())
        except WorkbenchError as failure:
            words = with_advice(failure) if isinstance(failure, LocalMisuse) else as_sentence(failure.what)
            facts.remark(key, words, is_bad=True)
            return
        given, asked = value_text(granted), text.strip()
        facts.remark(key, "" if given == asked else f"granted {given}; asked for {asked}")
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.timer.stop()
