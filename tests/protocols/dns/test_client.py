"""Asking over real sockets: retransmission, deadlines, forged answers, and the way on to TCP."""

import asyncio

import pytest

from tests.protocols.dns.messages import NAME, response
from tests.protocols.dns.servers import tcp_server, udp_server
from workbench.errors import LinkLost, PeerMisbehaved, TooSlow
from workbench.formats.target import Target
from workbench.protocols.dns.client import lookup
from workbench.protocols.dns.machine import framed
from workbench.protocols.dns.values import Outcome, Question, Wish
from workbench.transcript.recorder import Transcript

QUESTION = Question(NAME, "A")
QUICK = (0.05, 0.05, 5.0)


def right(query: bytes) -> bytes:
    return response("www.lab.test. 300 A 192.0.2.1", number=int.from_bytes(query[:2], "big"))


def cut_off(query: bytes) -> bytes:
    data = bytearray(right(query))
    data[2] |= 0x02
    return bytes(data[:30])


@pytest.fixture
def transcript():
    made = Transcript()
    yield made
    made.close()


def facts(transcript: Transcript) -> list[str]:
    return [event.name for event in transcript.events() if event.name.startswith("dns.")]


async def test_an_answer_by_udp(transcript: Transcript):
    async with udp_server(lambda query, _: [right(query)]) as (where, server):
        found = await lookup(QUESTION, where, transcript)
    assert (found.outcome, found.transport, found.sent, found.truncated) == (Outcome.ANSWER, "udp", 1, False)
    assert [record.data for record in found.found] == ["192.0.2.1"]
    assert found.server == f"127.0.0.1:{where.port}"
    assert [said.title for said in found.said] == ["query by UDP", "answer by UDP"]
    assert found.said[0].data == server.queries[0]
    assert facts(transcript) == ["dns.answer"]
    assert 0 < found.elapsed_ns < 5e9


async def test_ids_and_ports_are_others_each_time(transcript: Transcript):
    async with udp_server(lambda query, _: [right(query)]) as (where, server):
        for _ in range(12):
            await lookup(QUESTION, where, transcript)
    assert len({query[:2] for query in server.queries}) > 6
    assert len({port for _, port in server.clients}) > 6


async def test_a_query_that_was_lost_is_sent_again_as_it_was(transcript: Transcript):
    async with udp_server(lambda query, number: [right(query)] if number == 2 else []) as (where, server):
        found = await lookup(QUESTION, where, transcript, waits_s=QUICK)
    assert found.sent == 3
    assert len(set(server.queries)) == 1
    assert facts(transcript) == ["dns.retransmit", "dns.retransmit", "dns.answer"]


async def test_nobody_answers(transcript: Transcript):
    async with udp_server(lambda query, number: []) as (where, server):
        with pytest.raises(TooSlow, match="after 2 queries") as caught:
            await lookup(QUESTION, where, transcript, waits_s=(0.02, 0.02))
    assert (caught.value.exit_code, len(server.queries)) == (3, 2)
    assert facts(transcript)[-1] == "dns.timeout"


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_the_deadline_is_for_everything_together(transcript: Transcript, transport):
    async with tcp_server(lambda query: None) as where, udp_server(lambda query, number: [], where.port or 0):
        began = asyncio.get_running_loop().time()
        with pytest.raises(TooSlow, match=r"within 200 ms") as caught:
            await lookup(QUESTION, where, transcript, wish=Wish(transport), timeout_s=0.2)
        assert ("try TCP" in caught.value.advice) == (transport == "udp")
        assert asyncio.get_running_loop().time() - began < 2


async def test_nobody_is_there(transcript: Transcript):
    async with udp_server(lambda query, number: []) as (where, _):
        pass
    with pytest.raises(LinkLost) as caught:
        await lookup(QUESTION, where, transcript)
    assert (caught.value.errno_name, caught.value.stage) == ("ECONNREFUSED", "query")


@pytest.mark.parametrize("number", range(3))
async def test_it_can_be_cancelled_while_it_waits(transcript: Transcript, number: int):
    async with udp_server(lambda query, _: []) as (where, server):
        asking = asyncio.create_task(lookup(QUESTION, where, transcript, waits_s=(0.03,) * 9))
        # A server of the standard library has no event of its own.
        while len(server.queries) <= number:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert [event.name for event in transcript.events()][-1] == "close"


async def test_it_can_be_cancelled_in_the_stream(transcript: Transcript):
    reached = asyncio.Event()

    def silent(_query: bytes) -> None:
        reached.set()

    async with tcp_server(silent) as where:
        asking = asyncio.create_task(lookup(QUESTION, where, transcript, wish=Wish("tcp")))
        await reached.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert [event.name for event in transcript.events()][-1] == "close"


# ---- answers that don't belong


def forge(query: bytes, how: str) -> bytes:
    data = bytearray(response("www.lab.test. 300 A 203.0.113.66", number=int.from_bytes(query[:2], "big")))
    match how:
        case "id":
            data[1] ^= 1
        case "question":
            data[13] ^= 1
        case "query":
            data[2] &= 0x7F
        case "malformed":
            del data[20:]
        case "junk":
            return b"junk"
    return bytes(data)


@pytest.mark.parametrize("how", ["id", "question", "query", "malformed", "junk"])
async def test_a_forged_answer_that_is_quicker_is_told_and_not_accepted(transcript: Transcript, how: str):
    async with udp_server(lambda query, _: [forge(query, how), right(query)]) as (where, _):
        found = await lookup(QUESTION, where, transcript)
    assert [record.data for record in found.found] == ["192.0.2.1"]
    assert [one.reason for one in found.ignored] == ["malformed" if how == "junk" else how]
    assert [said.title for said in found.said] == ["query by UDP", "not accepted, by UDP", "answer by UDP"]
    assert facts(transcript) == ["dns.ignored", "dns.answer"]


