"""Opening a stream to a target, each step recorded: resolving, and every connection attempt.

Attempts are raced as RFC 8305 section 5 has it: families alternate, the next attempt starts when the last one failed
or after a quarter of a second, the first that connects wins and the others are dropped by name.
"""

import asyncio
import errno
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence

from workbench.errors import LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.errno_words import symbol_of
from workbench.formats.target import Target
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.addresses import Address, address_text
from workbench.wire.faults import translated
from workbench.wire.readiness import Readiness
from workbench.wire.resolve import resolve
from workbench.wire.stream import Stream

ATTEMPT_DELAY_S = 0.25
"""Between two attempts: RFC 8305 section 5 recommends 250 ms."""

TargetResolver = Callable[[Target], Awaitable[Target]]
"""Turns a target that this layer can't open (lab:NAME) into one that it can."""

Report = Callable[[str], None]


async def dial(
    target: Target,
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    title: str = "",
    timeout_s: float = 30.0,
    report: Report | None = None,
) -> Stream:
    """Connect by TCP and return the stream; it records into a channel of its own.

    Args:
        target: where to; "lab:..." needs a resolver.
        resolver: asked first for every target.
        title: of the channel; the target as typed if empty.
        timeout_s: for resolving and connecting together. The stream itself has no deadline of its own.
        report: told the stage: "resolve", "connect".

    Raises: LinkLost, TooSlow, Refused (no such name), LocalFault, LocalMisuse. The stage is "resolve" or "connect".
    """
    channel = transcript.open(title or target.text or str(target), "tcp")
    deadline = time.monotonic() + timeout_s
    tell = report or (lambda _stage: None)
    try:
        tell("resolve")
        host, port = await _where(target, resolver, channel)
        addresses = await resolve(host, port, channel, timeout_s=timeout_s)
        tell("connect")
        sock = await _race(_alternating(addresses), channel, deadline, timeout_s)
    except WorkbenchError as failure:
        channel.fact("failed", **failure.as_dict())
        failure.transcript_index = len(transcript) - 1
        raise
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Stream(sock, channel)


async def _where(target: Target, resolver: TargetResolver | None, channel: Channel) -> tuple[str, int]:
    if resolver is not None:
        opened = await resolver(target)
        if opened != target:
            channel.fact("target", asked=str(target), leads_to=str(opened))
            target = opened
    if target.scheme not in ("tcp", "udp") or target.port is None:
        raise LocalMisuse(
            f"{target} is no address that a socket can connect to",
            text=target.text,
            start=0,
            end=len(target.text),
            stage="resolve",
            advice="use HOST:PORT, [V6]:PORT or lab:NAME",
        )
    return target.host, target.port


def _alternating(addresses: Sequence[Address]) -> list[Address]:
    """The same addresses, families in turn, the first family first (RFC 8305 section 4)."""
    if not addresses:
        return []
    first = [a for a in addresses if a.family == addresses[0].family]
    others = [a for a in addresses if a.family != addresses[0].family]
    mixed: list[Address] = []
    while first or others:
        if first:
            mixed.append(first.pop(0))
        if others:
            mixed.append(others.pop(0))
    return mixed


async def _race(
    addresses: Sequence[Address], channel: Channel, deadline: float, timeout_s: float
) -> socket.socket:
    """The socket of the first attempt that connects; raises the first attempt's failure when none does."""
    failures: list[WorkbenchError] = []
    waiting = list(addresses)
    running: set[asyncio.Task[socket.socket]] = set()
    try:
        while waiting or running:
            if waiting:
                address = waiting.pop(0)
                running.add(asyncio.create_task(_attempt(address, channel), name=f"connect {address.text}"))
            left_s = deadline - time.monotonic()
            pause_s = min(left_s, ATTEMPT_DELAY_S) if waiting else left_s
            done, running = await asyncio.wait(
                running, timeout=max(0.0, pause_s), return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                failure = task.exception()
                if failure is None:
                    running |= done - {task}
                    return task.result()
                if not isinstance(failure, WorkbenchError):
                    raise failure
                failures.append(failure)
            if time.monotonic() >= deadline:
                raise TooSlow(
                    f"no connection within {timeout_s:g} s: {', '.join(a.text for a in addresses)} did not answer",
                    stage="connect",
                    errno_name="ETIMEDOUT",
                    advice="a firewall that drops silently looks like this; so does a machine that is off",
                )
        raise failures[0]
    finally:
        for task in running:
            task.cancel()
        for loser in await asyncio.gather(*running, return_exceptions=True):
            # Two attempts can succeed in the same turn of the loop; the second one's socket is not wanted.
            if isinstance(loser, socket.socket):
                loser.close()


async def _attempt(address: Address, channel: Channel) -> socket.socket:
    channel.fact("connect.started", address=address.text)
    try:
        sock = socket.socket(address.family, socket.SOCK_STREAM)
    except OSError as error:
        raise _failed(error, address, channel) from error
    sock.setblocking(False)
    try:
        status = sock.connect_ex(address.sockaddr)
        if status in (errno.EINPROGRESS, errno.EWOULDBLOCK):
            ready = Readiness(sock)
            try:
                await ready.writable(None, stage="connect")
            finally:
                ready.close()
            status = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if status:
            raise OSError(status, os.strerror(status))
    except OSError as error:
        sock.close()
        raise _failed(error, address, channel) from error
    except asyncio.CancelledError:
        channel.fact("connect.dropped", address=address.text)
        sock.close()
        raise
    channel.fact("connect.complete", local=address_text(sock.getsockname()), address=address.text)
    return sock


def _failed(error: OSError, address: Address, channel: Channel) -> WorkbenchError:
    failure = translated(error, "connect", where=address.text)
    channel.fact("connect.failed", address=address.text, errno=symbol_of(error), sentence=failure.what)
    return failure
