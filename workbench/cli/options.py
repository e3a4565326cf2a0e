"""The arguments that several verbs share, and how their values are read: each stands here once."""

import math

from workbench.cli.arguments import Argument
from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target

DEFAULT_TIMEOUT_S = 30.0
MAX_TIMEOUT_S = 86_400.0
"""A day: who asks for more meant milliseconds."""
MAX_COUNT = 1_000_000


def read_seconds(text: str) -> float:
    """A number of seconds above 0, at most a day. Raises: LocalMisuse."""
    try:
        seconds = float(text) if text.isascii() and "_" not in text and text == text.strip() else math.nan
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= MAX_TIMEOUT_S:
        raise LocalMisuse(
            f"{_short(text)} is no number of seconds above 0",
            text=text,
            start=0,
            end=len(text),
            advice=f"write it like 5 or 0.5; at most {MAX_TIMEOUT_S:.0f}, a day",
        )
    return seconds


def read_count(text: str) -> int:
    """A whole number from 1 to MAX_COUNT. Raises: LocalMisuse."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_COUNT)) else 0
    if not 1 <= number <= MAX_COUNT:
        raise LocalMisuse(
            f"{_short(text)} is no whole number from 1 to {MAX_COUNT}", text=text, start=0, end=len(text)
        )
    return number


def read_listening_target(text: str) -> Target:
    """An address to listen on; port 0 lets the system choose. Raises: LocalMisuse with the place."""
    return parse_target(text, listening=True)


def read_encoding(text: str) -> str:
    """An encoding's name. Raises: LocalMisuse."""
    from workbench.formats.charset import encoding_named

    return encoding_named(text)


def read_line_ending(text: str) -> str:
    """A line ending's name, checked where payload is read. Raises: LocalMisuse."""
    from workbench.formats.payload import parse_payload

    parse_payload("", line_ending=text)
    return text


def _read_transcript_file(text: str) -> object:
    from workbench.cli.transcript_file import transcript_format

    transcript_format(text)
    return text


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


TIMEOUT = Argument(
    "--timeout", "seconds for everything together (30)", "S", read=read_seconds, default=DEFAULT_TIMEOUT_S
)
TRANSCRIPT = Argument(
    "--transcript",
    "also write the conversation to FILE.txt, .hex, .jsonl or .pcapng",
    "FILE",
    read=_read_transcript_file,
)
WITH_SECRETS = Argument("--with-secrets", "do not mask passwords in the transcript file")
JSON = Argument("--json", "print JSON; `workbench schema` describes it")
ENCODING = Argument(
    "--encoding", "what characters become octets by (utf-8)", "NAME", read=read_encoding, default="utf-8"
)
LINE_ENDING = Argument(
    "--line-ending",
    "what a real line break in TEXT becomes: lf, crlf, cr, nul or none; else it stays",
    "NAME",
    read=read_line_ending,
    default="as typed",
)
