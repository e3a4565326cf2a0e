"""The loops that the engines are measured on: asyncio's own, and the window's."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

ASYNCIO, QT = "asyncio", "qt"


def run_on(loop: str, main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine on one of the loops, the window's without a screen if there is none."""
    if loop == ASYNCIO:
        asyncio.run(main())
        return
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from workbench.bridge.loop import run
    from workbench.ui.application import make_application

    run(make_application(["bench"]), _returning_zero(main))


def _returning_zero(main: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[int]]:
    async def program() -> int:
        await main()
        return 0

    return program
