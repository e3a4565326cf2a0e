"""Certificates in the real window: large and hostile files, and servers that stall, while the window stays alive."""

import pytest

from tests.formats.test_asn1 import der
from tests.journeys.person import Workbench
from tests.kit.scripted_peer import scripted_peer
from tests.protocols.certificates.authorities import SERVER
from workbench.panels.certificates.view import CertificatesPanel
from workbench.protocols.certificates.trust import pem

FILES = {
    "a thousand certificates": (pem(SERVER.der) * 1000, "refused"),
    "a bomb of values": (der(0x30, b"\x30\x00" * 1_000_000), "open"),
    "a bomb of levels": (b"\x30\x80" * 1_000_000, "open"),
    "a page of the web": (b"<html>" + b"<p>words</p>" * 500_000, "open"),
    "base64 without end": (b"-----BEGIN CERTIFICATE-----\n" + b"MIIB" * 1_500_000, "open"),
}


@pytest.mark.parametrize("name", FILES)
async def test_no_file_holds_the_window_up(app, name: str):
    data, word = FILES[name]
    async with Workbench(app) as person:
        person.go("certificates")
        panel = person.window.findChild(CertificatesPanel)
        await person.shown()
        person.watch()
        panel.look.open_octets(data, name)
        await person.until(lambda: panel.look.verdict.verdict.word == word)
        person.assert_alive()


async def test_a_server_that_stalls_in_the_handshake_holds_nobody_up_and_is_left_by_escape(app):
    with scripted_peer([("stall",)]) as peer:
        async with Workbench(app) as person:
            person.go("certificates")
            panel = person.window.findChild(CertificatesPanel)
            person.watch()
            panel.open_target(str(peer))
            panel.look.start()
            await person.until(lambda: panel.look.verdict.verdict.word == "shaking hands")
            assert person.program.registry.run("certificates.cancel")
            await person.until(lambda: panel.look.verdict.verdict.word == "cancelled")
            person.assert_alive()
