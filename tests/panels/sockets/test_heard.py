"""Figures come a frame at a time, strangers at once."""

import asyncio

import pytest

from workbench.panels.sockets import heard
from workbench.panels.sockets.heard import Heard


async def test_a_stranger_is_told_of_at_once_and_then_once_a_frame_however_much_is_said():
    told: list[str] = []
    frame = asyncio.Event()

    def tell(address: str) -> None:
        told.append(address)
        if len(told) == 4:
            frame.set()

    book = Heard(tell)
    book.note("a:1")
    book.note("b:2")
    assert told == ["a:1", "b:2"]
    for _ in range(1000):
        book.note("b:2")
        book.note("a:1")
    assert told == ["a:1", "b:2"]
    await frame.wait()
    assert told[2:] == ["b:2", "a:1"]
    book.close()


async def test_forged_addresses_without_number_are_told_in_batches_too():
    told: list[str] = []
    book = Heard(told.append)
    for number in range(2 * heard.MAX_KNOWN):
        book.note(f"10.0.0.1:{number}")
    assert len(told) == heard.MAX_KNOWN
    book.close()


async def test_after_the_end_nobody_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(heard, "TELL_AFTER_S", 0)
    told: list[str] = []
    book = Heard(told.append)
    book.note("a:1")
    book.note("a:1")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert told == ["a:1", "a:1"]
    book.note("a:1")
    book.close()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert told == ["a:1", "a:1"]
