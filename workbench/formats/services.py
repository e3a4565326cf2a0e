"""Names and numbers of services: what /etc/services and our own extract of IANA's registry hold, joined and searched.

Strategy. The system's own table wins where both name a port, since it is what its other programs go by; the extract
answers where the system has none, as in slim containers, and says what a service is for. A line that can't be read is
passed over: such a file belongs to an administrator, and one odd line must not hide the others.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.inet import is_digits
from workbench.formats.place import mistake
from workbench.formats.ports import MAX_PORT

MAX_LINES: Final = 100_000
"""Of a file: IANA's whole registry has some 12,000."""
MAX_NAME: Final = 32
"""Characters; RFC 6335 section 5.1 allows 15, and files hold longer ones."""
TRANSPORTS: Final = ("tcp", "udp", "sctp", "dccp")
RESOURCE: Final = "ports/services.txt"
MEANING_OF_ZERO: Final = (
    "0 is no port: a listener that asks for it is given a free one, and nothing can be reached there"
)
_NAME_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._+")


class Service(NamedTuple):
    """One name for one port of one transport.

    aliases: other names. what: what it is for, "" where nobody says. sources: "system", "IANA" or both, in this order.
    """

    port: int
    transport: str
    name: str
    aliases: tuple[str, ...] = ()
    what: str = ""
    sources: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the official one first."""
        return (self.name, *self.aliases)

    def __str__(self) -> str:
        """ "http → 80/tcp", as fields complete it."""
        return f"{self.name} → {self.port}/{self.transport}"


def read_services(text: str, source: str) -> tuple[Service, ...]:
    """The lines of a file of the form of services(5); several transports may stand behind one number: 53/tcp,udp.

    Args:
        source: what the entries say of their origin.
    """
    found: list[Service] = []
    for line in text.splitlines()[:MAX_LINES]:
        facts, _, what = line.partition("#")
        words = facts.split()
        if len(words) < 2 or not is_service_name(words[0]):
            continue
        number, slash, transports = words[1].partition("/")
        if not slash or not is_digits(number) or len(number) > 5 or int(number) > MAX_PORT:
            continue
        aliases = tuple(word for word in words[2:] if is_service_name(word))
        for transport in transports.lower().split(","):
            if transport in TRANSPORTS:
                found.append(Service(int(number), transport, words[0], aliases, what.strip(), (source,)))
    return tuple(found)


def is_service_name(text: str) -> bool:
    """Whether a text can be a service's name and not a number: letters, digits and -._+, a letter among them.

    Source: RFC 6335 section 5.1, and what files hold besides.
    """
    return (
        0 < len(text) <= MAX_NAME
        and _NAME_CHARACTERS.issuperset(text)
        and any(character.isalpha() for character in text)
        and text[0] != "-"
        and text[-1] != "-"
    )


def check_port(text: str) -> int:
    """A port from 0 to 65535, by number; 0 is let through (see MEANING_OF_ZERO).

    Raises: LocalMisuse with the place of the mistake.
    """
    if not text:
        raise mistake(
            text, 0, 0, "the port is missing", "write a number from 0 to 65535, or a service's name"
        )
    if text[0] == "-" and is_digits(text[1:]):
        raise mistake(text, 0, len(text), "ports are not negative", "write a number from 0 to 65535")
    if not is_digits(text):
        raise mistake(text, 0, len(text), f"{text[:40]!r} is no number", "write it with 0 to 9 only")
    digits = text.lstrip("0") or "0"
    # Cut before converting: Python refuses to convert thousands of digits.
    if len(digits) > len(str(MAX_PORT)) or int(digits) > MAX_PORT:
        advice = "write a number from 0 to 65535: a port has 16 bits"
        raise mistake(text, 0, len(text), f"ports end at {MAX_PORT}", advice, "RFC 9293 section 3.1")
    return int(digits)


class Directory:
    """All services that are known. Iterable in order of ports.

    Args:
        system: of this system's own table. bundled: of the extract.
    """

    def __init__(self, system: Sequence[Service], bundled: Sequence[Service]) -> None:
        self.has_system = bool(system)
        self.services = _joined(system, bundled)
        self._ports = frozenset(service.port for service in self.services)
        self._by_name: dict[tuple[str, str], Service] = {}
        for services in (system, bundled):
            for service in services:
                self._by_name.setdefault((service.name.lower(), service.transport), service)
            # A name that is the official one of some service is never another's alias.
            for service in services:
                for alias in service.aliases:
                    self._by_name.setdefault((alias.lower(), service.transport), service)
        self._at = {(service.port, service.transport): service for service in reversed(self.services)}

    def __iter__(self) -> Iterator[Service]:
        return iter(self.services)

    def __len__(self) -> int:
        return len(self.services)

    def named(self, name: str, transport: str) -> Service | None:
        """What a name means for a transport, in any case of letters."""
        found = self._by_name.get((name.lower(), transport))
        return self._at.get((found.port, transport), found) if found is not None else None

    def at(self, port: int, transport: str) -> Service | None:
        """What usually listens at a port."""
        return self._at.get((port, transport))

    def is_listed(self, port: int) -> bool:
        """Whether anybody is known to use a port, by whatever transport."""
        return port in self._ports

    def find(self, text: str, transport: str = "") -> tuple[Service, ...]:
        """Search: a number finds that port, words find names that begin so, then those that hold them, then purposes.

        Args:
            transport: "" for all.

        Raises: LocalMisuse: a number that is no port.
        """
        text = text.strip().lower()
        services = [service for service in self.services if transport in ("", service.transport)]
        if not text:
            return tuple(services)
        number, _, behind = text.partition("/")
        if is_digits(number) or (number[:1] == "-" and is_digits(number[1:])):
            port = check_port(number)
            return tuple(s for s in services if s.port == port and behind in ("", s.transport))
        ranked = [(_rank(service, text), at, service) for at, service in enumerate(services)]
        return tuple(service for rank, _, service in sorted(ranked) if rank < _NOT)


_NOT: Final = 9


def _rank(service: Service, text: str) -> int:
    names = [name.lower() for name in service.names]
    if text in names:
        return 0 if names[0] == text else 1
    if any(name.startswith(text) for name in names):
        return 2
    if any(text in name for name in names):
        return 3
    return 4 if all(word in service.what.lower() for word in text.split()) else _NOT


def _joined(system: Sequence[Service], bundled: Sequence[Service]) -> tuple[Service, ...]:
    """One entry for each name at a port and transport; what both have says so."""
    others = {(s.port, s.transport): s for s in bundled}
    joined: list[Service] = []
    seen: set[tuple[int, str]] = set()
    for service in system:
        key = (service.port, service.transport)
        other = others.get(key)
        if other is not None and key not in seen:
            names = dict.fromkeys((*service.names, *other.names))
            del names[service.name]
            service = service._replace(
                aliases=tuple(names), what=other.what or service.what, sources=("system", "IANA")
            )
        seen.add(key)
        joined.append(service)
    joined += [service for service in bundled if (service.port, service.transport) not in seen]
    # Stable: of several names at one port the first of the file stays first.
    return tuple(sorted(joined, key=lambda s: (s.port, TRANSPORTS.index(s.transport))))


def unknown(directory: Directory, name: str, transport: str) -> LocalMisuse:
    """Why a name means no port here: another transport has it, or nobody does; with what is near."""
    elsewhere = [t for t in TRANSPORTS if t != transport and directory.named(name, t) is not None]
    what = f"no service is called {name[:40]!r} for {transport.upper()}"
    if elsewhere:
        other = directory.named(name, elsewhere[0])
        known = f"{name} is known for {' and '.join(t.upper() for t in elsewhere)} only"
        return mistake(name, 0, len(name), what, f"{known}; its port is {other.port if other else 0}")
    import difflib

    names = {n for service in directory.services if service.transport == transport for n in service.names}
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.7)
    advice = f"did you mean {' or '.join(near)}?" if near else "write the port as a number"
    return mistake(name, 0, len(name), what, advice)
