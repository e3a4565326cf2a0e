"""`workbench transcript show|search|export|compare|replay`: conversations that were saved as JSON lines."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_count
from workbench.cli.output import Output
from workbench.cli.talk_tls import TLS_ARGUMENTS
from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target

MAX_NUMBER = 2**32 - 1
TLS_OPTIONS = tuple(argument for argument in TLS_ARGUMENTS if argument.name != "--tls")
"""Of a replay: whether there is TLS is said by the conversation."""


def _number(text: str) -> int:
    """A whole number from 0 on."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else -1
    if not 0 <= number <= MAX_NUMBER:
        raise LocalMisuse(
            f"{text[:40]!r} is no whole number from 0 to {MAX_NUMBER}", text=text, start=0, end=len(text)
        )
    return number


def _one_of(*words: str) -> "Any":
    def read(text: str) -> str:
        if text not in words:
            raise LocalMisuse(
                f"{text[:40]!r} is none of these",
                text=text,
                start=0,
                end=len(text),
                advice=" or ".join(words),
            )
        return text

    return read


def _hex(text: str) -> str:
    from workbench.formats.payload import parse_hex

    parse_hex(text)
    return text


def _pattern(text: str) -> str:
    from workbench.formats.pattern import compile_pattern

    compile_pattern(text)
    return text


def _format(text: str) -> str:
    from workbench.transcript.export import FORMATS

    read: str = _one_of(*FORMATS)(text)
    return read


def _show(parsed: Parsed, output: Output) -> int:
    from workbench.cli.transcript_show import show_verb

    return show_verb(parsed, output)


def _search(parsed: Parsed, output: Output) -> int:
    from workbench.cli.transcript_show import search_verb

    return search_verb(parsed, output)


def _export(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.transcript_export import export_verb

    return export_verb(parsed, output)


def _compare(parsed: Parsed, output: Output) -> int:
    from workbench.cli.transcript_export import compare_verb

    return compare_verb(parsed, output)


def _replay(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.transcript_replay import replay_verb

    return replay_verb(parsed, output)


_FILE = Argument("FILE", "a conversation saved as JSON lines; - is standard input")
_COUNT = Argument("--count", "tell so many at most (with --json 1000)", "N", read_count)

VERBS = (
    Verb(
        "show",
        "what happened, event by event, each explained",
        "transcript.show/1",
        (_FILE, Argument("--from", "begin with the event of this number (0)", "N", _number, 0), _COUNT, JSON),
        _show,
        "A line holds the event's number, seconds since the beginning, the channel, an arrow for the direction, and "
        "what it was. Secrets are masked.\n"
        "\n"
        "  workbench socket talk lab:time --transcript talk.jsonl\n"
        "  workbench transcript show talk.jsonl",
    ),
    Verb(
        "search",
        "the events that hold what is looked for",
        "transcript.search/1",
        (
            _FILE,
            Argument("--text", "with this text, small and capital letters alike", "TEXT"),
            Argument("--hex", "with these octets, written in hexadecimal", "HEX", _hex),
            Argument("--regex", "with a match of this regular expression", "RE", _pattern),
            Argument("--direction", "sent or received", "WAY", _one_of("sent", "received")),
            Argument("--channel", "of this channel", "N", _number),
            Argument("--min-size", "of so many octets or more", "N", _number),
            Argument("--max-size", "of so many octets or fewer", "N", _number),
            Argument("--no-facts", "only octets, not what happened beside them"),
            _COUNT,
            JSON,
        ),
        _search,
        "All conditions must hold. The exit code is 1 when nothing was found. A long search tells on standard error "
        "how far it is.\n"
        "\n"
        "  workbench transcript search talk.jsonl --text hello --direction received\n"
        "  workbench transcript search talk.jsonl --regex '^[45][0-9][0-9] ' --json",
    ),
    Verb(
        "export",
        "write it in another format",
        "transcript.export/1",
        (
            _FILE,
            Argument("OUT", "the file to write; the end of its name says the format; - is standard output"),
            Argument(
                "--format",
                "txt, hex, jsonl, pcapng, or the octets of one direction: sent, received",
                "FORM",
                _format,
            ),
            WITH_SECRETS,
            JSON,
        ),
        _export,
        "  workbench transcript export talk.jsonl talk.pcapng\n"
        "  workbench transcript export talk.jsonl - --format received | sha256sum",
    ),
    Verb(
        "compare",
        "where the octets of two conversations part",
        "transcript.compare/1",
        (_FILE, Argument("OTHER", "the conversation beside it"), JSON),
        _compare,
        "Channels are matched in their order, directions each by itself; times don't count. The exit code is 1 when "
        "an octet differs.\n"
        "\n"
        "  workbench transcript compare before.jsonl after.jsonl",
    ),
    Verb(
        "replay",
        "send again what was sent, and compare the answers",
        "transcript.replay/1",
        (
            _FILE,
            Argument("TARGET", "where to: HOST:PORT, [V6]:PORT, unix:PATH or lab:NAME", read=parse_target),
            Argument(
                "--speed",
                "full (as soon as as much was answered as then) or original (at the times of then)",
                "SPEED",
                _one_of("full", "original"),
                "full",
            ),
            Argument("--channel", "replay this channel, where several sent something", "N", _number),
            Argument("--clear", "say in clear what was said under TLS"),
            *TLS_OPTIONS,
            TIMEOUT,
            TRANSCRIPT,
            WITH_SECRETS,
            JSON,
        ),
        _replay,
        "The exit code is 1 when an octet of the answers differs, or when the peer ended in another way. At the "
        "original speed --timeout is what it may take longer than then. Secrets must have been saved with "
        "--with-secrets: what is masked is not sent. What was said under TLS is said under TLS again, from the same "
        "place on, and the plaintext is compared.\n"
        "\n"
        "  workbench socket talk lab:echo --send 'hello\\r\\n' --transcript talk.jsonl\n"
        "  workbench transcript replay talk.jsonl lab:echo",
    ),
)
