"""What is there to be replayed: which channel, how much, from when on."""

import asyncio

import pytest

from tests.kit.turned_clock import TurnedClock
from workbench.errors import LocalMisuse
from workbench.protocols.raw.recorded import Recorded, Tls, measure, measure_in_slices
from workbench.transcript.recorder import Transcript


@pytest.fixture
def clock():
    return TurnedClock()


@pytest.fixture
def transcript(clock: TurnedClock):
    transcript = Transcript(clock=clock)
    yield transcript
    transcript.close()


def test_a_channel_is_measured_from_its_connection_on(transcript: Transcript, clock: TurnedClock):
    transcript.open("listener", "tcp").fact("listen.complete", address="127.0.0.1:1", backlog=1)
    channel = transcript.open("lab:echo", "tcp")
    channel.fact("connect.started", address="127.0.0.1:1")
    clock.advance_ns(5)
    channel.fact("connect.complete", local="127.0.0.1:2", address="127.0.0.1:1")
    clock.advance_ns(7)
    channel.sent(b"one")
    channel.sent(b"two")
    channel.received(b"answer")
    clock.advance_ns(11)
    channel.fact("end", kind="FIN", by="peer", sentence="")
    assert measure(transcript) == Recorded(1, "tcp", 6, 6, 2, 1, 5, 18, "FIN")


def test_our_own_end_is_not_the_peers(transcript: Transcript):
    channel = transcript.open("lab:echo", "tcp")
    channel.sent(b"one")
    channel.fact("end", kind="local", by="us", sentence="")
    assert measure(transcript).end == ""


def test_an_empty_datagram_is_something_sent(transcript: Transcript):
    transcript.open("udp", "udp").sent(b"")
    assert measure(transcript)[:7] == (0, "udp", 0, 0, 1, 0, 0)


def test_where_nothing_was_sent_there_is_nothing_to_replay(transcript: Transcript):
    with pytest.raises(LocalMisuse, match="nothing was sent"):
        measure(transcript)
    transcript.open("lab:time", "tcp").received(b"12:00")
    with pytest.raises(LocalMisuse, match="channel 0 sent nothing"):
        measure(transcript, 0)


def test_several_channels_need_a_choice_and_are_named(transcript: Transcript):
    for title in ("one", "two"):
        transcript.open(title, "tcp").sent(b"x")
    with pytest.raises(LocalMisuse, match="2 channels") as caught:
        measure(transcript)
    assert "0 (one), 1 (two)" in caught.value.advice
    assert measure(transcript, 1).channel == 1
    for wrong in (-1, 2):
        with pytest.raises(LocalMisuse, match="no channel"):
            measure(transcript, wrong)


def test_under_tls_its_plaintext_was_said_and_not_its_records(transcript: Transcript):
    channel = transcript.open("secure", "tcp")
    channel.received(b"220 hi")
    channel.sent(b"STARTTLS")
    channel.fact("tls.started", role="client", alpn=["smtp"])
    channel.sent(b"records")
    channel.received(b"more of them")
    channel.fact("tls.complete")
    channel.sent(b"plain", layer="tls")
    channel.received(b"answer", layer="tls")
    channel.fact("tls.end", kind="close_notify", by="peer")
    channel.fact("end", kind="FIN", by="peer")
    found = measure(transcript)
    assert (found.sent, found.sends, found.received, found.answers) == (13, 2, 12, 2)
    assert (found.layer, found.tls, found.end) == ("tcp", Tls(6, ("smtp",)), "close_notify")


def test_plaintext_whose_beginning_is_missing_is_not_replayed(transcript: Transcript):
    channel = transcript.open("secure", "tcp")
    channel.sent(b"records")
    channel.sent(b"plain", layer="tls")
    with pytest.raises(LocalMisuse, match="encrypted"):
        measure(transcript)


@pytest.mark.parametrize(("data", "is_refused"), [(b"PASS ****\r\n", True), (b"PASS h*sh\r\n", False)])
def test_a_masked_secret_is_refused(transcript: Transcript, data: bytes, is_refused: bool):
    transcript.open("mail", "tcp").sent(data, secret=[(5, 9)])
    if not is_refused:
        assert measure(transcript).sent == len(data)
        return
    with pytest.raises(LocalMisuse, match="masked"):
        measure(transcript)


def test_what_was_said_to_a_proxy_was_not_said_to_the_server(transcript: Transcript):
    channel = transcript.open("through a proxy", "tcp")
    channel.sent(b"CONNECT ...", layer="proxy")
    channel.received(b"200", layer="proxy")
    channel.sent(b"hi")
    assert measure(transcript)[:5] == (0, "tcp", 2, 0, 1)


def test_what_was_said_by_a_unix_socket_can_be_said_by_any_stream(transcript: Transcript):
    transcript.open("near", "unix").sent(b"hi")
    found = measure(transcript)
    assert (found.transport, found.layer, found.tls) == ("tcp", "unix", None)


async def test_measured_in_slices_it_is_the_same_and_others_have_their_turn(transcript: Transcript):
    channel = transcript.open("long", "tcp")
    for _ in range(30_000):
        channel.sent(b"x")
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    assert await measure_in_slices(transcript) == measure(transcript)
    counting.cancel()
    await asyncio.gather(counting, return_exceptions=True)
    assert turns > 1
    with pytest.raises(LocalMisuse):
        await measure_in_slices(transcript, 7)
