"""Work in slices: each in its turn, none when there is nothing to do."""

from PySide6.QtCore import QObject

from tests.ui.conversation.conversations import until
from workbench.ui.conversation.turns import Turns


async def test_works_take_turns_until_none_has_anything_to_do(app):
    owner = QObject()
    turns = Turns(owner)
    done: list[str] = []

    def work_of(name: str, slices: int):
        def work() -> bool:
            if done.count(name) >= slices:
                return False
            done.append(name)
            return done.count(name) < slices

        return work

    turns.add(work_of("long", 4))
    turns.add(work_of("short", 2))
    assert turns.is_idle
    turns.wake()
    await until(lambda: turns.is_idle)
    assert sorted(done) == ["long"] * 4 + ["short"] * 2
    assert done.index("short") < 2
    turns.wake()
    turns.stop()
    assert turns.is_idle
