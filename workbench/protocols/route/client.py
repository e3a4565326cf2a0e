"""Tracing a route: machine and probe socket, with its deadlines, cancellation and record."""

import asyncio
import socket
import time
from collections.abc import Callable

from workbench.errors import WorkbenchError
from workbench.protocols.route.codec import meaning_of
from workbench.protocols.route.machine import RouteMachine
from workbench.protocols.route.values import Plan, Probe, Trace
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.addresses import Address
from workbench.wire.probe import ProbeSocket
from workbench.wire.resolve import resolve

PAYLOAD = 32
"""Octets of a probe, as traceroute has them."""

Progress = Callable[[Trace], None]


async def trace_route(
    host: str,
    transcript: Transcript,
    plan: Plan = Plan(),  # noqa: B008 - frozen
    *,
    family: int = 0,
    timeout_s: float = 30.0,
    progress: Progress | None = None,
) -> Trace:
    """Probe the way to a host and return what is known of it.

    Args:
        family: socket.AF_INET or AF_INET6, 0 for whichever the system prefers.
        timeout_s: for the name; the trace itself ends by its plan. Cancel it to stop a plan without an end.
        progress: told after each change.

    Raises: Refused, LinkLost, TooSlow: the name; LinkLost, LocalFault: this machine can't send there.
    """
    channel = transcript.open(f"route to {host}", "udp")
    try:
        target = _chosen(await resolve(host, 0, channel, kind=socket.SOCK_DGRAM, timeout_s=timeout_s), family)
        running = _Running(target, channel, plan, progress or _ignore)
        return await running.to_end()
    except WorkbenchError as failure:
        channel.fact("failed", **failure.as_dict())
        failure.transcript_index = len(transcript) - 1
        raise


def _chosen(addresses: tuple[Address, ...], family: int) -> Address:
    return next((each for each in addresses if each.family == family), addresses[0])


def _ignore(_trace: Trace) -> None:
    pass


class _Running:
    def __init__(self, target: Address, channel: Channel, plan: Plan, progress: Progress) -> None:
        self._machine = RouteMachine(target.host.partition("%")[0], plan)
        self._target = target
        self._channel = channel
        self._progress = progress
        self._socket = ProbeSocket(target, channel)

    async def to_end(self) -> Trace:
        machine = self._machine
        try:
            while True:
                await self._round()
                self._progress(machine.trace)
                if machine.is_over:
                    break
                await asyncio.sleep(machine.plan.pause_ms / 1000)
                machine.begin_round()
        finally:
            machine.stop()
            self._socket.close()
            self._channel.fact("route.end", sentence=machine.trace.sentence)
            self._progress(machine.trace)
        return machine.trace

    async def _round(self) -> None:
        machine = self._machine
        while not machine.is_round_over:
            while (probe := machine.next_probe()) is not None:
                self._send(probe)
                # A near answer is there already: read at once, its time is the wire's and not ours.
                # Every answer lets further probes go; without one the oldest is lost some time.
            deadline_ns = machine.deadline_ns()
            if not self._take() and deadline_ns is not None:
                await self._socket.wait((deadline_ns - time.monotonic_ns()) / 1e9)
                self._take()
            for lost in machine.lost(time.monotonic_ns()):
                self._channel.fact("route.lost", ttl=lost.ttl)
            self._progress(machine.trace)
            # Answers of this machine itself are there at once: the loop's other work gets its turn.
            await asyncio.sleep(0)

    def _send(self, probe: Probe) -> None:
        self._channel.fact("route.probe", ttl=probe.ttl, target=self._target.host, port=probe.port)
        data = f"route probe {probe.number}".encode("ascii").ljust(PAYLOAD)
        sent_ns = self._socket.send(probe.ttl, probe.port, data)
        self._machine.sent(probe, sent_ns)

    def _take(self) -> bool:
        taken = False
        for echoed in self._socket.answers():
            reply = self._machine.answered(
                echoed.port, echoed.address, echoed.kind, echoed.code, echoed.arrived_ns
            )
            if reply is None:
                continue
            taken = True
            meaning = meaning_of(reply.kind, reply.code, is_v6=":" in self._target.host)
            self._channel.fact(
                "route.answer",
                ttl=reply.probe.ttl,
                address=reply.address or "this machine",
                word=reply.word,
                type=reply.kind,
                code=reply.code,
                ms=round(reply.rtt_ns / 1e6, 3),
                source=meaning.source,
            )
        return taken
