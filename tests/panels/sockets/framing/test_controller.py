"""What the page of framings does, without Qt: the bench, every cut, numbers, structures, and real connections.

Of workbench.panels.sockets.framing.bench, workbench.panels.sockets.framing.live,
workbench.panels.sockets.framing.lookups and workbench.panels.sockets.framing.verdicts, through the controller.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.lab.houses import serving
from workbench.errors import LinkLost, LocalMisuse, TooSlow
from workbench.formats.target import Target
from workbench.panels.sockets.framing.bench import MAX_MESSAGES, MAX_STEPS, MAX_TEXT, work
from workbench.panels.sockets.framing.controller import MAX_CHOPPED, FramingController
from workbench.panels.sockets.framing.state import Form
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


@asynccontextmanager
async def controlled(service: str = "", **switches: object) -> AsyncIterator[FramingController]:
    async def nowhere(target: Target) -> Target:
        return target

    if not service:
        controller = FramingController(Transcript, nowhere)
        yield controller
        controller.transcript.close()
        return
    async with serving(service, **switches) as served:

        async def resolver(target: Target) -> Target:
            return Target("udp" if service.startswith("udp") else "tcp", served.host, served.port)

        controller = FramingController(Transcript, resolver)
        controller.timeout_s = 10
        controller.compose(target=f"lab:{service}", transport="udp" if service.startswith("udp") else "tcp")
        yield controller
        controller.transcript.close()


def out(controller: FramingController) -> list[bytes]:
    return [message.data for message in controller.state.frames.read.messages]


@pytest.mark.covers("C5.8")
async def test_messages_go_through_a_real_stream_in_pieces_and_come_back_and_datagrams_need_no_framing():
    async with controlled("echo", one_byte=True) as controller:
        controller.compose(framing="length:2:big", messages="Hel\nlo\n\\0\\n", cut="1")
        await controller.send()
        state = controller.state
        assert (state.verdict.kind, state.verdict.word) == ("good", "the same")
        assert out(controller) == [b"Hel", b"lo", b"\0\n"]
        read = state.frames.read
        assert read.is_live
        assert len(read.steps) > 2
        assert read.steps[-1].state.name.startswith("complete")
        # One send for each piece, as it was cut; the messages are none of TCP's business.
        sent = [event for event in controller.transcript.events() if event.direction is Direction.SENT]
        assert [event.size for event in sent if event.kind == "bytes"] == [1] * len(state.frames.wire.data)
    async with controlled("udp-echo") as controller:
        controller.compose(messages="a\nb")
        await controller.send()
        assert (controller.state.verdict.word, out(controller)) == ("boundaries kept", [b"a", b"b"])
        assert [step.stop - step.start for step in controller.state.frames.read.steps] == [1, 1]


@pytest.mark.covers("C5.9")
async def test_a_cut_by_fin_is_seen_with_a_length_and_not_without():
    async with controlled("echo", cut_after=9) as controller:
        controller.compose(framing="digits", detail="4", messages="hello world")
        await controller.send()
        verdict = controller.state.verdict
        assert (verdict.word, "6 octets at least missing" in verdict.sentence) == ("incomplete", True)
        assert out(controller) == []
        controller.compose(framing="close")
        await controller.send()
        assert out(controller) == [b"hello wor"]
        assert controller.state.frames.read.ending.word == "unknown"
    async with controlled() as controller:
        controller.compose(framing="close", messages="hello", ends_after=2)
        assert (controller.state.verdict.word, out(controller)) == ("changed", [b"he"])
        controller.compose(framing="length:4:big", ends_after=6)
        assert (controller.state.verdict.word, out(controller)) == ("incomplete", [])
        controller.compose(framing="close", ends_after=-1)
        assert controller.state.verdict.word == "can't tell"


async def test_every_cut_is_tried_and_the_forgetful_decoder_is_found_out():
    async with controlled() as controller:
        controller.compose(framing="backslash", messages="a\\nb\\\\c")
        await controller.try_every_cut()
        assert controller.state.verdict.word == "the same for every cut"
        assert controller.state.frames.report.tried == 2 ** (len(controller.state.frames.wire.data) - 1)
        controller.compose(forgets=True)
        assert controller.state.verdict.word == "the same"
        await controller.try_every_cut()
        state = controller.state
        assert (state.verdict.word, state.frames.cut) == ("differs", (1,))
        assert len(state.frames.read.messages) == 2
        assert len(state.frames.read.steps) == 3


async def test_trying_can_be_stopped_and_does_not_hold_the_loop_up():
    async with controlled() as controller:
        controller.compose(framing="lf", messages="\n" * 150 + "x" * 49)
        trying = asyncio.create_task(controller.try_every_cut())
        # The task lets the loop turn after its first slice, when most cuts are still to be tried.
        await asyncio.sleep(0)
        assert controller.state.verdict.word == "trying"
        trying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await trying
        assert (controller.state.phase, controller.state.verdict.word) == ("idle", "stopped")
        controller.compose(messages="x" * (MAX_CHOPPED + 1))
        await controller.compute()
        with pytest.raises(LocalMisuse, match="too many"):
            await controller.try_every_cut()
        assert controller.state.problem is not None


@pytest.mark.covers("C5.10")
async def test_a_marker_in_a_message_is_pointed_out_before_sending_and_the_limit_is_ones_own():
    async with controlled() as controller:
        controller.compose(framing="nul", messages="a\\0b")
        (noted,) = controller.state.frames.noted
        assert (noted.message, noted.remark.code, noted.remark.at) == (1, "marker-in-data", 1)
        assert out(controller) == [b"a", b"b"]
        assert controller.state.verdict.word == "not the same"
        assert controller.compose(framing="lf", messages="x" * 70_000)
        await controller.compute()
        assert (controller.state.verdict.word, "65,536" in controller.state.verdict.sentence) == (
            "broken",
            True,
        )
        controller.compose(limit="70000")
        await controller.compute()
        assert controller.state.verdict.word == "the same"


@pytest.mark.parametrize(
    ("fields", "wrong", "what"),
    [
        ({"messages": "one\ntw\\q"}, "messages", "unknown|escape|is no"),
        ({"framing": "digits", "detail": "2", "messages": "x" * 100}, "message", "99 at most"),
        ({"framing": "digits", "detail": "x", "messages": "x"}, "detail", "1 to 20"),
        ({"framing": "marker", "detail": "", "messages": "x"}, "detail", "1 to 70"),
        ({"limit": "0", "messages": "x"}, "limit", "1 to 1,048,576"),
        ({"framing": "design", "design": "kind u8", "messages": "x"}, "design", "colon"),
        ({"framing": "design", "design": "a: u8\nb: u8", "messages": "a=1"}, "message", "b has no value"),
    ],
)
async def test_what_is_typed_wrong_has_its_field_and_nothing_is_sent(
    fields: dict[str, object], wrong: str, what: str
):
    async with controlled() as controller:
        controller.compose(**fields)
        frames = controller.state.frames
        assert frames.wrong == wrong
        assert any(word in str(frames.mistake) for word in what.split("|"))
        assert controller.state.verdict.kind == "bad"
        assert controller.state.why_not_send == controller.state.why_not_try == "something is typed wrong"
        if wrong == "messages":
            assert frames.mistake.start == 6


async def test_a_design_shows_its_fields_and_leaves_as_a_class():
    async with controlled() as controller:
        controller.compose(framing="design", messages="kind=1 body=hello", cut="marks")
        (fields,) = controller.state.frames.read.fields
        assert [(each.field.name, each.value) for each in fields] == [
            ("magic", 0xCAFE),
            ("kind", 1),
            ("size", 5),
            ("body", b"hello"),
        ]
        assert controller.state.verdict.word == "the same"
        assert "class Decoder" in controller.copy_as_class()
        controller.compose(framing="lf")
        with pytest.raises(LocalMisuse):
            controller.copy_as_class()


async def test_what_was_sent_leaves_as_a_script():
    async with controlled("echo") as controller:
        controller.compose(framing="length:4:big", messages="Test.")
        with pytest.raises(LocalMisuse):
            controller.copy_as_python()
        await controller.send()
        script = controller.copy_as_python()
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-I", "-c", script], capture_output=True, check=True, timeout=60
        )
        assert b"\0\0\0\5Test." in done.stdout


async def test_a_peer_that_resets_or_says_nothing_is_told_of():
    async with controlled("resetting", after=3) as controller:
        controller.compose(framing="lf", messages="hello", transport="tcp")
        await controller.send()
        assert (controller.state.verdict.word, "RST" in controller.state.verdict.sentence) == (
            "incomplete",
            True,
        )
    async with controlled("echo", delay_ms=5000) as controller:
        controller.timeout_s = 0.2
        controller.compose(messages="hello")
        with pytest.raises(TooSlow):
            await controller.send()
        assert (controller.state.phase, controller.state.problem.kind) == ("idle", "TooSlow")
        sending = asyncio.create_task(controller.send())
        await asyncio.sleep(0)
        assert controller.state.phase == "sending"
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert controller.state.verdict.word == "cancelled"


async def test_nobody_there_is_a_failure_with_its_stage(tmp_path):
    async with controlled() as controller:
        controller.compose(messages="x", target=f"unix:{tmp_path}/nobody")
        with pytest.raises(LinkLost):
            await controller.send()
        assert (controller.state.verdict.kind, controller.state.problem.stage) == ("bad", "connect")


@pytest.mark.covers("C5.15", "C5.16", "C5.18")
async def test_numbers_and_structures_follow_what_is_typed():
    async with controlled() as controller:
        controller.compose(
            number="5", octets="05 00 00 00", format="!I", structure="05 00 00 00", values="70000"
        )
        numbers, structure = controller.state.numbers, controller.state.structure
        assert {row.hex for row in numbers.rows} >= {"35", "30 30 30 35", "00 00 00 05", "05 00 00 00"}
        assert "htonl(5) is" in numbers.remark
        assert "looks byte-swapped" in numbers.hint
        assert structure.fields[0].value == 83886080
        assert "looks byte-swapped" in structure.fields[0].hint
        assert structure.packed == bytes.fromhex("00011170")
        controller.compose(format="!H")
        assert "0 to 65535" in str(controller.state.structure.values_mistake)
        controller.compose(format="!Z", values="1")
        assert controller.state.structure.mistake.start == 1
        assert controller.state.structure.values_mistake is None
        controller.compose(format="!H2s", values="1 'ab'", structure="zz", number="five", octets="")
        state = controller.state
        assert state.structure.packed == b"\0\1ab"
        assert state.structure.octets_mistake.start == 0
        assert state.numbers.mistake is not None
        assert state.numbers.octets_mistake is not None
        controller.compose(values="1 x:616 ?")
        assert controller.state.structure.values_mistake is not None
        controller.compose(framing="length:4:big", messages="Test.", format="!I")
        controller.take_wire()
        assert controller.state.structure.data == b"\0\0\0\5Test."
        assert controller.state.structure.known[0].name == "a length of 4 octets"


async def test_numbers_leave_what_came_over_a_connection_alone():
    async with controlled("echo") as controller:
        controller.compose(messages="hello")
        await controller.send()
        controller.compose(number="7")
        assert controller.state.frames.read.is_live
        controller.compose(messages="hello!")
        assert not controller.state.frames.read.is_live


def test_large_texts_are_worked_on_in_slices():
    messages = "abcdefg\n" * MAX_MESSAGES
    slices = list(work(Form(messages=messages, cut="1", framing="slip")))
    frames = slices[-1]
    assert len(frames.read.messages) == MAX_MESSAGES
    assert len(frames.read.steps) == MAX_STEPS + 1
    assert frames.read.more == len(frames.wire.data) - MAX_STEPS
    # Some 50,000 octets one by one are half a second of work: handed out in many slices.
    assert len(slices) > 5
    *_, too_long = work(Form(messages="x" * (MAX_TEXT + 1)))
    assert "more than" in str(too_long.mistake)
    *_, too_many = work(Form(messages="x\n" * (MAX_MESSAGES + 1)))
    assert "4,096 messages" in str(too_many.mistake)
    *_, forgetful = work(Form(messages="x" * 5000, forgets=True))
    assert "4,096 octets" in str(forgetful.mistake)
