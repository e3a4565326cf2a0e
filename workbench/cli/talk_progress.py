"""How far a transfer is, in one line of a terminal that changes a few times a second."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workbench.cli.output import Output
from workbench.formats.quantity import octets
from workbench.protocols.raw.tally import Tally

FIRST_AFTER_S = 0.5
"""What is done sooner needs no line."""
EVERY_S = 0.2


@asynccontextmanager
async def progress(output: Output, tally: Tally, total: int | None) -> AsyncIterator[None]:
    """Show the figures of a conversation while it goes on, where a person watches.

    Args:
        total: octets that are to be sent; None where nobody knows.
    """
    if not output.shows_status:
        yield
        return
    showing = asyncio.create_task(_show(output, tally, total), name="talk/progress")
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)
        output.status("")


async def _show(output: Output, tally: Tally, total: int | None) -> None:
    started_ns = time.monotonic_ns()
    await asyncio.sleep(FIRST_AFTER_S)
    while True:
        output.status(told(tally, total, time.monotonic_ns() - started_ns))
        await asyncio.sleep(EVERY_S)


def told(tally: Tally, total: int | None, took_ns: int) -> str:
    """The line: "sent 12.0 MiB of 1.0 GiB (1 %), received 11.9 MiB, 350 MiB/s"."""
    sent = f"sent {octets(tally.sent)}"
    if total:
        sent += f" of {octets(total)} ({min(tally.sent * 100 // total, 100)} %)"
    rate = octets(max(tally.sent, tally.received) * 1_000_000_000 // max(took_ns, 1))
    return f"{sent}, received {octets(tally.received)}, {rate}/s"
