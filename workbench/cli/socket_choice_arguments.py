"""The arguments of `workbench socket transport`, `datagram` and `machine`."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TRANSCRIPT, WITH_SECRETS, read_seconds
from workbench.cli.output import Output
from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target


def _need(text: str) -> Any:
    from workbench.protocols.raw.transports import find_need

    return find_need(text)


def _size(text: str) -> int:
    from workbench.protocols.raw.datagram_size import BEYOND

    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) <= BEYOND):
        what = f"{text[:20]!r} is no number of octets from 0 to {BEYOND}"
        raise LocalMisuse(what, text=text, start=0, end=len(text), source="RFC 768")
    return int(text)


def _target(text: str) -> Target:
    return parse_target(text)


def _transport(parsed: Parsed, output: Output) -> int:
    from workbench.cli.socket_choice import transport_verb

    return transport_verb(parsed, output)


def _datagram(parsed: Parsed, output: Output) -> int | Coroutine[Any, Any, int]:
    from workbench.cli.socket_datagram import datagram_verb

    return datagram_verb(parsed, output)


def _machine(parsed: Parsed, output: Output) -> int:
    from workbench.cli.socket_choice import machine_verb

    return machine_verb(parsed, output)


CHOICE = (
    Verb(
        "transport",
        "which transport gives what is needed, counted in the open",
        "socket.transport/1",
        (
            Argument("--need", "something that is needed; may be repeated", "NEED", _need, many=True),
            JSON,
        ),
        _transport,
        "TCP, UDP, QUIC, DTLS, SCTP and WebSocket, each need with its reason and its document. Without --need all "
        "needs are listed. Exit code 1: none gives all of them.\n"
        "\n"
        "  workbench socket transport\n"
        "  workbench socket transport --need ordered --need small --json\n"
        "  workbench socket transport --need fresh --need private",
    ),
    Verb(
        "datagram",
        "what becomes of a datagram of a size, and whether it can be sent",
        "socket.datagram/1",
        (
            Argument("OCTETS", "how many, without headers", read=_size),
            Argument("--ipv6", "by IPv6; its limits are others"),
            Argument("--try", "send one that is so long, and wait for it to come back"),
            Argument(
                "--to",
                "of --try by IPv4: who is asked (lab:udp-echo); by IPv6 it is an echo of our own",
                "TARGET",
                _target,
                default=parse_target("lab:udp-echo"),
            ),
            Argument("--timeout", "of --try: seconds for the answer (5)", "S", read_seconds, default=5.0),
            TRANSCRIPT,
            WITH_SECRETS,
            JSON,
        ),
        _datagram,
        "The marks are those of DNS, of Ethernet and of the field for the length. Exit code 1: it did not come back "
        "whole; one that is too long is refused by this system, and is not split.\n"
        "\n"
        "  workbench socket datagram 1473\n"
        "  workbench socket datagram 65507 --try\n"
        "  workbench socket datagram 65508 --try --json",
    ),
    Verb(
        "machine",
        "what this machine calls itself, how that was derived, and who could use it",
        "socket.machine/1",
        (
            Argument("--name", "derive this name instead of the machine's own", "NAME"),
            JSON,
        ),
        _machine,
        "Every usual way to an own name or address: gethostname, getfqdn, getaddrinfo, the interfaces, and a UDP "
        "socket that is connected, which sends nothing. What leads to the loopback is of use to this machine alone.\n"
        "\n"
        "  workbench socket machine\n"
        "  workbench socket machine --name localhost --json",
    ),
)
"""Joined in socket_.py."""
