"""Asking: the machine over the wire's sockets, with deadline, retransmission and the way on to TCP.

A query by UDP that nobody answers is sent again after 1, 2 and 4 seconds and given up 8 seconds later, or at the
deadline. Everything is recorded: the octets by the wire, what they were taken for as facts of the channel.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import TypeVar

from workbench.errors import LinkLost, PeerMisbehaved, TooSlow
from workbench.formats.quantity import count, duration_s
from workbench.formats.target import Target
from workbench.protocols.dns.machine import Frames, LookupMachine, Truncated, Verdict, framed
from workbench.protocols.dns.outcome import judge, told
from workbench.protocols.dns.values import PLAIN, Ignored, Lookup, Message, Question, Said, Transport, Wish
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.caller import Caller, open_caller
from workbench.wire.dial import Report, TargetResolver, dial
from workbench.wire.stream import Stream

WAITS_S = (1.0, 2.0, 4.0, 8.0)
"""After each query by UDP; RFC 1035 section 4.2.1 wants the interval to grow and the server not to be flooded."""
MAX_IGNORED = 32
"""Answers that don't belong, told one by one; more are counted."""

Via = Callable[[Target], Awaitable[Target]]
"""From a server's address, scheme "udp" or "tcp", to the way there: a relay's address."""

T = TypeVar("T")


async def lookup(
    question: Question,
    server: Target,
    transcript: Transcript,
    *,
    wish: Wish = PLAIN,
    resolver: TargetResolver | None = None,
    via: Via | None = None,
    timeout_s: float = 30.0,
    waits_s: Sequence[float] = WAITS_S,
    report: Report | None = None,
) -> Lookup:
    """Ask one server one question and return what it answered, whatever that says.

    Args:
        server: "lab:..." needs a resolver.
        via: leads through a relay; asked for each transport.
        timeout_s: for everything together.
        waits_s: for an answer to each query by UDP; as many queries are sent.
        report: told the stage: "resolve", "query", "tcp".

    Raises: TooSlow (nobody answered, or nobody in a way that belongs), LinkLost (nobody is there), PeerMisbehaved (what
        came and belonged makes no sense, or a stream ended within an answer), Refused (the server has no such name),
        LocalMisuse, LocalFault.
    """
    asking = _Asking(question, server, transcript, wish, resolver, via, report or (lambda _stage: None))
    try:
        async with asyncio.timeout(timeout_s):
            return await asking.run(tuple(waits_s))
    except TimeoutError as error:
        if isinstance(error, TooSlow):
            raise
        raise asking.too_slow(f"within {duration_s(timeout_s)}") from error


