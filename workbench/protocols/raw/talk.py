"""One conversation from dialling to its end: send, finish, read to the end, or stop at what was expected.

Reading goes on while we send: a peer that answers at once would else fill both directions' buffers and both sides
would wait for ever.
"""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

from workbench.errors import LinkLost, TooSlow
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target
from workbench.protocols.raw.tally import Tally
from workbench.protocols.raw.values import DIRECT, Expectation, Outcome, Way
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import Report, TargetResolver, dial
from workbench.wire.ends import End, HalfState
from workbench.wire.stream import Stream

Secure = Callable[[Stream, float], Awaitable[Stream]]
"""Makes of a connected stream a protected one, within so many seconds; the failure closes neither."""

TIMED_OUT = End("timeout", "us", "nothing more arrived in time, and we closed")


async def talk(
    target: Target,
    transcript: Transcript,
    *,
    sends: Iterable[bytes] | AsyncIterable[bytes] = (),
    expect: Expectation | None = None,
    finish: bool = True,
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
    secure: Secure | None = None,
    way: Way = DIRECT,
    tally: Tally | None = None,
    idle: bool = False,
    once: bool = False,
) -> Outcome:
    """Talk to a TCP server.

    Args:
        sends: payloads, sent one after the other; an asynchronous one may make us wait for the next.
        expect: stop as soon as this was seen; without it read until the peer ends.
        finish: finish our half after the last payload (not while something is expected: many servers hang up then).
        timeout_s: for everything together.
        report: told the stage: "resolve", "connect", "proxy", "tls", "talk".
        secure: puts the connected stream under TLS.
        way: through a proxy, from an address of ours, with socket options.
        tally: counts what passes, for a caller who wants the figures of a failed conversation too; it was made with
            the same `expect`.
        idle: once the talking has begun, timeout_s counts anew with every octet that passes: a file may take as long
            as it takes, but not stand still.
        once: offer each payload to the system once; what it does not take is not sent.

    Raises: what dial and `secure` raise; TooSlow, with everything so far in the transcript, when the time is over;
        LinkLost when not all could be sent.
    """
    tell = report or (lambda _stage: None)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    stream = await dial(
        target,
        transcript,
        resolver=resolver,
        timeout_s=timeout_s,
        report=report,
        proxy=way.proxy,
        local=way.local,
        settings=way.settings,
        policy=way.policy,
        numeric=way.numeric,
    )
    tally = tally or Tally(expect)
    try:
        if secure is not None:
            tell("tls")
            stream = await secure(stream, max(0.0, deadline - loop.time()))
        tell("talk")
        async with asyncio.timeout_at(loop.time() + timeout_s if idle else deadline) as limit:
            with _postponed(limit, transcript, timeout_s) if idle else nullcontext():
                await _exchange(stream, sends, tally, finish and expect is None, once=once)
    except TimeoutError as error:
        if stream.end is None:
            # The stream's own end, so that closing it does not record another one.
            stream.end = TIMED_OUT
            stream.channel.fact("end", kind=TIMED_OUT.kind, by=TIMED_OUT.by, sentence=TIMED_OUT.sentence)
        awaited = "what was expected did not arrive" if expect is not None else "the peer did not end"
        stalled = (
            f"nothing passed for {duration_s(timeout_s)}"
            if idle
            else f"{awaited} within {duration_s(timeout_s)}"
        )
        raise TooSlow(
            f"{stalled}; {tally.received} octets arrived",
            stage="talk",
            committed="maybe",
            advice="some servers wait for a line end (\\r\\n), or for us to finish",
        ) from error
    finally:
        await stream.aclose()
    return Outcome(
        stream.local,
        stream.peer,
        tally.sent,
        tally.received,
        tally.received_sha256,
        0,
        tally.matched,
        stream.end,
        stream.channel.number,
    )


@contextmanager
def _postponed(limit: asyncio.Timeout, transcript: Transcript, by_s: float) -> Iterator[None]:
    """Put the limit off with everything that is recorded."""
    loop = asyncio.get_running_loop()

    def on_more(_transcript: Transcript) -> None:
        if not limit.expired():
            limit.reschedule(loop.time() + by_s)

    cut = transcript.observe(on_more)
    try:
        yield
    finally:
        cut()


