"""What leaves the program is complete, readable, and keeps secrets."""

import contextlib
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.turned_clock import TurnedClock
from workbench.errors import LocalMisuse
from workbench.transcript.export import PIECE, export, write_jsonl, write_raw
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.render import as_text
from workbench.transcript.store import read_jsonl

entries = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["sent", "received", "fact"]),
        st.binary(max_size=30) | st.text(max_size=20).map(lambda t: t.encode("utf-8", "surrogatepass")),
        st.lists(st.tuples(st.integers(0, 10), st.integers(0, 30)), max_size=2),
    ),
    max_size=15,
)


def make(recorded=()):
    clock = TurnedClock()
    transcript = Transcript(clock=clock)
    channels = [transcript.open("lab:echo", "tcp"), transcript.open("other", "udp")]
    channels[0].named(local="127.0.0.1:1", peer="127.0.0.1:2")
    for which, what, data, secret in recorded:
        clock.advance_ns(1_500_000)
        if what == "fact":
            channels[which].fact("said", data=data.hex(), count=len(data))
        else:
            (channels[which].sent if what == "sent" else channels[which].received)(data, secret=secret)
    return transcript


CONVERSATION = [
    (0, "sent", b"hello\r\n", []),
    (0, "received", b"\x1b[31mhi\xff\r\n", []),
    (0, "fact", b"\x01", []),
    (1, "sent", b"", []),
    (0, "sent", b"PASS hush\r\n", [(5, 9)]),
]


@pytest.mark.parametrize(
    "data",
    [
        b"a",
        b"a\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"a\rb\nc\r\nd",
        b"\ta\\r\n\r",
        b"a\x00b\n",
        b"\xc3\xa9\r\nx",
        b"\n\r\n",
    ],
)
def test_plain_text_is_written_line_by_line_as_any_other(data: bytes):
    transcript = make([(0, "sent", data, [])])
    lines = b"".join(export(transcript, "txt")).split(b"octets\n", 1)[1]
    assert lines == b"".join(
        b" " * 19 + as_text(line).encode() + b"\n" for line in data.splitlines(keepends=True)
    )


@given(entries)
def test_jsonl_with_secrets_reads_back_as_the_same_conversation(recorded):
    transcript = make(recorded)
    lines = b"".join(write_jsonl(transcript, with_secrets=True)).splitlines(keepends=True)
    again = read_jsonl(lines)
    assert list(again.events()) == list(transcript.events())
    assert again.channels == transcript.channels
    assert again.started_wall_ns // 1000 == transcript.started_wall_ns // 1000
    for event in transcript.events():
        assert again.data(event) == transcript.data(event)
        assert again.secrets(event) == transcript.secrets(event)
    assert b"".join(write_jsonl(again, with_secrets=True)).splitlines(keepends=True) == lines
    transcript.close()
    again.close()


@pytest.mark.parametrize("form", ["txt", "hex", "jsonl", "sent"])
def test_secrets_leave_only_when_asked_for(form):
    transcript = make(CONVERSATION)
    plain = b"".join(export(transcript, form))
    secret = b"".join(export(transcript, form, with_secrets=True))
    spelled = b"68 75 73 68" if form == "hex" else b"hush"
    masked = b"2a 2a 2a 2a" if form == "hex" else b"****"
    assert spelled not in plain
    assert masked in plain
    assert spelled in secret
    transcript.close()


def test_text_shows_time_direction_size_and_neutralised_content():
    transcript = make(CONVERSATION)
    text = b"".join(export(transcript, "txt")).decode()
    lines = text.splitlines()
    assert lines[0].startswith("# conversation of 20")
    assert "0.001500   0 →  7 octets" in text
    assert "hello\\r\\n" in text
    assert "\x1b" not in text
    assert "\\xff" in text
    assert any(line.rstrip().endswith("→  0 octets") for line in lines)
    transcript.close()


