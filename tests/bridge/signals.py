"""Waiting for Qt's signals in a coroutine test."""

import asyncio
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
