"""Work that pauses, driven a few milliseconds at a time, so that the window's loop turns in between."""

import asyncio
from time import perf_counter

from workbench.formats.mime.values import Pausing, T

SLICE_S = 0.005


async def in_slices(work: Pausing[T]) -> T:
    """Do pausing work to its end; cancelling stops it at a pause."""
    until = perf_counter() + SLICE_S
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: T = done.value
            return result
        if perf_counter() >= until:
            await asyncio.sleep(0)
            until = perf_counter() + SLICE_S