class _Asking:
    def __init__(
        self,
        question: Question,
        server: Target,
        transcript: Transcript,
        wish: Wish,
        resolver: TargetResolver | None,
        via: Via | None,
        report: Report,
    ) -> None:
        self._question = question
        self._server = server
        self._transcript = transcript
        self._wish = wish
        self._resolver = resolver
        self._via = via
        self._report = report
        self._machine = LookupMachine(question, wish)
        self._ignored: list[Ignored] = []
        self._ignored_count = 0
        self._said: list[Said] = []
        self._truncated = False
        self._sent = 0
        self._began_s = asyncio.get_running_loop().time()

    async def run(self, waits_s: tuple[float, ...]) -> Lookup:
        self._report("resolve")
        if self._wish.transport == "tcp":
            return await self._by_tcp(self._machine.ask())
        accepted = await self._by_udp(waits_s)
        return accepted if accepted is not None else await self._by_tcp(self._machine.ask_again())

    def too_slow(self, when: str) -> TooSlow | PeerMisbehaved:
        """Nobody answered; or somebody did, and it made no sense."""
        if self._machine.malformed is not None:
            return self._machine.malformed
        advice = "UDP does not tell whether query, answer or server is missing; try TCP, or another server"
        what = f"no answer about {self._question} {when}"
        if self._ignored_count:
            what += f"; {self._ignored_count} came that did not belong: {self._ignored[-1].sentence}"
            advice = "somebody forges answers, or a broken device changes them on the way; try TCP"
        if self._wish.transport == "tcp":
            advice = "look whether a name server listens there, or ask another one"
        return TooSlow(what, stage="query", committed="no", advice=advice)

    # ---- by UDP

    async def _by_udp(self, waits_s: tuple[float, ...]) -> Lookup | None:
        """The accepted answer; None: it was cut off."""
        title = f"{self._question} by UDP"
        async with await open_caller(
            self._transcript, self._server, resolver=self._way("udp"), title=title
        ) as caller:
            self._report("query")
            for number, wait_s in enumerate(waits_s, start=1):
                await self._send_datagram(caller, number)
                verdict = await self._heard(caller, wait_s)
                if isinstance(verdict, Truncated):
                    return None
                if verdict is not None:
                    return self._lookup(verdict, caller.called, caller.channel, "udp")
                if self._machine.malformed is not None:
                    # The true answer would have been here by now: the server itself makes no sense.
                    raise self._machine.malformed
            caller.channel.fact("dns.timeout", queries=len(waits_s))
        raise self.too_slow(f"after {count(len(waits_s), 'query', 'queries')}")

    async def _send_datagram(self, caller: Caller, number: int) -> None:
        query = self._machine.ask() if number == 1 else self._machine.retransmit()
        if number > 1:
            caller.channel.fact("dns.retransmit", number=number)
        self._note_query(query, "udp")
        try:
            await caller.send(query)
        except LinkLost as failure:
            failure.stage = "query"
            raise

    async def _heard(self, caller: Caller, wait_s: float) -> Message | Truncated | None:
        """What was accepted; None once the time is over. What does not belong is noted on the way."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_s
        while (left_s := until - loop.time()) > 0:
            try:
                received = await caller.receive(timeout_s=left_s)
            except TooSlow:
                break
            except LinkLost as failure:
                failure.stage = "query"
                raise
            source = received.source
            steps = self._machine.judging(received.data, source, is_server=source == caller.called)
            verdict = await _gently(steps)
            self._note(caller.channel_of(source), verdict, received.data, source, "udp")
            if not isinstance(verdict, Ignored):
                return verdict
        return None

    # ---- by TCP

    async def _by_tcp(self, query: bytes) -> Lookup:
        self._report("tcp")
        title = f"{self._question} by TCP"
        async with await dial(
            self._server, self._transcript, resolver=self._way("tcp"), title=title
        ) as stream:
            self._note_query(query, "tcp")
            await stream.send(framed(query))
            frames = Frames()
            while data := await stream.read():
                for message in frames.receive(data):
                    verdict = await _gently(self._machine.judging(message, stream.peer))
                    self._note(stream.channel, verdict, message, stream.peer, "tcp")
                    if isinstance(verdict, Message):
                        return self._lookup(verdict, stream.peer, stream.channel, "tcp")
            raise self._cut_off(stream, frames)

    def _cut_off(self, stream: Stream, frames: Frames) -> PeerMisbehaved:
        if self._machine.malformed is not None:
            return self._machine.malformed
        size, had = frames.wanted
        how = f" ({stream.end.sentence})" if stream.end is not None else ""
        what = (
            f"the stream ended after {had} of the answer's {size} octets"
            if size
            else "the stream ended, no answer"
        )
        return PeerMisbehaved(f"{what}{how}", stage="answer", source="RFC 7766 section 8", committed="maybe")

    # ---- both

    def _way(self, transport: Transport) -> TargetResolver:
        async def leading(target: Target) -> Target:
            opened = target if self._resolver is None else await self._resolver(target)
            opened = opened._replace(scheme=transport)
            if self._via is not None:
                return await self._via(opened)
            # The same place by its own name is no news for the conversation.
            return target if target.scheme == "tcp" and opened[1:3] == target[1:3] else opened

        return leading

    def _note_query(self, query: bytes, transport: Transport) -> None:
        if not self._sent:
            # Finding the server, and starting one in the Lab, is no part of the time that an answer takes.
            self._began_s = asyncio.get_running_loop().time()
        self._sent += 1
        again = "again, " if any(said.data == query for said in self._said) else ""
        self._said.append(Said(f"query {again}by {transport.upper()}", True, transport, query))

    def _note(
        self, channel: Channel, verdict: Verdict, data: bytes, source: str, transport: Transport
    ) -> None:
        """Write down what a message was taken for."""
        how = transport.upper()
        if isinstance(verdict, Message):
            self._said.append(Said(f"answer by {how}", False, transport, data))
            return
        if isinstance(verdict, Truncated):
            self._truncated = True
            self._said.append(Said(f"truncated answer by {how}", False, transport, data))
            channel.fact("dns.truncated", size=len(data))
            return
        self._ignored_count += 1
        channel.fact(
            "dns.ignored", reason=verdict.reason, source=source, size=verdict.size, sentence=verdict.sentence
        )
        if len(self._ignored) < MAX_IGNORED:
            self._ignored.append(verdict)
            self._said.append(Said(f"not accepted, by {how}", False, transport, data))

    def _lookup(self, message: Message, server: str, channel: Channel, transport: Transport) -> Lookup:
        judged = judge(self._question, message)
        words = told(self._question, judged, message)
        channel.fact(
            "dns.answer",
            outcome=judged.outcome.value,
            rcode=message.rcode,
            sentence=words.sentence,
            source=words.source,
        )
        elapsed_s = asyncio.get_running_loop().time() - self._began_s
        return Lookup(
            self._question,
            judged.outcome,
            message,
            transport,
            self._truncated,
            server,
            self._sent,
            tuple(self._ignored),
            self._ignored_count,
            tuple(self._said),
            judged.chain,
            judged.found,
            int(elapsed_s * 1e9),
            channel.number,
        )


async def _gently(steps: Generator[None, None, T]) -> T:
    """Run in slices, the loop's other work between them."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            value: T = ended.value
            return value
        await asyncio.sleep(0)
