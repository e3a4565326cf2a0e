"""A conversation as packets: every octet at its place, ends as they were, secrets kept."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.capture import Packet, blocks, options, packets, secrets, taken_apart
from tests.kit.turned_clock import TurnedClock
from workbench.transcript.export import export
from workbench.transcript.pcapng import ACKNOWLEDGE_AFTER
from workbench.transcript.recorder import Channel, Transcript

US, PEER = "127.0.0.1:40000", "127.0.0.1:7"


def written(transcript: Transcript, *, with_secrets: bool = False) -> bytes:
    return b"".join(export(transcript, "pcapng", with_secrets=with_secrets))


def seen(transcript: Transcript, *, with_secrets: bool = False) -> list[Packet]:
    return [taken_apart(each.data) for each in packets(written(transcript, with_secrets=with_secrets))]


def opened(transcript: Transcript, *, local: str = US, peer: str = PEER, layer: str = "tcp") -> Channel:
    channel = transcript.open("lab:echo", layer)
    channel.named(local=local, peer=peer)
    return channel


def told(found: list[Packet], local: str = US) -> list[str]:
    """Each packet as its way, its flags and its octets."""
    port = int(local.rpartition(":")[2])
    return [
        f"{'>' if each.source[1] == port else '<'} {each.flags} {each.payload.decode('latin-1')}".rstrip()
        for each in found
    ]


@pytest.fixture
def transcript():
    transcript = Transcript(clock=TurnedClock())
    yield transcript
    transcript.close()


def streams_of(found: list[Packet], local_port: int) -> tuple[bytes, bytes]:
    """Both directions, each segment at the place its sequence number says, counted from the SYN's."""
    ways = (bytearray(), bytearray())
    first: dict[int, int] = {}
    for each in found:
        way = 0 if each.source[1] == local_port else 1
        if "S" in each.flags:
            first[way] = each.sequence
        elif each.payload:
            assert each.sequence - first[way] - 1 == len(ways[way])
            ways[way].extend(each.payload)
    return bytes(ways[0]), bytes(ways[1])


@given(
    st.lists(st.tuples(st.booleans(), st.binary(max_size=300) | st.just(b"x" * 70_000)), max_size=12),
    st.sampled_from([(US, PEER), ("[::1]:40000", "[::1]:7")]),
)
def test_both_directions_are_whole_whatever_was_said(events, ends):
    transcript = Transcript(clock=TurnedClock())
    channel = opened(transcript, local=ends[0], peer=ends[1])
    said: tuple[list[bytes], list[bytes]] = ([], [])
    for is_sent, data in events:
        (channel.sent if is_sent else channel.received)(data)
        said[not is_sent].append(data)
    found = seen(transcript)
    assert streams_of(found, 40_000) == (b"".join(said[0]), b"".join(said[1]))
    transcript.close()


def test_a_conversation_begins_and_ends_as_the_facts_say(transcript: Transcript):
    channel = opened(transcript)
    channel.fact("connect.started", address="127.0.0.9:7")
    channel.fact("connect.started", address=PEER)
    channel.fact("connect.complete", local=US, address=PEER)
    channel.sent(b"hi")
    channel.fact("finish.sent")
    channel.received(b"ho")
    channel.fact("end", kind="FIN", by="peer", sentence="")
    channel.fact("close", unread=0)
    assert told(seen(transcript)) == [
        *("> S", "< SA", "> A", "> PA hi", "> FA", "< A", "< PA ho", "< FA", "> A"),
    ]


@pytest.mark.parametrize(
    ("name", "values", "last"),
    [
        ("end", {"kind": "RST", "by": "peer"}, ["< RA"]),
        ("end", {"kind": "RST", "by": "us"}, ["> RA"]),
        ("reset.sent", {}, ["> RA"]),
        ("close", {"unread": 3}, ["> RA"]),
        ("close", {"unread": 0}, ["> FA", "< A"]),
        ("end", {"kind": "truncated", "by": "peer"}, ["< FA", "> A"]),
        ("end", {"kind": "timeout", "by": "us"}, []),
    ],
)
def test_each_end_has_its_packets(
    transcript: Transcript, name: str, values: dict[str, object], last: list[str]
):
    channel = opened(transcript)
    channel.sent(b"hi")
    channel.fact(name, **values)
    assert told(seen(transcript))[4:] == last


