"""`workbench socket deaths|fill`: who notices a peer's death first, and a pipe that is filled until nothing moves."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_seconds
from workbench.cli.output import Output
from workbench.errors import LocalMisuse

REMEDIES = ("none", "read", "interleave", "both", "deadline")


def _death(text: str) -> str:
    from workbench.protocols.deaths.client import ALL_DEATHS

    return _one_of(text, ALL_DEATHS, "death")


def _call(text: str) -> str:
    from workbench.protocols.deaths.client import ALL_CALLS

    return _one_of(text, ALL_CALLS, "call")


def _remedy(text: str) -> str:
    return _one_of(text, REMEDIES, "remedy")


def _one_of(text: str, known: tuple[str, ...], what: str) -> str:
    if text not in known:
        raise LocalMisuse(
            f"{text[:40]!r} is no {what}",
            text=text,
            start=0,
            end=len(text),
            advice=f"one of {', '.join(known)}",
        )
    return text


def _octets(text: str) -> int:
    from workbench.protocols.flow.values import MAX_OCTETS

    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1
    if not 0 <= number <= MAX_OCTETS:
        raise LocalMisuse(
            f"{text[:40]!r} is no number of octets up to {MAX_OCTETS}", text=text, start=0, end=len(text)
        )
    return number


def _deaths(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_flow import deaths_verb

    return deaths_verb(parsed, output)


def _fill(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_flow import fill_verb

    return fill_verb(parsed, output)


FLOW = (
    Verb(
        "deaths",
        "let processes die in every manner, and tell which call notices, when, and with which error",
        "socket.deaths/1",
        (
            Argument("--death", "only this one, may be repeated", "NAME", _death, many=True),
            Argument("--call", "only this one, may be repeated", "NAME", _call, many=True),
            Argument("--compare", "findings of another machine, put beside ours", "FILE", many=True),
            TIMEOUT,
            TRANSCRIPT,
            WITH_SECRETS,
            JSON,
        ),
        _deaths,
        "Helper processes on loopback are closed, reset, killed, frozen and cut off; nothing else is touched. What\n"
        "--json prints is what --compare, and Import in the window, take.\n"
        "\n"
        "  workbench socket deaths\n"
        "  workbench socket deaths --death rst --call send --call send-again\n"
        "  workbench socket deaths --json > mine.json\n"
        "  workbench socket deaths --compare room3.json",
    ),
    Verb(
        "fill",
        "write to an echo of our own without reading, until nothing moves; then apply a remedy",
        "socket.fill/1",
        (
            Argument("--octets", "to write in all (10485760)", "N", _octets, default=10 * 1024 * 1024),
            Argument("--piece", "octets of one write (1024)", "N", _octets, default=1024),
            Argument(
                "--buffers", "of both ends, as asked for; 0: the system's (8192)", "N", _octets, default=8192
            ),
            Argument("--at-once", "one write into a buffer of the program's own"),
            Argument("--remedy", f"one of {', '.join(REMEDIES)} (none)", "NAME", _remedy, default="none"),
            Argument(
                "--deadline",
                "how long a write waits, with that remedy (2)",
                "S",
                read_seconds,
                default=2.0,
            ),
            TIMEOUT,
            TRANSCRIPT,
            WITH_SECRETS,
            JSON,
        ),
        _fill,
        "Without a remedy it ends as soon as nothing moves. Exit code 4: something else came back than was sent.\n"
        "\n"
        "  workbench socket fill\n"
        "  workbench socket fill --remedy both\n"
        "  workbench socket fill --octets 50000000 --at-once --buffers 0 --json",
    ),
)
