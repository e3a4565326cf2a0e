"""A transcript gives back every event as it was recorded, however it is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.turned_clock import TurnedClock
from workbench.errors import LocalFault, LocalMisuse
from workbench.transcript import spool
from workbench.transcript.recorder import MAX_LAYERS, Transcript
from workbench.transcript.records import Direction

steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["sent", "received", "fact"]),
        st.sampled_from(["", "tls"]),
        st.binary(max_size=50) | st.just(b"L" * 3000),
    ),
    max_size=40,
)


@given(steps, st.integers(0, 5000))
def test_every_event_reads_back_as_recorded(recorded, limit):
    transcript = Transcript(spool_after=limit)
    channels = [transcript.open(f"c{n}", "tcp") for n in range(3)]
    offsets: dict[tuple[int, str, str], int] = {}
    for number, (which, what, layer, data) in enumerate(recorded):
        if what == "fact":
            assert channels[which].fact("told", text=data.hex()) == number
        else:
            record = channels[which].sent if what == "sent" else channels[which].received
            assert record(data, layer=layer) == number
    assert len(transcript) == len(recorded)
    events = list(transcript.events())
    assert events == [transcript[n] for n in range(len(recorded))]
    for event, (which, what, layer, data) in zip(events, recorded, strict=True):
        assert event.channel == which
        if what == "fact":
            assert (event.kind, event.name, event.values) == ("fact", "told", {"text": data.hex()})
            assert transcript.data(event) == b""
            continue
        key = (which, what, layer or "tcp")
        assert (event.kind, event.direction.value, event.layer) == ("bytes", what, layer or "tcp")
        assert (event.size, event.offset) == (len(data), offsets.get(key, 0))
        assert transcript.data(event) == data
        assert transcript.data(event, 1, 3) == data[1:3]
        offsets[key] = offsets.get(key, 0) + len(data)
    for (which, what, layer), size in offsets.items():
        stream = transcript.stream(which, Direction(what), layer)
        assert len(stream) == size
        assert stream.read(0, size) == b"".join(
            data for w, k, la, data in recorded if (w, k, la or "tcp") == (which, what, layer)
        )
    transcript.close()


def test_lanes_of_interleaved_connections_balance():
    transcript = Transcript()
    lanes = [transcript.open(f"lane {n}", "tcp") for n in range(5)]
    for turn in range(200):
        for lane in lanes:
            lane.sent(bytes([turn]) * 5)
            lane.received(bytes([turn]) * 5)
    for lane in lanes:
        assert len(lane.stream(Direction.SENT)) == len(lane.stream(Direction.RECEIVED)) == 1000
    assert sum(event.size for event in transcript.events()) == 10_000
    transcript.close()


def test_times_count_from_the_beginning_in_nanoseconds():
    clock = TurnedClock()
    transcript = Transcript(clock=clock)
    clock.advance_ns(1500)
    channel = transcript.open("c", "tcp")
    clock.advance_ns(500)
    channel.sent(b"x")
    assert transcript.channels[0].opened_ns == 1500
    assert transcript[0].time_ns == 2000
    assert transcript.started_wall_ns == clock.wall_ns() - 2000
    transcript.close()


def test_negative_and_missing_places():
    transcript = Transcript()
    channel = transcript.open("c", "tcp")
    channel.fact("a")
    channel.fact("b")
    assert transcript[-1].name == "b"
    for place in (2, -3):
        with pytest.raises(IndexError):
            transcript[place]
    assert len(transcript.stream(0, Direction.SENT, "nothing")) == 0
    assert transcript.stream(0, Direction.SENT, "nothing").read(0, 9) == b""
    transcript.close()


def test_observers_hear_of_every_change_until_cut():
    transcript = Transcript()
    heard: list[int] = []
    cut = transcript.observe(lambda t: heard.append(len(t)))
    channel = transcript.open("c", "tcp")
    channel.sent(b"1")
    channel.fact("f")
    channel.named(peer="p")
    cut()
    cut()
    channel.sent(b"2")
    assert heard == [1, 2, 2]
    transcript.close()


def test_secrets_are_remembered_by_event_and_by_stream():
    transcript = Transcript()
    channel = transcript.open("c", "tcp")
    channel.sent(b"USER me\r\n")
    channel.sent(b"PASS hush\r\n", secret=[(5, 9)])
    assert transcript.secrets(transcript[0]) == ()
    assert transcript.secrets(transcript[1]) == ((5, 9),)
    assert transcript.stream_secrets(0, Direction.SENT, "tcp") == ((14, 18),)
    assert transcript.stream_secrets(0, Direction.RECEIVED, "tcp") == ()
    transcript.close()


def test_too_many_layers_are_refused():
    transcript = Transcript()
    channel = transcript.open("c", "tcp")
    for number in range(MAX_LAYERS - 1):
        channel.sent(b"x", layer=f"layer{number}")
    with pytest.raises(LocalMisuse):
        channel.sent(b"x", layer="one more")
    transcript.close()


def test_the_event_whose_write_failed_is_kept_and_later_ones_are_refused(tmp_path):
    transcript = Transcript(spool_after=100, folder=str(tmp_path / "missing"))
    channel = transcript.open("c", "tcp")
    channel.sent(b"before")
    with pytest.raises(LocalFault):
        channel.received(b"r" * 200)
    assert transcript.fault is not None
    assert transcript.data(transcript[1]) == b"r" * 200
    with pytest.raises(LocalFault):
        channel.received(b"later")
    assert channel.fact("end", kind="local") == 2
    assert [event.size for event in transcript.events()] == [6, 200, 0]
    transcript.close()


def test_half_a_million_small_events_stay_small_in_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool, "SLOW_NS", 10**12)
    transcript = Transcript(spool_after=256 * 1024)
    channel = transcript.open("c", "tcp")
    for _ in range(20_000):
        channel.sent(b"y" * 64)
    assert transcript.octets_in_memory <= 256 * 1024
    assert transcript.data(transcript[12_345]) == b"y" * 64
    transcript.close()


def test_a_name_that_is_no_utf8_is_a_fact_like_any_other():
    """A file's or a server's octets, decoded as PEP 383 says."""
    transcript = Transcript()
    transcript.open("c", "unix").fact("connect.started", address="unix:\udcff\udcfe")
    assert transcript[0].values == {"address": "unix:\udcff\udcfe"}


def test_a_closed_transcript_is_empty():
    transcript = Transcript()
    transcript.open("c", "tcp").sent(b"x")
    transcript.close()
    transcript.close()
    assert len(transcript) == 0


def test_a_channel_can_learn_its_layer_before_the_first_octet():
    transcript = Transcript()
    channel = transcript.open("lab:unix-echo", "tcp")
    channel.named(layer="unix")
    channel.named(peer="unix:/x")
    channel.sent(b"x")
    assert (transcript.channels[0].layer, transcript.channels[0].peer, transcript[0].layer) == (
        "unix",
        "unix:/x",
        "unix",
    )
    transcript.close()
