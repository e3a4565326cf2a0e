"""The handshake: what both sides agree on, every verdict, and every way in which it can fail, by the side to blame."""

import asyncio

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.wire.tls.sides import authority, client, facts, server, sides
from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, Untrusted, WorkbenchError
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial
from workbench.wire.memory import pair
from workbench.wire.tls import handshake as handshake_module
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.stream import TlsStream
from workbench.wire.tls.values import Trust

NOBODY = Trust(False)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
async def test_both_sides_agree_and_know_on_what(version: str):
    async with sides() as joined:
        ours, theirs = await joined.both(
            client(alpn=("h2", "echo")), server(alpn=("echo",), max_version=version)
        )
        agreed = ours.handshake
        assert agreed.version == theirs.handshake.version == f"TLSv{version}"
        assert (agreed.alpn, agreed.sni, theirs.handshake.sni) == ("echo", "localhost", "localhost")
        assert agreed.cipher == theirs.handshake.cipher
        assert agreed.verdict == (True, "", True)
        assert [c.subject for c in agreed.verified] == [
            "CN=a server of the Lab",
            "CN=the tests' authority",
        ]
        assert all(decision.accepted for decision in agreed.decisions)
        assert theirs.handshake.verdict.trusted is None
        assert not agreed.resumed
        assert facts(joined.transcript, 0)[:2] == ["tls.started", "tls.certificate"]
        assert facts(joined.transcript, 0)[-2:] == ["tls.chain", "tls.complete"]
        assert ours.keys
        assert joined.transcript.key_log
        await ours.aclose()
        await theirs.aclose()


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize(
    ("flaw", "alert", "words"),
    [
        ("expired", "certificate_expired", "expired"),
        ("not-yet", "bad_certificate", "not yet valid"),
        ("wrong-name", "bad_certificate", "not for localhost"),
        ("self-signed", "unknown_ca", "self-signed"),
        ("unknown-authority", "unknown_ca", "local issuer"),
    ],
)
async def test_a_certificate_that_is_not_trusted_stops_it_with_its_reason(
    version: str, flaw: str, alert: str, words: str
):
    async with sides() as joined:
        ours, theirs = await joined.each(client(), server(flaw, max_version=version))
        assert isinstance(ours, Untrusted)
        assert words in ours.what
        assert ours.stage == "tls"
        assert isinstance(theirs, Refused)
        assert theirs.reply == alert
        by_name = {event.name: event.values for event in joined.transcript.events() if event.channel == 0}
        assert by_name["tls.alert"]["by"] == "us"
        assert by_name["tls.alert"]["alert"] == alert
        sent = by_name["tls.chain"]["sent"]
        assert isinstance(sent, list)
        assert sent[0]["subject"] == "CN=a server of the Lab"
        assert by_name["tls.failed"]["kind"] == "Untrusted"


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("flaw", ["expired", "wrong-name", "self-signed", "unknown-authority"])
async def test_the_policy_to_show_goes_on_and_judges_all_the_same(version: str, flaw: str):
    async with sides() as joined:
        ours, theirs = await joined.both(client(untrusted="show"), server(flaw, max_version=version))
        assert ours.handshake.verdict.trusted is False
        assert ours.handshake.verdict.reason
        assert ours.handshake.verdict.name_matched is (flaw != "wrong-name")
        assert any(not decision.accepted for decision in ours.handshake.decisions)
        await ours.aclose()
        await theirs.aclose()


async def test_an_address_is_matched_as_an_address_and_never_sent():
    async with sides() as joined:
        ours, theirs = await joined.both(client(server_name="127.0.0.1"), server())
        assert (ours.handshake.sni, ours.handshake.verdict) == ("", (True, "", True))
        await ours.aclose()
        await theirs.aclose()
    async with sides() as joined:
        ours, _ = await joined.each(client(server_name="127.0.0.2"), server())
        assert isinstance(ours, Untrusted)
        assert "127.0.0.2" in ours.what


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("trust", ["authority", "nobody"])
async def test_a_session_is_resumed_with_its_verdict(version: str, trust: str):
    ours_setup = client(untrusted="show", **({"trust": NOBODY} if trust == "nobody" else {}))
    theirs_setup = server(max_version=version)
    session = None
    for is_second in (False, True):
        async with sides() as joined:
            ours, theirs = await joined.both(ours_setup, theirs_setup, resume=session)
            await theirs.send(b"ticket")
            assert await ours.read_exactly(6) == b"ticket"
            assert ours.handshake.resumed is theirs.handshake.resumed is is_second
            assert ours.handshake.verdict.trusted is (trust == "authority")
            assert ours.handshake.sent
            session = ours.session()
            assert session is not None
            await ours.aclose()
            await theirs.aclose()


@pytest.mark.parametrize("version", ["1.2", "1.3"])
async def test_a_client_shows_who_it_is(version: str):
    async with sides() as joined:
        ours, theirs = await joined.both(
            client(identity=authority().client()), server(ask_client="require", max_version=version)
        )
        assert theirs.handshake.verdict.trusted is True
        assert theirs.handshake.sent[0].subject == "CN=a client of the Lab"
        await ours.aclose()
        await theirs.aclose()


