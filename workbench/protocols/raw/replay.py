"""A recorded conversation said again to another server, and its answers compared with those of then.

What was sent is sent again in the same order: at the times of then, or each piece as soon as as much has been
answered as had been answered then before it. What was said under TLS is said under TLS again, begun at the same place,
or all of it in clear, as the caller wants it. A server that answers less is not waited for longer than PATIENCE_S, so
that its shorter answer is a difference and not an end of the replay.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal, NamedTuple

from workbench.errors import LinkLost
from workbench.formats.target import Target
from workbench.protocols.raw.answers import PIECE, answers, first_difference
from workbench.protocols.raw.recorded import TLS, TLS_STARTED, Hearing, Recorded
from workbench.protocols.raw.talk import Secure
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import Report, TargetResolver, dial
from workbench.wire.stream import Stream

Speed = Literal["original", "full"]

PATIENCE_S = 1.0
"""At full speed: how long an answer may pause before the next piece is sent without the rest of it."""
HANDSHAKE_S = 30.0
SHOWN = 16
"""Octets of each side shown from the first difference on."""


class Replayed(NamedTuple):
    """What came of a replay.

    channel: its number in the new transcript. sent, received: octets; answers: datagrams received, 0 of TCP.
    offset: of the first octet of the answers that differs; None: all are equal. then, now: up to SHOWN octets from
    there on. end: how the peer ended this time, "" where it did not. is_protected: whether TLS was had now.
    """

    recorded: Recorded
    channel: int
    sent: int
    received: int
    answers: int
    offset: int | None
    then: bytes
    now: bytes
    end: str
    is_protected: bool = False

    @property
    def differences(self) -> list[str]:
        """A sentence for each difference; [] when this peer answered as that one did."""
        before, found = self.recorded, []
        if self.sent < before.sent:
            found.append(f"only {self.sent} of {before.sent} octets could be sent")
        if self.offset is not None:
            found.append(self._octets(self.offset))
        elif before.transport == "udp" and self.answers != before.answers:
            found.append(f"{_counted(before.answers)} came then and {_counted(self.answers)} now")
        if before.end and self.end != self._end_expected:
            found.append(f"the peer ended with {before.end} then and {_told(self.end)} now")
        return found

    @property
    def _end_expected(self) -> str:
        """In clear nobody sends close_notify: there FIN says the same."""
        is_in_clear = self.recorded.tls is not None and not self.is_protected
        return (
            "FIN" if is_in_clear and self.recorded.end in ("close_notify", "truncated") else self.recorded.end
        )

    def _octets(self, offset: int) -> str:
        if offset == min(self.received, self.recorded.received):
            than = "more" if self.received > offset else "less"
            return (
                f"equal for {offset} octets, then the answer has {than}: "
                f"{self.recorded.received} octets then, {self.received} now"
            )
        return f"octet {offset} of the answer was {self.then[0]:02x} then and is {self.now[0]:02x} now"


async def replay(
    transcript: Transcript,
    recorded: Recorded,
    target: Target,
    into: Transcript,
    *,
    speed: Speed = "full",
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
    secure: Secure | None = None,
) -> Replayed:
    """Say it again and compare.

    Args:
        transcript, recorded: what was said, as `measure` found it.
        into: where the replay is recorded, in a channel of its own.
        timeout_s: for everything together; at the original speed as much longer as it took then. When it is over,
            what has come is compared: silence is an answer that differs.
        report: told the stage: "resolve", "connect", "tls", "talk".
        secure: puts the connection under TLS where it was put under TLS then; None: all is said in clear.

    Raises: what dial and open_datagram raise, while there is no connection; what `secure` raises.
    """
    if speed == "original":
        timeout_s += recorded.lasted_ns / 1e9
    deadline = asyncio.get_running_loop().time() + timeout_s
    link: _OverStream | _OverUdp
    if recorded.transport == "udp":
        if report is not None:
            report("connect")
        link = _OverUdp(await open_datagram(into, remote=target, resolver=resolver, timeout_s=timeout_s))
    else:
        link = _OverStream(await dial(target, into, resolver=resolver, timeout_s=timeout_s, report=report))
    if report is not None:
        report("talk")
    saying = _Saying(transcript, recorded, link, secure, report)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                await saying.say(speed)
    finally:
        await saying.aclose()
    return await _compared(transcript, recorded, into, link, saying.sent)


class _OverStream:
    """One stream, and how much of it came."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.channel = stream.channel
        self.octets = self.count = 0
        self.in_clear: int | None = None
        self.end = ""

    @property
    def answered(self) -> int:
        """What is waited for is counted in octets: pieces are cut anywhere."""
        return self.octets

    async def take(self) -> bool:
        data = await self._stream.read()
        self.octets += len(data)
        if not data and self._stream.end is not None and self._stream.end.by == "peer":
            self.end = self._stream.end.kind
        return bool(data)

    async def send(self, pieces: Iterator[tuple[bytes, tuple[tuple[int, int], ...]]]) -> int:
        size = 0
        for data, secret in pieces:
            await self._stream.send(data, secret=secret)
            size += len(data)
        return size

    async def protect(self, secure: Secure) -> None:
        """Begin TLS; nobody reads meanwhile."""
        self.in_clear = self.octets
        self._stream = await secure(self._stream, HANDSHAKE_S)

    async def finish(self) -> None:
        await self._stream.finish()

    async def aclose(self) -> None:
        await self._stream.aclose()


