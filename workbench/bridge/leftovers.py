"""Ending what is still there when a loop ends: tasks, asynchronous generators, the executor; none without a limit."""

import asyncio
from collections.abc import Collection, Iterable
from typing import Any
from weakref import WeakSet

from workbench.bridge import stacks
from workbench.bridge.stacks import Stuck

GRACE_S = 0.1
"""What a cancelled task may still take to clean up after its time was up."""

_abandoned: WeakSet[asyncio.Task[Any]] = WeakSet()
"""Tasks that did not even end when cancelled. They were told of, and nobody waits for them a second time."""


async def end_leftovers(within_s: float, keep: Collection[asyncio.Task[Any] | None] = ()) -> list[Stuck]:
    """Cancel all other tasks, close asynchronous generators, shut down the default executor.

    Args:
        within_s: for all three together; what one does not use is the next one's.
        keep: tasks that wait for this end, and are left alone.

    Returns:
        What did not end, with the place where it stands. It is left behind.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + max(0.0, within_s - 2 * GRACE_S)
    own = {asyncio.current_task(), *keep, *_abandoned}
    stuck = await end_tasks(
        [task for task in asyncio.all_tasks() if task not in own], (until - loop.time()) / 3
    )
    generators = asyncio.create_task(loop.shutdown_asyncgens(), name="asynchronous generators")
    stuck += await wait_for_tasks([generators], (until - loop.time()) / 2)
    return stuck + await _end_workers(loop, max(0.0, until - loop.time()))


async def end_tasks(tasks: Iterable[asyncio.Task[Any]], within_s: float) -> list[Stuck]:
    """Cancel tasks and wait; return those that did not end."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    return await wait_for_tasks(tasks, within_s)


async def wait_for_tasks(tasks: Iterable[asyncio.Task[Any]], within_s: float) -> list[Stuck]:
    """Wait for tasks to end by themselves; cancel, and return, those that did not in time."""
    waiting = {task for task in tasks if not task.done()}
    if waiting:
        _, waiting = await asyncio.wait(waiting, timeout=max(0.0, within_s))
    stuck = [Stuck(task.get_name(), stacks.of_task(task)) for task in waiting]
    for task in waiting:
        task.cancel()
    if waiting:
        _, waiting = await asyncio.wait(waiting, timeout=GRACE_S)
    abandoned: Any
    for abandoned in waiting:
        _abandoned.add(abandoned)
        abandoned._log_destroy_pending = False  # no second complaint when it is freed
    return stuck


async def _end_workers(loop: Any, within_s: float) -> list[Stuck]:
    workers = getattr(loop, "workers", None)
    if workers is None:  # shut down before, or not a loop of ours
        return []
    await loop.shutdown_default_executor(within_s)
    return workers.stuck()
