"""The verbs about ports, addresses and ways: look-ups of this system, notations, routes. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb

TRANSPORTS = ("tcp", "udp")
FAMILIES = ("AF_INET", "AF_INET6")


def _say_service(given: Given, _name: str) -> str:
    return f"Find out which port the service {given['service']} has for {str(given['transport']).upper()}."


def _say_look_up(given: Given, _name: str) -> str:
    family = f", {given['family']} only" if "family" in given else ""
    kind = ", all types of sockets" if "any_type" in given else ""
    service = f" and {given['service']}" if "service" in given else ""
    return f"Ask the system for the addresses of {given['host']}{service}{family}{kind}."


def _say_inspect(given: Given, _name: str) -> str:
    return f"Read “{given['address']}” as the C library does."


def _say_judge(given: Given, _name: str) -> str:
    return f"Find out whether {given['target']} is on the link of {given['own']}, or behind a router."


def _say_route(given: Given, _name: str) -> str:
    return f"Probe the way to {given['target']}, hop by hop."


def _say_as_nobody(given: Given, _name: str) -> str:
    where = (
        "a port below this system's threshold"
        if given["at"] == "below"
        else "a free port above the threshold"
    )
    return f"Have a program without any rights listen on 127.0.0.1, at {where}."


ADDRESSES = (
    Verb(
        "find-service",
        "the port that a service's name stands for, as the table of services has it",
        "service",
        (
            Param("service", "words", "the name, like http", needed=True),
            Param("transport", "choice", "tcp or udp", needed=True, choices=TRANSPORTS),
        ),
        _say_service,
    ),
    Verb(
        "look-up",
        "getaddrinfo: every way to connect to a host and a service, in the system's order",
        "candidates",
        (
            Param("host", "words", "a name or an address", needed=True),
            Param("service", "words", "a name or a number"),
            Param("family", "choice", "only this one; both if not given", choices=FAMILIES),
            Param("any_type", "yes", "streams, datagrams and all there is; else streams alone"),
            TIMEOUT,
        ),
        _say_look_up,
    ),
    Verb(
        "inspect-address",
        "an address in any notation, old ones too",
        "inspected",
        (Param("address", "words", "the text", needed=True),),
        _say_inspect,
    ),
    Verb(
        "judge",
        "whether a target is on the link or behind a router",
        "judged",
        (
            Param("own", "words", "an address with its prefix, like 192.168.1.10/24", needed=True),
            Param("target", "words", "the other address", needed=True),
        ),
        _say_judge,
    ),
    Verb(
        "trace-route",
        "the routers on the way to an address; Linux only",
        "traced",
        (Param("target", "address", "where the way leads", needed=True), TIMEOUT),
        _say_route,
    ),
    Verb(
        "listen-as-nobody",
        "have a program without any rights listen on 127.0.0.1 for a moment; an administrator's gives them up first",
        "attempt",
        (
            Param(
                "at",
                "choice",
                "the highest port below this system's threshold, or a free one above it",
                needed=True,
                choices=("below", "above"),
            ),
        ),
        _say_as_nobody,
    ),
)
