"""Scripts carried out against a peer that follows a script of its own; the remarks they leave are script_explain's."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, LocalMisuse, Refused, TooSlow
from workbench.formats.target import parse_target
from workbench.protocols.raw.script import parse_script
from workbench.protocols.raw.script_explain import FACTS, explain
from workbench.protocols.raw.script_run import StepResult, explained, run_script
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.datagram import open_datagram


async def carried_out(text: str, peer: object, transcript: Transcript | None = None, **options: object):
    own = Transcript() if transcript is None else transcript
    try:
        return await run_script(parse_script(text), parse_target(str(peer)), own, **options)
    finally:
        if transcript is None:
            own.close()


async def test_a_conversation_that_goes_as_expected_passes():
    told = []
    with scripted_peer(
        [
            ("send", b"220 read"), ("send", b"y\r\n"), ("expect", b"NOOP 1\r\n"), ("send", b"250 ok\r\n"),
            ("expect", b"NOOP 2\r\n"), ("send", b"250 ok\r\n"), ("wait_eof",),
        ]
    ) as peer:  # fmt: skip
        outcome = await carried_out(
            'expect "220 ready\\r\\n"\nrepeat 2\nsend "NOOP ${counter}\\r\\n"\n'
            'expect regex "^250 .*\\r\\n"\nend\nfinish\nexpect end FIN within 5s\n',
            peer,
            on_step=told.append,
        )
    assert outcome.passed
    assert outcome.failure is None
    assert tuple(told) == outcome.steps
    assert [step.line for step in outcome.steps] == [1, 3, 4, 3, 4, 6, 7]
    assert outcome.steps[1].data == b"NOOP 1\r\n"
    assert outcome.left == 0
    assert explained(outcome.steps, None) == "all 7 steps passed"
    assert all(a.began_ms <= b.began_ms for a, b in zip(outcome.steps, outcome.steps[1:], strict=False))


@settings(max_examples=15)
@given(st.lists(st.integers(1, 5), max_size=6))
async def test_an_expectation_is_met_however_the_octets_are_cut(cuts: list[int]):
    data, steps = b"first second third", []
    rest = data
    for cut in cuts:
        steps, rest = [*steps, ("send", rest[:cut])], rest[cut:]
    with scripted_peer([*[step for step in steps if step[1]], ("send", rest or b"."), ("wait_eof",)]) as peer:
        outcome = await carried_out('expect "first"\nexpect hex 74 68\nexpect "ird"\nfinish', peer)
    assert outcome.passed, outcome.failure
    assert outcome.steps[1].note == "8 B stood before it"


async def test_something_else_is_a_no_and_the_rest_is_skipped():
    with scripted_peer([("expect", b"x"), ("send", b"500 never\r\n"), ("stall",)]) as peer:
        outcome = await carried_out('send "x"\nexpect "250" within 800ms\nsend "y"', peer)
    assert isinstance(outcome.failure, Refused)
    assert outcome.failure.data == b"500 never\r\n"
    assert [step.verdict for step in outcome.steps] == ["passed", "failed", "skipped"]
    assert explained(outcome.steps, outcome.failure).startswith("1 of 3 steps passed; line 2: something else")
    assert outcome.left == len(b"500 never\r\n")


async def test_silence_is_no_answer():
    with scripted_peer([("expect", b"x"), ("stall",)]) as peer:
        outcome = await carried_out('send "x"\nexpect "250" within 100ms', peer)
    assert isinstance(outcome.failure, TooSlow)
    assert outcome.failure.exit_code == 3


async def test_the_peer_that_ends_before_has_said_no():
    with scripted_peer([("expect", b"x"), ("send", b"bye")]) as peer:
        outcome = await carried_out('send "x"\nexpect "250"', peer)
    assert isinstance(outcome.failure, Refused)
    assert "ended before" in outcome.failure.what


async def test_an_end_is_expected_by_its_kind():
    with scripted_peer([("expect", b"x"), ("send", b"rest"), ("reset",)]) as peer:
        outcome = await carried_out('send "x"\nexpect end RST', peer)
    assert outcome.passed, outcome.failure
    with scripted_peer([("expect", b"x"), ("send", b"rest")]) as peer:
        outcome = await carried_out('send "x"\nexpect end RST', peer)
    assert isinstance(outcome.failure, Refused)
    assert outcome.failure.what == "the peer ended with FIN, not with RST; 4 B came before"
    with scripted_peer([("stall",)]) as peer:
        outcome = await carried_out("expect end within 100ms", peer)
    assert isinstance(outcome.failure, TooSlow)


async def test_silence_can_be_expected():
    with scripted_peer([("stall",)]) as peer:
        assert (await carried_out("expect nothing for 50ms", peer)).passed
    with scripted_peer([("send", b"!"), ("stall",)]) as peer:
        outcome = await carried_out("expect nothing for 5s", peer)
    assert isinstance(outcome.failure, Refused)
    assert outcome.failure.data == b"!"
    with scripted_peer([]) as peer:
        outcome = await carried_out("expect nothing for 5s", peer)
    assert outcome.failure is not None
    assert "ended" in outcome.failure.what


async def test_the_guard_makes_an_accidental_write_an_error_instead_of_a_deadlock():
    transcript = Transcript()
    with scripted_peer([("expect", b"all"), ("wait_eof",), ("send", b"done")]) as peer:
        outcome = await carried_out(
            'send "all"\nguard\nexpect "done"\nsend "once too often"', peer, transcript
        )
    assert isinstance(outcome.failure, LocalMisuse)
    assert "guard" in outcome.failure.what
    assert [step.verdict for step in outcome.steps] == ["passed", "passed", "passed", "failed"]
    assert transcript.stream(0, Direction.SENT, "tcp").read(0, 99) == b"all"
    assert "finish.sent" in [event.name for event in transcript.events()]
    transcript.close()


async def test_a_peer_that_has_gone_ends_the_sending():
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer:
        outcome = await carried_out('send "x"\nexpect end RST\nsend "y"', peer)
    assert isinstance(outcome.failure, LinkLost)
    assert outcome.failure.exit_code == 3


async def test_behind_close_nothing_goes():
    for ending in ("close", "reset"):
        with scripted_peer([]) as peer:
            outcome = await carried_out(f'{ending}\nsend "x"', peer)
        assert isinstance(outcome.failure, LocalMisuse)
        assert [step.verdict for step in outcome.steps] == ["passed", "failed"]


async def test_a_number_that_does_not_fit_is_shown_in_the_script():
    text = 'send "ok"\nsend "${counter from=255 as=u8}${counter name=b from=256 as=u8}"'
    with scripted_peer([("expect", b"ok"), ("wait_eof",)]) as peer:
        outcome = await carried_out(text, peer)
    assert isinstance(outcome.failure, LocalMisuse)
    assert (outcome.failure.text, outcome.failure.start) == (text, 10)


async def test_a_pattern_without_end_is_given_up_and_named():
    with scripted_peer([("send", b"a" * 40 + b"!"), ("stall",)]) as peer:
        outcome = await carried_out('expect regex "(a|a)+$" within 5s', peer)
    assert isinstance(outcome.failure, LocalMisuse)
    assert "too long" in outcome.failure.what
    assert outcome.failure.start == 0


async def test_what_nobody_awaits_is_remembered_within_bounds():
    with scripted_peer([("send", b"x" * 3_000_000), ("send", b"end\r\n"), ("wait_eof",)]) as peer:
        outcome = await carried_out('expect "end\\r\\n"\nfinish', peer)
    assert outcome.passed
    assert outcome.steps[0].data == b"end\r\n"


async def test_a_seed_makes_chance_the_same():
    async def sent() -> bytes:
        transcript = Transcript()
        with scripted_peer([("stall",)]) as peer:
            await carried_out('seed 3\nsend "${random 8}${uuid}"', peer, transcript)
        data = transcript.stream(0, Direction.SENT, "tcp").read(0, 99)
        transcript.close()
        return data

    assert await sent() == await sent()


async def test_datagrams_are_looked_at_one_by_one():
    transcript = Transcript()
    server = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))

    async def serve() -> None:
        for answer in (b"no", b"yes", b"la", b"te", b""):
            received = await server.receive()
            await server.send(answer, received.source)

    serving = asyncio.create_task(serve())
    text = (
        'send ""\nsend "a"\nexpect "yes" within 5s\nsend "b"\nsend "c"\n'
        'expect regex "^te$" within 5s\nsend "d"\nexpect "late" within 500ms'
    )
    outcome = await carried_out(text, server.address, transport="udp")
    await serving
    await server.aclose()
    transcript.close()
    assert [step.verdict for step in outcome.steps] == ["passed"] * 7 + ["failed"]
    # "la" and "te" are two messages: what stands in neither of them does not stand there.
    assert isinstance(outcome.failure, Refused)


async def test_nobody_there_is_told_by_icmp():
    text = 'send "a"\nexpect "b" within 5s'
    outcome = await carried_out(text, f"127.0.0.1:{free_port()}", transport="udp")
    assert isinstance(outcome.failure, LinkLost)
    assert outcome.failure.errno_name == "ECONNREFUSED"


async def test_tls_that_nobody_described_is_refused_before_anything_is_sent():
    with pytest.raises(LocalMisuse, match="starts TLS"):
        await carried_out("starttls", "127.0.0.1:9")


async def test_cancelling_gives_the_socket_back():
    with scripted_peer([("expect", b"x"), ("send", b"y"), ("wait_eof",)]) as peer:
        expected = asyncio.Event()
        text = 'send "x"\nexpect "y"\nexpect end within 60m'

        def on_step(step: StepResult) -> None:
            if step.number == 2:
                expected.set()

        task = asyncio.create_task(carried_out(text, peer, on_step=on_step))
        await expected.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_every_remark_is_explained():
    transcript = Transcript()
    with scripted_peer([("send", b"a"), ("stall",)]) as peer:
        await carried_out('expect "a"\nexpect "b" within 50ms', peer, transcript)
    channel = transcript.open("rules", "tcp")
    channel.fact("rule.matched", rule=1, when='text "a"', delay_ms=20, then="reset")
    channel.fact("rule.off", rule=2, why="it takes too long")
    channel.fact("repeat.started", count=2, per_s=5.0, transport="udp")
    channel.fact("repeat.ended", sent=2, answered=1, lost=1)
    facts = {event.name: explain(transcript, event) for event in transcript.events() if event.name in FACTS}
    assert set(facts) == set(FACTS)
    assert all(told is not None and told.what and told.text for told in facts.values())
    other = next(event for event in transcript.events() if event.name == "connect.complete")
    assert explain(transcript, other) is not None
    transcript.close()
