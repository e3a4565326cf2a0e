"""What the Inspector does, without Qt: documents opened, read, marked and searched; what is selected and where it is.

Its places are tested through it: workbench.panels.web.inspector.places.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.formats.markup.samples import BOMB, table_page
from tests.lab.houses import serving
from workbench.errors import LocalFault, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.panels.web.inspector.controller import InspectorController, check_target, read_namespaces
from workbench.panels.web.inspector.state import InspectorState
from workbench.transcript.recorder import Transcript

PAGE = b"<!DOCTYPE html><table><tr><td>one</td></table><p>two</i>"


@asynccontextmanager
async def controlled(resolver=None) -> AsyncIterator[InspectorController]:
    async def straight(target):
        return target

    controller = InspectorController(Transcript, resolver or straight)
    try:
        yield controller
    finally:
        controller.retire()


def seen_states(controller: InspectorController) -> list[InspectorState]:
    states: list[InspectorState] = []
    controller.observe(lambda each: states.append(each.state))
    return states


async def test_a_document_is_there_before_all_its_places_are():
    async with controlled() as controller:
        states = seen_states(controller)
        await controller.take(table_page(3000).encode(), "page")
        shown = [state.looked for state in states if state.looked is not None]
        assert not shown[0].is_marked
        assert 1000 < shown[0].marks.known < len(shown[0].page.tree)
        assert shown[-1].is_marked
        assert [state.phase for state in (states[0], states[-1])] == ["reading", "ready"]
        assert states[-1].verdict.word == "read"


async def test_what_is_selected_first_gets_its_place_when_it_is_known():
    async with controlled() as controller:
        last = 0

        def observe(each: InspectorController) -> None:
            nonlocal last
            looked = each.state.looked
            if looked is not None and not looked.is_marked and not last:
                last = len(looked.page.tree) - 1
                each.select_node(last)
                assert each.state.selection.said == "its place is not known yet"

        controller.observe(observe)
        await controller.take(table_page(3000).encode(), "page")
        assert controller.state.selection.node == last
        assert controller.state.selection.said.startswith("line 3000,")


async def test_hits_are_marked_in_the_order_of_the_source():
    async with controlled() as controller:
        await controller.take(PAGE, "page", "text/html")
        controller.compose(expression="//td | //tbody | //p")
        await controller.search()
        state = controller.state
        assert state.answer is not None
        assert state.answer.total == 3
        assert [PAGE[start:stop] for start, stop in state.ranges] == [b"<td>", b"<p>"]
        assert state.selection.said == "not in the source: the parser put it there"
        controller.next_hit(1)
        assert controller.state.hit == 1
        controller.next_hit(-2)
        assert controller.state.hit == 2


async def test_a_place_leads_to_the_innermost_node():
    async with controlled() as controller:
        await controller.take(PAGE, "page", "text/html")
        for at, path in (
            (PAGE.index(b"one"), "/html/body/table/tbody/tr/td/text()"),
            (PAGE.index(b"<tr>"), "/html/body/table/tbody/tr"),
            (PAGE.index(b"</td>"), "/html/body/table/tbody/tr/td"),
            (0, "/doctype()"),
        ):
            controller.select_place(at)
            assert controller.state.selection.path == path
        controller.show_problem(0)
        selection = controller.state.selection
        assert PAGE[selection.start : selection.stop] == b"</i>"


async def test_another_reading_of_the_same_octets():
    async with controlled() as controller:
        await controller.take(b"<a><b></a>", "a", "text/html")
        assert controller.state.looked.page.kind == "html"
        controller.compose(kind="xml")
        await controller.read_again()
        assert controller.state.verdict.word == "broken"
        controller.compose(expression="//b")
        with pytest.raises(PeerMisbehaved):
            await controller.search()


@pytest.mark.parametrize("data", [BOMB.encode(), b"<div>" * 20_000, gzip.compress(b"<p>", mtime=0)])
async def test_what_is_made_to_harm_is_refused(data: bytes):
    async with controlled() as controller:
        with pytest.raises(PeerMisbehaved):
            await controller.take(data, "x")
        assert controller.state.phase == "failed"
        assert controller.state.problem is not None
        await controller.take(PAGE, "page")
        assert controller.state.phase == "ready"


async def test_pages_are_fetched_and_a_no_of_the_server_is_told():
    async with serving("http") as served:

        async def resolver(target):
            from workbench.formats.target import Target

            return Target("tcp", served.host, served.port) if target.is_lab else target

        async with controlled(resolver) as controller:
            controller.compose(target="lab:http/page")
            await controller.open_target()
            assert controller.state.looked.page.why == "HTTP says text/html"
            assert controller.state.looked.page.encoding.who == "HTTP"
            controller.compose(target="lab:http/nosuch")
            with pytest.raises(Refused):
                await controller.open_target()
            assert controller.state.problem.reply.startswith("404")


async def test_files_are_opened_and_what_is_none_is_told(tmp_path):
    (tmp_path / "a:b.html").write_bytes(PAGE)
    async with controlled() as controller:
        controller.compose(target=str(tmp_path / "a:b.html"))
        await controller.open_target()
        assert controller.state.looked.title == "a:b.html"
        for target in (tmp_path / "none", tmp_path):
            controller.compose(target=str(target))
            with pytest.raises(LocalFault):
                await controller.open_target()


async def test_an_expression_that_never_ends_costs_nothing_but_its_process():
    async with controlled() as controller:
        await controller.take(PAGE, "page", "text/html")
        controller.search_within_s = 0.3
        controller.compose(expression="count(//*" + "[count(//*" * 14 + ")]" * 14 + ")")
        with pytest.raises(TooSlow):
            await controller.search()
        assert not controller.state.is_searching
        controller.compose(language="css", expression="td")
        controller.search_within_s = 10
        await controller.search()
        assert controller.state.answer.total == 1


async def test_cancelled_in_the_middle_it_can_go_on():
    async with controlled() as controller:
        begun = asyncio.Event()
        controller.observe(lambda each: begun.set() if each.state.phase == "reading" else None)
        reading = asyncio.create_task(controller.take(table_page(3000).encode(), "page"))
        await begun.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert controller.state.verdict.word == "cancelled"
        assert controller.state.phase == "empty"
        await controller.take(PAGE, "page")
        assert controller.state.phase == "ready"


def test_prefixes_as_typed_and_the_place_of_a_mistake():
    assert read_namespaces(" a=u  b=http://x/y=z ") == {"a": "u", "b": "http://x/y=z"}
    with pytest.raises(LocalMisuse) as caught:
        read_namespaces("a=u 1=v")
    assert (caught.value.start, caught.value.end) == (4, 5)


@pytest.mark.parametrize("target", ["", " ", "a\0b", "ftp://h/", "http://"])
def test_what_is_no_target_is_refused(target: str):
    with pytest.raises(LocalMisuse):
        check_target(target)