def test_hex_offsets_run_on_through_a_direction_over_pieces():
    transcript = Transcript()
    channel = transcript.open("c", "tcp")
    channel.sent(b"x" * 20)
    channel.received(b"y")
    channel.sent(b"z" * (PIECE + 1))
    text = b"".join(export(transcript, "hex")).decode()
    offsets = [int(line.split()[1], 16) for line in text.splitlines() if line.startswith("→")]
    assert offsets[:3] == [0, 16, 20]
    assert offsets[-1] == 20 + PIECE
    assert all(b > a for a, b in itertools.pairwise(offsets))
    transcript.close()


def test_raw_is_the_octets_of_one_direction_and_nothing_else():
    transcript = make(CONVERSATION)
    assert b"".join(write_raw(transcript, Direction.RECEIVED)) == b"\x1b[31mhi\xff\r\n"
    assert b"".join(write_raw(transcript, Direction.SENT, channel=1)) == b""
    assert b"".join(write_raw(transcript, Direction.SENT, with_secrets=True)) == b"hello\r\nPASS hush\r\n"
    transcript.close()


def test_jsonl_is_one_object_a_line_with_text_where_it_is_text():
    transcript = make(CONVERSATION)
    documents = [json.loads(line) for line in b"".join(write_jsonl(transcript)).splitlines()]
    assert documents[0]["schema"] == "transcript/1"
    assert [d.get("text", d.get("hex")) for d in documents if "dir" in d] == [
        "hello\r\n",
        b"\x1b[31mhi\xff\r\n".hex(),
        "",
        "PASS ****\r\n",
    ]
    assert documents[-1]["masked"] == [[5, 9]]
    transcript.close()


@pytest.mark.parametrize("form", ["txt", "jsonl"])
def test_a_name_that_is_no_utf8_leaves_as_valid_utf8(form):
    transcript = Transcript()
    transcript.open("\udcff", "unix").fact("connect.started", address="unix:\udcfe")
    octets = b"".join(export(transcript, form))
    assert "\\udcff" in octets.decode("utf-8")
    if form == "jsonl":
        read = read_jsonl(octets.splitlines(keepends=True))
        assert read.channels[0].title == "\udcff"
        assert read[0].values == {"address": "unix:\udcfe"}


def test_an_unknown_format_is_refused_with_the_known_ones():
    transcript = make()
    with pytest.raises(LocalMisuse) as caught:
        export(transcript, "docx")
    assert "jsonl" in caught.value.advice
    transcript.close()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda lines: [], "empty"),
        (lambda lines: [b"not json\n"], "line 1"),
        (lambda lines: [b'{"schema":"other/1"}\n'], "schema"),
        (lambda lines: [b"[]\n"], "no JSON object"),
        (lambda lines: lines[:1] + lines[2:], "line 2"),
        (lambda lines: [*lines[:3], lines[3].replace(b'"size":7', b'"size":8')], "announced"),
        (lambda lines: [*lines[:3], lines[3].replace(b'"ch":0', b'"ch":9')], "line 4"),
        (lambda lines: [*lines[:3], lines[3].replace(b'"ch":0', b'"ch":-1')], "line 4"),
        (lambda lines: [*lines[:3], lines[3].replace(b'"sent"', b'"up"')], "direction"),
        (lambda lines: [*lines[:3], lines[3].replace(b'"t_ns":1500000,', b"")], "t_ns"),
    ],
)
def test_a_file_that_is_no_saved_conversation_names_the_line(spoil, told):
    transcript = make(CONVERSATION)
    lines = b"".join(write_jsonl(transcript)).splitlines(keepends=True)
    with pytest.raises(LocalMisuse) as caught:
        read_jsonl(spoil(lines), name="talk.jsonl")
    assert told in str(caught.value)
    assert "talk.jsonl" in str(caught.value)
    transcript.close()


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_octets_are_a_conversation_or_a_named_mistake(lines):
    with contextlib.suppress(LocalMisuse):
        read_jsonl(lines).close()


def test_every_format_is_written_in_pieces(tmp_path: Path):
    transcript = Transcript()
    transcript.open("c", "tcp").received(b"abc\n" * PIECE)
    for form in ("txt", "hex", "received"):
        assert max(map(len, export(transcript, form))) < 8 * PIECE
    transcript.close()
