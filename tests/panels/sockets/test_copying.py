"""Sessions as scripts: under TLS, in the middle of it, with options; run against the Lab without the workbench."""

import asyncio
import subprocess
import sys

import pytest

from tests.panels.sockets.test_protected_sessions import LAB_TLS, desk
from workbench.errors import LocalMisuse
from workbench.panels.sockets.copying import copies
from workbench.protocols.raw.protection import TlsForm
from workbench.protocols.raw.wayform import WayForm


async def run(script: str) -> tuple[str, str]:
    # A person has more patience than a test.
    script = script.replace("QUIET_S = 3", "QUIET_S = 1")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", script, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = await process.communicate()
    return out.decode(), err.decode()


async def test_a_session_under_tls_leaves_as_a_script_that_verifies_the_lab():
    async with desk(target="lab:tls-echo", tls=LAB_TLS) as at:
        at.open()
        await at.until(lambda s: s.phase == "open" and s.peers[0].is_secure)
        await at.session.send(b"words\r\n")
        await at.until(lambda s: s.peers[0].received == 7)
        script = at.session.copy_as_python()
        assert "BEGIN CERTIFICATE" in script
        assert "PRIVATE KEY" not in script
        out, err = await run(script)
        assert out == "words\r\n", err
        assert "tls: TLSv1.3" in err


async def test_options_and_the_local_address_leave_with_the_script():
    async with desk(target="lab:echo", way=WayForm(local="127.0.0.2", options="TTL=5")) as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        await at.session.send(b"hi")
        await at.session.finish()
        await at.until(lambda s: s.phase == "ended")
        script = at.session.copy_as_python()
        assert "IP_TTL, 5" in script
        assert "'127.0.0.2'" in script
        assert (await run(script))[0] == "hi"


async def test_what_was_said_before_tls_stands_before_it():
    async with desk(role="listener", target="127.0.0.1:0", tls=TlsForm(identity="lab")) as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        client = type(at)(at.lab, at.state.form)
        client.session.compose(role="client", target=at.state.address, tls=TlsForm(trust="lab"))
        client.open()
        await client.until(lambda s: s.phase == "open")
        await client.session.send(b"STARTTLS\r\n")
        await at.until(lambda s: bool(s.peers) and s.peers[0].received == 10)
        server = asyncio.create_task(at.session.start_tls(b"220 go\r\n"))
        await client.until(lambda s: s.peers[0].received == 8)
        await client.session.start_tls()
        await server
        await client.session.send(b"inside")
        script = client.session.copy_as_python()
        before, _, after = script.partition("wrap_socket")
        assert "plain.sendall(b'STARTTLS\\r\\n')" in before
        assert "b'inside'" in before.partition("with socket")[0]
        assert "connection.sendall(payload)" in after
        compile(script, "script", "exec")
        with pytest.raises(LocalMisuse, match="middle"):
            at.session.copy_as_python()
        await client.scope.retire()
        client.transcript.close()


async def test_the_labs_own_key_leaves_nobodys_hands():
    async with desk(role="listener", target="127.0.0.1:0", tls=LAB_TLS._replace(identity="lab")) as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        with pytest.raises(LocalMisuse, match="stays in the Lab"):
            at.session.copy_as_python()


async def test_a_session_is_offered_in_every_language_and_each_says_the_same_or_why_not():
    async with desk(target="lab:tls-echo", tls=LAB_TLS) as at:
        with pytest.raises(LocalMisuse, match="nothing was opened"):
            copies(at.session.copy_as)[1][1]()
        at.open()
        await at.until(lambda s: s.phase == "open" and s.peers[0].is_secure)
        await at.session.send(b"words\r\n")
        await at.until(lambda s: s.peers[0].received == 7)
        texts = {title: make() for title, make in copies(at.session.copy_as)}
        assert list(texts) == ["Python", "Python (asyncio)", "ncat", "socat", "openssl s_client"]
        assert all("BEGIN CERTIFICATE" in text for text in texts.values())
        assert (await run(texts["Python (asyncio)"]))[0] == "words\r\n"
    async with desk(target="lab:echo") as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        makers = dict(copies(at.session.copy_as))
        assert "| socat -t 2 - TCP:127.0.0.1:" in makers["socat"]()
        with pytest.raises(LocalMisuse, match="is a TLS client"):
            makers["openssl s_client"]()


async def test_a_listener_on_a_preset_copies_as_what_it_answers():
    async with desk(role="listener", target="127.0.0.1:0", reply="upper") as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        makers = dict(copies(at.session.copy_as))
        for title in ("Python", "Python (asyncio)"):
            assert "data.upper()" in makers[title]()
        with pytest.raises(LocalMisuse, match="no such server"):
            makers["ncat"]()
