"""The feed: one call per frame however much happened, none while nothing does."""

import asyncio
import gc
import sys
import weakref

import pytest
from PySide6.QtCore import QTimer
from shiboken6 import Shiboken

from workbench.bridge.feed import Feed


class Source:
    """Says that it grew, and knows who listens."""

    def __init__(self):
        self.callbacks = []
        self.length = 0

    def observe(self, callback):
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def grow(self):
        self.length += 1
        for callback in self.callbacks:
            callback(self)


class View:
    """Notes the length that it is shown, and when."""

    def __init__(self, source):
        self.source = source
        self.shown = []
        self.times = []
        self.was_shown = asyncio.Event()

    def show(self):
        self.shown.append(self.source.length)
        self.times.append(asyncio.get_running_loop().time())
        self.was_shown.set()

    async def next(self):
        self.was_shown.clear()
        await self.was_shown.wait()


@pytest.fixture
def feed(app):
    feed = Feed(interval_ms=20)
    yield feed
    feed.deleteLater()


async def test_thousands_of_changes_are_one_call_a_frame(feed):
    source = Source()
    view = View(source)
    cut = feed.watch(source, view.show)
    loop = asyncio.get_running_loop()
    until = loop.time() + 0.15
    while loop.time() < until:
        for _ in range(500):
            source.grow()
        await asyncio.sleep(0)
    if view.shown[-1] < source.length:
        await view.next()
    assert view.shown[-1] == source.length
    assert source.length > 2000
    assert len(view.shown) <= 1 + 0.2 / 0.020 + 1
    cut()


async def test_frames_keep_their_distance_and_the_first_comes_at_once(feed):
    source = Source()
    view = View(source)
    feed.watch(source, view.show)
    loop = asyncio.get_running_loop()
    began = loop.time()
    source.grow()
    await view.next()
    source.grow()
    await view.next()
    # The second waits for its frame; the first had nothing to wait for, and so comes before a frame has passed.
    assert view.times[1] - view.times[0] >= 0.0195
    assert view.times[0] - began < view.times[1] - began


async def test_nothing_ticks_while_nothing_happens(feed):
    source = Source()
    view = View(source)
    feed.watch(source, view.show)
    assert feed.is_idle
    source.grow()
    assert not feed.is_idle
    await view.next()
    assert feed.is_idle
    active = [t for t in Shiboken.getAllValidWrappers() if isinstance(t, QTimer) and t.parent() is feed]
    assert not any(timer.isActive() for timer in active)


async def test_each_source_is_told_only_of_itself(feed):
    sources = [Source() for _ in range(3)]
    views = [View(source) for source in sources]
    for source, view in zip(sources, views, strict=True):
        feed.watch(source, view.show)
    sources[1].grow()
    await views[1].next()
    assert [view.shown for view in views] == [[], [1], []]


async def test_a_change_made_while_showing_is_shown_in_the_next_frame(feed):
    source = Source()
    view = View(source)

    def show_and_grow():
        view.show()
        if source.length < 3:
            source.grow()

    feed.watch(source, show_and_grow)
    source.grow()
    while source.length < 3 or view.shown[-1] < 3:
        await view.next()
    assert view.shown == [1, 2, 3]


async def test_cutting_ends_the_calls_and_forgets_the_source_and_the_view(feed):
    source = Source()
    view = View(source)
    cut = feed.watch(source, view.show)
    source.grow()
    cut()
    cut()
    assert source.callbacks == []
    other = View(source)
    feed.watch(source, other.show)
    source.grow()
    await other.next()
    assert view.shown == []
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None


async def test_a_view_that_fails_is_reported_and_the_others_are_shown(feed, monkeypatch):
    source = Source()
    view = View(source)
    reported = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, tb: reported.append(kind))

    def fail():
        raise LookupError

    feed.watch(source, fail)
    feed.watch(source, view.show)
    source.grow()
    await view.next()
    assert view.shown == [1]
    assert reported == [LookupError]


async def test_who_is_cut_before_its_frame_leaves_no_frame_pending(feed):
    first, second = Source(), Source()
    one, other = View(first), View(second)
    # The next frame is not due at once.
    cut = feed.watch(first, one.show)
    first.grow()
    await one.was_shown.wait()
    cut_other = feed.watch(second, other.show)
    first.grow()
    second.grow()
    assert not feed.is_idle
    cut()
    assert not feed.is_idle
    cut_other()
    assert feed.is_idle
    assert (one.shown, other.shown) == ([1], [])
