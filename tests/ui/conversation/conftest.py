"""A dock with everything it needs, gone after the test; and time enough for a small conversation."""

import inspect
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget

from workbench.bridge.feed import Feed
from workbench.jobs.scope import Scope
from workbench.ui.actions import ActionRegistry
from workbench.ui.conversation import comparing, filtering, leaving, lines, streams
from workbench.ui.conversation.dock import ConversationDock

LONG_NS = 30_000_000_000


@pytest.fixture(autouse=True)
def time_enough(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test without a loop sees what the first slice of a work has done, however busy the machine is.

    A slice ends by the clock, after milliseconds in which a busy machine may have given us no time at all; what is left
    is done in the next turn of the loop, and such a test has none. Tests of slices say themselves how long they are.
    """
    if inspect.iscoroutinefunction(request.function):
        return
    for module, name in ((filtering, "SLICE_NS"), (filtering, "PLAIN_SLICE_NS"), (leaving, "SLICE_NS")):
        monkeypatch.setattr(module, name, LONG_NS)
    for step in (comparing.Comparison.step, lines.TextLines.step, streams.EventFinder.step):
        monkeypatch.setattr(step, "__defaults__", (LONG_NS,))


@pytest.fixture
def dock(show: Callable[..., QWidget]) -> Iterator[ConversationDock]:
    """The dock, shown at the size it has in a window of 1280 pixels."""
    feed, registry = Feed(), ActionRegistry()
    made = ConversationDock(feed, registry, Scope("test"))
    show(made, 1256, 360)
    yield made
    made.show_talk(None)
    made.turns.stop()
