"""Sessions under TLS, through proxies and with options, without Qt, against the Lab.

Also workbench.panels.sockets.sessions and controller, where they have to do with it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LocalMisuse, PeerMisbehaved, Refused, Untrusted
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.lab.supervisor import Lab
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.state import Form, SessionState
from workbench.protocols.raw.field import FieldError
from workbench.protocols.raw.protection import TlsForm
from workbench.protocols.raw.wayform import WayForm
from workbench.settings import places
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.ends import HalfState

LAB_TLS = TlsForm(is_on=True)


class Desk:
    """A session beside a Lab of its own."""

    def __init__(self, lab: Lab, form: Form) -> None:
        self.lab = lab
        self.transcript = Transcript()
        self.scope = Scope("sockets")
        self.session = SessionController(
            self.transcript, lab.resolve, form, relay=lab.relay, authority=lab.authority
        )
        self._news = asyncio.Event()
        self.session.observe(lambda _session: self._news.set())

    @property
    def state(self) -> SessionState:
        return self.session.state

    def open(self) -> Job:
        return self.scope.launch(self.session.open(), name="open")

    async def until(self, holds) -> SessionState:
        while not holds(self.state):
            self._news.clear()
            await self._news.wait()
        return self.state

    async def flawed(self, flaw: str) -> None:
        """Aim at a server of the Lab whose certificate has a flaw."""
        server = await self.lab.start("tls-echo", certificate=flaw)
        self.session.compose(target=str(server.target))

    def received(self, layer: str) -> bytes:
        stream = self.transcript.stream(self.state.peers[0].channel, Direction.RECEIVED, layer)
        return stream.read(0, len(stream))

    def facts(self, name: str) -> list[dict[str, object]]:
        return [dict(event.values) for event in self.transcript.events() if event.name == name]


@asynccontextmanager
async def desk(**form: object) -> AsyncIterator[Desk]:
    lab = Lab(places(), join=False)
    made = Desk(lab, Form(**form))
    try:
        yield made
    finally:
        await made.scope.retire()
        made.transcript.close()
        await lab.aclose()


async def test_a_client_of_the_lab_is_under_tls_and_says_who_was_verified():
    async with desk(target="lab:tls-echo", tls=LAB_TLS) as at:
        at.open()
        state = await at.until(lambda s: s.phase == "open" and "verified" in s.verdict.sentence)
        assert state.verdict.kind == "good"
        assert "TLSv1.3" in state.verdict.sentence
        assert "localhost is verified" in state.verdict.sentence
        await at.session.send(b"secret words")
        await at.until(lambda s: s.peers[0].received == 12)
        assert at.state.peers[0].sent == 12
        assert at.received("tls") == b"secret words"
        assert b"secret words" not in at.received("tcp")
        report = at.state.peers[0].tls
        assert report is not None
        assert report.trusted is True
        assert report.sent[0]["subject"] == "CN=a server of the Lab"
        assert len(report.verified) == 2
        await at.session.finish()
        state = await at.until(lambda s: s.phase == "ended")
        assert "close_notify" in state.verdict.sentence


@pytest.mark.parametrize("flaw", ["expired", "wrong-name", "unknown-authority"])
async def test_a_bad_certificate_stops_it_and_the_chain_can_still_be_read(flaw: str):
    async with desk(tls=LAB_TLS._replace(trust="lab")) as at:
        await at.flawed(flaw)
        job = at.open()
        await job.wait()
        assert isinstance(job.failure, Untrusted)
        assert job.failure.advice.endswith("believe another authority, in the options behind ...")
        assert at.state.phase == "failed"
        assert at.state.verdict.word == "tls"
        (peer,) = at.state.peers
        assert peer.tls is not None
        assert peer.tls.failure
        assert peer.tls.sent
        assert [bool(each["accepted"]) for each in peer.tls.decisions][-1] is False
        assert not peer.is_open


async def test_a_bad_certificate_may_be_shown_and_passed():
    async with desk(tls=LAB_TLS._replace(trust="lab", untrusted="show")) as at:
        await at.flawed("expired")
        at.open()
        state = await at.until(lambda s: s.verdict.word == "open, not trusted")
        assert state.verdict.kind == "warning"
        assert "expired" in state.verdict.sentence
        await at.session.send(b"x")
        await at.until(lambda s: s.peers[0].received == 1)


async def test_alpn_versions_and_a_client_certificate_are_what_was_asked_for():
    tls = LAB_TLS._replace(alpn="imap, smtp", lowest="1.2", highest="1.2", identity="lab")
    async with desk(target="lab:tls-client-cert", tls=tls) as at:
        at.open()
        await at.until(lambda s: s.phase == "open" and s.peers[0].tls is not None)
        report = at.state.peers[0].tls
        assert report is not None
        assert report.version == "TLSv1.2"
        assert at.facts("tls.started")[0]["alpn"] == ["imap", "smtp"]


async def test_without_a_client_certificate_that_server_says_no():
    async with desk(target="lab:tls-client-cert", tls=LAB_TLS._replace(highest="1.2")) as at:
        job = at.open()
        await job.wait()
        assert isinstance(job.failure, Refused)
        assert at.state.phase == "failed"


async def test_a_peer_without_tls_is_told_apart():
    with scripted_peer([("send", b"220 hello\r\n"), ("stall",)]) as peer:
        async with desk(target=str(peer), tls=LAB_TLS._replace(trust="system")) as at:
            job = at.open()
            await job.wait()
            assert isinstance(job.failure, PeerMisbehaved)
            assert job.failure.stage == "tls"


MISTAKES = [
    ({"tls": LAB_TLS._replace(trust="file", trust_file="/no/such/file")}, "trust_file"),
    ({"tls": LAB_TLS._replace(trust="file")}, "trust_file"),
    ({"tls": LAB_TLS._replace(name="other")}, "sni"),
    ({"tls": LAB_TLS._replace(alpn="x" * 256)}, "alpn"),
    ({"tls": LAB_TLS._replace(lowest="1.3", highest="1.2")}, "highest"),
    ({"tls": LAB_TLS._replace(identity="file", certificate="/etc/hostname")}, "certificate"),
    ({"tls": LAB_TLS._replace(identity="file", certificate="/etc")}, "certificate"),
    ({"tls": LAB_TLS, "role": "listener", "target": "127.0.0.1:0"}, "identity"),
    ({"way": WayForm(proxy="ftp://127.0.0.1:1")}, "proxy"),
    ({"way": WayForm(proxy="lab:proxy-http", proxy_user="me")}, "password"),
    ({"way": WayForm(local="nowhere at all")}, "local"),
    ({"way": WayForm(options="NODELAY=1 TTL=999")}, "options"),
]


@pytest.mark.parametrize(("form", "field"), MISTAKES, ids=[f"{n} {m[1]}" for n, m in enumerate(MISTAKES)])
async def test_a_mistake_is_told_at_its_field_and_nothing_is_sent(form: dict[str, object], field: str):
    async with desk(**{"target": "lab:tls-echo", **form}) as at:
        job = at.open()
        await job.wait()
        assert isinstance(job.failure, FieldError)
        assert at.state.mistake is job.failure
        assert at.state.mistake.field == field
        assert at.state.phase == "idle"
        assert at.state.problem is None
        assert len(at.transcript) == 0
        at.session.compose(draft="what was corrected is judged anew")
        assert at.state.mistake is None


async def test_a_proxy_that_wants_a_login_says_where_a_person_gives_one():
    asked = b"CONNECT 127.0.0.1:9 HTTP/1.1\r\nHost: 127.0.0.1:9\r\n\r\n"
    with scripted_peer([("expect", asked), ("send", b"HTTP/1.1 407 Login\r\n\r\n")]) as peer:
        async with desk(target="127.0.0.1:9", way=WayForm(proxy=f"http://{peer}")) as at:
            await at.open().wait()
            assert at.state.problem is not None
            assert (
                at.state.problem.advice == "give the proxy a user and a password, in the options behind ..."
            )


async def test_options_say_where_they_are_wrong():
    async with desk(target="lab:echo", way=WayForm(options="NODELAY=1, TTL=999")) as at:
        await at.open().wait()
        mistake = at.state.mistake
        assert mistake is not None
        assert mistake.caret().splitlines() == ["NODELAY=1, TTL=999", " " * 15 + "^^^"]


async def test_tls_begins_in_the_middle_and_what_came_before_is_discarded_and_named():
    async with desk(target="lab:tls-echo", tls=LAB_TLS._replace(trust="lab")) as at:
        at.session.compose(tls=at.state.form.tls._replace(is_on=False))
        at.open()
        await at.until(lambda s: s.phase == "open")
        assert at.state.why_not_start_tls == ""
        await at.session.start_tls()
        state = await at.until(lambda s: "verified" in s.verdict.sentence)
        assert state.peers[0].is_secure
        assert state.why_not_start_tls == "this connection is under TLS already"
        await at.session.send(b"after")
        await at.until(lambda s: s.peers[0].received == 5)
        with pytest.raises(LocalMisuse, match="already"):
            await at.session.start_tls()


def authorities(at: Desk, certificate: bytes) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=certificate.decode())


async def test_a_listener_under_tls_with_the_labs_certificate_answers_a_stranger():
    tls = LAB_TLS._replace(identity="lab")
    async with desk(role="listener", target="127.0.0.1:0", reply="echo", tls=tls) as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        assert "under TLS" in at.state.verdict.sentence
        context = authorities(at, (await at.lab.authority()).certificate)
        host, port = at.state.address.split(":")
        reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname="localhost")
        writer.write(b"ping")
        assert await reader.readexactly(4) == b"ping"
        await at.until(lambda s: s.peers[0].sent == 4)
        assert at.state.peers[0].is_secure
        writer.close()
        await writer.wait_closed()
        await at.until(lambda s: not s.peers[0].is_open or s.peers[0].receiving is not HalfState.OPEN)


async def test_a_client_that_fails_the_handshake_does_not_end_the_listener():
    async with desk(role="listener", target="127.0.0.1:0", tls=LAB_TLS._replace(identity="lab")) as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        host, port = at.state.address.split(":")
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await at.until(lambda s: s.problem is not None)
        assert at.state.problem is not None
        assert at.state.problem.stage == "tls"
        assert at.state.phase == "open"
        assert at.state.peers[0].tls is not None
        assert at.state.peers[0].tls.failure
        writer.close()
        assert await reader.read() != b"echo"


async def test_a_listener_asks_for_a_client_certificate_and_shows_who_came():
    tls = LAB_TLS._replace(identity="lab", ask_client="require")
    async with desk(role="listener", target="127.0.0.1:0", tls=tls) as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        other = Desk(at.lab, Form(target=at.state.address, tls=LAB_TLS._replace(trust="lab", identity="lab")))
        other.open()
        await other.until(lambda s: s.phase == "open")
        await at.until(lambda s: bool(s.peers) and s.peers[0].is_secure)
        report = at.state.peers[0].tls
        assert report is not None
        assert report.sent[0]["subject"] == "CN=a client of the Lab"
        assert report.verdict == "the client is verified"
        await other.scope.retire()
        other.transcript.close()


async def test_starttls_by_hand_on_both_sides():
    """What no other tool does: both ends of a mid-stream upgrade, each said by hand."""
    async with desk(role="listener", target="127.0.0.1:0", tls=TlsForm(identity="lab")) as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        client = Desk(at.lab, Form(target=at.state.address, tls=TlsForm(trust="lab")))
        client.open()
        await client.until(lambda s: s.phase == "open")
        await client.session.send(b"STARTTLS\r\n")
        await at.until(lambda s: bool(s.peers) and s.peers[0].received == 10)
        server = asyncio.create_task(at.session.start_tls(b"220 go ahead\r\n"))
        await client.until(lambda s: s.peers[0].received == 14)
        await client.session.start_tls()
        await server
        assert at.state.peers[0].is_secure
        assert client.state.peers[0].is_secure
        await client.session.send(b"inside")
        await at.until(lambda s: s.peers[0].received == 16)
        await at.session.send(b"yes")
        await client.until(lambda s: s.peers[0].received == 17)
        assert client.received("tls") == b"yes"
        await client.scope.retire()
        client.transcript.close()


@pytest.mark.parametrize("proxy", ["lab:proxy-http", "lab:proxy-socks5"])
async def test_a_proxy_leads_there_with_tls_inside(proxy: str):
    async with desk(target="lab:tls-echo", tls=LAB_TLS, way=WayForm(proxy=proxy)) as at:
        at.open()
        await at.until(lambda s: s.phase == "open" and "verified" in s.verdict.sentence)
        await at.session.send(b"through")
        await at.until(lambda s: s.peers[0].received == 7)
        assert at.facts("proxy.complete")
        with pytest.raises(LocalMisuse, match="proxy"):
            at.session.copy_as_python()


async def test_a_password_of_a_proxy_is_nowhere_but_in_the_dialogue_and_masked_there():
    async with desk(target="lab:echo") as at:
        proxy = await at.lab.start("proxy-socks5", user="me", password="open sesame")
        at.session.compose(way=WayForm(proxy=f"socks5://{proxy.target}", proxy_user="me"))
        at.session.password = "open sesame"
        job = at.open()
        await at.until(lambda s: s.phase in ("open", "failed"))
        assert job.is_running, job.failure
        assert "sesame" not in repr(at.state)
        secrets = [at.transcript.secrets(event) for event in at.transcript.events()]
        assert any(secrets)


async def test_options_and_a_local_address_are_set_before_connecting():
    way = WayForm(local="127.0.0.2", options="TTL=7 LINGER=0")
    async with desk(target="lab:echo", way=way) as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        assert at.state.peers[0].local.startswith("127.0.0.2:")
        look = at.session.look()
        assert look is not None
        assert (look.options["TTL"], look.options["LINGER"]) == (7, 0)
        assert [fact["option"] for fact in at.facts("option.set")] == ["TTL", "LINGER"]


async def test_an_option_is_set_on_the_living_connection_and_what_was_granted_is_told():
    async with desk(target="lab:echo") as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        assert at.session.set_option("TTL", "9") == 9
        granted = at.session.set_option("RCVBUF", "4096")
        assert isinstance(granted, int)
        look = at.session.look()
        assert look is not None
        assert (look.options["TTL"], look.options["RCVBUF"]) == (9, granted)
        with pytest.raises(LocalMisuse) as caught:
            at.session.set_option("TTL", "none")
        assert (caught.value.start, caught.value.end) == (4, 8)
        await at.session.finish()
        await at.until(lambda s: s.phase == "ended")
        assert at.session.look() is None
        with pytest.raises(LocalMisuse):
            at.session.set_option("TTL", "9")


async def test_a_unix_socket_in_both_roles(tmp_path):
    place = f"unix:{tmp_path}/talk"
    async with desk(role="listener", target=place, reply="echo") as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        client = Desk(at.lab, Form(target=place))
        client.open()
        await client.until(lambda s: s.phase == "open")
        await client.session.send(b"near")
        await client.until(lambda s: s.peers[0].received == 4)
        look = client.session.look()
        assert look is not None
        assert look.protocol == "Unix stream"
        assert "NODELAY" not in look.options
        assert "AF_UNIX" in client.session.copy_as_python()
        await client.scope.retire()
        client.transcript.close()


async def test_a_relay_stands_behind_the_proxy_and_not_before_it():
    way = WayForm(proxy="lab:proxy-http")
    async with desk(target="lab:echo", way=way, route="cut") as at:
        at.open()
        await at.until(lambda s: s.phase == "open")
        await at.session.send(b"0123456789abcdef")
        await at.until(lambda s: s.phase == "ended" or s.peers[0].receiving is not HalfState.OPEN)
        assert at.state.peers[0].received == 10
