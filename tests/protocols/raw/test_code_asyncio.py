"""Copied asyncio scripts run without the workbench and say the same as we do."""

import asyncio

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.protocols.raw.test_code import finish, listening_address, start
from tests.protocols.raw.test_code_tls import CLIENT, HERE, secure_by
from workbench.formats.target import parse_target
from workbench.lab.authority import Authority
from workbench.protocols.raw.code import Recipe
from workbench.protocols.raw.code_asyncio import asyncio_script
from workbench.protocols.raw.serve import Reply, Server
from workbench.protocols.raw.talk import exchange_datagrams, talk
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.listen import listen
from workbench.wire.options import parse_setting
from workbench.wire.tls.setup import server_setup
from workbench.wire.tls.values import TlsOptions

AUTHORITY = Authority()
PEM = AUTHORITY.certificate.decode()


@pytest.mark.parametrize("payload", [b"hello\r\n", bytes(range(256)) * 2, b""])
def test_a_copied_client_sends_the_same_octets_and_tells_the_end(payload: bytes):
    with scripted_peer([("expect", payload), ("wait_eof",), ("send", b"bye")]) as peer:
        script = asyncio_script(Recipe(parse_target(str(peer)), sends=[payload] if payload else []))
        assert finish(start(script)) == ("bye", "end: FIN\n")
        peer.wait()
    assert "workbench" not in script


def test_a_copied_client_tells_a_reset_and_leaves_its_half_open():
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer:
        script = asyncio_script(Recipe(parse_target(str(peer)), sends=[b"x"], finish=False))
        assert finish(start(script))[1] == "end: RST\n"
    assert "write_eof" not in script


def test_options_and_an_address_of_ours_belong_to_the_socket():
    settings = (parse_setting("NODELAY=1"), parse_setting("LINGER=0"))
    with scripted_peer([("expect", b"x"), ("wait_eof",), ("send", b"y")]) as peer:
        local = parse_target("127.0.0.9:0", listening=True)
        recipe = Recipe(parse_target(str(peer)), sends=[b"x"], local=local, settings=settings)
        script = asyncio_script(recipe)
        assert finish(start(script)) == ("y", "end: FIN\n")
    assert "TCP_NODELAY, 1" in script
    assert "'127.0.0.9'" in script


@pytest.mark.parametrize(
    ("reply", "answer"), [(Reply("echo"), b"hi"), (Reply("text", b"no"), b"no"), (Reply("none"), b"")]
)
async def test_a_copied_listener_answers_by_its_rule(reply: Reply, answer: bytes):
    process = start(asyncio_script(Recipe(HERE, listen=True, reply=reply)))
    try:
        target = parse_target(await listening_address(process))
        transcript = Transcript()
        outcome = await talk(target, transcript, sends=[b"hi"])
        assert transcript.stream(outcome.channel, Direction.RECEIVED, "tcp").read(0, 9) == answer
        transcript.close()
    finally:
        process.terminate()
        await asyncio.to_thread(finish, process)


async def test_copied_datagram_scripts_talk_to_us_and_to_each_other():
    server = start(asyncio_script(Recipe(HERE, "udp", listen=True, reply=Reply("echo"))))
    try:
        target = parse_target(await listening_address(server))
        transcript = Transcript()
        outcome = await exchange_datagrams(target, transcript, sends=[b"one", b"two"], timeout_s=10)
        assert (outcome.datagrams, outcome.received) == (2, 6)
        local = parse_target("127.0.0.5:0", listening=True)
        script = asyncio_script(Recipe(target, "udp", sends=[b"", b"hello"][1:], local=local))
        assert await asyncio.to_thread(finish, start(script)) == ("hello", "5 octets\n")
        transcript.close()
    finally:
        server.terminate()
        await asyncio.to_thread(finish, server)


async def test_copied_scripts_meet_at_a_unix_socket(tmp_path):
    target = parse_target(f"unix:{tmp_path / 's.sock'}", listening=True)
    server = start(asyncio_script(Recipe(target, listen=True, reply=Reply("echo"))))
    try:
        assert "listening" in await asyncio.to_thread(server.stderr.readline)
        client = start(asyncio_script(Recipe(target, sends=[b"hello"])))
        assert await asyncio.to_thread(finish, client) == ("hello", "end: FIN\n")
    finally:
        server.kill()
        server.communicate()


async def said_under_tls(recipe: Recipe, options: TlsOptions) -> tuple[str, str]:
    """What a copied client says to an echo of ours under TLS."""
    transcript = Transcript()
    listener = await listen(HERE, transcript)
    server = Server(listener, Reply("echo"), secure=secure_by(server_setup(options)))  # type: ignore[arg-type]
    serving = asyncio.create_task(server.serve())
    try:
        script = asyncio_script(recipe._replace(target=parse_target(listener.address)))
        return await asyncio.to_thread(finish, start(script.replace("QUIET_S = 3", "QUIET_S = 1")))
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await server.aclose()
        transcript.close()


async def test_under_tls_it_verifies_and_says_the_same():
    tls = CLIENT.tls._replace(authorities=PEM)  # type: ignore[union-attr]
    out, err = await said_under_tls(CLIENT._replace(tls=tls), TlsOptions(identity=AUTHORITY.server()))
    assert (out, err) == ("hello tls", "end: silence\n")
    flawed = TlsOptions(identity=AUTHORITY.server("wrong-name"))
    out, err = await said_under_tls(CLIENT._replace(tls=tls), flawed)
    assert out == ""
    assert "CERTIFICATE_VERIFY_FAILED" in err


def test_a_listener_under_tls_shows_its_files():
    tls = CLIENT.tls._replace(certificate="a.pem", key="b.pem", authorities="")  # type: ignore[union-attr]
    script = asyncio_script(Recipe(HERE, listen=True, reply=Reply("echo"), tls=tls))
    compile(script, "copied", "exec")
    assert "load_cert_chain('a.pem', 'b.pem')" in script
    assert "ssl=context" in script


def test_tls_that_began_in_the_middle_begins_there():
    recipe = CLIENT._replace(clear=[None, b"STARTTLS\r\n", None])
    script = asyncio_script(recipe)
    compile(script, "copied", "exec")
    assert script.index("STARTTLS") < script.index("start_tls(context") < script.index("sending =")
