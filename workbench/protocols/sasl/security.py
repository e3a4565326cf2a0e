"""How a mail conversation is protected: from the first octet, from STARTTLS on, or not; and what may be said then."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from workbench.errors import Refused
from workbench.formats.proxy_address import Proxy
from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.protocols.sasl.values import Protected, Security
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver, dial
from workbench.wire.stream import Stream
from workbench.wire.tls.values import TlsOptions, Trust

PEER_FINISHES_WITHIN_S = 0.3
TLS_SCHEMES = frozenset({"smtps", "submissions", "imaps", "pop3s", "pops"})
TLS_PORTS = frozenset({465, 993, 995})
"""RFC 8314 section 7: submissions, imaps, pop3s."""


def begins_with_tls(target: Target, security: Security) -> bool:
    """Whether TLS comes before the greeting."""
    if security == "auto":
        return target.scheme in TLS_SCHEMES or target.port in TLS_PORTS
    return security == "tls"


def place_of(target: Target, port: int) -> Target:
    """The target as the wire dials it; `port` where it names none."""
    if target.scheme in ("lab", "unix"):
        return target._replace(path="") if target.is_lab else target
    return Target("tcp", target.host, target.port or port, "", target.text)


async def reached(
    target: Target,
    transcript: Transcript,
    *,
    port: int,
    title: str,
    security: Security,
    trust: Trust | None,
    resolver: TargetResolver | None,
    via: Proxy | None,
    timeout_s: float,
    report: Report | None,
) -> tuple[Stream, Protected]:
    """A stream to the server, under TLS already where that comes before the greeting, and how it is protected.

    Args:
        port: where the target names none.
        title: of the channel, before the target.
        timeout_s: for connecting, and for the handshake.
        report: told the stage: "resolve", "connect", "tls".

    Raises: what dial raises; as under_tls().
    """
    stream = await dial(
        place_of(target, port),
        transcript,
        resolver=resolver,
        title=f"{title}{target}",
        timeout_s=timeout_s,
        report=report,
        proxy=via,
    )
    if not begins_with_tls(target, security):
        return stream, "plain"
    if report is not None:
        report("tls")
    try:
        return await under_tls(stream, target, trust, timeout_s), "tls"
    except BaseException:
        await stream.aclose()
        raise


async def under_tls(stream: Stream, target: Target, trust: Trust | None, timeout_s: float) -> Stream:
    """The stream under TLS; who answers has to be the target's host. OpenSSL is loaded in a worker.

    Raises: Untrusted, Refused, PeerMisbehaved, LinkLost, TooSlow with the stage "tls".
    """
    options = TlsOptions(server_name=target.server_name, trust=trust or Trust())
    return await (await in_thread(_securing, options))(stream, timeout_s)


def _securing(options: TlsOptions) -> Callable[[Stream, float], Awaitable[Stream]]:
    from workbench.wire.tls.handshake import start_tls
    from workbench.wire.tls.setup import client_setup

    setup = client_setup(options)

    async def secure(stream: Stream, timeout_s: float) -> Stream:
        return await start_tls(stream, setup, timeout_s=timeout_s)

    return secure


async def leave(stream: Stream) -> None:
    """Finish our half and let the peer finish too, for a moment: what it still says is read, and no RST is sent.

    Raises: LinkLost: there is no connection any more.
    """
    await stream.finish()
    with suppress(TimeoutError):
        async with asyncio.timeout(PEER_FINISHES_WITHIN_S):
            while await stream.read():
                pass


def no_tls(what: str, source: str) -> Refused:
    """The server has no STARTTLS where TLS is wanted: nothing of worth was said. what: how it said so."""
    return Refused(
        f"the server offers no TLS ({what}), and in clear nothing goes on",
        stage="tls",
        advice="somebody on the way may have taken the offer out; where clear text is meant, ask for no protection",
        source=source,
    )


def readable(source: str) -> Refused:
    """There is no TLS, and a password would have to be said."""
    return Refused(
        "the server offers no TLS: the password would be readable on the way, and was not said",
        stage="tls",
        advice="somebody on the way may have taken the offer out; where clear text is meant, ask for no protection",
        source=source,
    )
