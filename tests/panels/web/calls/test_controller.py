"""What the page of calls does, without Qt: methods listed, calls made, faults and mistakes told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse, PeerMisbehaved, Refused
from workbench.formats.target import Target
from workbench.panels.web.calls.controller import CallsController, arguments_for
from workbench.panels.web.calls.state import Argument
from workbench.protocols.xmlrpc.values import Method
from workbench.transcript.recorder import Transcript


@asynccontextmanager
async def controlled(**switches: object) -> AsyncIterator[CallsController]:
    async with serving("xmlrpc", **switches) as served:

        async def resolver(target: Target) -> Target:
            return Target("tcp", served.host, served.port) if target.is_lab else target

        controller = CallsController(Transcript, resolver)
        controller.compose(target="lab:xmlrpc")
        yield controller
        controller.transcript.close()


async def test_methods_are_listed_and_one_is_called():
    async with controlled() as controller:
        await controller.list_methods()
        assert controller.state.verdict.word == "listed"
        controller.choose("pow")
        assert controller.state.form.arguments == (Argument("int"), Argument("int"))
        controller.compose(arguments=(Argument("int", "2"), Argument("", "10")))
        await controller.call()
        state = controller.state
        assert (state.verdict.word, state.verdict.sentence) == ("value", "1024")
        assert b"<methodName>pow</methodName>" in state.came.sent
        assert b"1024" in state.came.received
        assert "server, 'pow')(2, 10)" in controller.copy_as_python()
        assert "<methodName>pow</methodName>" in controller.copy_as_curl()


async def test_nothing_can_be_copied_before_a_call():
    async with controlled() as controller:
        with pytest.raises(LocalMisuse):
            controller.copy_as_python()


async def test_a_wrong_argument_is_named_and_nothing_is_sent():
    async with controlled() as controller:
        controller.compose(method="pow", arguments=(Argument("int", "2"), Argument("int", "x")))
        with pytest.raises(LocalMisuse):
            await controller.call()
        assert controller.state.wrong_argument == 1
        assert len(controller.transcript) == 0
        controller.compose(arguments=())
        assert controller.state.wrong_argument == -1


async def test_a_fault_an_error_of_http_and_nonsense_are_told_apart():
    async with controlled() as controller:
        controller.compose(method="fail", arguments=(Argument("", "4"), Argument("", "too late")))
        with pytest.raises(Refused):
            await controller.call()
        assert (controller.state.verdict.word, controller.state.verdict.sentence) == ("fault", "4: too late")
        controller.compose(target="lab:xmlrpc/elsewhere")
        with pytest.raises(Refused):
            await controller.call()
        assert controller.state.verdict.word == "http"
    async with controlled(says="bad-int") as controller:
        controller.compose(method="pow")
        with pytest.raises(PeerMisbehaved):
            await controller.call()
        assert controller.state.verdict.word == "answer"
        assert b"ten" in controller.state.came.received


async def test_cancelled_nobody_knows_whether_it_was_done():
    async with controlled(delay_ms=5000) as controller:
        controller.compose(method="pow", arguments=(Argument("", "1"), Argument("", "1")))
        waiting = asyncio.Event()
        controller.observe(lambda each: waiting.set() if each.state.stage == "head" else None)
        calling = asyncio.create_task(controller.call())
        await waiting.wait()
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        assert controller.state.verdict.word == "cancelled"
        assert not controller.state.is_running


def test_arguments_follow_a_signature_and_unknown_types_go_by_their_text():
    method = Method("m", (("int", "i4", "widget", "array"), ()))
    assert arguments_for(method) == (Argument("int"), Argument(""), Argument("array"))
    assert arguments_for(method, 5) == ()
