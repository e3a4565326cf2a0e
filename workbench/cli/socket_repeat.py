"""`workbench socket repeat`: the same payload again and again, at a rate, with the answers counted."""

import math
from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import ENCODING, JSON, LINE_ENDING, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_seconds
from workbench.cli.output import Output
from workbench.cli.socket_script_arguments import SCRIPT_TLS
from workbench.cli.way import RELAY, WAY
from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target


def _target(text: str) -> Target:
    return parse_target(text, services=True)


def _count(text: str) -> int:
    from workbench.protocols.raw.repeat import MAX_COUNT

    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_COUNT)) else 0
    if not 1 <= number <= MAX_COUNT:
        raise LocalMisuse(
            f"{text[:40]!r} is no whole number from 1 to {MAX_COUNT}",
            text=text,
            start=0,
            end=len(text),
            advice="so many payloads are sent at most",
        )
    return number


def _rate(text: str) -> float:
    from workbench.protocols.raw.repeat import ELSEWHERE_PER_S, LOOPBACK_PER_S, MIN_PER_S

    number = text.removesuffix("/s")
    try:
        per_s = (
            float(number) if number.isascii() and number == number.strip() and "_" not in number else math.nan
        )
    except ValueError:
        per_s = math.nan
    if not MIN_PER_S <= per_s <= LOOPBACK_PER_S:
        raise LocalMisuse(
            f"{text[:40]!r} is no rate from {MIN_PER_S:g} to {LOOPBACK_PER_S:g} a second",
            text=text,
            start=0,
            end=len(text),
            advice=f"write it like 20/s or 0.5; to other machines at most {ELSEWHERE_PER_S:g}",
        )
    return per_s


def _repeat(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_repeat_run import repeat_verb

    return repeat_verb(parsed, output)


REPEAT = Verb(
    "repeat",
    "send the same again and again, at a rate, and count the answers",
    "socket.repeat/1",
    (
        Argument("TARGET", "where to: HOST:PORT, [V6]:PORT, unix:PATH or lab:NAME", read=_target),
        Argument("--udp", "datagrams instead of a stream"),
        Argument(
            "--send",
            "what is sent; written as in `socket talk`, and ${counter}, ${date %H:%M}, ${random 4} are filled in anew",
            "TEXT",
        ),
        Argument("--send-hex", "these octets instead, written in hexadecimal", "HEX"),
        Argument("--count", "how often (10)", "N", _count, default=10),
        Argument("--rate", "how many a second, like 20/s or 0.5 (1)", "R", _rate, default=1.0),
        Argument("--answer-end", "of a stream: what ends an answer (\\n)", "TEXT", default="\\n"),
        Argument(
            "--quiet", "how long the last answers may take, in seconds (2)", "S", read_seconds, default=2.0
        ),
        Argument("--no-answers", "wait for no answers, and miss none"),
        Argument("--finish", "finish our half after the last one"),
        *SCRIPT_TLS,
        *WAY,
        RELAY,
        ENCODING,
        LINE_ENDING,
        TIMEOUT._replace(what="seconds for connecting, and for each send (30)"),
        TRANSCRIPT,
        WITH_SECRETS,
        JSON,
    ),
    _repeat,
    "One connection for all. Sending keeps to the clock of its start; the rate that was reached is told beside the one "
    "asked for. A datagram is an answer; of a stream, what --answer-end ends. Ctrl-C sends no more, and the figures so "
    "far are told.\n"
    "Exit code 0: all were sent, and some answered; 3: nobody answered, or the peer ended before the last one. Never a "
    "flood: at most 5,000 a second on this machine, 50 to any other, and 100,000 in all.\n"
    "\n"
    "  workbench socket repeat lab:echo --send 'ping ${counter}\\n' --count 20 --rate 50/s\n"
    "  workbench socket repeat lab:udp-echo --send ping --count 5 --rate 10/s --json\n"
    "  workbench socket repeat lab:udp-echo --send ping --rate 20/s --relay drop=50\n"
    "  workbench socket repeat lab:discard --send 'tick\\n' --count 3 --rate 2 --no-answers",
)
