"""What the page of Gopher does, without Qt: asking, following, going back, four levels, failures on their rungs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.lab.houses import serving
from workbench.errors import LocalMisuse, Refused, TooSlow
from workbench.formats.target import Target
from workbench.panels.sockets.gopher.controller import GopherController, request_of
from workbench.panels.sockets.gopher.state import MAX_BACK, Form
from workbench.protocols.gopher.values import Item
from workbench.transcript.recorder import Transcript


@asynccontextmanager
async def controlled(**switches: object) -> AsyncIterator[GopherController]:
    async with serving("gopher", **switches) as served:

        async def resolver(target: Target) -> Target:
            return Target("tcp", served.host, served.port) if target.is_lab else target

        controller = GopherController(Transcript, resolver)
        controller.compose(address="lab:gopher")
        yield controller
        controller.transcript.close()


def states(controller: GopherController) -> list[str]:
    return [rung.state for rung in controller.state.rungs]


async def test_a_menu_is_opened_an_item_followed_and_left_again():
    async with controlled() as controller:
        await controller.ask()
        assert controller.state.verdict.word == "menu"
        assert controller.state.why_not_back
        stars = next(item for item in controller.state.answer.items if item.text == "Stars")
        await controller.open_item(stars)
        # The same server keeps the name by which it was asked for.
        assert controller.state.form.address == "lab:gopher/1/stars"
        assert controller.state.answer.items[1].text == "Sirius"
        await controller.back()
        assert controller.state.answer.items[3].text == "Stars"
        assert controller.state.form.address == "lab:gopher/"
        assert len(controller.state.trail) == 1
        await controller.back()
        assert len(controller.state.trail) == 1
        assert states(controller) == ["done"] * 7


async def test_the_trail_has_a_bound():
    async with controlled() as controller:
        await controller.ask()
        controller.state = replace(controller.state, trail=controller.state.trail * MAX_BACK)
        await controller.ask()
        assert len(controller.state.trail) == MAX_BACK


async def test_lines_that_lead_nowhere_say_so():
    async with controlled() as controller:
        for item in (
            Item("i", "words"),
            Item("3", "no", "", "h", 1),
            Item("8", "x", "", "h", 23),
            Item("1", "x", "/"),
        ):
            with pytest.raises(LocalMisuse, match="leads nowhere"):
                controller.request_for(item)
        elsewhere = controller.request_for(Item("1", "x", "/y", "127.0.0.2", 70))
        assert str(elsewhere.target) == "127.0.0.2:70"


async def test_a_no_and_a_cut_are_told_apart():
    async with controlled() as controller:
        controller.compose(selector="/nowhere")
        with pytest.raises(Refused):
            await controller.ask()
        assert controller.state.phase == "failed"
        assert [rung.name for rung in controller.state.rungs if rung.state == "failed"] == ["end"]
        assert controller.state.answer.refusal
        controller.dismiss()
        assert controller.state.problem is None
    async with controlled(cut_after=30) as controller:
        await controller.ask()
        assert controller.state.verdict.kind == "warning"
        assert "no line that is one dot" in controller.state.verdict.sentence


async def test_a_mistake_in_the_address_has_its_rung_and_nothing_is_sent():
    async with controlled() as controller:
        controller.compose(address="gopher://127.0.0.1:nosuch/")
        with pytest.raises(LocalMisuse):
            await controller.ask()
        assert states(controller)[:3] == ["done", "failed", "not reached"]
        assert len(controller.transcript) == 0


async def test_a_silent_server_is_too_slow_and_one_can_stop_before():
    async with serving("silent") as served:
        controller = GopherController(Transcript, None)
        controller.compose(address=f"{served.host}:{served.port}")
        controller.timeout_s = 1.0
        with pytest.raises(TooSlow):
            await controller.ask()
        assert states(controller) == ["done"] * 5 + ["failed", "not reached"]
        controller.timeout_s = 30
        sent = asyncio.Event()
        controller.observe(lambda it: it.state.rungs[4].state == "done" and sent.set())
        asked = asyncio.create_task(controller.ask())
        await sent.wait()
        asked.cancel()
        await asyncio.wait([asked])
        assert controller.state.verdict.word == "cancelled"
        assert not controller.state.is_running
        controller.transcript.close()


async def test_four_levels_are_told_one_by_one_and_can_be_copied():
    async with controlled() as controller:
        with pytest.raises(LocalMisuse, match="nothing was asked"):
            controller.copy_as_python()
        controller.compose(selector="/stars")
        seen: list[int] = []
        controller.observe(lambda it: seen.append(len(it.state.levels)))
        await controller.climb()
        assert {0, 1, 2, 3, 4} <= set(seen)
        assert controller.state.verdict.word == "identical"
        assert "6, 6, 2 and 2 calls" in controller.state.verdict.sentence
        assert "sendall(b'/stars\\r\\n')" in controller.copy_as_python(1)
        assert controller.copy_as_curl().startswith("curl --silent gopher://127.0.0.1:")


def test_the_form_says_what_the_address_does_not():
    request = request_of(Form("127.0.0.1:70", "/x", "", "lf", 16))
    assert (request.selector, request.type, request.terminator, request.read_octets) == ("/x", "", "lf", 16)
    request = request_of(Form("gopher://127.0.0.1/7/s", "/x", "two words"))
    assert (request.selector, request.type, request.search) == ("/s", "7", "two words")
    with pytest.raises(LocalMisuse):
        request_of(Form("127.0.0.1:70", terminator="cr"))
