"""The line that says how far a transfer is: on a terminal only, and gone when it is over."""

import asyncio
import os
import pty

import pytest

from workbench.cli import talk_progress
from workbench.cli.output import Output
from workbench.cli.talk_progress import progress, told
from workbench.protocols.raw.tally import Tally

MIB = 1024 * 1024


def test_the_line_tells_both_sides_how_much_of_all_and_how_quickly():
    tally = Tally()
    tally.sent, tally.received = 3 * MIB, 2 * MIB
    assert told(tally, 12 * MIB, 1_500_000_000) == (
        "sent 3.0 MiB of 12.0 MiB (25 %), received 2.0 MiB, 2.0 MiB/s"
    )
    assert told(tally, None, 0).startswith("sent 3.0 MiB, received 2.0 MiB, ")
    # A file that grew while it was sent.
    assert "(100 %)" in told(tally, MIB, 1)


async def test_a_person_sees_it_move_and_it_goes_when_it_is_over(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(talk_progress, "FIRST_AFTER_S", 0)
    monkeypatch.setattr(talk_progress, "EVERY_S", 0.01)
    reader, terminal = pty.openpty()
    tally = Tally()
    shown = b""
    try:
        async with progress(Output(err=terminal), tally, 4):
            while b"(50 %)" not in shown:
                if len(shown) > 20:
                    tally.sent = 2
                await asyncio.sleep(0.001)
                shown += await asyncio.to_thread(os.read, reader, 4096)
        while not shown.endswith(b"\r\x1b[K"):
            shown += os.read(reader, 4096)
    finally:
        os.close(reader)
        os.close(terminal)
    assert shown.startswith(b"\r\x1b[Ksent 0 B of 4 B (0 %)")
    assert shown.endswith(b"\r\x1b[K")
    assert b"\n" not in shown


async def test_nobody_watches_a_pipe():
    reader, writer = os.pipe()
    async with progress(Output(err=writer), Tally(), 4):
        assert not [task for task in asyncio.all_tasks() if task.get_name() == "talk/progress"]
    os.close(writer)
    assert os.read(reader, 100) == b""
    os.close(reader)
