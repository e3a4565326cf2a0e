"""The same payload again and again: so many times, at a rate, with what was answered counted. Never a flood.

Bounds are part of the request and are refused when they are too wide, never cut in silence: at most MAX_COUNT
payloads, at most LOOPBACK_PER_S a second on this machine, and ELSEWHERE_PER_S to any other: more than that is an
attack on somebody who did not ask for it. Macros go on from payload to payload.

Strategy: sending keeps to the clock of its start, so that a late turn does not make all later ones late; what can't
be kept up with is sent later, and the rate that was reached is told. Answers are counted while we send: of UDP
datagrams, of a stream how often `marker` came, which ends an answer. After the last one, answers are waited for until
`quiet_s` without any, or until all have come.
"""

import asyncio
import ipaddress
import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Literal, NamedTuple

from workbench.errors import LinkLost, LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.macro import Template
from workbench.formats.macro_run import Run
from workbench.formats.target import Target
from workbench.protocols.raw.endpoint import Endpoint, open_endpoint
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.values import DIRECT, Transport, Way
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver

MAX_COUNT: Final = 100_000
LOOPBACK_PER_S: Final = 5_000.0
ELSEWHERE_PER_S: Final = 50.0
MIN_PER_S: Final = 0.01
MAX_QUIET_S: Final = 60.0
TELL_EVERY_S: Final = 0.05
_TURN: Final = 32
"""Payloads sent in a row before the loop's other work has its turn, where we are late."""


class Plan(NamedTuple):
    """What is to be repeated. times: how often; per_s: how many a second; quiet_s: how long the last answers may take.

    marker: what ends an answer of a stream. finish: our half, after the last one.
    """

    template: Template
    times: int = 10
    per_s: float = 1.0
    marker: bytes = b"\n"
    quiet_s: float = 2.0
    finish: bool = False

    def check(self) -> None:
        """Raises: LocalMisuse: a bound is passed; it says which one."""
        if not 1 <= self.times <= MAX_COUNT:
            raise LocalMisuse(f"send it 1 to {MAX_COUNT} times", stage="repeat")
        if not (math.isfinite(self.per_s) and MIN_PER_S <= self.per_s <= LOOPBACK_PER_S):
            raise LocalMisuse(
                f"{MIN_PER_S:g} to {LOOPBACK_PER_S:g} a second, on this machine", stage="repeat"
            )
        if not 0 < self.quiet_s <= MAX_QUIET_S:
            raise LocalMisuse(f"the last answers are waited for {MAX_QUIET_S:g} s at most", stage="repeat")
        if not self.marker:
            raise LocalMisuse("what ends an answer is missing", stage="repeat", advice="a line end: \\n")

    def check_place(self, host: str) -> None:
        """Raises: LocalMisuse: too fast for a peer on another machine."""
        if self.per_s > ELSEWHERE_PER_S and not is_loopback(host):
            raise LocalMisuse(
                f"{self.per_s:g} a second to {host}: to other machines at most {ELSEWHERE_PER_S:g}",
                stage="repeat",
                advice="take a lower rate, or a server on this machine",
            )


def limits_told() -> str:
    """The bounds in one sentence, to stand beside the fields."""
    return (
        f"At most {MAX_COUNT:,} payloads; {LOOPBACK_PER_S:,.0f} a second on this machine, "
        f"{ELSEWHERE_PER_S:g} to any other."
    )


class Counts(NamedTuple):
    """How it stands. lost: sent and not answered, as far as is known; spent_s: since the first was sent.

    sending_s: from the first that was sent to the last one so far.
    """

    planned: int
    sent: int = 0
    answered: int = 0
    octets_sent: int = 0
    octets_received: int = 0
    errors: int = 0
    spent_s: float = 0.0
    sending_s: float = 0.0
    first_answer_ms: float | None = None
    ended: Literal["", "done", "stopped", "peer", "failed"] = ""

    @property
    def lost(self) -> int:
        """Without an answer so far; never below zero, where a peer says more than it was asked."""
        return max(0, self.sent - self.answered)

    @property
    def per_s(self) -> float:
        """The rate that was reached."""
        return (self.sent - 1) / self.sending_s if self.sending_s > 0 and self.sent > 1 else 0.0


