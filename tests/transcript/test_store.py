"""Saved conversations keep their own times."""

import pytest

from tests.kit.turned_clock import TurnedClock
from workbench.errors import LocalMisuse
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


def test_keys_of_tls_come_back_where_secrets_were_saved():
    transcript = Transcript()
    transcript.open("secure", "tcp").key("CLIENT_RANDOM 00 11")
    for with_secrets, expected in ((True, ["CLIENT_RANDOM 00 11"]), (False, [])):
        lines = list(write_jsonl(transcript, with_secrets=with_secrets))
        assert any(b"CLIENT_RANDOM" in line for line in lines) is with_secrets
        again = read_jsonl(lines)
        assert again.key_log == expected
        again.close()
    with pytest.raises(LocalMisuse, match="line 1"):
        read_jsonl(
            [b'{"schema": "transcript/1", "started": "2026-01-01T00:00:00Z", "events": 0, "keys": [1]}']
        )
    transcript.close()


HEAD = b'{"schema": "transcript/1", "started": "2026-01-01T00:00:00Z", "events": 0}'
CHANNEL = b'{"channel": 0, "title": "t", "layer": "tcp", "local": "", "peer": "", "opened_ns": 0}'


@pytest.mark.parametrize(
    ("lines", "line", "why"),
    [
        ([b"ab\xff"], 1, "octet 3 of the line is no UTF-8"),
        ([b'{"a": ]'], 1, "the line is no JSON from character 7 on"),
        ([b"[" * 200_000], 1, "the line nests too deep"),
        ([b"[]"], 1, "the line holds no JSON object"),
        ([b'{"schema": "x/1"}'], 1, "the schema is 'x/1', not 'transcript/1'"),
        ([b'{"schema": "transcript/1"}'], 1, "'started' is missing"),
        ([b'{"schema": "transcript/1", "started": 5}'], 1, "a value in it is none that this program writes"),
        (
            [b'{"schema": "transcript/1", "started": "soon"}'],
            1,
            "a value in it is none that this program writes",
        ),
        (
            [HEAD, CHANNEL, b'{"i": 0, "t_ns": 1, "ch": 9, "fact": "x", "values": {}}'],
            3,
            "a value in it is none",
        ),
        (
            [HEAD, CHANNEL, b'{"i": 0, "t_ns": 1, "ch": 0, "fact": "x", "values": 5}'],
            3,
            "a value in it is none",
        ),
        ([HEAD, CHANNEL, b'{"i": 7}'], 3, "event 7 comes where 0 should"),
        ([HEAD, CHANNEL.replace(b'"t"', b"7")], 2, "7 is no text"),
    ],
)
def test_garbage_is_told_by_line_in_our_words(lines: list[bytes], line: int, why: str):
    with pytest.raises(LocalMisuse) as caught:
        read_jsonl(lines, name="x.jsonl")
    assert caught.value.what.startswith(f"x.jsonl, line {line}: not a saved conversation: {why}")
    assert '{"schema":"transcript/1"' in caught.value.advice
