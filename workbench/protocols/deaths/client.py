"""Making the matrix: for each death a helper process with one connection for each call, all bereaved at once."""

import asyncio
import platform
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.jobs.puppet import Puppet
from workbench.protocols.deaths.calls import LOOK_EVERY_S, Line, has_heard, make, prepare
from workbench.protocols.deaths.values import CALLS, DEATHS, Cell, Column, System
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial

PEER = "workbench.protocols.deaths.peer"
ALL_DEATHS = tuple(each.id for each in DEATHS)
ALL_CALLS = tuple(each.id for each in CALLS)
START_WITHIN_S = 20.0
NEWS_WITHIN_S = 2.0

T = TypeVar("T")
OnCell = Callable[[Cell], object]


def this_system() -> System:
    """Where we are."""
    return System(platform.system(), platform.release(), platform.python_version())


async def measure(
    transcript: Transcript,
    *,
    deaths: Sequence[str] = ALL_DEATHS,
    calls: Sequence[str] = ALL_CALLS,
    on_cell: OnCell | None = None,
) -> Column:
    """Fill a column, all deaths side by side.

    Args:
        on_cell: told of each cell as soon as it is known.

    Raises: LocalMisuse: no such death or call; LocalFault: no helper process; TooSlow: it does not get ready.
    """
    for asked, known in ((deaths, DEATHS), (calls, CALLS)):
        for name in asked:
            if name not in [each.id for each in known]:
                names = ", ".join(each.id for each in known)
                raise LocalMisuse(f"there is no {name!r} here", stage="deaths", advice=f"one of {names}")
    tell = on_cell or (lambda _cell: None)
    found = await _all([_die(transcript, death, calls, tell) for death in deaths if is_possible(death)])
    return Column(this_system(), tuple(cell for cells in found for cell in cells))


def is_possible(death: str) -> bool:
    """Whether this system can let a peer die so."""
    return death != "unplug" or sys.platform.startswith("linux")


async def _die(transcript: Transcript, death: str, calls: Sequence[str], tell: OnCell) -> list[Cell]:
    helper = Puppet(PEER)
    lines: dict[str, Line] = {}
    try:
        port = int(await helper.line(START_WITHIN_S))
        for call in calls:
            lines[call] = await _connect(transcript, port, f"{death}: {call}", call)
            await helper.line(START_WITHIN_S)
        began_ns = time.monotonic_ns()
        await _happen(helper, death)
        await _news(death, lines.values())
        return await _all([_call(death, call, line, began_ns, tell) for call, line in lines.items()])
    finally:
        for line in lines.values():
            line.sock.close()
            line.channel.fact("close", unread=0)
        await helper.aclose()


async def _all(works: list[Coroutine[Any, Any, T]]) -> list[T]:
    """Their results in order; if one fails the others are cancelled and awaited, and its failure is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    return [task.result() for task in tasks]


async def _connect(transcript: Transcript, port: int, title: str, call: str) -> Line:
    stream = await dial(parse_target(f"127.0.0.1:{port}"), transcript, title=title)
    line = Line(stream.detach(), stream.channel)
    prepare(call, line.sock)
    return line


async def _happen(helper: Puppet, death: str) -> None:
    if death == "kill":
        helper.kill()
    elif death == "freeze":
        helper.freeze()
    else:
        helper.tell(death)
        await helper.line(START_WITHIN_S)


async def _news(death: str, lines: Iterable[Line]) -> None:
    """Wait until our system has heard of it, where there is anything to hear: only then are the calls comparable."""
    if death in ("freeze", "unplug"):
        return
    loop = asyncio.get_running_loop()
    until_s = loop.time() + NEWS_WITHIN_S
    for line in lines:
        while not has_heard(line.sock) and loop.time() < until_s:  # noqa: ASYNC110 - nobody is told what a system has heard
            await asyncio.sleep(LOOK_EVERY_S)
        line.channel.fact("death.came", death=death)


async def _call(death: str, call: str, line: Line, began_ns: int, tell: OnCell) -> Cell:
    answer = await make(call, line)
    ms = (time.monotonic_ns() - began_ns) / 1e6
    cell = Cell(death, call, answer.told, answer.symbol, round(ms, 1), answer.result)
    line.channel.fact("death.call", **cell._asdict())
    tell(cell)
    return cell
