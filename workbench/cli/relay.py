"""`workbench relay LISTEN TARGET`: a man in the middle from the terminal."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TRANSCRIPT, WITH_SECRETS, read_listening_target, read_seconds
from workbench.cli.output import Output
from workbench.formats.target import parse_target
from workbench.lab.relay.names import NAMES, TCP_NAMES, UDP_NAMES

TCP_OPTIONS = {f"--{word}": switch for word, switch in TCP_NAMES.items()}
UDP_OPTIONS = {f"--{word}": switch for word, switch in UDP_NAMES.items()}
OPTIONS = {f"--{word}": switch for word, switch in NAMES.items()}
"""The options that turn a switch, and which."""


def _run(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.relay_run import relay_verb

    return relay_verb(parsed, output)


_ARGUMENTS = (
    Argument(
        "LISTEN",
        "where clients come: HOST:PORT or [V6]:PORT of this machine; port 0 is any free one",
        read=read_listening_target,
    ),
    Argument("TARGET", "where they are led: HOST:PORT, [V6]:PORT or lab:NAME", read=parse_target),
    Argument("--udp", "datagrams instead of streams"),
    Argument("--direction", "where the switches work: both (as it is), to-server or to-client", "WAY"),
    Argument("--delay", "pass everything on so many milliseconds late", "MS"),
    Argument("--rate", "pass on at most so many octets a second", "N"),
    Argument("--split", "send in segments of at most so many octets", "N"),
    Argument("--coalesce", "gather octets for so many milliseconds into one piece", "MS"),
    Argument("--rewrite", "put these octets in the place of those, with escapes as in --send", "FROM=>TO"),
    Argument("--flip", "change the octet at this offset; the first is 0", "N"),
    Argument("--cut-after", "end both connections (FIN) after so many octets", "N"),
    Argument("--reset-after", "reset both connections (RST) after so many octets", "N"),
    Argument("--freeze-after", "take nothing more after so many octets", "N"),
    Argument("--half-close-after", "finish the direction (FIN) after so many octets", "N"),
    Argument("--drop", "of UDP: lose so many of a hundred datagrams", "PERCENT"),
    Argument("--duplicate", "of UDP: send so many of a hundred twice", "PERCENT"),
    Argument("--reorder", "of UDP: let a datagram be overtaken by so many later ones", "N"),
    Argument("--corrupt", "of UDP: change one bit in so many of a hundred", "PERCENT"),
    Argument("--seed", "of UDP: the same seed makes the same choices (0)", "S"),
    Argument("--timeout", "end after so many seconds", "S", read_seconds),
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

VERBS = (
    Verb(
        "",
        "stand between clients and a server: record, delay, split, cut, change what passes",
        "relay/1",
        _ARGUMENTS,
        _run,
        "Octets, FIN and RST pass as they come, but for what the options say; each direction counts for itself. A "
        "target that refuses has the client reset. Runs until Ctrl-C or --timeout. With --json every line is a "
        'document, and the first one holds "address".\n'
        "\n"
        "  workbench relay 127.0.0.1:0 lab:echo --cut-after 100 --direction to-client --json\n"
        "  workbench relay 127.0.0.1:0 lab:http --rewrite 'Server: =>X-Server: ' --direction to-client\n"
        "  workbench relay 127.0.0.1:8001 127.0.0.1:8000 --delay 200 --split 1 --transcript talk.txt\n"
        "  workbench relay 127.0.0.1:0 lab:udp-echo --udp --drop 20 --seed 7",
    ),
)
