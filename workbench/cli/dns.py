"""`workbench dns query|reverse`: questions to a name server, and whether an address's name leads back to it."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS
from workbench.cli.output import Output

MAX_UDP = 65_535


def _address(text: str) -> Any:
    from workbench.protocols.dns.names import parse_address

    return parse_address(text)


def _server(text: str) -> Any:
    from workbench.protocols.dns.names import parse_server

    return parse_server(text)


def _size(text: str) -> int:
    from workbench.errors import LocalMisuse

    size = int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else -1
    if not 0 <= size <= MAX_UDP:
        what = f"{text[:20]!r} is no number of octets from 0 to {MAX_UDP}"
        raise LocalMisuse(what, text=text, start=0, end=len(text), advice="0 asks without EDNS")
    return size


def _query(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.dns_query import query_verb

    return query_verb(parsed, output)


def _reverse(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.dns_reverse import reverse_verb

    return reverse_verb(parsed, output)


_HOW = (
    Argument("--tcp", "ask by TCP from the beginning; else TCP follows where UDP was cut off"),
    Argument("--no-recursion", "don't ask the server to ask others (RD)"),
    Argument("--dnssec", "have the signatures sent (DO)"),
    Argument("--edns", "octets that we say we take by UDP (1232); 0: ask without EDNS", "N", _size),
    Argument("--system", "also ask this system itself, for comparison"),
    Argument(
        "--relay",
        'through a relay of the Lab: "drop=50,seed=3", or "" for one that changes nothing',
        "SWITCHES",
    ),
    TIMEOUT,
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

VERBS = (
    Verb(
        "query",
        "ask a name server one question",
        "dns.query/1",
        (
            Argument("NAME", "the name; no search domain is ever added. Or an address, for the type PTR"),
            Argument(
                "TYPE",
                "A (if not given), AAAA, MX, TXT ... or TYPE257; and @SERVER: lab:dns, HOST or HOST:PORT",
                many=True,
                needed=False,
            ),
            *_HOW,
        ),
        _query,
        "The records go to standard output, the steps to standard error. Exit code 1 when the answer is no: NXDOMAIN, "
        "no record of this type, SERVFAIL, REFUSED; 3 when nobody answers; 4 when an answer makes no sense. Without "
        "@SERVER the first name server of this system is asked.\n"
        "\n"
        "  workbench dns query www.lab.test A @lab:dns\n"
        "  workbench dns query lab.test MX @lab:dns --json\n"
        "  workbench dns query large.lab.test TXT @lab:dns",
    ),
    Verb(
        "reverse",
        "check the names that an address claims",
        "dns.reverse/1",
        (
            Argument("ADDRESS", "IPv4 or IPv6", read=_address),
            Argument("@SERVER", "lab:dns, HOST or HOST:PORT; else this system's", read=_server, needed=False),
            *_HOW,
        ),
        _reverse,
        "Every name of the address is looked up again: only the owner of a name can confirm that the address is "
        "theirs. Exit code 0 when a name leads back to the address; 1 when none does, when there is none, or when that "
        "can't be found out; 3 when nobody answers at all.\n"
        "\n"
        "  workbench dns reverse 192.0.2.1 @lab:dns\n"
        "  workbench dns reverse 192.0.2.66 @lab:dns --json",
    ),
)