async def test_an_answer_from_elsewhere_is_heard_and_not_accepted(transcript: Transcript):
    async with udp_server(lambda query, number: []) as (elsewhere, stranger):

        def say(query: bytes, _number: int):
            stranger.transport.sendto(forge(query, ""), server.clients[-1])
            return [right(query)]

        async with udp_server(say) as (where, server):
            found = await lookup(QUESTION, where, transcript)
    assert [record.data for record in found.found] == ["192.0.2.1"]
    assert [(one.reason, one.source) for one in found.ignored] == [("source", f"127.0.0.1:{elsewhere.port}")]


async def test_a_flood_of_forged_answers_is_counted_and_ends_nothing(transcript: Transcript):
    async with udp_server(lambda query, _: [forge(query, "id")] * 100 + [right(query)]) as (where, _):
        found = await lookup(QUESTION, where, transcript)
    assert (found.outcome, found.ignored_count, len(found.ignored)) == (Outcome.ANSWER, 100, 32)


async def test_only_forged_answers_are_no_answer_and_the_failure_says_so(transcript: Transcript):
    async with udp_server(lambda query, _: [forge(query, "id")]) as (where, _):
        with pytest.raises(TooSlow, match="1 came that did not belong"):
            await lookup(QUESTION, where, transcript, waits_s=(0.05,))


async def test_a_server_that_makes_no_sense_is_blamed_after_the_first_wait(transcript: Transcript):
    async with udp_server(lambda query, _: [forge(query, "malformed")]) as (where, server):
        with pytest.raises(PeerMisbehaved) as caught:
            await lookup(QUESTION, where, transcript, waits_s=(0.05, 30.0))
    assert (caught.value.exit_code, len(server.queries)) == (4, 1)
    assert caught.value.data


# ---- by TCP


@pytest.mark.parametrize("pieces", [1, 2, 7])
async def test_a_truncated_answer_is_asked_for_again_by_tcp(transcript: Transcript, pieces: int):
    def whole(query: bytes) -> list[bytes]:
        data = framed(right(query))
        step = -(-len(data) // pieces)
        return [data[at : at + step] for at in range(0, len(data), step)]

    async with (
        tcp_server(whole) as where,
        udp_server(lambda query, _: [cut_off(query)], where.port or 0) as (_, server),
    ):
        found = await lookup(QUESTION, where, transcript)
    assert (found.outcome, found.transport, found.truncated, found.sent) == (Outcome.ANSWER, "tcp", True, 2)
    assert [said.title for said in found.said] == [
        "query by UDP",
        "truncated answer by UDP",
        "query by TCP",
        "answer by TCP",
    ]
    assert found.said[2].data[:2] != server.queries[0][:2] or found.said[2].data[2:] == server.queries[0][2:]
    assert facts(transcript) == ["dns.truncated", "dns.answer"]
    assert [info.layer for info in transcript.channels] == ["udp", "tcp"]


async def test_it_may_begin_by_tcp(transcript: Transcript):
    async with tcp_server(lambda query: [framed(right(query))]) as where:
        found = await lookup(QUESTION, where, transcript, wish=Wish("tcp"))
    assert (found.transport, found.truncated, found.sent) == ("tcp", False, 1)


async def test_a_stream_may_hold_answers_to_others(transcript: Transcript):
    async with tcp_server(lambda query: [framed(forge(query, "id")) + framed(right(query))]) as where:
        found = await lookup(QUESTION, where, transcript, wish=Wish("tcp"))
    assert [one.reason for one in found.ignored] == ["id"]


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        ([], "the stream ended, no answer"),
        ([b"\0"], "after 1 of the answer's 2 octets"),
        ([b"\0\x50abc"], "after 5 of the answer's 82 octets"),
        ([b"\0\4junk"], "the stream ended, no answer"),
    ],
)
async def test_a_stream_that_ends_within_the_answer_is_a_broken_answer(
    transcript: Transcript, pieces, why: str
):
    async with tcp_server(lambda query: pieces) as where:
        with pytest.raises(PeerMisbehaved, match=why) as caught:
            await lookup(QUESTION, where, transcript, wish=Wish("tcp"))
    assert caught.value.exit_code == 4


async def test_the_way_leads_through_a_relay_for_each_transport(transcript: Transcript):
    ways: list[str] = []

    async def via(target: Target) -> Target:
        ways.append(f"{target.scheme} {target.host}")
        return target._replace(host="127.0.0.1", port=real.port)

    async with (
        tcp_server(lambda query: [framed(right(query))]) as real,
        udp_server(lambda query, _: [cut_off(query)], real.port or 0),
    ):
        found = await lookup(QUESTION, Target("tcp", "192.0.2.53", 53), transcript, via=via)
    assert found.outcome is Outcome.ANSWER
    assert ways == ["udp 192.0.2.53", "tcp 192.0.2.53"]


async def test_the_stage_is_told(transcript: Transcript):
    told: list[str] = []
    async with (
        tcp_server(lambda query: [framed(right(query))]) as where,
        udp_server(lambda query, _: [cut_off(query)], where.port or 0),
    ):
        await lookup(QUESTION, where, transcript, report=told.append)
    assert told == ["resolve", "query", "tcp"]
