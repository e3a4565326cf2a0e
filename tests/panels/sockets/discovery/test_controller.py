"""What the page of discovery does, without Qt: plans from forms, results in words, cancelling, failures, scripts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import serving
from workbench.errors import LocalMisuse, TooSlow
from workbench.formats.target import Target
from workbench.panels.sockets.discovery.controller import DiscoveryController, plan_of
from workbench.panels.sockets.discovery.state import Form
from workbench.protocols.discovery.values import Txt
from workbench.transcript.recorder import Transcript


@asynccontextmanager
async def controlled(name: str = "mdns", **switches: object) -> AsyncIterator[DiscoveryController]:
    async with serving(name, **switches) as served:

        async def resolver(target: Target) -> Target:
            return Target("udp", served.host, served.port) if target.is_lab else target

        controller = DiscoveryController(Transcript, resolver)
        controller.speak(name)  # type: ignore[arg-type]  # of LANGUAGES
        yield controller
        controller.transcript.close()


async def stopped_when(controller: DiscoveryController, holds) -> None:
    """Run until it holds, then stop as a person would."""
    going = asyncio.create_task(controller.run())
    seen = asyncio.Event()
    cut = controller.observe(lambda each: holds(each.state.found) and seen.set())
    await seen.wait()
    cut()
    going.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await going


@pytest.mark.covers("C5.22")
async def test_a_search_shows_who_answers_and_how_many():
    async with controlled() as controller:
        controller.compose(for_s=1, times="0")
        await controller.run()
        state = controller.state
        assert (state.phase, state.verdict.kind, state.verdict.word) == ("done", "good", "found")
        assert state.verdict.sentence.startswith("2 peers in 224.0.0.251:")
        assert [text for text, _ in state.verdict.chips] == ["1 sent", "2 heard"]


async def test_a_stopped_discovery_keeps_what_it_found_and_who_left():
    async with controlled(goodbye_after=1) as controller:
        controller.compose(preset="discover", for_s=0)
        await stopped_when(controller, lambda found: found.gone)
        verdict = controller.state.verdict
        assert (controller.state.phase, verdict.kind, verdict.word) == ("done", "info", "stopped")
        assert "1 gone" in [text for text, _ in verdict.chips]
        assert "joined 224.0.0.251" in [text for text, _ in verdict.chips]


async def test_a_lie_is_a_warning_in_the_verdict():
    async with controlled(lie="other-name") as controller:
        controller.compose(for_s=1, times="0", what="_ipp._tcp")
        await controller.run()
        assert controller.state.verdict.kind == "warning"
        assert "1 peer with something wrong" in controller.state.verdict.sentence


async def test_nobody_is_a_failure_of_a_search_and_a_fact_for_who_listens():
    async with controlled() as controller:
        controller.speak("group")
        controller.compose(target=f"239.255.1.1:{free_port()}", for_s=1, times="0")
        with pytest.raises(TooSlow):
            await controller.run()
        assert controller.state.phase == "failed"
        assert controller.state.verdict.kind == "bad"
        controller.dismiss()
        assert controller.state.problem is None
        controller.compose(preset="discover")
        await controller.run()
        assert (controller.state.phase, controller.state.verdict.word) == ("done", "nobody")


async def test_an_announcement_is_told_with_its_goodbye():
    async with controlled() as controller:
        controller.compose(preset="announce", target=f"239.255.1.1:{free_port()}", for_s=1, times="0")
        await controller.run()
        verdict = controller.state.verdict
        assert verdict.word == "announced"
        assert verdict.sentence.endswith("and goodbye")
        assert "GOODBYE" in controller.copy_as_python()


async def test_a_mistake_has_its_place_and_nothing_is_sent():
    async with controlled() as controller:
        for fields in ({"what": "http"}, {"times": "0, x"}, {"target": "127.0.0.1:1"}, {"txt": "nonsense"}):
            controller.compose(**{"what": "", "times": "0", "target": "lab:mdns", "txt": "", **fields})
            with pytest.raises(LocalMisuse) as wrong:
                await controller.run()
            assert wrong.value.caret()
            assert controller.state.phase == "failed"
        assert len(controller.transcript) == 0
        with pytest.raises(LocalMisuse, match="nothing was asked yet"):
            controller.copy_as_python()


async def test_what_would_leave_is_said_before_and_refused_without_agreement():
    async with controlled() as controller:
        assert controller.leaves() == ""
        controller.compose(target="224.0.0.251:5353", interface="192.0.2.77")
        assert "would hear this" in controller.leaves()
        with pytest.raises(LocalMisuse, match="this leaves the machine"):
            await controller.run()
        assert len(controller.transcript) == 0
        controller.compose(interface="")
        assert controller.leaves() == ""


async def test_the_script_asks_what_was_asked():
    async with controlled("ssdp") as controller:
        controller.compose(for_s=1, times="0", what="upnp:rootdevice")
        await controller.run()
        script = controller.copy_as_python()
        assert "ST: upnp:rootdevice" in script
        assert controller.state.found.group.rpartition(":")[2] in script


async def test_another_language_has_another_first_target():
    async with controlled() as controller:
        controller.compose(what="_x._tcp", type="_x._tcp")
        controller.speak("ssdp")
        assert (controller.state.form.target, controller.state.form.what, controller.state.form.type) == (
            "lab:ssdp",
            "",
            "",
        )
        controller.compose(target="239.1.2.3:4")
        controller.speak("group")
        assert controller.state.form.target == "239.1.2.3:4"


def test_a_form_is_a_plan():
    form = Form(preset="announce", times="0,5", for_s=0, txt="a=b, c=d", goodbye=False, type=" _x._tcp ")
    plan = plan_of(form)
    assert (plan.for_s, plan.times, plan.goodbye) == (None, (0.0, 5.0), False)
    assert plan.identity.txt == (Txt("a", "b"), Txt("c", "d"))
    assert plan.identity.type == "_x._tcp"
