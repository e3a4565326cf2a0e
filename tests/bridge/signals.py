"""Waiting for Qt in a coroutine test: for a signal, or for a state that has none."""

import asyncio
from collections.abc import Callable
from typing import Any


async def emitted(signal: Any, limit_s: float = 10.0) -> tuple[Any, ...]:
    """Wait for the next emission of a signal and return what it carries."""
    future: asyncio.Future[tuple[Any, ...]] = asyncio.get_running_loop().create_future()

    def on_emitted(*values: Any) -> None:
        if not future.done():
            future.set_result(values)

    signal.connect(on_emitted)
    try:
        async with asyncio.timeout(limit_s):
            return await future
    finally:
        signal.disconnect(on_emitted)


async def until(is_so: Callable[[], object], limit_s: float = 10.0) -> None:
    """Wait for a state of Qt's that no signal announces: a window's activation, a deletion, where the focus is."""
    async with asyncio.timeout(limit_s):
        while not is_so():  # noqa: ASYNC110 (Qt has no event for it; each look gives Qt its turn)
            await asyncio.sleep(0.001)