class Repeat:
    """One run. `counts` can be read at any time; stop() ends it after the payload that is being sent.

    Args:
        on_change: told some times a second, and at the end.
    """

    def __init__(self, plan: Plan, on_change: Callable[[Counts], object] | None = None) -> None:
        plan.check()
        self.plan = plan
        self.counts = Counts(plan.times)
        self._on_change = on_change
        self._stopped = asyncio.Event()
        self._answered = asyncio.Event()
        self._told_s = 0.0
        self._began_s = 0.0
        self._tail = b""

    def stop(self) -> None:
        """Send no more; the answers to what was sent are still waited for."""
        self._stopped.set()

    async def run(
        self,
        target: Target,
        transcript: Transcript,
        *,
        transport: Transport = "tcp",
        resolver: TargetResolver | None = None,
        timeout_s: float = 30.0,
        secure: Secure | None = None,
        way: Way = DIRECT,
        report: Report | None = None,
        run: Run | None = None,
    ) -> Counts:
        """Connect, send, count. One connection for all.

        Raises: what connecting raises; LocalMisuse: too fast for that peer, or a number that does not fit its field;
            LinkLost when the connection is gone in the middle, with the counts so far.
        """
        link = await open_endpoint(target, transcript, transport, resolver, timeout_s, secure, way, report)
        try:
            self.plan.check_place(link.peer)
            if report is not None:
                report("repeat")
            link.channel.fact(
                "repeat.started", count=self.plan.times, per_s=self.plan.per_s, transport=transport
            )
            await self._exchange(link, run or Run(), transport)
        except WorkbenchError:
            self._change(ended="failed")
            raise
        finally:
            counts = self.counts
            link.channel.fact("repeat.ended", sent=counts.sent, answered=counts.answered, lost=counts.lost)
            await link.aclose()
        return self.counts

    async def _exchange(self, link: Endpoint, run: Run, transport: Transport) -> None:
        self._began_s = time.monotonic()
        hearing = asyncio.create_task(self._hear(link, transport), name="repeat/hear")
        try:
            await self._send_all(link, run, hearing)
            if self.plan.finish and transport != "udp":
                await link.finish()
            await self._wait_for_the_last(hearing)
            ended = "peer" if hearing.done() and self.counts.sent < self.plan.times else "done"
            self._change(ended="stopped" if self._stopped.is_set() else ended)
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _send_all(self, link: Endpoint, run: Run, hearing: "asyncio.Task[None]") -> None:
        for number in range(self.plan.times):
            wait_s = self._began_s + number / self.plan.per_s - time.monotonic()
            if wait_s > 0:
                await self._pause(wait_s, hearing)
            elif not number % _TURN:
                await asyncio.sleep(0)
            if self._stopped.is_set() or hearing.done():
                return
            data = self.plan.template.render(run)
            try:
                await link.send(data)
            except LinkLost:
                if not link.is_datagram:
                    raise
                # ICMP tells of an earlier datagram; this one was not tried yet.
                self._change(errors=self.counts.errors + 1)
                with suppress(LinkLost):
                    await link.send(data)
            counts = self.counts
            sending_s = time.monotonic() - self._began_s
            self._change(
                sent=counts.sent + 1, octets_sent=counts.octets_sent + len(data), sending_s=sending_s
            )

    async def _pause(self, wait_s: float, hearing: "asyncio.Task[None]") -> None:
        stopped = asyncio.create_task(self._stopped.wait(), name="repeat/stop")
        try:
            await asyncio.wait((stopped, hearing), timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            await asyncio.gather(stopped, return_exceptions=True)

    async def _wait_for_the_last(self, hearing: "asyncio.Task[None]") -> None:
        while self.counts.lost and not hearing.done():
            self._answered.clear()
            waiting = asyncio.create_task(self._answered.wait(), name="repeat/last")
            done, _ = await asyncio.wait(
                (waiting, hearing), timeout=self.plan.quiet_s, return_when=asyncio.FIRST_COMPLETED
            )
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            if not done:
                return

    async def _hear(self, link: Endpoint, transport: Transport) -> None:
        """Count answers until the peer ends."""
        while True:
            try:
                data = await link.receive(None)
            except TooSlow:
                continue
            except LinkLost:
                if not link.is_datagram or not link.is_open:
                    return
                self._change(errors=self.counts.errors + 1)
                continue
            if data is None:
                return
            self._heard(data, transport)

    def _heard(self, data: bytes, transport: Transport) -> None:
        counts = self.counts
        number = 1
        if transport != "udp":
            window = self._tail + data
            number = window.count(self.plan.marker)
            keep = len(self.plan.marker) - 1
            last = window.rfind(self.plan.marker)
            rest = window[last + len(self.plan.marker) :] if last >= 0 else window
            self._tail = rest[-keep:] if keep else b""
        first = counts.first_answer_ms
        if first is None and number:
            first = round((time.monotonic() - self._began_s) * 1e3, 3)
            # The first one is told at once: people wait for it.
            self._told_s = 0.0
        self._change(
            answered=counts.answered + number,
            octets_received=counts.octets_received + len(data),
            first_answer_ms=first,
        )
        self._answered.set()

    def _change(self, **values: object) -> None:
        now_s = time.monotonic()
        spent_s = now_s - self._began_s if self._began_s else 0.0
        self.counts = self.counts._replace(spent_s=spent_s, **values)  # type: ignore[arg-type]  # fields of it
        if self._on_change is not None and (self.counts.ended or now_s - self._told_s >= TELL_EVERY_S):
            self._told_s = now_s
            self._on_change(self.counts)


def is_loopback(address: str) -> bool:
    """Whether an address ("127.0.0.1:9", "[::1]:9", a path) is of this machine's own loopback."""
    if address.startswith(("unix:", "/", "@")) or not address:
        return True
    host = address.rpartition(":")[0].strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
