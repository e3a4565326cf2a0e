"""Copied scripts under TLS run without the workbench, verify what we verified, and refuse what we refused."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from workbench.formats.target import parse_target
from workbench.lab.authority import Authority
from workbench.protocols.raw.code import Recipe, python
from workbench.protocols.raw.code_tls import TlsRecipe, client_context, server_context
from workbench.protocols.raw.link import Link
from workbench.protocols.raw.serve import Reply, Server
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.stream import Stream
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.setup import client_setup, server_setup
from workbench.wire.tls.values import TlsOptions, Trust

AUTHORITY = Authority()
PEM = AUTHORITY.certificate.decode()
HERE = parse_target("127.0.0.1:0", listening=True)


def secure_by(setup) -> Callable[[Stream, float], object]:
    async def secure(stream: Stream, timeout_s: float) -> Stream:
        return await start_tls(stream, setup, timeout_s=timeout_s)

    return secure


async def run(script: str) -> tuple[str, str]:
    # A person has more patience than a test.
    script = script.replace("QUIET_S = 3", "QUIET_S = 1")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", script, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = await process.communicate()
    return out.decode(), err.decode()


async def served(recipe: Recipe, options: TlsOptions) -> tuple[str, str]:
    """What a copied client says to an echo of ours under TLS, which the client's port replaces."""
    transcript = Transcript()
    listener = await listen(HERE, transcript)
    server = Server(listener, Reply("echo"), secure=secure_by(server_setup(options)))  # type: ignore[arg-type]
    serving = asyncio.create_task(server.serve())
    try:
        target = parse_target(listener.address)
        return await run(python(recipe._replace(target=target)))
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await server.aclose()
        transcript.close()


CLIENT = Recipe(HERE, sends=[b"hello ", b"tls"], tls=TlsRecipe("localhost", authorities=PEM))


async def test_a_copied_client_verifies_and_says_the_same():
    out, err = await served(CLIENT, TlsOptions(identity=AUTHORITY.server(), alpn=("b", "c")))
    assert out == "hello tls"
    assert "tls: TLSv1.3" in err
    assert "end: silence" in err


async def test_versions_alpn_and_options_of_the_socket_are_copied():
    tls = CLIENT.tls._replace(alpn=("a", "b"), lowest="1.2", highest="1.2")  # type: ignore[union-attr]
    out, err = await served(
        CLIENT._replace(tls=tls), TlsOptions(identity=AUTHORITY.server(), alpn=("b", "c"))
    )
    assert (out, err.splitlines()[0].split()[1], err.splitlines()[0].split()[-1]) == (
        "hello tls",
        "TLSv1.2",
        "b",
    )


async def test_a_certificate_that_was_refused_is_refused_by_the_script():
    flawed = TlsOptions(identity=AUTHORITY.server("wrong-name"))
    out, err = await served(CLIENT, flawed)
    assert out == ""
    assert "CERTIFICATE_VERIFY_FAILED" in err
    shown = CLIENT._replace(tls=CLIENT.tls._replace(checks=False))  # type: ignore[union-attr]
    assert (await served(shown, flawed))[0] == "hello tls"
    assert "CERT_NONE" in python(shown)


async def test_files_are_named_and_a_client_certificate_is_shown(tmp_path):
    client = AUTHORITY.client()
    (tmp_path / "ca.pem").write_text(PEM)
    (tmp_path / "me.pem").write_bytes(client.chain)
    (tmp_path / "me.key").write_bytes(client.key)
    tls = TlsRecipe(
        "localhost",
        trust_file=str(tmp_path / "ca.pem"),
        certificate=str(tmp_path / "me.pem"),
        key=str(tmp_path / "me.key"),
    )
    demanding = TlsOptions(
        identity=AUTHORITY.server(), ask_client="require", trust=Trust(False, AUTHORITY.certificate)
    )
    assert (await served(CLIENT._replace(tls=tls), demanding))[0] == "hello tls"
    assert (await served(CLIENT, demanding))[0] == ""


async def test_tls_that_began_in_the_middle_begins_there_in_the_script():
    transcript = Transcript()
    listener = await listen(HERE, transcript)
    recipe = Recipe(
        parse_target(listener.address),
        sends=[b"inside"],
        clear=[None, b"STARTTLS\r\n", None],
        tls=CLIENT.tls,
    )
    running = asyncio.create_task(run(python(recipe)))
    link = Link(await listener.accept())
    await link.stream.send(b"220 hello\r\n")
    assert await link.read() == b"STARTTLS\r\n"
    await link.stream.send(b"220 go\r\n")
    await link.protect(secure_by(server_setup(TlsOptions(identity=AUTHORITY.server()))))  # type: ignore[arg-type]
    assert await link.read() == b"inside"
    await link.stream.send(b"yes")
    await link.stream.finish()
    out, err = await running
    assert out == "220 hello\r\n220 go\r\nyes"
    assert "end: close_notify" in err
    await link.aclose()
    await listener.aclose()
    transcript.close()


async def test_a_copied_server_answers_under_tls(tmp_path):
    identity = AUTHORITY.server()
    (tmp_path / "cert.pem").write_bytes(identity.chain + identity.key)
    tls = TlsRecipe(certificate=str(tmp_path / "cert.pem"), alpn=("echo",))
    script = python(Recipe(HERE, listen=True, reply=Reply("echo"), tls=tls))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", script, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    transcript = Transcript()
    try:
        assert process.stderr is not None
        host, port = re.findall(rb"'([^']+)', (\d+)", await process.stderr.readline())[0]
        options = TlsOptions(
            server_name="localhost", alpn=("echo",), trust=Trust(False, AUTHORITY.certificate)
        )
        plain = await dial(parse_target(f"{host.decode()}:{port.decode()}"), transcript)
        stream = await start_tls(plain, client_setup(options))
        assert stream.handshake.alpn == "echo"
        await stream.send(b"ping")
        assert await stream.read_exactly(4) == b"ping"
        await stream.aclose()
    finally:
        process.kill()
        await process.communicate()
        transcript.close()


@pytest.mark.parametrize("ask", ["ask", "require"])
def test_a_server_says_what_it_wants_of_clients(ask):
    lines = server_context(TlsRecipe(ask_client=ask, authorities=PEM, lowest="1.0"))
    assert f"ssl.CERT_{'REQUIRED' if ask == 'require' else 'OPTIONAL'}" in lines
    assert "cadata=AUTHORITIES" in lines
    assert "ssl.TLSVersion.TLSv1\n" in lines


def test_a_name_that_is_not_sent_is_said_not_to_be_compared():
    lines = client_context(TlsRecipe("localhost", sends_name=False))
    assert "SERVER_NAME = None" in lines
    assert "check_hostname = False" in lines
