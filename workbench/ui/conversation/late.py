"""The place of the conversation: the window is to be seen before what stands in it has been made.

Making it and loading its modules takes a fifth of the window's start, and at first nothing has been said.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from workbench.ui.conversation.dock import ConversationDock

UNSEEN_MS = 500
"""Its commands, for keys and palette, are wanted of a conversation that is not to be seen too."""


class LateConversation(QWidget):
    """Holds the dock's content. It is made when it is asked for, once its place was painted, or after a while.

    Args:
        make: makes it; called once.

    Signals:
        made: it is there.
    """

    made = Signal()

    def __init__(self, make: "Callable[[], ConversationDock]") -> None:
        super().__init__()
        self._make = make
        self._dock: ConversationDock | None = None
        self._is_retired = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(UNSEEN_MS)
        self._soon.timeout.connect(self._on_soon)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def dock(self) -> "ConversationDock":
        """The conversation, made now if need be."""
        if self._dock is None:
            self._soon.stop()
            self._dock = self._make()
            self._column.addWidget(self._dock)
            self.made.emit()
        return self._dock

    def wait(self) -> None:
        """The window is shown now. Where the person has put this place out of sight, it is made after a while."""
        if self._dock is None and not self._is_retired:
            self._soon.start(UNSEEN_MS)

    @property
    def is_made(self) -> bool:
        """Whether it is there already."""
        return self._dock is not None

    async def retire(self) -> None:
        """End what is there; nothing is made any more."""
        self._is_retired = True
        self._soon.stop()
        if self._dock is not None:
            await self._dock.retire()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._dock is None and not self._is_retired and self._soon.interval():
            # No sooner: the rest of the window is painted in the same turn.
            self._soon.start(0)

    def _on_soon(self) -> None:
        if not self._is_retired:
            _ = self.dock
