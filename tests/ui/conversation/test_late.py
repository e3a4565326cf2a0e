"""The place of the conversation: made when it is asked for, or once it was painted."""

import asyncio

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel

from workbench.ui.conversation.late import LateConversation


class Content(QLabel):
    """Stands for the dock's content."""

    def __init__(self) -> None:
        super().__init__("said")
        self.retired = 0

    async def retire(self) -> None:
        self.retired += 1


@pytest.fixture
def late(app, show):
    made = LateConversation(Content)
    made.resize(400, 200)
    yield made
    made.close()
    made.deleteLater()


async def test_it_is_made_after_its_place_was_painted(app, late: LateConversation):
    made = QSignalSpy(late.made)
    late.show()
    assert not late.is_made
    while not late.is_made:  # noqa: ASYNC110 - painting has no event that could be awaited
        await asyncio.sleep(0.002)
    assert made.count() == 1
    assert late.dock.isVisible()


def test_whoever_needs_it_has_it_at_once(app, late: LateConversation):
    made = QSignalSpy(late.made)
    first = late.dock
    assert late.dock is first
    assert (late.is_made, made.count()) == (True, 1)


async def test_retired_it_is_not_made_any_more(app, late: LateConversation):
    await late.retire()
    late.show()
    for _ in range(50):
        await asyncio.sleep(0)
    assert not late.is_made


async def test_what_was_made_is_retired(app, late: LateConversation):
    content = late.dock
    await late.retire()
    assert content.retired == 1


async def test_out_of_sight_it_is_made_after_a_while(app, late: LateConversation):
    made = QSignalSpy(late.made)
    late.wait()
    assert made.wait(60_000)
    assert late.is_made
