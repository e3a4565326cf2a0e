"""A datagram of a chosen size, really sent: it comes back whole, or the system refuses it, or nobody answers.

Over IPv4 somebody who sends datagrams back is asked; over IPv6 an echo of our own at ::1, where the Lab has none.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Literal, NamedTuple

from workbench.errors import LinkLost, LocalMisuse, TooSlow
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target
from workbench.protocols.raw.datagram_size import BEYOND, Family
from workbench.protocols.raw.serve import Reply, serve_datagrams
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import TargetResolver

WAIT_S: Final = 5.0
LOOPBACK6: Final = "::1"
_PATTERN: Final = bytes(range(0x20, 0x7F))


class Tried(NamedTuple):
    """What came of one datagram.

    outcome: "whole", "cut" (fewer octets came back, or others), "refused" (by this system), "silent" or "nobody".
    errno: the symbol of a refusal. ms: until the answer.
    """

    size: int
    asked: str
    outcome: Literal["whole", "cut", "refused", "silent", "nobody"]
    came: int
    ms: float | None
    errno: str
    sentence: str


def payload(size: int) -> bytes:
    """So many octets that people can read."""
    return (_PATTERN * (size // len(_PATTERN) + 1))[:size]


@asynccontextmanager
async def own_echo(transcript: Transcript) -> AsyncIterator[Target]:
    """Somebody at ::1 who sends every datagram back. Raises: LocalFault: this machine has no IPv6."""
    async with await open_datagram(
        transcript, local=Target("udp", LOOPBACK6, 0), title="an echo of ours"
    ) as server:
        serving = asyncio.create_task(serve_datagrams(server, Reply("echo")), name="datagram/echo")
        try:
            yield Target("udp", LOOPBACK6, int(server.address.rpartition(":")[2]))
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


async def try_size(
    size: int,
    transcript: Transcript,
    family: Family = "IPv4",
    *,
    target: Target | None = None,
    resolver: TargetResolver | None = None,
    wait_s: float = WAIT_S,
) -> Tried:
    """Send one datagram and wait for it to come back.

    Args:
        target: who is asked over IPv4.

    Raises: LocalMisuse: no such size; LocalFault, Refused, LinkLost: nobody could be asked at all.
    """
    if not 0 <= size <= BEYOND:
        text = str(size)
        raise LocalMisuse(
            f"a datagram has 0 to {BEYOND:,} octets",
            text=text,
            start=0,
            end=len(text),
            advice="choose a smaller one",
        )
    if family == "IPv6":
        async with own_echo(transcript) as echo:
            return await _try(size, transcript, echo, None, wait_s)
    if target is None:
        raise LocalMisuse("somebody must be asked", advice="lab:udp-echo sends every datagram back")
    return await _try(size, transcript, target, resolver, wait_s)


async def _try(
    size: int, transcript: Transcript, target: Target, resolver: TargetResolver | None, wait_s: float
) -> Tried:
    title = f"a datagram of {size:,} octets"
    async with await open_datagram(transcript, remote=target, resolver=resolver, title=title) as asking:
        return await _asked(asking, size, wait_s)


async def _asked(asking: Datagram, size: int, wait_s: float) -> Tried:
    now, data = asyncio.get_running_loop().time, payload(size)
    began = now()
    try:
        await asking.send(data)
    except LocalMisuse as refusal:
        symbol = _symbol(asking, refusal)
        told = f"the system refused {size:,} octets ({symbol}): it sent nothing, and did not split it for you"
        return Tried(size, asking.asked, "refused", 0, None, symbol, told)
    try:
        came = (await asking.receive(timeout_s=wait_s)).data
    except TooSlow:
        told = f"{size:,} octets were sent, and nothing came back within {duration_s(wait_s)}"
        return Tried(size, asking.asked, "silent", 0, None, "", told)
    except LinkLost as failure:
        return Tried(size, asking.asked, "nobody", 0, None, failure.errno_name, failure.what)
    ms = (now() - began) * 1000
    if came != data:
        told = f"{size:,} octets were sent, and {len(came):,} came back"
        return Tried(size, asking.asked, "cut", len(came), ms, "", told)
    told = f"{size:,} octets were sent as one datagram to {asking.asked}, and came back whole in {ms:.1f} ms"
    return Tried(size, asking.asked, "whole", len(came), ms, "", told)


def _symbol(asking: Datagram, refusal: LocalMisuse) -> str:
    """What the system called it: the event that records the failure has it."""
    index = refusal.transcript_index
    return str(asking.channel.transcript[index].values.get("errno", "")) if index is not None else ""
