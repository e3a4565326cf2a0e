"""A dock with everything it needs, gone after the test."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget

from workbench.bridge.feed import Feed
from workbench.jobs.scope import Scope
from workbench.ui.actions import ActionRegistry
from workbench.ui.conversation.dock import ConversationDock


@pytest.fixture
def dock(show: Callable[..., QWidget]) -> Iterator[ConversationDock]:
    """The dock, shown at the size it has in a window of 1280 pixels."""
    feed, registry = Feed(), ActionRegistry()
    made = ConversationDock(feed, registry, Scope("test"))
    show(made, 1256, 360)
    yield made
    made.show_talk(None)
    made.turns.stop()