async def _exchange(
    stream: Stream,
    sends: Iterable[bytes] | AsyncIterable[bytes],
    tally: Tally,
    finish: bool,
    *,
    once: bool = False,
) -> None:
    reading = asyncio.create_task(_read(stream, tally), name="talk/read")
    sending = asyncio.create_task(_send_all(stream, sends, tally, finish, once=once), name="talk/send")
    try:
        await asyncio.wait((sending, reading), return_when=asyncio.FIRST_COMPLETED)
        if reading.done() and not sending.done():
            await reading
            if tally.matched:
                # Seen what was awaited: the peer need not take the rest.
                return
            if stream.receiving is HalfState.RESET:
                raise LinkLost(
                    f"{stream.peer}: the connection was reset before all was sent",
                    stage="send",
                    errno_name="ECONNRESET",
                    committed="maybe",
                )
        await sending
        await reading
    finally:
        for task in (sending, reading):
            task.cancel()
        await asyncio.gather(sending, reading, return_exceptions=True)


async def _read(stream: Stream, tally: Tally) -> None:
    while data := await stream.read():
        if tally.take(data):
            return


async def _send_all(
    stream: Stream,
    sends: Iterable[bytes] | AsyncIterable[bytes],
    tally: Tally,
    finish: bool,
    *,
    once: bool = False,
) -> None:
    if isinstance(sends, AsyncIterable):
        async for payload in sends:
            await _send(stream, payload, tally, once=once)
    else:
        for payload in sends:
            await _send(stream, payload, tally, once=once)
    if finish:
        await stream.finish()


async def _send(stream: Stream, payload: bytes, tally: Tally, *, once: bool = False) -> None:
    if once:
        tally.gave(payload[: await stream.send_once(payload)])
        return
    await stream.send(payload)
    tally.gave(payload)


async def exchange_datagrams(
    target: Target,
    transcript: Transcript,
    *,
    sends: Sequence[bytes],
    expect: Expectation | None = None,
    answers: int | None = None,
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
    way: Way = DIRECT,
    tally: Tally | None = None,
) -> Outcome:
    """Send datagrams and wait for answers. UDP has no end: waiting stops after `answers` of them.

    Args:
        answers: how many to wait for; as many as were sent if None. With `expect`, until it was seen.
        way: from an address of ours, with socket options; a proxy takes no datagrams.
        tally: as talk().

    Raises: TooSlow when fewer came in time; LinkLost when an ICMP error says that nobody is there.
    """
    tell = report or (lambda _stage: None)
    deadline = asyncio.get_running_loop().time() + timeout_s
    tell("connect")
    socket_ = await open_datagram(
        transcript,
        remote=target,
        local=way.local,
        resolver=resolver,
        timeout_s=timeout_s,
        settings=way.settings,
    )
    tell("talk")
    wanted = len(sends) if answers is None else answers
    tally = tally or Tally(expect)
    count = 0
    try:
        async with asyncio.timeout_at(deadline):
            for payload in sends:
                await socket_.send(payload)
                tally.gave(payload)
            while not tally.matched if expect is not None else count < wanted:
                await _take_one(socket_, tally)
                count += 1
    except TimeoutError as error:
        raise TooSlow(
            f"{count} of {wanted} answers arrived within {duration_s(timeout_s)}",
            stage="talk",
            committed="maybe",
            advice="UDP does not tell whether the datagram, the answer or the server is missing",
        ) from error
    finally:
        await socket_.aclose()
    return Outcome(
        socket_.address,
        socket_.peer,
        tally.sent,
        tally.received,
        tally.received_sha256,
        count,
        tally.matched,
        None,
        socket_.channel.number,
    )


async def _take_one(socket_: Datagram, tally: Tally) -> None:
    try:
        received = await socket_.receive()
    except LinkLost as failure:
        failure.stage = "talk"
        raise
    tally.take(received.data)
