"""The command line of `workbench socket scan-frames`."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON
from workbench.cli.output import Output
from workbench.errors import LocalMisuse

MAX_LIMIT = 1 << 32
"""Octets of one message; whoever wants more does not want it in memory."""


def _framing(text: str) -> object:
    from workbench.formats.framing.catalogue import read_framing

    return read_framing(text)


def _limit(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else 0
    if not 1 <= number <= MAX_LIMIT:
        what = f"{text[:40]!r} is no number of octets from 1 to {MAX_LIMIT:,}"
        raise LocalMisuse(what, text=text, start=0, end=len(text), advice="write it like 65536")
    return number


def _channel(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        what = f"{text[:40]!r} is no number of a channel"
        raise LocalMisuse(
            what, text=text, start=0, end=len(text), advice="`workbench transcript show` lists them"
        )
    return int(text)


def _direction(text: str) -> str:
    if text not in ("sent", "received"):
        raise LocalMisuse(
            f"{text[:40]!r} is no direction",
            text=text,
            start=0,
            end=len(text),
            advice="write sent or received",
        )
    return text


def _run(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_frames import frames_verb

    return frames_verb(parsed, output)


SCAN_FRAMES = Verb(
    "scan-frames",
    "split a recorded stream into its messages, by a framing",
    "socket.scan-frames/1",
    (
        Argument("FILE", "octets as they travelled, or a conversation in JSON lines; - is standard input"),
        Argument(
            "--framing",
            "close, lf, crlf, line, nul, marker:OCTETS, backslash, dots, slip, cobs, chosen, length:OCTETS:ORDER, "
            "digits:N, varint or netstring; with +base64, +quoted-printable, +hex, +percent or +yenc behind it",
            "FRAMING",
            _framing,
        ),
        Argument("--limit", "octets that a message may have (1048576)", "N", _limit),
        Argument("--channel", "of a conversation: the number of the channel (0)", "N", _channel),
        Argument("--direction", "of a conversation: sent or received (received)", "WAY", _direction),
        JSON,
    ),
    _run,
    "Each message is told with its place in the stream, and what the decoder was waiting for when the stream ended. "
    "Exit code 4: the octets break the framing, or the stream ends within a message. A name that ends in .jsonl, "
    "--channel or --direction say that FILE is a saved conversation.\n"
    "\n"
    "  workbench socket scan-frames talk.bin --framing length:4:big\n"
    "  printf 'one\\ntwo\\n' | workbench socket scan-frames - --framing lf --json\n"
    "  workbench socket scan-frames talk.jsonl --framing crlf --direction sent\n"
    "  workbench socket scan-frames letters.bin --framing dots --limit 65536",
)
