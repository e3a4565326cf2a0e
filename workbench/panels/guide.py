"""What a panel's tour is given: a way to do the panel's main job in the real window and to compare what is shown."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QWidget


class Guide(Protocol):
    """Leads through one panel. A comparison that fails is noted, not raised: the tour shows it."""

    def target(self, target: str) -> None:
        """Say which target the tour of this panel uses."""
        ...

    def compare(self, name: str, shown: object, expected: object) -> None:
        """Note one step: what the widgets show, and what they should."""
        ...

    async def until(self, name: str, shown: Callable[[], object], expected: object) -> None:
        """Wait until the widgets show what they should, and note the step; after some seconds it has failed."""
        ...

    def click(self, widget: QWidget) -> None:
        """Press a button as a mouse does."""
        ...

    def type(self, widget: QWidget, text: str) -> None:
        """Type into a widget as a keyboard does."""
        ...

    def conversation(self) -> list[str]:
        """What the rows of the Conversation say, as far as they are to be seen."""
        ...
