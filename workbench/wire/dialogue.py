"""What a client that asks line by line says of a server that does not answer: in time, or at all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

from workbench.errors import Committed, LinkLost, PeerMisbehaved, Refused, TooSlow
from workbench.formats.quantity import duration_s
from workbench.wire.stream import Stream


@contextlib.contextmanager
def staged(stage: str) -> Iterator[None]:
    """A failure within happened in this stage; one of TLS keeps its own."""
    try:
        yield
    except (LinkLost, TooSlow, PeerMisbehaved, Refused) as failure:
        if failure.stage != "tls":
            failure.stage = stage
        raise


@contextlib.asynccontextmanager
async def answered_within(
    timeout_s: float,
    asked: str,
    *,
    committed: Committed = "no",
    advice: str = "",
    is_patient: bool = False,
) -> AsyncIterator[None]:
    """Wait for a whole answer.

    Args:
        asked: what waits for it, as a person says it; "" where nothing was asked yet.
        is_patient: the answer may be long: no time is set for all of it, and each read has its own.

    Raises: TooSlow.
    """
    try:
        async with asyncio.timeout(None if is_patient else timeout_s):
            yield
    except TimeoutError as error:
        if isinstance(error, TooSlow) and not is_patient:
            raise
        raise TooSlow(
            f"no whole answer to {asked or 'our call'} within {duration_s(timeout_s)}",
            committed=committed,
            advice=advice,
        ) from error


def hung_up(
    stream: Stream,
    asked: str,
    *,
    committed: Committed = "no",
    advice: str = "",
    reply: str = "",
) -> LinkLost:
    """The server ended the connection before it had answered.

    Args:
        asked: as answered_within().
        reply: what it had said of it, where it had.
    """
    end = stream.end
    where = f"before it answered {asked} whole" if asked else "before it said anything whole"
    return LinkLost(
        f"the server ended the connection {where}: {end.sentence if end else 'it is gone'}",
        errno_name="ECONNRESET" if end is not None and end.kind == "RST" else "",
        committed=committed,
        advice=advice,
        reply=reply,
    )
