"""`workbench socket ws`: the handshake, messages, and every frame of both sides."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_count
from workbench.cli.output import Output
from workbench.cli.way import RELAY


def _address(text: str) -> str:
    from workbench.protocols.websocket.handshake import read_address

    read_address(text)
    return text


def _hex(text: str) -> tuple[str, str]:
    from workbench.formats.payload import parse_hex

    parse_hex(text)
    return "--send-hex", text


def _text(text: str) -> tuple[str, str]:
    return "--send", text


def _ping(text: str) -> tuple[str, str]:
    return "--ping", text


def _ws(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_ws_talk import ws_verb

    return ws_verb(parsed, output)


WS = Verb(
    "ws",
    "talk by WebSocket: send messages, and see every frame",
    "socket.ws/1",
    (
        Argument("TARGET", "ws://HOST[:PORT]/PATH, HOST:PORT or lab:websocket", read=_address),
        Argument("--send", "send this text as a message; may be repeated", "TEXT", _text, many=True),
        Argument("--send-hex", "send these octets as a message", "HEX", _hex, joins="--send"),
        Argument("--ping", "send a ping with this text", "TEXT", _ping, joins="--send"),
        Argument("--fragment", "cut messages into frames of so many octets", "N", read_count),
        Argument("--subprotocol", "offer this one; may be repeated", "NAME", many=True),
        Argument("--header", "a field of the handshake; may be repeated", "N: V", many=True),
        Argument("--messages", "wait for so many messages (as many as were sent)", "N", read_count),
        Argument("--code", "close with this code (1000)", "N", read_count),
        RELAY,
        TIMEOUT._replace(what="seconds for the handshake, and for each wait (30)"),
        TRANSCRIPT,
        WITH_SECRETS,
        JSON,
    ),
    _ws,
    "Messages go to standard output, one a line. Then both sides close. Exit code 4 when the server breaks the rules "
    "or ends without a close.\n"
    "\n"
    "  workbench socket ws lab:websocket --send hello --json\n"
    "  workbench socket ws lab:websocket --send 'a long one' --fragment 3 --ping '?'\n"
    "  workbench socket ws ws://127.0.0.1:8765/chat --subprotocol chat --send hello",
)
