"""Saved conversations keep their own times."""

from tests.kit.turned_clock import TurnedClock
from workbench.transcript.export import write_jsonl
from workbench.transcript.recorder import Transcript
from workbench.transcript.store import read_jsonl


def test_times_and_endpoints_survive_a_round_trip():
    clock = TurnedClock()
    transcript = Transcript(clock=clock)
    clock.advance_ns(7)
    channel = transcript.open("title", "udp")
    channel.named(local="127.0.0.1:5", peer="[::1]:6")
    clock.advance_ns(10**12)
    channel.received(b"")
    again = read_jsonl(list(write_jsonl(transcript)))
    assert again[0].time_ns == 10**12 + 7
    assert again.channels[0] == (0, "title", "udp", "127.0.0.1:5", "[::1]:6", 7)
    transcript.close()
    again.close()
