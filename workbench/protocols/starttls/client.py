"""Asking a server for TLS over a stream, with every step on record; the handshake itself is handed in."""

import asyncio
from collections.abc import Awaitable, Callable

from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow
from workbench.formats.quantity import duration_s
from workbench.protocols.starttls.machine import Dialogue
from workbench.transcript.recorder import Channel
from workbench.wire.stream import Stream

Secure = Callable[[Stream, float], Awaitable[Stream]]


def begun(channel: Channel, asking: Dialogue) -> None:
    """Write down that the asking begins."""
    channel.fact("starttls.started", protocol=asking.protocol.title, asks=asking.protocol.asks)


def judge(channel: Channel, asking: Dialogue) -> None:
    """Write the outcome down; return only when the handshake may begin.

    Raises: Refused: the server said no, or does not offer it (or somebody on the way took the offer out);
        PeerMisbehaved: octets in clear came behind its yes.
    """
    protocol, said = asking.protocol, asking.said
    channel.fact(f"starttls.{asking.outcome}", protocol=protocol.title, said=said[:500])
    if asking.outcome == "refused":
        raise Refused(
            f"the server refused TLS: {said[:200] or 'without a word'}",
            stage="starttls",
            reply=said[:500],
            advice="nothing is protected; end here unless everybody may read along",
            source=protocol.source,
        )
    if asking.outcome == "missing":
        raise Refused(
            f"the server does not offer {protocol.asks}",
            stage="starttls",
            reply=said[:500],
            advice="it has no TLS here, or somebody on the way took the offer out: from here they look the same",
            source="RFC 8314 section 3" if protocol.greets else protocol.source,
        )
    if asking.rest:
        raise PeerMisbehaved(
            f"{len(asking.rest)} octets in clear stood behind the server's yes",
            stage="starttls",
            data=asking.rest,
            advice="somebody on the way may have put them there, to be taken as protected",
            source=protocol.source,
        )


async def upgrade(stream: Stream, asking: Dialogue, secure: Secure, timeout_s: float = 30.0) -> Stream:
    """Ask for TLS and shake hands; nobody else may read the stream meanwhile.

    Returns: the protected stream. The caller closes `stream` where this fails.

    Raises: as judge; LinkLost, TooSlow (stage "starttls"); what `secure` raises.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    begun(stream.channel, asking)
    try:
        async with asyncio.timeout_at(deadline):
            await _say(stream, asking.begin())
            while asking.outcome is None:
                data = await stream.read()
                if not data:
                    raise LinkLost(
                        "the server ended before it had said whether there is TLS",
                        stage="starttls",
                        committed="no",
                        advice=f"is this {asking.protocol.title}?",
                    )
                await _say(stream, asking.receive(data))
    except TimeoutError as error:
        raise TooSlow(
            f"the server had said neither yes nor no to TLS within {duration_s(timeout_s)}",
            stage="starttls",
            advice=f"is this {asking.protocol.title}?",
        ) from error
    judge(stream.channel, asking)
    return await secure(stream, max(0.0, deadline - loop.time()))


async def _say(stream: Stream, data: bytes) -> None:
    if data:
        await stream.send(data)
