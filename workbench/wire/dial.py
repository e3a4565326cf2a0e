"""Opening a stream to a target, each step recorded: resolving, and every connection attempt.

Attempts are raced as the policy says (wire/policy.py), if nobody chooses as RFC 8305 section 5 has it: families
alternate, the next attempt starts when the last one failed or after a quarter of a second, the first that connects wins
and the others are dropped by name. A Unix socket has one
attempt. Through a proxy the addresses are the proxy's, and the way to the target is asked for once one is connected.
"""

import asyncio
import errno
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from workbench.errors import LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.errno_words import symbol_of
from workbench.formats.proxy_address import Proxy
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.addresses import Address, address_text
from workbench.wire.faults import translated
from workbench.wire.options import Setting, apply
from workbench.wire.policy import Policy, all_failed, check_numeric, head_start_s, ordered
from workbench.wire.port_names import addresses_of, find_port
from workbench.wire.readiness import Readiness
from workbench.wire.stream import Stream
from workbench.wire.unix_socket import connect_failure, peer_credentials

TargetResolver = Callable[[Target], Awaitable[Target]]
"""Turns a target that this layer can't open (lab:NAME) into one that it can."""

Report = Callable[[str], None]


class Manner(NamedTuple):
    """How a socket is prepared before it connects: bound to one of these addresses of ours, with these options."""

    sources: Sequence[Address] = ()
    settings: Sequence[Setting] = ()


PLAIN = Manner()


async def dial(
    target: Target,
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    title: str = "",
    timeout_s: float = 30.0,
    report: Report | None = None,
    proxy: Proxy | None = None,
    local: Target | None = None,
    settings: Sequence[Setting] = (),
    policy: Policy = "happy",
    numeric: bool = False,
) -> Stream:
    """Connect by TCP or to a Unix socket and return the stream; it records into a channel of its own.

    Args:
        target: where to; "lab:..." needs a resolver.
        resolver: asked first for every target.
        title: of the channel; the target as typed if empty.
        timeout_s: for resolving, connecting and a proxy's dialogue together. The stream itself has no deadline.
        report: told the stage: "resolve", "connect", "proxy".
        proxy: go through this one; it looks the target's name up.
        local: the address of ours to call from; port 0 leaves that to the system.
        settings: options, set before the socket connects.
        policy: which of several addresses is tried when.
        numeric: look no name up: a host must be an address.

    Raises: LinkLost, TooSlow, Refused (no such name, or the proxy says no), PeerMisbehaved (the proxy makes no sense),
        LocalFault, LocalMisuse. The stage is "resolve", "bind", "connect" or "proxy".
    """
    channel = transcript.open(title or target.text or str(target), "tcp")
    deadline = time.monotonic() + timeout_s
    tell = report or (lambda _stage: None)
    try:
        tell("resolve")
        target = await _leading_to(target, resolver, channel)
        if target.scheme == "unix":
            channel.named(layer="unix")
        through = await _proxy_place(proxy, target, resolver, channel) if proxy is not None else None
        if through is not None and target.service:
            # The proxy looks the host up, and is told the port as a number.
            service = await find_port(target.service, "tcp", channel)
            target = target._replace(port=service.port, service="")
        if numeric and target.scheme != "unix":
            check_numeric((through or target).host, channel)
        addresses = await _addresses(through or target, channel, timeout_s)
        sources = await _addresses(local, channel, timeout_s) if local is not None else ()
        tell("connect")
        manner = Manner(sources, settings)
        sock = await _race(
            ordered(addresses, policy), channel, deadline, timeout_s, manner, head_start_s(policy)
        )
        if proxy is not None:
            tell("proxy")
            await _through(sock, channel, proxy, target, deadline)
    except WorkbenchError as failure:
        channel.fact("failed", **failure.as_dict())
        failure.transcript_index = len(transcript) - 1
        raise
    return _stream(sock, channel, str(target) if through is not None else "", settings)


async def dial_among(
    targets: Sequence[Target],
    transcript: Transcript,
    *,
    resolver: TargetResolver | None = None,
    title: str = "",
    timeout_s: float = 30.0,
    policy: Policy = "happy",
    numeric: bool = False,
) -> Stream:
    """As dial, with the addresses of several places as if one name had them all."""
    if len(targets) == 1:
        (target,) = targets
        return await dial(
            target,
            transcript,
            resolver=resolver,
            title=title,
            timeout_s=timeout_s,
            policy=policy,
            numeric=numeric,
        )
    channel = transcript.open(title or ", ".join(map(str, targets)), "tcp")
    deadline = time.monotonic() + timeout_s
    addresses: list[Address] = []
    try:
        for each in targets:
            target = await _leading_to(each, resolver, channel)
            if numeric and target.scheme != "unix":
                check_numeric(target.host, channel)
            addresses += await _addresses(target, channel, timeout_s)
        order = ordered(addresses, policy)
        sock = await _race(order, channel, deadline, timeout_s, PLAIN, head_start_s(policy))
    except WorkbenchError as failure:
        channel.fact("failed", **failure.as_dict())
        failure.transcript_index = len(transcript) - 1
        raise
    return _stream(sock, channel, "", ())


def _stream(sock: socket.socket, channel: Channel, peer: str, settings: Sequence[Setting]) -> Stream:
    asked = {setting.option.name for setting in settings}
    if sock.family != socket.AF_UNIX and "NODELAY" not in asked:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    who = peer_credentials(sock)
    if who is not None:
        channel.fact("peer.credentials", **who._asdict())
    stream = Stream(sock, channel, peer=peer)
    stream.options.record(settings)
    return stream


