"""A part of a session that is made when it is first looked at: few are, and a new session is to be there at once."""

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.panels.sockets.state import SessionState


class LatePart(QWidget):
    """The place of a part, with the state that it would show.

    Args:
        make: makes it; called once.
    """

    def __init__(self, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._make = make
        self._part: Any = None
        self._state: SessionState | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def part(self) -> Any:
        """The part, made now if need be."""
        if self._part is None:
            self._part = self._make()
            self._column.addWidget(self._part)
            if self._state is not None:
                self._part.show_state(self._state)
        return self._part

    def show_state(self, state: SessionState) -> None:
        """Show another state, or keep it until there is a part."""
        self._state = state
        if self._part is not None:
            self._part.show_state(state)

    def retire(self) -> None:
        """End what the part does by itself."""
        if self._part is not None and hasattr(self._part, "retire"):
            self._part.retire()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        _ = self.part
