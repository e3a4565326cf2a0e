"""What is told of a conversation, from transcripts of every shape: also of one that never came to be."""

import hashlib

from workbench.cli.talk_document import MAX_DATAGRAMS, talk_document
from workbench.transcript.recorder import Transcript


def test_of_nothing_nothing_is_told():
    transcript = Transcript()
    document = talk_document(transcript)
    assert (document["address"], document["local"], document["peer"]) == (None, None, None)
    assert (document["end"], document["end_by"]) == (None, None)
    assert document["sent"] == {"octets": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    assert document["received"] == {
        "octets": 0,
        "sha256": hashlib.sha256(b"").hexdigest(),
        "text": "",
        "truncated": False,
    }
    transcript.close()


def test_the_address_is_the_last_that_was_tried():
    transcript = Transcript()
    channel = transcript.open("localhost:1", "tcp")
    channel.fact("connect.started", address="[::1]:1")
    channel.fact("connect.failed", address="[::1]:1", errno="ECONNREFUSED", sentence="")
    channel.fact("connect.started", address="127.0.0.1:1")
    channel.fact("connect.dropped", address="[::1]:1")
    assert talk_document(transcript)["address"] == "127.0.0.1:1"
    transcript.close()


def test_before_any_attempt_it_is_what_the_lab_said():
    transcript = Transcript()
    transcript.open("lab:udp-echo", "udp").fact("target", asked="lab:udp-echo", leads_to="udp://127.0.0.1:7")
    assert talk_document(transcript)["address"] == "127.0.0.1:7"
    transcript.close()


def test_the_first_end_counts():
    transcript = Transcript()
    channel = transcript.open("peer", "tcp")
    channel.fact("end", kind="RST", by="peer", sentence="")
    channel.fact("end", kind="local", by="us", sentence="")
    document = talk_document(transcript)
    assert (document["end"], document["end_by"]) == ("RST", "peer")
    transcript.close()


def test_a_long_answer_is_shown_by_its_beginning_and_its_hash():
    transcript = Transcript()
    channel = transcript.open("peer", "tcp")
    data = "é".encode() * 40_000
    for start in range(0, len(data), 999):
        channel.received(data[start : start + 999])
    received = talk_document(transcript)["received"]
    assert (received["octets"], received["truncated"]) == (80_000, True)
    assert received["text"] == "é" * 32_768
    assert received["sha256"] == hashlib.sha256(data).hexdigest()
    transcript.close()


def test_of_very_many_datagrams_the_first_are_listed():
    transcript = Transcript()
    channel = transcript.open("peer", "udp")
    for _ in range(MAX_DATAGRAMS + 2):
        channel.received(b"")
    document = talk_document(transcript)
    assert len(document["datagrams"]) == MAX_DATAGRAMS
    assert document["datagrams_left_out"] == 2
    transcript.close()
