"""The ways to a server, against the real relay: what each does to a handshake."""

import pytest

from workbench.errors import LinkLost, PeerMisbehaved, WorkbenchError
from workbench.lab.supervisor import Lab
from workbench.panels.certificates.controller import CertificatesController
from workbench.panels.certificates.routes import ROUTES
from workbench.settings import places
from workbench.transcript.recorder import Transcript


async def looked(route: str) -> tuple[CertificatesController, WorkbenchError | None]:
    lab = Lab(places(), join=False)
    transcript = Transcript()

    async def certificate() -> bytes:
        return (await lab.authority()).certificate

    controller = CertificatesController(transcript, lab.resolve, certificate, relay=lab.relay)
    controller.compose(target="lab:tls-good", route=route)
    try:
        await controller.look()
    except WorkbenchError as failure:
        return controller, failure
    finally:
        await lab.aclose()
        transcript.close()
    return controller, None


@pytest.mark.parametrize("route", ["off", "plain", "delay", "split", "unknown"])
async def test_an_honest_way_changes_nothing_about_the_judgement(route: str):
    controller, failure = await looked(route)
    assert failure is None
    assert controller.state.verdict.word == "accepted"


@pytest.mark.parametrize(("route", "kinds"), [("cut", (LinkLost,)), ("flip", (PeerMisbehaved, LinkLost))])
async def test_a_fault_on_the_way_is_a_failure_of_the_handshake(route: str, kinds: tuple[type, ...]):
    controller, failure = await looked(route)
    assert isinstance(failure, kinds)
    assert failure.stage == "tls"
    assert controller.state.phase == "failed"


def test_each_has_a_title_and_a_sentence():
    assert len({route.id for route in ROUTES}) == len({route.title for route in ROUTES}) == len(ROUTES)
    assert all(route.what for route in ROUTES)
