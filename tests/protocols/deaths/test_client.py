"""The matrix, filled by real processes that really die; symbols, never numbers.

What it is made of: workbench.protocols.deaths.calls, workbench.protocols.deaths.values; the process that dies is
workbench.protocols.deaths.peer.
"""

import asyncio
import sys

import pytest

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.deaths import client
from workbench.protocols.deaths.client import ALL_CALLS, ALL_DEATHS, is_possible, measure
from workbench.protocols.deaths.values import CALLS, Cell, Column, System, differences, title_of
from workbench.transcript.recorder import Transcript

PROMPT = ("send", "send-again", "shutdown", "recv", "recv-again", "poll")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the symbols of Linux")


async def made(
    deaths: tuple[str, ...], calls: tuple[str, ...] = PROMPT
) -> tuple[Column, list[Cell], list[str]]:
    transcript = Transcript()
    seen: list[Cell] = []
    column = await measure(transcript, deaths=deaths, calls=calls, on_cell=seen.append)
    names = [event.name for event in transcript.events()]
    transcript.close()
    return column, seen, names


def told(column: Column, death: str) -> dict[str, str]:
    return {cell.call: cell.symbol or cell.result for cell in column.cells if cell.death == death}


@linux
@pytest.mark.covers("C2.13")
async def test_after_a_fin_a_kill_and_a_reset_each_call_tells_what_it_is_told():
    column, seen, names = await made(("fin", "kill", "rst"))
    for death in ("fin", "kill"):
        assert told(column, death) == {
            "send": "took 14",
            "send-again": "EPIPE",
            "shutdown": "ENOTCONN",
            "recv": "EOF",
            "recv-again": "EOF",
            "poll": "POLLIN|POLLRDHUP",
        }
        assert not column.cell(death, "send").has_noticed
    assert told(column, "rst") == {
        "send": "ECONNRESET",
        "send-again": "EPIPE",
        "shutdown": "ENOTCONN",
        "recv": "ECONNRESET",
        "recv-again": "EOF",
        "poll": "POLLIN|POLLRDHUP|POLLERR|POLLHUP",
    }
    assert sorted(seen) == sorted(column.cells)
    assert all(cell.ms > 0 for cell in column.cells)
    assert column.first("rst").ms == min(cell.ms for cell in column.cells if cell.death == "rst")
    assert names.count("death.call") == 18
    assert names.count("death.came") == 18


@linux
@pytest.mark.covers("C2.13")
async def test_of_a_frozen_peer_only_our_own_clock_tells_and_of_a_pulled_cable_the_timers():
    column, _, _ = await made(("freeze", "unplug"), ("send", "keep-alive", "user-timeout", "own-deadline"))
    assert told(column, "freeze") == {
        "send": "took 14",
        "keep-alive": "",
        "user-timeout": "",
        "own-deadline": "timeout",
    }
    assert column.first("freeze") is None
    assert "only a deadline of our own" in column.sentence("freeze")
    assert told(column, "unplug") == {
        "send": "took 14",
        "keep-alive": "ETIMEDOUT",
        "user-timeout": "ETIMEDOUT",
        "own-deadline": "timeout",
    }
    assert column.cell("unplug", "keep-alive").ms > column.cell("unplug", "user-timeout").ms
    assert column.first("unplug").call == "user-timeout"


async def test_unknown_names_are_refused_before_anything_starts(monkeypatch):
    monkeypatch.setattr(client, "Puppet", None)
    transcript = Transcript()
    with pytest.raises(LocalMisuse, match="no 'meteor'"):
        await measure(transcript, deaths=("meteor",))
    with pytest.raises(LocalMisuse, match="no 'yell'"):
        await measure(transcript, calls=("yell",))
    transcript.close()


async def test_a_helper_that_does_not_start_ends_it_all(monkeypatch):
    monkeypatch.setattr(client, "PEER", "workbench.no.such.module")
    with pytest.raises(LocalFault, match="helper process ended"):
        await made(("fin", "rst"))


async def test_cancelling_leaves_no_process_and_no_socket():
    transcript = Transcript()
    task = asyncio.create_task(measure(transcript, deaths=("freeze",), calls=("recv",)))
    # What is recorded has no event to wait for.
    while "detached" not in [event.name for event in transcript.events()]:  # noqa: ASYNC110
        await asyncio.sleep(0.002)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    transcript.close()


def test_where_no_cable_can_be_pulled_that_death_is_left_out(monkeypatch):
    assert all(is_possible(death) for death in ALL_DEATHS if death != "unplug")
    monkeypatch.setattr(client.sys, "platform", "darwin")
    assert not is_possible("unplug")


def cells(*rows: tuple[str, str, str, str, float]) -> tuple[Cell, ...]:
    return tuple(Cell(*row) for row in rows)


def test_a_column_says_who_noticed_and_where_columns_differ():
    here = Column(
        System("Linux", "6", "3.11"),
        cells(
            ("fin", "send", "nothing", "", 1.0),
            ("fin", "recv", "end", "EOF", 2.0),
            ("fin", "poll", "event", "P", 900),
        ),
    )
    assert here.sentence("fin") == "at once: recv (EOF); told nothing: send"
    late = Column(System("Linux", "6", "3.11"), cells(("unplug", "keep-alive", "error", "ETIMEDOUT", 2010.0)))
    assert late.sentence("unplug") == "after 2.0 s: keep-alive (ETIMEDOUT)"
    there = Column(
        System("X", "1", "3.12"),
        cells(("fin", "recv", "error", "ECONNRESET", 2), ("fin", "send", "nothing", "", 9)),
    )
    assert differences((here, there)) == (("fin", "recv"),)
    assert differences((here, late)) == ()
    assert title_of("recv-again") == "recv again"
    assert title_of("yell") == "yell"
    assert set(ALL_CALLS) == {call.id for call in CALLS}