def test_nothing_comes_after_a_reset(transcript: Transcript):
    channel = opened(transcript)
    channel.fact("connect.complete", local=US, address=PEER)
    channel.fact("end", kind="RST", by="peer", sentence="")
    channel.fact("close", unread=0)
    assert told(seen(transcript)) == ["> S", "< SA", "> A", "< RA"]


def test_who_was_accepted_began(transcript: Transcript):
    channel = opened(transcript)
    channel.fact("accept.complete", local=US, peer=PEER)
    channel.sent(b"welcome")
    assert told(seen(transcript)) == ["< S", "> SA", "< A", "> PA welcome"]


def test_who_only_listens_acknowledges_now_and_then(transcript: Transcript):
    channel = opened(transcript)
    for _ in range(8):
        channel.received(b"x" * (ACKNOWLEDGE_AFTER // 4))
    found = seen(transcript)
    assert [each.acknowledged for each in found if each.source[1] == 40_000][-1] >= ACKNOWLEDGE_AFTER
    assert all(len(each.payload) < 65_536 for each in found)


def test_times_are_those_of_the_events_to_the_nanosecond():
    clock = TurnedClock()
    transcript = Transcript(clock=clock)
    channel = opened(transcript)
    clock.advance_ns(1_234_567)
    channel.sent(b"hi")
    *_, last = packets(written(transcript))
    assert last.time_ns == transcript.started_wall_ns + 1_234_567
    transcript.close()


def test_the_first_packet_of_a_channel_tells_its_title(transcript: Transcript):
    channel = opened(transcript)
    channel.sent(b"hi")
    assert [each.comment for each in packets(written(transcript))] == ["channel 0: lab:echo", "", "", ""]


def test_datagrams_are_datagrams_and_an_empty_one_too(transcript: Transcript):
    channel = opened(transcript, layer="udp")
    channel.fact("datagram.open", local=US, peer=PEER, receive_buffer=1)
    channel.sent(b"")
    channel.received(b"pong")
    found = seen(transcript)
    assert [(each.protocol, each.source[1], each.payload) for each in found] == [
        ("udp", 40_000, b""),
        ("udp", 7, b"pong"),
    ]


def test_secrets_are_masked_unless_asked_for(transcript: Transcript):
    channel = opened(transcript)
    channel.sent(b"PASS hush\r\n", secret=[(5, 9)])
    assert b"hush" not in written(transcript)
    assert b"PASS ****" in written(transcript)
    assert b"PASS hush" in written(transcript, with_secrets=True)


def test_of_tls_the_records_are_written_and_keys_only_when_asked_for(transcript: Transcript):
    channel = opened(transcript)
    channel.sent(b"\x16\x03\x01records")
    channel.key("CLIENT_RANDOM 00 11")
    channel.key("EXPORTER_SECRET 00 22")
    channel.sent(b"plain", layer="tls")
    assert b"plain" not in written(transcript, with_secrets=True)
    assert secrets(written(transcript)) == []
    assert b"CLIENT_RANDOM" not in written(transcript)
    assert secrets(written(transcript, with_secrets=True)) == [
        b"CLIENT_RANDOM 00 11\nEXPORTER_SECRET 00 22\n"
    ]


def test_what_has_no_packets_is_left_out_and_named(transcript: Transcript):
    opened(transcript).sent(b"hi")
    opened(transcript, local=PEER, peer=US).received(b"hi")
    opened(transcript, local="", peer="unix:/run/x").sent(b"over there")
    opened(transcript, local="", peer="")
    file = written(transcript)
    assert len(seen(transcript)) == 4
    comment = options(blocks(file)[0].body[struct.calcsize("<IHHq") :])[1].decode()
    assert comment.splitlines()[1:] == [
        "Channel 1 is the other end of channel 0 and is left out.",
        "Channel 2 (lab:echo) has no IP addresses and is left out.",
    ]


def test_many_channels_left_out_are_counted(transcript: Transcript):
    for _ in range(30):
        opened(transcript, local="", peer="").sent(b"x")
    comment = options(blocks(written(transcript))[0].body[16:])[1].decode()
    assert comment.endswith("10 more channels are left out.")


def test_an_empty_conversation_is_a_file_too(transcript: Transcript):
    assert packets(written(transcript)) == []
