"""Asking for TLS over a stream: against the Lab's servers, scripted ones, and with openssl for "copy as"."""

import shutil
import subprocess

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import serving
from tests.protocols.starttls.test_machine import LDAP_NO
from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.formats.target import parse_target
from workbench.jobs.offload import in_thread
from workbench.protocols.starttls.client import upgrade
from workbench.protocols.starttls.code import openssl
from workbench.protocols.starttls.codec import SSL_REQUEST, ldap_request
from workbench.protocols.starttls.explain import FACTS, explain
from workbench.protocols.starttls.machine import dialogue
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.stream import Stream
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.setup import client_setup
from workbench.wire.tls.values import TlsOptions

SHOWN = client_setup(TlsOptions(server_name="localhost", untrusted="show"))


async def secure(stream: Stream, timeout_s: float) -> Stream:
    return await start_tls(stream, SHOWN, timeout_s=timeout_s)


async def asked(target: str, name: str, timeout_s: float = 10.0) -> tuple[bytes, list[str]]:
    """The first words under TLS, and the steps."""
    transcript = Transcript()
    stream = await dial(parse_target(target), transcript)
    try:
        protected = await upgrade(stream, dialogue(name), secure, timeout_s)
        stream = protected
        await protected.send({"imap": b"x NOOP\r\n"}.get(name, b"NOOP\r\n"))
        return await protected.read(timeout_s=10), _steps(transcript)
    except WorkbenchError:
        assert _steps(transcript)[0] == "starttls.started"
        raise
    finally:
        await stream.aclose()
        transcript.close()


def _steps(transcript: Transcript) -> list[str]:
    steps = [event for event in transcript.events() if event.name.startswith("starttls")]
    for event in steps:
        explained = explain(transcript, event)
        assert explained is not None
        assert explained.what
        assert explained.source
    return [event.name for event in steps]


@pytest.mark.parametrize(
    ("service", "name", "answer"),
    [("smtp", "smtp", b"250"), ("imap", "imap", b"x "), ("pop", "pop3", b"-ERR"), ("ftp", "ftp", b"")],
)
async def test_the_labs_servers_go_on_under_tls(service, name, answer):
    async with serving(service) as served:
        said, steps = await asked(f"127.0.0.1:{served.port}", name)
        assert said.startswith(answer)
        assert said
        assert steps == ["starttls.started", "starttls.accepted"]


@pytest.mark.parametrize(("service", "name"), [("smtp", "smtp"), ("imap", "imap"), ("pop", "pop3")])
async def test_a_stripped_offer_ends_it_before_anything_is_asked(service, name):
    async with serving(service, tls="hidden") as served:
        with pytest.raises(Refused, match="does not offer") as caught:
            await asked(f"127.0.0.1:{served.port}", name)
        assert "took the offer out" in caught.value.advice
        assert caught.value.stage == "starttls"


@pytest.mark.parametrize(
    ("name", "script", "kind"),
    [
        ("ldap", [("expect", ldap_request()), ("send", LDAP_NO), ("wait_eof",)], Refused),
        ("postgres", [("expect", SSL_REQUEST), ("send", b"N"), ("wait_eof",)], Refused),
        ("postgres", [("expect", SSL_REQUEST), ("send", b"Sextra"), ("wait_eof",)], PeerMisbehaved),
        ("postgres", [("expect", SSL_REQUEST), ("finish",), ("wait_eof",)], LinkLost),
        ("smtp", [("send", b"220 "), ("wait_eof",)], TooSlow),
    ],
)
async def test_each_other_end_is_named(name, script, kind):
    with scripted_peer(script) as peer:
        with pytest.raises(kind) as caught:
            await asked(str(peer), name, 0.3 if kind is TooSlow else 10.0)
        assert caught.value.stage == "starttls"
        assert caught.value.advice
        await in_thread(peer.wait)


def test_every_step_has_a_sentence():
    assert set(FACTS) == {"starttls.started", "starttls.accepted", "starttls.refused", "starttls.missing"}
    transcript = Transcript()
    channel = transcript.open("x", "tcp")
    assert explain(transcript, transcript[channel.fact("another")]) is None
    transcript.close()


def test_copied_as_openssl_it_has_the_place_and_the_protocol():
    assert openssl(parse_target("127.0.0.1:2525"), "smtp") == (
        "openssl s_client -connect 127.0.0.1:2525 -starttls smtp -verify_return_error\n"
    )
    assert "-xmpphost host" in openssl(parse_target("host:5222"), "xmpp")
    assert "'[::1]:389'" in openssl(parse_target("[::1]:389"), "ldap")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
async def test_the_copied_line_runs_and_upgrades():
    async with serving("smtp") as served:
        line = openssl(parse_target(f"127.0.0.1:{served.port}"), "smtp").replace(" -verify_return_error", "")
        done = await in_thread(_run, line)
        assert "CONNECTED" in done.stdout
        assert "BEGIN CERTIFICATE" in done.stdout


def _run(line: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        line, shell=True, capture_output=True, text=True, input="QUIT\r\n", timeout=60, check=False
    )
