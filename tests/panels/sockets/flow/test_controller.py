"""What a person does with octets that wait, without Qt: fill, free, watch, relieve, measure, compare.

The state is workbench.panels.sockets.flow.state; connections come from workbench.panels.sockets.flow.stalls and, of
other pages, from workbench.panels.sockets.flow.live.
"""

import asyncio
import contextlib
import json
from dataclasses import replace

import pytest

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.flow import controller as module
from workbench.panels.sockets.flow.controller import FlowController, deaths_verdict, pipe_verdict
from workbench.panels.sockets.flow.state import FlowState
from workbench.panels.sockets.state import Form
from workbench.protocols.deaths.values import Cell, Column, System
from workbench.protocols.flow.idle import Meter, Share
from workbench.protocols.flow.values import Pipe
from workbench.transcript.recorder import Transcript

HALF = Pipe(octets=512 * 1024, piece=4096)


class Desk:
    """A controller, and a way to wait for what its state will show."""

    def __init__(self, sessions=()) -> None:
        self.controller = FlowController(Transcript, lambda: sessions)
        self._news = asyncio.Event()
        self.controller.observe(lambda _each: self._news.set())

    @property
    def state(self) -> FlowState:
        return self.controller.state

    async def until(self, holds) -> FlowState:
        while not holds(self.state):
            self._news.clear()
            await self._news.wait()
        return self.state


@contextlib.asynccontextmanager
async def desk(sessions=()):
    made = Desk(sessions)
    tasks: list[asyncio.Task] = []

    def start(work) -> asyncio.Task:
        tasks.append(asyncio.create_task(work))
        return tasks[-1]

    try:
        yield made, start
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        made.controller.close()


def frozen(state: FlowState) -> bool:
    return state.filling is not None and state.filling.is_stalled


async def test_a_pipe_freezes_and_is_freed():
    async with desk() as (place, start):
        place.controller.compose(pipe=HALF)
        assert place.state.why_no_remedy == "no pipe is being filled"
        task = start(place.controller.fill())
        state = await place.until(frozen)
        assert state.verdict("pipe")[:2] == ("warning", "frozen")
        assert "both write and neither reads" in state.verdict("pipe").sentence
        assert "handed over" in state.verdict("pipe").chips[0][0]
        assert state.why_not_fill
        assert not state.why_no_remedy
        place.controller.remedy("both")
        assert place.state.why_no_remedy == "a remedy was chosen already"
        await task
        assert place.state.verdict("pipe")[:2] == ("good", "echoed")
        assert place.state.verdict("pipe").chips[-1][0] == "hash equal"
        assert not place.state.is_filling
        assert "then write and read at the same time" in place.controller.copy_as_python()


async def test_a_deadline_cuts_and_is_no_success():
    async with desk() as (place, start):
        place.controller.compose(pipe=HALF, deadline_s=0.1)
        task = start(place.controller.fill())
        await place.until(frozen)
        place.controller.remedy("deadline")
        await task
        verdict = place.state.verdict("pipe")
        assert verdict[:2] == ("warning", "cut")
        assert "this end cannot know" in verdict.sentence
        assert "hash equal" not in [text for text, _tip in verdict.chips]


async def test_stopping_and_failing_are_shown(monkeypatch):
    async with desk() as (place, start):
        place.controller.compose(pipe=HALF)
        task = start(place.controller.fill())
        await place.until(frozen)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert place.state.verdict("pipe").word == "stopped"
        assert not place.state.is_filling
        place.controller.compose(pipe=Pipe(octets=0))
        with pytest.raises(LocalMisuse):
            await place.controller.fill()
        place.controller.compose(pipe=HALF)

        async def refuse(*_arguments, **_more):
            raise LocalFault("no sockets today", stage="listen")

        monkeypatch.setattr("workbench.protocols.flow.pipe.listen", refuse)
        with pytest.raises(LocalFault):
            await place.controller.fill()
        assert place.state.problem.what == "no sockets today"
        assert place.state.verdict("pipe").word == "listen"
        place.controller.dismiss()
        assert place.state.problem is None


async def test_our_own_pairs_are_found_watched_and_relieved():
    async with desk() as (place, start):
        controller = place.controller
        tasks = [start(controller.stall(kind)) for kind in ("read/read", "write/write")]

        def both_stall() -> bool:
            controller.look()
            return sum(each.finding.is_cycle for each in place.state.connections) == 2

        # Somebody has to look, as the view does four times a second.
        while not both_stall():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        state = place.state
        assert [each.title for each in state.connections] == ["Both read", "Both write"]
        assert state.connection.title == "Both write"
        assert all(part.adds_up for part in state.connection.stations)
        assert state.verdict("stall").word == "write/write"
        controller.watch(state.connections[0].id)
        assert place.state.verdict("stall").word == "read/read"
        assert not place.state.why_no_relief
        controller.relieve()
        await tasks[0]
        assert [each.title for each in place.state.connections] == ["Both write"]
        tasks[1].cancel()
        await asyncio.gather(tasks[1], return_exceptions=True)
        assert place.state.connections == ()
        assert place.state.why_no_relief == "there is no connection"
        controller.relieve()


async def nowhere(target):
    return target


