"""`workbench socket scan-frames` as people and programs use it.

What the verb stands on: workbench.cli.socket_frames and workbench.cli.socket_frames_arguments.
"""

import pytest

from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from workbench.cli.socket_frames import MAX_DATA, MAX_LISTED
from workbench.transcript.export import write_jsonl
from workbench.transcript.recorder import Transcript


@pytest.fixture
def stream(tmp_path):
    """Writes octets into a file and says its name."""

    def write(data: bytes, name: str = "talk.bin") -> str:
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return write


@pytest.fixture
def conversation(stream):
    """A saved one: a channel in clear, and one whose plaintext is another layer."""
    transcript = Transcript()
    plain = transcript.open("plain", "tcp")
    plain.sent(b"one\r\ntw")
    plain.received(b"\0\0\0\2ok")
    plain.sent(b"o\r\n")
    secret = transcript.open("protected", "tcp")
    secret.received(b"\x16\3\1records")
    secret.received(b"clear\n", layer="tls")
    data = b"".join(write_jsonl(transcript))
    transcript.close()
    return stream(data, "talk.jsonl")


def test_messages_with_their_places(stream, terminal: Terminal):
    path = stream(b"0005Test.0003\xff\0\x01")
    document = terminal("socket", "scan-frames", path, "--framing", "digits:4", "--json").document
    assert document["messages"] == [
        {"number": 1, "start": 0, "stop": 9, "octets": 5, "text": "Test."},
        {"number": 2, "start": 9, "stop": 16, "octets": 3, "hex": "ff0001"},
    ]
    assert document["state"] == {"name": "before a length", "held": 0, "awaited": 4}
    assert (document["ok"], document["end"]["word"], document["octets"]) == (True, "complete", 16)
    said = terminal("socket", "scan-frames", path, "--framing", "digits:4")
    assert said.code == 0
    assert said.out.splitlines()[0].split() == ["1", "0-9", "5", "Test."]
    assert "\0" not in said.out
    assert "2 messages in 16 octets" in said.err


@pytest.mark.parametrize(
    ("data", "framing", "found", "word", "what"),
    [
        (b"one\ntwo", "lf", 1, "incomplete", "before its LF, 1 octet at least missing"),
        (b"0005Te", "digits:4", 0, "incomplete", "3 octets at least missing"),
        (b"0001a00x1", "digits:4", 1, "broken", "ASCII digits, at octet 7"),
        (b"one\n" + b"x" * 30, "lf", 1, "broken", "limit of 20 octets, at octet 24"),
        (b"\5\0\0\0", "length:4", 0, "broken", "83,886,080 octets are announced"),
        (b"a\\\\\nb\\x", "backslash", 1, "broken", "at octet 6"),
    ],
)
def test_what_breaks_a_framing_ends_with_4_and_what_was_whole_is_told(
    stream, terminal: Terminal, data: bytes, framing: str, found: int, word: str, what: str
):
    path = stream(data)
    said = terminal("socket", "scan-frames", path, "--framing", framing, "--limit", "20", "--json")
    document = said.document
    assert (said.code, document["found"], document["end"]["word"]) == (4, found, word)
    assert what in document["failure"]["what"]
    assert (document["broken_at"] is None) == (word == "incomplete")
    assert len(document["messages"]) == found


def test_until_close_can_not_tell(stream, terminal: Terminal):
    said = terminal("socket", "scan-frames", stream(b"half a mes"), "--framing", "close", "--json")
    assert (said.code, said.document["end"]["word"], said.document["found"]) == (0, "unknown", 1)


def test_a_conversation_by_channel_and_direction(conversation: str, terminal: Terminal):
    scan = ("socket", "scan-frames", conversation, "--json", "--framing")
    sent = terminal(*scan, "crlf", "--direction", "sent").document
    assert [message["text"] for message in sent["messages"]] == ["one", "two"]
    assert (sent["source"], sent["channel"], sent["direction"]) == ("conversation", 0, "sent")
    received = terminal(*scan, "length:4").document
    assert [message["text"] for message in received["messages"]] == ["ok"]
    protected = terminal(*scan, "lf", "--channel", "1").document
    assert [message["text"] for message in protected["messages"]] == ["clear"]
    missing = terminal(*scan, "lf", "--channel", "7")
    assert (missing.code, "has 2 channels" in missing.document["failure"]["what"]) == (2, True)


def test_standard_input_and_what_is_odd(terminal: Terminal):
    done = run_cli("socket", "scan-frames", "-", "--framing", "lf", input="one\r\ntwo\r\n")
    assert done.returncode == 0
    assert "octet 3: the line ends with CR LF" in done.stderr


def test_a_document_holds_a_bounded_part(stream, terminal: Terminal):
    path = stream(b"x\n" * (MAX_LISTED + 5) + b"y" * (MAX_DATA + 1) + b"\n")
    document = terminal("socket", "scan-frames", path, "--framing", "lf", "--json").document
    assert (document["found"], len(document["messages"])) == (MAX_LISTED + 6, MAX_LISTED)
    long = terminal(
        "socket", "scan-frames", stream(b"y" * (MAX_DATA + 1)), "--framing", "close", "--json"
    ).document
    assert (long["messages"][0]["octets"], long["messages"][0]["cut"]) == (MAX_DATA + 1, True)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ((), "by which framing"),
        (("--framing", "lenth"), "no framing"),
        (("--framing", "lf", "--limit", "0"), "no number of octets"),
        (("--framing", "lf", "--channel", "x"), "no number of a channel"),
        (("--framing", "lf", "--direction", "up"), "no direction"),
    ],
)
def test_what_is_asked_wrongly(stream, terminal: Terminal, options: tuple[str, ...], what: str):
    said = terminal("socket", "scan-frames", stream(b""), *options, "--json")
    assert (said.code, what in said.document["failure"]["what"]) == (2, True)


def test_files_that_are_missing_or_no_conversation(stream, tmp_path, terminal: Terminal):
    missing = terminal("socket", "scan-frames", str(tmp_path / "none"), "--framing", "lf", "--json")
    assert (missing.code, missing.document["failure"]["errno"]) == (5, "ENOENT")
    wrong = terminal("socket", "scan-frames", stream(b"no", "x.jsonl"), "--framing", "lf", "--json")
    assert wrong.code == 2
