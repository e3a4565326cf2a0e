"""The ways to a server, of both connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbench.errors import LinkLost, PeerMisbehaved, WorkbenchError
from workbench.formats.target import Target
from workbench.jobs.scope import Scope
from workbench.lab.relay.running import checked_switches
from workbench.lab.supervisor import Lab
from workbench.panels.files.controller import FilesController
from workbench.panels.files.routes import ROUTES, ways_of
from workbench.panels.routes import STRAIGHT, resolver_by
from workbench.settings import places
from workbench.transcript.recorder import Transcript

SERVER = Target("lab", "ftp", None)


async def straight(target: Target) -> Target:
    return target


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
async def test_each_route_leads_to_a_relay_with_its_switches(route):
    asked = []

    async def relay(target: Target, **switches: object) -> object:
        asked.append((target, switches))
        return SimpleNamespace(target=Target("tcp", "127.0.0.1", 9))

    resolver = resolver_by(ROUTES, route.id, straight, relay)  # type: ignore[arg-type]
    led = await resolver(SERVER)
    if route.id == STRAIGHT.id:
        assert (led, asked) == (SERVER, [])
    else:
        assert asked == [(SERVER, dict(route.switches))]
        assert led.port == 9
    checked_switches("tcp", route.switches)


async def test_an_unknown_route_and_no_relay_are_straight():
    assert resolver_by(ROUTES, "moon", straight, None) is straight
    assert resolver_by(ROUTES, "plain", straight, None) is straight


@asynccontextmanager
async def session(route: str, folder: Path) -> AsyncIterator[tuple[FilesController, Lab]]:
    """Logged in at lab:ftp by a route, with a file selected that is longer than what the relays let pass."""
    lab = Lab(places(), join=False)
    scope = Scope("files")
    controller = FilesController(Transcript, lab, relay=lab.relay)
    controller.compose(target="lab:ftp/old", route=route, folder=str(folder))
    news = asyncio.Event()
    controller.observe(lambda _controller: news.set())
    opening = scope.launch(controller.open(), name="open")
    while not (controller.state.listing or controller.state.problem) or controller.state.busy:
        news.clear()
        await news.wait()
    try:
        yield controller, lab
    finally:
        opening.cancel()
        await opening.wait()
        await scope.retire()
        left = [
            running.address.instance for running in await lab.running() if "relay" in running.address.name
        ]
        # That of the commands is the Lab's, and found again by the next session; none of a transfer is left.
        assert len(left) == (0 if route == STRAIGHT.id else 1)
        await lab.aclose()
        controller.transcript.close()


async def test_data_connections_go_through_relays_too_one_after_the_other(tmp_path: Path):
    async with session("plain", tmp_path) as (controller, lab):
        await controller.enter(b"/")
        names = [entry.text for entry in controller.state.entries]
        controller.select(names.index("binary.dat"))
        await controller.download()
        assert (tmp_path / "binary.dat").stat().st_size == 5120
        running = [each.address for each in await lab.running() if "relay" in each.address.name]
        assert len(running) == 2
        led = [event for event in controller.transcript.events() if event.name == "target"]
        assert len(led) == 4


@pytest.mark.parametrize(("route", "kind"), [("cut-data", PeerMisbehaved), ("reset-data", LinkLost)])
async def test_only_the_data_is_cut_and_the_session_goes_on(
    route: str, kind: type[WorkbenchError], tmp_path: Path
):
    async with session(route, tmp_path) as (controller, _lab):
        await controller.enter(b"/")
        assert controller.state.problem is None
        names = [entry.text for entry in controller.state.entries]
        controller.select(names.index("binary.dat"))
        with pytest.raises(kind) as caught:
            await controller.download()
        assert caught.value.stage == "transfer"
        assert not (tmp_path / "binary.dat").exists()
        assert controller.state.phase == "open"
        await controller.enter(b"/old")
        assert controller.state.folder == b"/old"


async def test_without_a_relay_both_ways_are_straight():
    lab = SimpleNamespace(resolve=straight, stop=None)
    for route, relay in (("off", straight), ("moon", straight), ("plain", None)):
        ways = ways_of(route, lab, relay)  # type: ignore[arg-type]  # none of it is called
        assert ways.data is None
        assert await ways.commands(SERVER) == SERVER
