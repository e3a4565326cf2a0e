"""The start page without Qt: looking around, predicting, playing, starting servers."""

import asyncio

import pytest

from workbench.errors import LocalMisuse
from workbench.jobs.scope import Scope
from workbench.lab.supervisor import Lab
from workbench.panels.start.controller import StartController
from workbench.panels.start.state import Page
from workbench.settings import places
from workbench.transcript.recorder import Transcript

PARTS = 6
"""All cards take a quarter of a minute: no single test shall take that long on a busy machine."""


class Desk:
    """A start page over a private Lab."""

    def __init__(self) -> None:
        self.lab = Lab(places(), join=False)
        self.scope = Scope("start")
        self.talks = 0
        self.page = StartController(self.lab, Transcript, self._talk)

    def _talk(self) -> None:
        self.talks += 1

    async def until(self, holds) -> None:
        news = asyncio.Event()
        cut = self.page.observe(lambda _page: news.set())
        while not holds(self.page.state):
            await news.wait()
            news.clear()
        cut()

    async def close(self) -> None:
        await self.scope.retire()
        await self.page.retire()
        await self.lab.aclose()


async def opened() -> Desk:
    desk = Desk()
    while desk.page.load_next():
        pass
    return desk


async def test_searching_narrows_cards_and_servers_by_any_words():
    desk = await opened()
    everything = len(desk.page.state.found_cards), len(desk.page.state.found_services)
    assert min(everything) >= 6
    desk.page.search("other HALF")
    assert "half-close" in [card.id for card in desk.page.state.found_cards]
    assert len(desk.page.state.found_cards) < everything[0]
    desk.page.search("RFC 862")
    assert "echo" in [info.name for info in desk.page.state.found_services]
    desk.page.search("nothing like this exists")
    assert desk.page.state.found_cards == desk.page.state.found_services == ()
    await desk.close()


async def test_a_card_is_predicted_played_and_judged():
    desk = await opened()
    desk.page.show("experiment", "half-close")
    experiment = desk.page.state.experiment
    assert experiment is not None
    assert experiment.why_not_play == "say first what you expect"
    job = await desk.scope.launch(desk.page.play(), name="play").wait()
    assert isinstance(job.failure, LocalMisuse)
    desk.page.predict(experiment.card.right)
    job = await desk.scope.launch(desk.page.play(), name="play").wait()
    assert job.state == "done"
    experiment = desk.page.state.experiment
    assert experiment is not None
    assert experiment.is_done
    assert experiment.playing is not None
    assert experiment.playing.result is not None
    assert experiment.playing.result.passed
    assert desk.talks == 1
    assert desk.page.transcript is not None
    assert len(desk.page.transcript) > 5
    with pytest.raises(LocalMisuse):
        desk.page.predict(0)
    await desk.close()


async def test_it_can_be_played_step_by_step_and_again():
    desk = await opened()
    desk.page.show("experiment", "half-close")
    desk.page.predict(0)
    for number in (1, 2):
        await desk.page.step()
        experiment = desk.page.state.experiment
        assert experiment is not None
        assert experiment.playing is not None
        assert len(experiment.playing.steps) == number
    await desk.page.again()
    experiment = desk.page.state.experiment
    assert experiment is not None
    assert (experiment.prediction, experiment.playing) == (None, None)
    await desk.close()


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_card_can_be_played_here(part: int):
    desk = await opened()
    for card in [card for card in desk.page.state.cards if not card.needs][part::PARTS]:
        desk.page.show("experiment", card.id)
        desk.page.predict(card.right)
        await desk.page.play()
        experiment = desk.page.state.experiment
        assert experiment is not None
        assert experiment.playing is not None
        assert experiment.playing.result is not None
        assert experiment.playing.result.passed, card.id
    await desk.close()


async def test_leaving_in_the_middle_gives_the_sockets_back():
    desk = await opened()
    desk.page.show("experiment", "half-close")
    desk.page.predict(0)
    for _ in range(3):
        await desk.page.step()
    await desk.close()


async def test_servers_start_stop_and_are_seen_running():
    desk = await opened()
    desk.page.show("service", "echo")
    assert desk.page.state.service is not None
    assert desk.page.state.addresses("echo") == ()
    await desk.page.start_service("echo")
    await desk.until(lambda state: state.addresses("echo"))
    (address,) = desk.page.state.addresses("echo")
    assert address.startswith("127.0.0.1:")
    await desk.page.stop_service("echo")
    await desk.until(lambda state: not state.addresses("echo"))
    with pytest.raises(LocalMisuse):
        await desk.page.stop_service("echo")
    assert desk.page.state.problem is not None
    desk.page.dismiss()
    assert desk.page.state.problem is None
    await desk.close()


async def test_an_experiment_that_is_not_there_is_refused():
    desk = await opened()
    with pytest.raises(LocalMisuse):
        desk.page.show("experiment", "no-such-card")
    with pytest.raises(LocalMisuse):
        desk.page.predict(0)
    await desk.close()


async def test_a_server_with_switches_is_one_more_and_a_wrong_value_is_named():
    desk = await opened()
    plain = await desk.page.start_service("echo")
    rude = await desk.page.start_service("echo", {"cut_after": "2", "reset": True})
    assert plain != rude
    reader, writer = await asyncio.open_connection(*rude.split(":"))
    writer.write(b"hello")
    with pytest.raises(ConnectionResetError):
        await reader.readexactly(5)
    writer.close()
    assert (await desk.page.start_service("udp-echo")).startswith("udp://127.0.0.1:")
    with pytest.raises(LocalMisuse, match="cut_after"):
        await desk.page.start_service("echo", {"cut_after": "soon"})
    assert desk.page.state.problem is not None
    await desk.close()


async def test_an_experiment_asked_for_before_the_cards_are_read_is_shown_when_they_are():
    desk = Desk()
    desk.page.show("experiment", "half-close")
    assert desk.page.state.page == Page("experiment", "half-close")
    assert desk.page.state.experiment is None
    while desk.page.load_next():
        assert desk.page.state.cards == ()
    assert desk.page.state.experiment is not None
    assert desk.page.state.experiment.card.id == "half-close"
    assert not desk.page.load_next()
    await desk.close()


async def test_an_experiment_that_is_no_more_leads_to_the_welcome_page():
    desk = Desk()
    desk.page.show("experiment", "of-an-earlier-version")
    while desk.page.load_next():
        pass
    assert desk.page.state.page == Page()
    await desk.close()
