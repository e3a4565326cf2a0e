"""Carrying out the verbs of verbs_flow.py. As in steps.py."""

import asyncio
from typing import TYPE_CHECKING, cast

from workbench.experiments.stage import Carry, Done, Stage
from workbench.experiments.things_flow import PipeSeen
from workbench.experiments.values import Given
from workbench.formats.quantity import octets
from workbench.jobs.offload import in_thread

if TYPE_CHECKING:
    from workbench.protocols.flow.pipe import PipeRun
    from workbench.protocols.flow.values import Remedy

DEADLINE_S = 0.3
PIECE = 4096


async def _fill_pipe(stage: Stage, given: Given, _name: str) -> Done:
    # The engine is loaded for the cards that need it alone.
    from workbench.protocols.flow.pipe import PipeRun
    from workbench.protocols.flow.values import Pipe

    remedy = cast("Remedy", given.get("remedy", "none"))
    frozen = asyncio.Event()

    def moved(run: PipeRun) -> None:
        if run.is_stalled:
            frozen.set()

    run = PipeRun(Pipe(octets=cast(int, given["octets"]), piece=PIECE), stage.transcript, on_change=moved)
    running = asyncio.create_task(run.run(), name="fill-pipe")
    waiting = asyncio.create_task(frozen.wait(), name="fill-pipe/frozen")
    try:
        await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
        stall = run.finding.kind if frozen.is_set() else ""
        if frozen.is_set() and remedy != "none":
            run.apply(remedy, deadline_s=DEADLINE_S)
        if remedy != "none" or not frozen.is_set():
            await running
        return Done(
            seen := _seen(run, stall), f"{octets(seen.written)} handed over, {octets(seen.echoed)} came back"
        )
    finally:
        for task in (running, waiting):
            task.cancel()
        await asyncio.wait([running, waiting])


def _seen(run: "PipeRun", stall: str) -> PipeSeen:
    at = next((mark.written for mark in run.marks if mark.what == "frozen"), 0)
    if run.end is not None:
        return PipeSeen(at, stall, run.end.kind, run.end.written, run.end.echoed, run.end.there)
    there = run.there.read if run.there is not None else None
    return PipeSeen(at, stall, "frozen", at, run.samples[-1].echoed, there or 0)


async def _bereave(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.deaths.client import measure

    death, call = str(given["death"]), str(given["call"])
    column = await measure(stage.transcript, deaths=(death,), calls=(call,))
    (cell,) = column.cells
    return Done(
        cell, cell.symbol or cell.result or "told nothing", cell.symbol if cell.told == "error" else ""
    )


async def _close_waiting(stage: Stage, given: Given, _name: str) -> Done:
    stream = stage.stream(given["on"])
    sock = stream.detach()
    # Where a linger time is set the call waits, and the loop must not: a thread does.
    await in_thread(sock.close)
    stream.channel.fact("close", unread=0)
    return Done()


CARRY_FLOW: dict[str, Carry] = {
    "fill-pipe": _fill_pipe,
    "bereave": _bereave,
    "close-waiting": _close_waiting,
}
