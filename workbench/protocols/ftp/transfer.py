"""Octets over a data connection, one way: its end is the end of the file, unless it was cut (RFC 959 section 3.4.1)."""

from collections.abc import Callable

from workbench.errors import LinkLost, PeerMisbehaved, TooSlow
from workbench.formats.quantity import duration_s
from workbench.wire.stream import Stream

LINGER_S = 1.0
"""A server that does not close its half of an upload's connection is not waited for longer."""

Progress = Callable[[int, int | None], None]
"""Told how many octets of the whole are done, and of how many; None: unknown."""


async def read_all(
    data: Stream, take: Callable[[bytes], None], timeout_s: float, *, stage: str = "transfer"
) -> bool:
    """Read to the end. False: under TLS it ended without close_notify, so that anybody on the way may have cut it.

    Raises: LinkLost: reset; TooSlow: nothing for timeout_s; what `take` raises.
    """
    try:
        while piece := await data.read(timeout_s=timeout_s):
            take(piece)
    except TooSlow as error:
        raise TooSlow(
            f"nothing came over the data connection for {duration_s(timeout_s)}",
            stage=stage,
            committed="maybe",
        ) from error
    end = data.end
    if end is not None and end.kind == "truncated":
        return False
    if end is not None and end.kind not in ("FIN", "close_notify"):
        raise LinkLost(
            f"the data connection was cut: {end.sentence}",
            stage=stage,
            errno_name="ECONNRESET" if end.kind == "RST" else "",
            committed="maybe",
        )
    return True


def truncated(stage: str) -> PeerMisbehaved:
    """What came under TLS may be less than all, and nothing tells."""
    return PeerMisbehaved(
        "the data connection ended without close_notify: whether this was all, nobody can tell",
        stage=stage,
        committed="maybe",
        source="RFC 4217 section 12.4",
    )


async def send_all(
    data: Stream, read: Callable[[], bytes], tell: Callable[[int], None], timeout_s: float
) -> None:
    """Send all that `read` gives. Raises: LinkLost; TooSlow: the server takes nothing for timeout_s."""
    try:
        while piece := read():
            await data.send(piece, timeout_s=timeout_s)
            tell(len(piece))
    except TooSlow as error:
        raise TooSlow(
            f"the server took nothing for {duration_s(timeout_s)}", stage="transfer", committed="maybe"
        ) from error
    except LinkLost as error:
        error.stage = "transfer"
        raise


async def finish_sending(data: Stream) -> None:
    """Say that this was all. The connection stays until the server has closed its half, or a second has passed.

    Closing at once would drop what the server's TLS has sent and nobody read, and the system would answer that with a
    reset: the server could lose the end of the file.
    """
    await data.finish()
    below = getattr(data, "below", None)
    if isinstance(below, Stream):
        await below.finish()
    try:
        while await data.read(timeout_s=LINGER_S):
            pass
    except (TooSlow, PeerMisbehaved):
        return