async def _leading_to(target: Target, resolver: TargetResolver | None, channel: Channel) -> Target:
    """The target itself, or where a resolver says that it is."""
    if resolver is None:
        return target
    opened = await resolver(target)
    if opened != target:
        channel.fact("target", asked=str(target), leads_to=str(opened))
    return opened


async def _proxy_place(
    proxy: Proxy, target: Target, resolver: TargetResolver | None, channel: Channel
) -> Target:
    """Where the proxy listens. Raises: LocalMisuse: the target is none that a proxy leads to."""
    if target.scheme == "unix":
        raise LocalMisuse(
            f"{target} is a file of this machine: no proxy leads there",
            stage="proxy",
            advice="leave the proxy out",
        )
    _check_place(target)
    place = await _leading_to(proxy.target, resolver, channel)
    return Target("tcp", place.host, place.port, "", proxy.target.text)


async def _through(
    sock: socket.socket, channel: Channel, proxy: Proxy, target: Target, deadline: float
) -> None:
    # Most conversations go without a proxy: they are ready earlier without its formats.
    from workbench.wire.proxy import open_tunnel

    try:
        host = target.ascii_host
        await open_tunnel(sock, channel, proxy, host, target.port or 0, deadline=deadline)
    except BaseException:
        sock.close()
        raise


def _check_place(target: Target) -> None:
    if target.scheme not in ("tcp", "udp") or (target.port is None and not target.service):
        raise LocalMisuse(
            f"{target} is no address that a socket can connect to",
            text=target.text,
            start=0,
            end=len(target.text),
            stage="resolve",
            advice="use HOST:PORT, [V6]:PORT, unix:PATH or lab:NAME",
        )


async def _addresses(target: Target, channel: Channel, timeout_s: float) -> tuple[Address, ...]:
    if target.scheme == "unix":
        return (Address(socket.AF_UNIX, target.path),)
    _check_place(target)
    return await addresses_of(target, channel, timeout_s=timeout_s)


async def _race(
    addresses: Sequence[Address],
    channel: Channel,
    deadline: float,
    timeout_s: float,
    manner: Manner = PLAIN,
    delay_s: float | None = None,
) -> socket.socket:
    """The socket of the first attempt that connects; when none does, a failure that tells of all."""
    failures: list[WorkbenchError] = []
    waiting = list(addresses)
    running: set[asyncio.Task[socket.socket]] = set()
    try:
        while waiting or running:
            if waiting:
                address = waiting.pop(0)
                attempt = _attempt(address, channel, manner)
                running.add(asyncio.create_task(attempt, name=f"connect {address.text}"))
            left_s = deadline - time.monotonic()
            pause_s = min(left_s, delay_s) if waiting and delay_s is not None else left_s
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
                    f"no connection within {duration_s(timeout_s)}: "
                    f"{', '.join(a.text for a in addresses)} did not answer",
                    stage="connect",
                    errno_name="ETIMEDOUT",
                    advice="a firewall that drops silently looks like this; so does a machine that is off",
                )
        raise all_failed(failures)
    finally:
        for task in running:
            task.cancel()
        for loser in await asyncio.gather(*running, return_exceptions=True):
            # Two attempts can succeed in the same turn of the loop; the second one's socket is not wanted.
            if isinstance(loser, socket.socket):
                loser.close()


async def _attempt(address: Address, channel: Channel, manner: Manner = PLAIN) -> socket.socket:
    channel.fact("connect.started", address=address.text)
    try:
        sock = socket.socket(address.family, socket.SOCK_STREAM)
    except OSError as error:
        raise _failed(error, address, channel) from error
    sock.setblocking(False)
    try:
        _prepare(sock, address, channel, manner)
        status = sock.connect_ex(address.sockaddr)
        # A Unix socket is connected at once; EAGAIN says that its queue is full, and waiting for it would spin.
        if status == errno.EINPROGRESS or (status == errno.EWOULDBLOCK and address.family != socket.AF_UNIX):
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
    except WorkbenchError:
        sock.close()
        raise
    except asyncio.CancelledError:
        channel.fact("connect.dropped", address=address.text)
        sock.close()
        raise
    channel.fact("connect.complete", local=address_text(sock.getsockname()), address=address.text)
    return sock


def _prepare(sock: socket.socket, address: Address, channel: Channel, manner: Manner) -> None:
    """Options and source address. Raises: LocalMisuse, LocalFault."""
    apply(sock, manner.settings)
    if not manner.sources:
        return
    source = next((source for source in manner.sources if source.family == address.family), None)
    if source is None:
        raise LocalMisuse(
            f"{manner.sources[0].text} can't call {address.text}: IPv4, IPv6 and Unix sockets don't mix",
            stage="bind",
            advice="choose a local address of the same kind",
        )
    if source.sockaddr[1]:
        # The same source port again is what was asked for: its last connection may be in TIME_WAIT still.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(source.sockaddr)
    except OSError as error:
        failure = translated(error, "bind", where=source.text, port=source.sockaddr[1])
        channel.fact("bind.failed", address=source.text, errno=failure.errno_name, sentence=failure.what)
        raise failure from error
    channel.fact("bind.complete", address=address_text(sock.getsockname()))


def _failed(error: OSError, address: Address, channel: Channel) -> WorkbenchError:
    special = connect_failure(error, address.sockaddr) if address.family == socket.AF_UNIX else None
    failure = special or translated(error, "connect", where=address.text)
    channel.fact("connect.failed", address=address.text, errno=symbol_of(error), sentence=failure.what)
    return failure