class _OverUdp:
    """One socket, and how many datagrams came."""

    def __init__(self, datagram: Datagram) -> None:
        self._datagram = datagram
        self.channel = datagram.channel
        self.octets = self.count = 0
        self.in_clear: int | None = None
        self.end = ""

    @property
    def answered(self) -> int:
        """What is waited for is counted in datagrams."""
        return self.count

    async def take(self) -> bool:
        received = await self._datagram.receive()
        self.count += 1
        self.octets += len(received.data)
        return True

    async def send(self, pieces: Iterator[tuple[bytes, tuple[tuple[int, int], ...]]]) -> int:
        data = b"".join(piece for piece, _ in pieces)
        await self._datagram.send(data)
        return len(data)

    async def finish(self) -> None:
        return

    async def aclose(self) -> None:
        await self._datagram.aclose()


class _Saying:
    def __init__(
        self,
        transcript: Transcript,
        recorded: Recorded,
        link: _OverStream | _OverUdp,
        secure: Secure | None,
        report: Report | None,
    ) -> None:
        self._transcript = transcript
        self._recorded = recorded
        self._link = link
        self._secure = secure
        self._report = report
        self._more = asyncio.Event()
        self._is_over = False
        self._reading = asyncio.create_task(self._read(), name="replay/read")
        self._is_closed = False
        self.sent = 0

    async def say(self, speed: Speed) -> None:
        """Send everything, then wait for as much as was answered then, or for the end that came then."""
        recorded, link = self._recorded, self._link
        loop = asyncio.get_running_loop()
        began = loop.time()
        before = 0
        hearing = Hearing(recorded.channel)
        try:
            for event in self._transcript.events():
                if not hearing.hears(event):
                    continue
                if event.direction is Direction.RECEIVED:
                    before += event.size if recorded.transport == "tcp" else 1
                    continue
                finish = "tls.finished" if hearing.is_protected else "finish.sent"
                if event.kind == "fact" and event.name not in (finish, TLS_STARTED):
                    continue
                if speed == "original":
                    due = began + max(0, event.time_ns - recorded.began_ns) / 1e9
                    await asyncio.sleep(due - loop.time())
                else:
                    await self._answered(before, PATIENCE_S)
                if event.name == TLS_STARTED:
                    await self._protect()
                elif event.kind == "fact":
                    await link.finish()
                else:
                    self.sent += await link.send(_pieces(self._transcript, event))
        except LinkLost as failure:
            # The link tells by its end that it is gone; what could not be sent is a difference.
            if failure.stage == TLS:
                raise
        await self._answered(recorded.received if recorded.transport == "tcp" else recorded.answers, None)
        if recorded.end:
            await self._reading

    async def _protect(self) -> None:
        if self._secure is None or not isinstance(self._link, _OverStream) or self._link.in_clear is not None:
            return
        if self._report is not None:
            self._report("tls")
        # The handshake reads for itself.
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        if self._is_closed:
            raise LinkLost("the peer ended before TLS began", stage=TLS)
        await self._link.protect(self._secure)
        if self._report is not None:
            self._report("talk")
        self._is_over = False
        self._reading = asyncio.create_task(self._read(), name="replay/read")

    async def _answered(self, wanted: int, patience_s: float | None) -> None:
        """Return when so much was answered, nothing more can come, or nothing came for so long."""
        while self._link.answered < wanted and not self._is_over:
            self._more.clear()
            try:
                async with asyncio.timeout(patience_s):
                    await self._more.wait()
            except TimeoutError:
                return

    async def _read(self) -> None:
        try:
            while await self._link.take():
                self._more.set()
        except LinkLost:
            # An ICMP error, or we closed: either way nothing more comes.
            return
        else:
            self._is_closed = True
        finally:
            self._is_over = True
            self._more.set()

    async def aclose(self) -> None:
        self._reading.cancel()
        (failure,) = await asyncio.gather(self._reading, return_exceptions=True)
        await self._link.aclose()
        if isinstance(failure, Exception):
            raise failure


def _pieces(transcript: Transcript, event: Event) -> Iterator[tuple[bytes, tuple[tuple[int, int], ...]]]:
    """The octets of an event, a bounded part at a time, each with what of it is secret."""
    secrets = transcript.secrets(event)
    for start in range(0, max(1, event.size), PIECE):
        data = transcript.data(event, start, start + PIECE)
        stop = start + len(data)
        yield (
            data,
            tuple(
                (max(a, start) - start, min(b, stop) - start) for a, b in secrets if a < stop and b > start
            ),
        )


async def _compared(
    transcript: Transcript, recorded: Recorded, into: Transcript, link: _OverStream | _OverUdp, sent: int
) -> Replayed:
    tls = recorded.tls
    then = answers(transcript, recorded.channel, recorded.layer, None if tls is None else tls.received)
    now = answers(into, link.channel.number, link.channel.layer, link.in_clear)
    offset = await first_difference(then, now)
    shown = (b"", b"")
    if offset is not None:
        shown = (then.read(offset, offset + SHOWN), now.read(offset, offset + SHOWN))
    return Replayed(
        recorded,
        link.channel.number,
        sent,
        len(now),
        link.count,
        offset,
        shown[0],
        shown[1],
        link.end,
        link.in_clear is not None,
    )


def _counted(datagrams: int) -> str:
    return "1 datagram" if datagrams == 1 else f"{datagrams} datagrams"


def _told(end: str) -> str:
    return f"with {end}" if end else "not"
