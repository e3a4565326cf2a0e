"""`workbench socket ports|address|route`: numbers and names of ports, addresses taken apart, the way to a host."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_count
from workbench.cli.output import Output
from workbench.errors import LocalMisuse

MAX_WAIT_MS = 60_000


def _transport(text: str) -> str:
    from workbench.formats.services import TRANSPORTS

    if text.lower() not in TRANSPORTS:
        what = f"{text[:20]!r} is no transport"
        raise LocalMisuse(what, text=text, start=0, end=len(text), advice=f"write {', '.join(TRANSPORTS)}")
    return text.lower()


def _port(text: str) -> int:
    from workbench.formats.services import check_port

    return check_port(text)


def _address(text: str) -> Any:
    from workbench.formats.notation import inspect_address

    return inspect_address(text)


def _hops(text: str) -> int:
    from workbench.protocols.route.values import MAX_TTL

    hops = read_count(text)
    if hops > MAX_TTL:
        raise LocalMisuse(f"at most {MAX_TTL} hops are tried", text=text, start=0, end=len(text))
    return hops


def _wait(text: str) -> int:
    wait_ms = read_count(text)
    if wait_ms > MAX_WAIT_MS:
        raise LocalMisuse(f"at most {MAX_WAIT_MS} ms", text=text, start=0, end=len(text))
    return wait_ms


def _ports(parsed: Parsed, output: Output) -> int:
    from workbench.cli.socket_ports import ports_verb

    return ports_verb(parsed, output)


def _inspect(parsed: Parsed, output: Output) -> int:
    from workbench.cli.socket_address import address_verb

    return address_verb(parsed, output)


def _route(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_route import route_verb

    return route_verb(parsed, output)


_PORTS = (
    Argument(
        "NAME|NUMBER", "a service's name, or a port; with /udp or another transport behind it", needed=False
    ),
    Argument("--search", "all services whose name or purpose holds this", "TEXT"),
    Argument("--transport", "only of tcp, udp, sctp or dccp", "NAME", _transport, default=""),
    Argument("--free", "suggest a port that nobody is known to use, and that is free now"),
    Argument("--used", "the ports that are in use on this machine, and by which program"),
    JSON,
)
_ADDRESS = (
    Argument("ADDRESS", "an IPv4 or IPv6 address in any notation, with /PREFIX and %ZONE", read=_address),
    Argument("--to", "also: is this one on the same link, or behind a router?", "ADDRESS", _address),
    JSON,
)
_ROUTE = (
    Argument("HOST", "a name or an address"),
    Argument("--rounds", "how often each distance is probed (3)", "N", read_count, default=3),
    Argument("--max-hops", "the furthest distance (30)", "N", _hops, default=30),
    Argument("--wait", "milliseconds for an answer (1000)", "MS", _wait, default=1000),
    Argument(
        "--first-port", "the port of the first probe (33434); each has its own", "PORT", _port, default=33434
    ),
    Argument("--names", "also the names of the routers, and whether they lead back"),
    TIMEOUT._replace(what="seconds for everything together (30)"),
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

VERBS = (
    Verb(
        "ports",
        "what listens where by convention, what is in use here, and what is free",
        "socket.ports/1",
        _PORTS,
        _ports,
        "Names and numbers come from this system's own table (/etc/services) and from an extract of IANA's registry "
        "that is there where the system has none. Without arguments all of them are listed.\n"
        "Exit code 1: nobody knows the name.\n"
        "\n"
        "  workbench socket ports http\n"
        "  workbench socket ports 514/udp\n"
        "  workbench socket ports --search mail --json\n"
        "  workbench socket ports --free\n"
        "  workbench socket ports --used 8080",
    ),
    Verb(
        "address",
        "an address in every notation, what it is for, and what is hidden in it",
        "socket.address/1",
        _ADDRESS,
        _inspect,
        "Old notations (127.1, 0x7f000001, 2130706433, 0177.0.0.1) are read as the C library reads them, with a "
        "warning: others read them otherwise.\n"
        "With --to both are compared bit by bit, as far as the prefix goes; without a prefix it is that of the "
        "interface which has the address.\n"
        "\n"
        "  workbench socket address 0:0::1\n"
        "  workbench socket address 0177.0.0.1 --json\n"
        "  workbench socket address 192.168.1.10/24 --to 192.168.2.1",
    ),
    Verb(
        "route",
        "the way to a host, hop by hop, without being root",
        "socket.route/1",
        _ROUTE,
        _route,
        "Datagrams that may be passed on once, twice ... are sent to ports where nobody listens; each router that "
        "throws one away says so. Linux only. Exit code 1: the host was not reached.\n"
        "\n"
        "  workbench socket route 127.0.0.1\n"
        "  workbench socket route localhost --rounds 10 --names --json",
    ),
)
"""The verbs about ports, addresses and routes; joined in socket_.py."""
