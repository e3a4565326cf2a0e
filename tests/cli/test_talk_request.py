"""What a command line asks for, read without talking to anybody."""

import os
from pathlib import Path

import pytest

from workbench.cli.arguments import CommandLine, parse
from workbench.cli.socket_ import VERBS
from workbench.cli.talk_request import Request, read_request
from workbench.errors import LocalMisuse

(TALK,) = [verb for verb in VERBS if verb.name == "talk"]


def request(*words: str) -> Request:
    return read_request(parse(TALK, CommandLine(words), 0))


def test_what_is_not_said_is_a_plain_conversation():
    asked = request("127.0.0.1:7")
    assert (asked.transport, asked.sends, asked.expect, asked.finish) == ("tcp", (), None, True)
    assert (asked.encoding, asked.timeout_s, asked.answers) == ("utf-8", 30.0, None)


@pytest.mark.parametrize(
    "words", [("127.0.0.1:7", "--udp"), ("udp://127.0.0.1:7",), ("udp://127.0.0.1:7", "--udp")]
)
def test_an_address_may_say_the_transport(words: tuple[str, ...]):
    assert request(*words, "--send", "").transport == "udp"


async def test_everything_is_given_out_in_order(tmp_path: Path):
    path = tmp_path / "payload"
    path.write_bytes(b"file")
    asked = request("127.0.0.1:7", "--send", "a", "--file", str(path), "--send-hex", "62")
    assert b"".join([piece async for piece in asked.pieces()]) == b"afileb"
    asked.close()
    asked = request("127.0.0.1:7", "--udp", "--send", "a", "--file", str(path))
    assert await asked.datagrams() == [b"a", b"file"]
    asked.close()


def test_a_mistake_behind_an_opened_file_gives_the_file_back(tmp_path: Path):
    path = tmp_path / "payload"
    path.write_bytes(b"file")
    before = os.listdir("/proc/self/fd")
    with pytest.raises(LocalMisuse):
        request("127.0.0.1:7", "--file", str(path), "--send", "\\q")
    assert len(os.listdir("/proc/self/fd")) == len(before)


def test_a_service_of_the_lab_says_by_itself_that_it_speaks_udp():
    asked = request("lab:udp-echo", "--send", "x")
    assert (asked.transport, asked.notes) == ("udp", ("lab:udp-echo speaks UDP: datagrams, as with --udp",))
    assert request("lab:udp-echo", "--udp", "--send", "x").notes == ()
    assert request("lab:echo").notes == ()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("lab:udp-echo",), "lab:udp-echo speaks UDP, and nobody answers a datagram that was not sent"),
        (("lab:udp-echo", "--tls", "--send", "x"), "lab:udp-echo speaks UDP"),
        (("lab:echo", "--udp", "--send", "x"), "lab:echo speaks TCP"),
        (("lab:sql",), "lab:sql is a file: nobody listens there"),
    ],
)
def test_what_does_not_go_with_a_service_is_refused(words: tuple[str, ...], what: str):
    with pytest.raises(LocalMisuse) as caught:
        request(*words)
    assert caught.value.what == what