async def test_a_client_without_certificate_is_refused_and_hears_why_when_it_reads():
    async with sides() as joined:
        ours, theirs = await joined.each(client(), server(ask_client="require"))
        assert isinstance(theirs, Untrusted)
        assert isinstance(ours, TlsStream)
        with pytest.raises(Refused, match="certificate_required") as caught:
            await ours.read()
        assert (caught.value.stage, caught.value.reply) == ("tls", "certificate_required")
        with pytest.raises(Refused):
            await ours.send(b"hello?")
        await ours.aclose()


async def test_no_common_version_or_protocol_is_a_refusal_told_by_its_alert():
    async with sides() as joined:
        ours, theirs = await joined.each(client(max_version="1.2"), server(min_version="1.3"))
        assert isinstance(ours, Refused)
        assert ours.reply == "protocol_version"
        assert isinstance(theirs, Refused)


async def test_what_came_before_the_handshake_is_discarded_and_named():
    async with sides() as joined:
        await joined.right.send(b"220 go ahead\r\n250 injected\r\n")
        assert await joined.left.read_until(b"\n", limit=100) == b"220 go ahead\r\n"
        ours, theirs = await joined.both(client(), server())
        discarded = next(event for event in joined.transcript.events() if event.name == "tls.discarded")
        octets = b"250 injected\r\n"
        assert discarded.values == {"octets": len(octets), "hex": octets.hex()}
        await theirs.send(b"clean")
        assert await ours.read_exactly(5) == b"clean"
        await ours.aclose()
        await theirs.aclose()


# ---- peers that are none, or go away


async def attempt(script: list[tuple[str, bytes] | tuple[str]], timeout_s: float = 15.0) -> WorkbenchError:
    """What start_tls raises against a peer that follows the script once our hello has begun."""
    transcript = Transcript()
    with scripted_peer([("expect", b"\x16"), *script]) as peer:
        stream = await dial(parse_target(str(peer)), transcript)
        try:
            with pytest.raises(WorkbenchError) as caught:
                await start_tls(stream, client(), timeout_s=timeout_s)
        finally:
            await stream.aclose()
    assert caught.value.stage == "tls"
    last = next(event for event in reversed(list(transcript.events())) if event.name == "tls.failed")
    assert caught.value.transcript_index == last.index
    transcript.close()
    return caught.value


async def test_words_instead_of_a_server_hello_are_shown():
    failure = await attempt([("send", b"220 mail.test ready\r\n"), ("stall",)])
    assert isinstance(failure, PeerMisbehaved)
    assert failure.data == b"220 mail.test ready\r\n"
    assert "no TLS" in failure.what


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x03\x00\x04\xff\xff\xff\xff", b"\x16\x03\x03\xff\xff" + b"x" * 99]
)
async def test_records_of_garbage_are_the_peers_fault(garbage: bytes):
    assert isinstance(await attempt([("send", garbage), ("stall",)]), PeerMisbehaved)


async def test_a_reset_or_an_end_in_the_handshake_is_a_lost_link():
    assert isinstance(failure := await attempt([("finish",)]), LinkLost)
    assert "ended the connection" in failure.what
    failure = await attempt([("send", b"\x16"), ("reset",)])
    assert isinstance(failure, LinkLost)
    assert failure.errno_name in ("", "ECONNRESET")


async def test_silence_ends_at_the_deadline():
    assert isinstance(await attempt([("stall",)], timeout_s=0.05), TooSlow)


async def test_a_message_of_sixteen_mebibytes_is_not_waited_for():
    head = b"\x16\x03\x03\x40\x00\x0b\xff\xff\xff" + bytes(16 * 1024 - 4)
    assert isinstance(await attempt([("send", head), ("stall",)]), PeerMisbehaved)


async def test_a_handshake_without_end_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handshake_module, "MAX_HANDSHAKE_OCTETS", 100)
    async with sides() as joined:
        await joined.right.send(b"\x16\x03\x03\x40\x00\x02\x00\x40\x00" + bytes(99))
        with pytest.raises(PeerMisbehaved, match="more than 100 octets"):
            await start_tls(joined.left, client())


@pytest.mark.parametrize("version", ["1.2", "1.3"])
async def test_a_close_at_every_octet_of_an_exchange_is_named(version: str):
    """The server's whole side of a conversation, replayed and cut: never a hang, never anything but our own errors."""
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server(max_version=version))
        await theirs.send(b"hello")
        assert await ours.read_exactly(5) == b"hello"
        await ours.aclose()
        await theirs.aclose()
        whole = joined.transcript.stream(1, Direction.SENT, "memory").read(0, 100_000)
    for cut in [*range(200), *range(200, len(whole), 37), len(whole)]:
        transcript = Transcript()
        left, right = pair(transcript)
        try:
            await right.send(whole[:cut])
            await right.finish()
            with pytest.raises((LinkLost, PeerMisbehaved, Refused)) as caught:
                # The keys are others, so even the whole of it fails, by its signature.
                await start_tls(left, client(), timeout_s=15)
            assert caught.value.stage == "tls", cut
        finally:
            await left.aclose()
            await right.aclose()
            transcript.close()
        # All is there at once: without this the loop would not turn in all these handshakes.
        await asyncio.sleep(0)


async def test_a_cancelled_handshake_leaves_nothing_behind():
    async with sides() as joined:
        task = asyncio.create_task(start_tls(joined.left, client()))
        await joined.right.read()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await joined.left.aclose()
        assert joined.left.end is not None
