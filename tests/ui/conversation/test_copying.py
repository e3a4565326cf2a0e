"""Every way to copy gives back what was selected."""

import ast
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.ui.conversation.conversations import echo, happenings, pings, recorded
from workbench.errors import LocalMisuse
from workbench.formats.charset import ENCODINGS, visible
from workbench.formats.payload import parse_hex, parse_payload
from workbench.transcript.export import export
from workbench.transcript.recorder import Transcript
from workbench.ui.conversation import copying
from workbench.ui.conversation.copying import Copying
from workbench.ui.conversation.lines import Piece
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.selection import all_pieces


def copied(
    form: str, transcript: Transcript, pieces: list[Piece] | None = None, *, encoding: str = "utf-8"
) -> str:
    chosen = pieces if pieces is not None else all_pieces(Rows(transcript))
    return "".join(copying.parts(form, Copying(transcript, encoding=encoding), chosen))


def octets_of(transcript: Transcript) -> bytes:
    return b"".join(transcript.data(event) for event in transcript.events())


@given(happenings)
def test_hex_is_read_back(happened):
    transcript = recorded(happened)
    assert parse_hex(copied("hex", transcript)) == octets_of(transcript)
    transcript.close()


@given(happenings)
def test_python_evaluates_to_the_same_octets(happened):
    transcript = recorded(happened)
    text = copied("python", transcript)
    value = ast.literal_eval(text) if text else b""
    if isinstance(value, list):
        value = b"".join(data for _, data in value)
    assert value == octets_of(transcript)
    transcript.close()


@given(happenings)
def test_json_lines_are_those_of_the_export(happened):
    transcript = recorded(happened)
    exported = b"".join(export(transcript, "jsonl")).splitlines(keepends=True)
    events = [line for line in exported if b'"i":' in line[:6]]
    assert copied("json", transcript).encode() == b"".join(events)
    transcript.close()


@given(happenings, st.sampled_from(ENCODINGS))
@example([("received", b"\0"), ("received", b"0")], "utf-8")
@example([("received", b'\x1b$B$"\x1b(B')] * 2, "iso2022_jp")
def test_escapes_are_read_back_run_by_run(happened, encoding):
    transcript = recorded([each for each in happened if each[0] == "received"])
    text = copied("escaped", transcript, encoding=encoding)
    assert parse_payload(text, encoding=encoding) == octets_of(transcript)
    transcript.close()


def test_a_seam_stands_only_where_two_texts_would_be_read_as_something_else():
    transcript = recorded([("received", data) for data in (b"a", b"b\0", b"0", b"1")])
    assert copied("escaped", transcript) == r"ab\0\{}01"
    transcript.close()


@given(happenings)
def test_copied_text_steers_no_terminal(happened):
    transcript = recorded(happened)
    text = copied("text", transcript)
    assert visible(text, keep="\n\t") == text
    transcript.close()


def test_text_flows_over_reads_and_ends_with_directions():
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    for data in (b"gr\xc3", b"\xbc\xc3\x9fe\r", b"\nnext"):
        channel.received(data)
    channel.sent(b"answer\r\n")
    channel.received(b"\x1b[31m")
    assert copied("text", transcript) == "grüße\nnext\nanswer\n␛[31m"
    transcript.close()


def test_lines_are_what_the_list_shows():
    transcript = echo(1)
    lines = copied("lines", transcript).splitlines()
    assert len(lines) == len(transcript)
    assert lines[1].split() == ["0.001500", "→", "9", "hello", "0\\r\\n"]
    transcript.close()


@pytest.mark.parametrize("form", [way.id for way in copying.FORMATS])
def test_no_copy_holds_a_secret(form):
    transcript = echo(0)
    text = copied(form, transcript)
    assert "hunter2" not in text
    assert b"hunter2".hex(" ") not in text
    transcript.close()


def test_a_part_of_an_event_is_copied_alone():
    transcript = echo(0)
    event = transcript[1]
    pieces = [Piece(event, 4, 9)]
    assert copied("text", transcript, pieces) == " ****"
    entry = json.loads(copied("json", transcript, pieces))
    assert (entry["size"], entry["masked"]) == (5, [[1, 5]])
    transcript.close()


def test_too_much_for_a_clipboard_is_refused():
    transcript = Transcript()
    transcript.open("a", "tcp").received(bytes(copying.LIMIT // 2))
    out = io.StringIO()
    with pytest.raises(LocalMisuse, match=r"more than 8\.0 MiB"):
        out.writelines(copying.parts("hex", Copying(transcript), all_pieces(Rows(transcript))))
    assert len(out.getvalue()) <= copying.LIMIT
    transcript.close()


def test_parts_are_small_enough_to_go_on_between_them():
    transcript = pings(2_000)
    longest = max(map(len, copying.parts("lines", Copying(transcript), all_pieces(Rows(transcript)))))
    assert longest < 200
    transcript.close()
