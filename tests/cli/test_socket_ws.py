"""`workbench socket ws` as people and programs use it (workbench.cli.socket_ws, workbench.cli.socket_ws_talk)."""

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli


def test_a_message_comes_back_and_every_frame_is_told(terminal: Terminal):
    document = checked(run_cli("socket", "ws", "lab:websocket", "--send", "hello", "--json").json)
    assert (document["ok"], document["lab"]) == (True, "private")
    assert [(f["direction"], f["opcode"], f["masked"], f["text"]) for f in document["frames"]] == [
        ("sent", "text", True, "hello"),
        ("received", "text", False, "hello"),
        ("sent", "close", True, "␃\ufffd"),
        ("received", "close", False, "␃\ufffd"),
    ]
    assert document["messages"] == [{"kind": "text", "octets": 5, "text": "hello"}]
    assert document["close"]["code"] == 1000
    assert document["handshake"]["status"] == 101
    said = terminal("socket", "ws", "lab:websocket", "--send", "hello")
    assert said.out == "hello\n"
    assert "closed by the server: 1000, normal" in said.err


def test_octets_fragments_and_pings_keep_their_order(terminal: Terminal):
    argv = ("--send-hex", "00ff", "--ping", "?", "--send", "abcd", "--fragment", "2", "--code", "4000")
    document = terminal("socket", "ws", "lab:websocket", *argv, "--json").document
    sent = [(f["opcode"], f["fin"]) for f in document["frames"] if f["direction"] == "sent"]
    assert sent == [
        ("binary", True),
        ("ping", True),
        ("text", False),
        ("continuation", True),
        ("close", True),
    ]
    assert document["messages"] == [
        {"kind": "binary", "octets": 2, "hex": "00ff"},
        {"kind": "text", "octets": 4, "text": "abcd"},
    ]
    assert document["close"]["code"] == 4000
    assert terminal("socket", "ws", "lab:websocket", "--send-hex", "00ff").out == "00 ff\n"


@pytest.mark.parametrize(
    ("arguments", "code", "stage"),
    [
        (("wss://h/",), 2, "input"),
        (("lab:websocket", "--code", "1005"), 2, "frame"),
        (("lab:websocket", "--subprotocol", "a b"), 2, "request"),
        (("lab:websocket", "--header", "x"), 2, "input"),
        (("lab:websocket", "--send-hex", "0"), 2, "input"),
        (("lab:http",), 1, "handshake"),
        (("lab:daytime",), 3, "handshake"),
        (("127.0.0.1:1",), 3, "connect"),
        (("lab:websocket", "--send", "x", "--relay", "cut-after=130,direction=to-client"), 4, "close"),
    ],
)
def test_every_way_to_fail_has_its_code_and_stage(
    terminal: Terminal, arguments: tuple, code: int, stage: str
):
    said = terminal("socket", "ws", *arguments, "--json")
    assert (said.code, checked(said.document)["failure"]["stage"]) == (code, stage)


def test_the_server_may_close_first(terminal: Terminal):
    document = terminal("socket", "ws", "lab:websocket", "--send", "bye", "--send", "more", "--json").document
    assert document["close"] == {"code": 1000, "reason": "you said bye", "meaning": "normal: all was said"}
    assert document["messages"] == []


def test_a_text_that_is_no_utf_8_is_refused_before_anybody_is_called(terminal: Terminal):
    said = terminal("socket", "ws", "127.0.0.1:9", "--send", "a\udcff", "--json")
    assert said.code == 2
    assert said.document["failure"]["at"] == {"start": 1, "end": 2}
    assert "--send-hex" in said.document["failure"]["try"]


def test_a_ping_carries_any_octets(terminal: Terminal):
    said = terminal("socket", "ws", "lab:websocket", "--ping", "a\udcff", "--send", "x", "--json")
    assert said.code == 0