@pytest.mark.covers("C3.36")
async def test_two_sessions_of_the_console_on_one_connection_are_seen_from_both_ends():
    server = SessionController(
        Transcript(), nowhere, Form(role="listener", transport="tcp", target="127.0.0.1:0", reply="none")
    )
    listening = asyncio.create_task(server.open())
    news = asyncio.Event()
    server.observe(lambda _each: news.set())
    while not server.state.address:
        news.clear()
        await news.wait()
    client = SessionController(
        Transcript(), nowhere, Form(role="client", transport="tcp", target=server.state.address)
    )
    connecting = asyncio.create_task(client.open())
    async with desk((client, server)) as (place, _start):
        # Two states, which tell their news apart.
        while not (client.state.peer and server.state.peer):  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        await client.send(b"HELLO")
        while server.state.peer.received < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        while not place.state.connections or place.state.connections[0].finding.kind == "moving":
            place.controller.look()
            await asyncio.sleep(0.02)
        (found,) = place.state.connections
        assert found.there is not None
        assert (found.finding.kind, found.finding.is_cycle) == ("read/read", True)
        assert "has no line end, and the other waits for one" in found.finding.sentence
        assert found.finding.ways_out[0] == "send the end of the line"
        assert place.state.why_no_relief.startswith("its programs are not ours")
        assert found.stations[0].read == 5
        assert all(each.adds_up for each in found.stations)
        await client.send(b"\n")
        place.controller.look()
        assert place.state.connections[0].finding.kind == "moving"
    alone = FlowController(Transcript, lambda: (client,))
    alone.look()
    (found,) = alone.state.connections
    assert found.there is None
    assert found.stations[0].way == "difference"
    alone.close()
    for task in (connecting, listening):
        task.cancel()
    await asyncio.gather(connecting, listening, return_exceptions=True)
    client.transcript.close()
    server.transcript.close()


async def test_what_waiting_costs_is_shown_while_it_is_measured(monkeypatch):
    async def measured(_for_s, *, on_change):
        on_change(Meter(Share(0.0, 0.0), Share(0.9, 1.0), 0.25))
        assert place.state.is_metering
        assert place.state.meter.for_s == 0.25

    monkeypatch.setattr(module, "compare", measured)
    async with desk() as (place, _start):
        await place.controller.meter()
        assert not place.state.is_metering


def column(name: str, symbol: str) -> Column:
    cells = (Cell("fin", "recv", "end", symbol, 1.0), Cell("fin", "send", "nothing", "", 1.0, "took 14"))
    return Column(System("Linux", "6", "3.11"), cells, name)


@pytest.mark.covers("C2.14")
async def test_findings_are_measured_exported_and_compared(monkeypatch):
    async def measure(_transcript, *, on_cell):
        on_cell(column("", "EOF").cells[0])
        assert len(place.state.column.cells) == 1
        return column("", "EOF")

    monkeypatch.setattr(module, "measure", measure)
    async with desk() as (place, _start):
        controller = place.controller
        with pytest.raises(LocalMisuse, match="nothing was measured"):
            controller.export()
        await controller.measure()
        assert place.state.columns == (column("", "EOF"),)
        assert place.state.verdict("deaths")[:3] == (
            "good",
            "measured",
            "1 of 2 calls were told nothing by the system",
        )
        text = controller.export()
        other = json.loads(text)
        other["columns"][0]["system"]["os"] = "Plan 9"
        other["columns"][0]["cells"][0]["symbol"] = "EHUNGUP"
        controller.take(json.dumps(other), "room 3")
        assert [each.name for each in place.state.columns] == ["", "room 3"]
        assert place.state.columns[1].system.os == "Plan 9"
        controller.choose(1)
        controller.choose(9)
        assert place.state.column.name == "room 3"
        assert place.state.verdict("deaths").chips[-1][0] == "1 difference"
        await controller.measure()
        assert [each.name for each in place.state.columns] == ["", "room 3"]
        controller.choose(1)
        controller.forget()
        assert place.state.columns == (column("", "EOF"),)
        with pytest.raises(LocalMisuse, match="no findings"):
            controller.take("{}", "x")
        monkeypatch.setattr(module, "MAX_COLUMNS", 1)
        with pytest.raises(LocalMisuse, match="side by side"):
            controller.take(text, "x")


async def test_half_a_column_is_no_finding(monkeypatch):
    async def measure(_transcript, *, on_cell):
        on_cell(column("", "EOF").cells[0])
        raise LocalFault("the helper process ended", stage="helper")

    monkeypatch.setattr(module, "measure", measure)
    async with desk() as (place, _start):
        with pytest.raises(WorkbenchError):
            await place.controller.measure()
        assert place.state.columns == ()
        assert place.state.verdict("deaths").word == "helper"
        assert deaths_verdict(place.state).word == ""


async def test_an_end_alone_is_no_success():
    async with desk() as (place, start):
        place.controller.compose(pipe=Pipe(octets=10))
        await start(place.controller.fill())
        filling = place.state.filling
        other = replace(filling, end=filling.end._replace(kind="different", sentence="the hashes differ"))
        assert pipe_verdict(other)[:2] == ("bad", "different")
        assert pipe_verdict(replace(filling, there=None)).word == "connecting"
