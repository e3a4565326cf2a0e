"""What this machine calls itself, step by step, and who could use the answer.

A program that tells others "here I am" must find its own address, and every usual way may lead to the loopback, or to
an address that nobody outside reaches. So all ways are gone, each with what it said, and a warning stands beside what
is of use to this machine alone. Nothing is sent: the last step connects a UDP socket, which makes the system choose.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.formats.address_kinds import kind_of
from workbench.formats.errno_words import symbol_of
from workbench.wire.interfaces import own_addresses, read_interfaces, source_for

Reach = Literal["nobody", "this machine", "this link", "this site", "everybody", ""]
FARTHEST: Final[dict[str, Reach]] = {
    "none": "nobody",
    "machine": "this machine",
    "link": "this link",
    "site": "this site",
    "global": "everybody",
}
"""By the scope of an address: who may at best use it."""
_ORDER: Final = ("", "nobody", "this machine", "this link", "this site", "everybody")
OUTSIDE: Final = (("IPv4", "192.0.2.1"), ("IPv6", "2001:db8::1"))
"""Addresses for documentation (RFC 5737, RFC 3849): a way to them is the way to everywhere."""
MAX_OWN: Final = 64


class Step(NamedTuple):
    """One way to an answer. call: what was asked; told: the answers; reach: who may use the best; why: in words."""

    call: str
    told: tuple[str, ...]
    reach: Reach
    why: str
    source: str
    errno: str = ""


class OwnNames(NamedTuple):
    """All of it. name: the hostname; full: what getfqdn makes of it; warnings: what misleads."""

    name: str
    full: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]

    @property
    def reach(self) -> Reach:
        """Who may use what the name leads to."""
        return next((step.reach for step in self.steps if step.call.startswith("getaddrinfo")), "")

    @property
    def candidates(self) -> tuple[tuple[str, Reach], ...]:
        """Addresses that could be told to others: the farthest first, each once."""
        found: dict[str, Reach] = {}
        for step in self.steps:
            for text in step.told:
                if (reach := reach_of(text)) != "":
                    found.setdefault(text, reach)
        return tuple(sorted(found.items(), key=lambda pair: -_ORDER.index(pair[1])))


def reach_of(text: str) -> Reach:
    """Who may use an address at best; "" for what is none."""
    try:
        return FARTHEST[kind_of(ipaddress.ip_address(text.partition("%")[0])).scope]
    except ValueError:
        return ""


def own_names(name: str | None = None, *, outside: Sequence[tuple[str, str]] | None = None) -> OwnNames:
    """Go every way; blocks as long as this machine's resolver does. Nothing is raised: what fails is an answer.

    Args:
        name: derive this one alone, instead of all that the machine says of itself.
        outside: families and addresses towards which the system chooses; OUTSIDE for the machine, none for a name.
    """
    given = socket.gethostname() if name is None else name
    steps = [_named(given, is_own=name is None)]
    full, step = _full_name(given)
    steps += [
        step,
        _step(f"getaddrinfo({given!r})", partial(_addresses, given), "what others get who know the name"),
    ]
    if name is None:
        steps.append(
            _step("interfaces", _of_interfaces, "what the system lists; nobody was asked", "netdevice(7)")
        )
    for family, place in (OUTSIDE if name is None else ()) if outside is None else outside:
        call, why = f"connect a UDP socket ({family})", "what the system would call from; nothing was sent"
        steps.append(_step(call, partial(_called_from, place), why, "udp(7)"))
    return OwnNames(given, full, tuple(steps), _warnings(given, full, steps))


def _called_from(place: str) -> tuple[str, ...]:
    return (source_for(place),)


def _named(name: str, *, is_own: bool) -> Step:
    call = "gethostname()" if is_own else "a name that was given"
    return Step(
        call, (name,), "", "what somebody has called it; no other machine need know it", "gethostname(2)"
    )


def _full_name(name: str) -> tuple[str, Step]:
    """As socket.getfqdn derives it: the first of the names for the host's address that has a dot."""
    call = f"getfqdn({name!r})"
    try:
        official, others, addresses = socket.gethostbyaddr(name)
    except (OSError, UnicodeError) as error:
        why = "no name was found for its address, so it is the name itself"
        return name, Step(call, (name,), "", why, "hosts(5)", _symbol(error))
    full = next((each for each in (official, *others) if "." in each), official)
    chain = f"{name} leads to {', '.join(addresses)}, and that to {', '.join((official, *others))}"
    taken = "the first with a dot is taken" if "." in full else "none has a dot, so the first is taken"
    return full, Step(call, (full,), "", f"{chain}; {taken}", "hosts(5)")


def _step(call: str, ask: Callable[[], tuple[str, ...]], why: str, source: str = "getaddrinfo(3)") -> Step:
    try:
        told = ask()
    except (OSError, UnicodeError, WorkbenchError) as error:
        return Step(call, (), "", f"no answer: {error}", source, _symbol(error))
    reaches = [reach_of(text) for text in told]
    return Step(call, told, max(reaches, key=_ORDER.index, default=""), why, source)


def _symbol(error: Exception) -> str:
    # A LinkLost is an OSError too, but one without a number.
    if isinstance(error, WorkbenchError):
        return error.errno_name
    return symbol_of(error) if isinstance(error, OSError) else ""


def _addresses(name: str) -> tuple[str, ...]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))[:MAX_OWN]


def _of_interfaces() -> tuple[str, ...]:
    return tuple(own.address for one, own in own_addresses(read_interfaces()) if one.is_up)[:MAX_OWN]


def _warnings(name: str, full: str, steps: list[Step]) -> tuple[str, ...]:
    by = {step.call.partition("(")[0]: step for step in steps}
    led, found = by["getaddrinfo"], []
    if not led.told:
        found.append(f"the name {name} leads nowhere: who is told it can't call here")
    elif led.reach == "this machine":
        found.append(
            f"the name {name} leads to {led.told[0]}, the loopback: every other machine would call itself"
        )
    elif led.reach in ("nobody", "this link", "this site"):
        found.append(f"the name {name} leads to {led.told[0]}, which reaches {led.reach} at the farthest")
    if full.partition(".")[0] == "localhost" and name.partition(".")[0] != "localhost":
        found.append(f"getfqdn says {full}: so calls every machine itself, and it names none")
    ways = [step for step in steps if step.call.startswith("connect")]
    if ways and not any(step.told for step in ways):
        found.append("the system knows no way outside: no address of this machine is of use to others now")
    elif ways and all(step.reach != "everybody" for step in ways):
        found.append(
            "what the system would call from is no address of the whole internet: somebody translates it"
        )
    return tuple(found)
