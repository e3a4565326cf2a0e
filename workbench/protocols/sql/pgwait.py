"""Waiting for a descriptor that is not ours: libpq's socket is lent for the waiting alone, nothing is read from it."""

import asyncio

from workbench.errors import TooSlow
from workbench.formats.quantity import duration_s


async def readable(fd: int, timeout_s: float | None) -> None:
    """Return once something can be read. Raises: TooSlow."""
    await ready(fd, timeout_s, writing=False)


async def ready(fd: int, timeout_s: float | None, *, writing: bool = True, reading: bool = True) -> bool:
    """Return once it can be read, or with `writing` written; whether it can be read. Raises: TooSlow."""
    loop = asyncio.get_running_loop()
    waiter: asyncio.Future[bool] = loop.create_future()
    if reading:
        loop.add_reader(fd, _wake, waiter, True)
    if writing:
        loop.add_writer(fd, _wake, waiter, False)
    try:
        async with asyncio.timeout(timeout_s):
            return await waiter
    except TimeoutError as error:
        raise TooSlow(
            f"the server did not answer within {duration_s(timeout_s or 0.0)}",
            stage="request",
            committed="maybe",
        ) from error
    finally:
        if reading:
            loop.remove_reader(fd)
        if writing:
            loop.remove_writer(fd)


def _wake(waiter: "asyncio.Future[bool]", is_readable: bool) -> None:
    if not waiter.done():
        waiter.set_result(is_readable)
