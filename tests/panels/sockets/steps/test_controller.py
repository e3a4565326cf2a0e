"""What the page of calls by hand does, without Qt: calls, stories, options, exceptions, and a script of it all.

What it holds is tested through it: workbench.panels.sockets.steps.state.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.panels.sockets.steps.controller import StepsController
from workbench.protocols.calls.options import all_options
from workbench.transcript.recorder import Transcript

OPTIONS = {option.name: option for option in all_options()}


@asynccontextmanager
async def controlled(**services: object) -> AsyncIterator[StepsController]:
    async with serving("echo") as served:

        async def resolver(target: Target) -> Target:
            return Target("tcp", served.host, served.port) if target.is_lab else target

        controller = StepsController(Transcript, resolver)
        try:
            yield controller
        finally:
            await controller.retire()


async def test_a_call_is_made_and_its_answer_stands_in_the_state():
    async with controlled() as controller:
        await controller.type("a = socket")
        assert controller.state.selected == "a"
        await controller.type("a.getpeername")
        state = controller.state
        assert (state.verdict.kind, state.verdict.word) == ("bad", "OSError")
        assert "there is no peer yet" in state.verdict.sentence
        assert [outcome.text for outcome in state.outcomes][-1] == "a.getpeername()"
        assert state.descriptor is not None
        assert state.descriptor.state == "CREATED"
        assert any(each.fd == state.descriptor.fd for each in state.open_descriptors or ())


async def test_a_mistake_is_shown_and_nothing_is_done():
    async with controlled() as controller:
        with pytest.raises(LocalMisuse):
            await controller.type("a.frob")
        state = controller.state
        assert state.problem is not None
        assert (state.outcomes, state.running) == ((), 0)
        controller.dismiss()
        assert controller.state.problem is None


async def test_a_story_is_told_call_by_call_against_the_lab():
    async with controlled() as controller:
        await controller.begin("client")
        assert controller.state.next_line == "a = socket INET STREAM"
        await controller.step()
        assert controller.state.next_line == "a.connect lab:echo"
        await controller.play()
        assert controller.state.outcomes[-1].result == "b'hello\\r\\n'"
        with pytest.raises(LocalMisuse, match="come to its end"):
            await controller.step()
        assert "a.connect(('127.0.0.1'," in controller.copy_as_python()
        before = controller.transcript
        await controller.begin("dup")
        assert controller.transcript is not before
        assert controller.state.outcomes == ()
        with pytest.raises(LocalMisuse):
            await controller.begin("nothing")


async def test_a_server_waits_while_other_calls_are_made():
    async with controlled() as controller:
        await controller.begin("server")
        telling = asyncio.create_task(controller.play())
        while controller.state.descriptor is None or not controller.state.descriptor.waiting:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert controller.state.running == 1
        await controller.type("c = socket")
        await controller.type("c.connect @a")
        await telling
        assert {each.name for each in controller.state.descriptors} == {"a", "b", "c"}
        assert controller.state.running == 0


async def test_a_cancelled_call_is_told():
    async with controlled() as controller:
        for line in ("a = socket", "a.bind 127.0.0.1:0", "a.listen"):
            await controller.type(line)
        waiting = asyncio.create_task(controller.type("a.accept"))
        while not controller.state.descriptor.waiting:  # noqa: ASYNC110 - waiting has no event of its own
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert controller.state.verdict.word == "cancelled"
        assert controller.state.outcomes[-1].is_cancelled
        assert controller.state.descriptor.waiting == ""


@pytest.mark.covers("C3.2")
async def test_options_are_read_set_and_a_difference_is_marked():
    async with controlled() as controller:
        assert {row.why for row in controller.state.options if row.option.is_here} == {
            "no open socket is selected"
        }
        await controller.type("a = socket")
        await controller.set_option(OPTIONS["SO_RCVBUF"], "10000")
        rows = {row.option.name: row for row in controller.state.options}
        granted = rows["SO_RCVBUF"]
        assert granted.differs is (granted.value != "10000")
        assert granted.octets[:4] == int(granted.value).to_bytes(4, "little")
        await controller.set_option(OPTIONS["SO_LINGER"], "1, 5")
        assert {row.option.name: row.value for row in controller.state.options}["SO_LINGER"] == "1, 5"
        assert "this socket has it not" in rows["IPV6_V6ONLY"].why
        await controller.type("a.close")
        assert {row.why for row in controller.state.options if row.option.is_here} == {
            "no open socket is selected"
        }


async def test_an_option_needs_a_socket():
    async with controlled() as controller:
        with pytest.raises(LocalMisuse, match="no socket is selected"):
            await controller.set_option(OPTIONS["SO_RCVBUF"], "1")


async def test_exceptions_are_provoked_beside_the_desk():
    async with controlled() as controller:
        await controller.type("a = socket")
        await controller.provoke("ConnectionResetError")
        state = controller.state
        assert state.provoked["ConnectionResetError"].raised == "ConnectionResetError"
        assert (state.verdict.word, state.provoking) == ("provoked", "")
        assert [each.name for each in state.descriptors] == ["a"]
        with pytest.raises(LocalMisuse):
            await controller.provoke("ConnectionError")


async def test_partial_writes_are_no_plain_success():
    async with controlled() as controller:
        await controller.begin("both")
        await controller.play()
        await controller.type("b.setblocking no")
        await controller.type('b.send "x" times=16000000')
        verdict = controller.state.verdict
        assert verdict.kind == "warning"
        assert any(re.fullmatch(r".* of 1[56][.0-9]* Mi?B", text) for text, _ in verdict.chips), verdict.chips


async def test_nothing_is_copied_from_an_empty_desk():
    async with controlled() as controller:
        with pytest.raises(LocalMisuse):
            controller.copy_as_python()
