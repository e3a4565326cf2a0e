"""Questions by UDP: repeated while nobody answers, strangers told apart, silence with all that it can mean."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from workbench.errors import TooSlow
from workbench.formats.target import parse_target
from workbench.protocols.raw.question import CAUSES, MAX_REPLIES, Questions, Retry
from workbench.transcript.recorder import Transcript
from workbench.wire.addresses import Address
from workbench.wire.datagram import Received, open_datagram


class Answerer(asyncio.DatagramProtocol):
    """Answers all but the first `deaf` datagrams; can have somebody else answer."""

    def __init__(self, deaf: int = 0) -> None:
        self.deaf, self.heard = deaf, []
        self.other: asyncio.DatagramTransport | None = None

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data, addr) -> None:
        self.heard.append(data)
        if len(self.heard) > self.deaf:
            (self.other or self.transport).sendto(data, addr)


@asynccontextmanager
async def asking(answerer: Answerer):
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: answerer, local_addr=("127.0.0.1", 0))
    transcript = Transcript()
    place = Address(socket.AF_INET, transport.get_extra_info("sockname"))
    opened = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
    opened.know(place)
    questions = Questions(opened, place.text)

    async def read() -> None:
        while True:
            questions.take(await opened.receive())

    reading = asyncio.create_task(read())
    try:
        yield questions, place.text, transcript
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await opened.aclose()
        transport.close()
        await asyncio.sleep(0)
        transcript.close()


@pytest.mark.covers("C2.20")
async def test_the_first_two_are_lost_and_the_third_attempt_succeeds():
    answerer = Answerer(deaf=2)
    async with asking(answerer) as (questions, to, transcript):
        assert await questions.ask(b"time?", to, Retry(5, 0.02)) == 3
        assert answerer.heard[:3] == [b"time?"] * 3
        (answer,) = questions.answers
        assert (answer.source, answer.data, answer.stranger, answer.attempt) == (to, b"time?", False, 3)
        assert answer.latency_s >= 0
        waits = [e.values["wait_s"] for e in transcript.events() if e.name == "question.attempt"]
        assert waits == [0.02, 0.04, 0.08]


@pytest.mark.covers("C2.20")
async def test_an_answer_from_another_port_is_a_strangers_and_answers_nothing():
    loop = asyncio.get_running_loop()
    answerer = Answerer()
    async with asking(answerer) as (questions, to, transcript):
        answerer.other, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
        )
        with pytest.raises(TooSlow):
            await questions.ask(b"time?", to, Retry(2, 0.05))
        assert questions.strangers == questions.count == 2
        assert all(answer.stranger and answer.source != to for answer in questions.answers)
        assert "reply.stranger" in [event.name for event in transcript.events()]
        answerer.other.close()
        answerer.other = None
        assert await questions.ask(b"time?", to, Retry(2, 5)) == 1


@pytest.mark.covers("C2.18")
async def test_silence_is_told_with_everything_that_it_can_mean():
    async with asking(Answerer(deaf=99)) as (questions, to, _):
        with pytest.raises(TooSlow) as caught:
            await questions.ask(b"?", to, Retry(1, 0.01))
        assert all(cause in str(caught.value) for cause in CAUSES)
        assert caught.value.committed == "maybe"


async def test_without_patience_it_is_sent_once_and_nobody_waits():
    async with asking(Answerer(deaf=99)) as (questions, to, _):
        assert await questions.ask(b"?", to) == 1
        assert questions.answers == ()


async def test_the_list_is_bounded_and_the_count_is_not():
    transcript = Transcript()
    opened = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
    questions = Questions(opened, "")
    for _ in range(MAX_REPLIES + 3):
        answer = questions.take(Received(b"x" * 100, "127.0.0.1:9", truncated=True))
    assert (len(questions.answers), questions.count, questions.strangers) == (MAX_REPLIES, MAX_REPLIES + 3, 0)
    assert (answer.octets, answer.latency_s, answer.truncated) == (100, None, True)
    await opened.aclose()
    transcript.close()
