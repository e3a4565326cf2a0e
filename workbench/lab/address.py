"""Where a service of the Lab is, as values and as the control protocol shows them."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.formats.target import Target
from workbench.lab.control import NO_SWITCHES


class ServiceAddress(NamedTuple):
    """A running service.

    name: as in the catalogue. target: where it is, scheme "tcp", "udp" or "unix", as is transport; a file has the
    scheme of who opens it ("sqlite"), and the transport "file".
    note: one sentence, what it teaches. instance: "echo" as it is by default, "echo#1" with switches or a port of its
    own; what stop() takes. switches: those that differ from the defaults. also: the same service by IPv6, if any.
    accounts: user and password of those who may log in there; made by the service when it starts.
    """

    name: str
    target: Target
    transport: str
    note: str = ""
    instance: str = ""
    switches: Mapping[str, object] = NO_SWITCHES
    also: Target | None = None
    accounts: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, object]:
        """As JSON shows it; "address" is what a person types."""
        shown: dict[str, object] = {
            "name": self.name,
            "instance": self.instance,
            "transport": self.transport,
            "address": address(self.target),
            "note": self.note,
        }
        if self.also is not None:
            shown["also"] = address(self.also)
        if self.switches:
            shown["switches"] = dict(self.switches)
        if self.accounts:
            shown["accounts"] = [{"user": user, "password": password} for user, password in self.accounts]
        return shown


class Running(NamedTuple):
    """A running service and its figures, seen from the server.

    clients: open conversations now. seen: conversations, or datagrams, since it started. octets_received: what it has
    really read; what a client's send returned for may lie in buffers still.
    """

    address: ServiceAddress
    clients: int
    seen: int
    octets_received: int
    octets_sent: int

    def as_dict(self) -> dict[str, object]:
        """As JSON shows it."""
        return {
            **self.address.as_dict(),
            "clients": self.clients,
            "seen": self.seen,
            "octets_received": self.octets_received,
            "octets_sent": self.octets_sent,
        }


def address(target: Target) -> str:
    """HOST:PORT or [V6]:PORT, whatever the transport; unix:PATH for a Unix socket."""
    if target.scheme in ("unix", "sqlite"):
        return str(target)
    host = f"[{target.host}]" if ":" in target.host else target.host
    return f"{host}:{target.port}"


def service_address_from_dict(shown: Mapping[str, object]) -> ServiceAddress:
    """What ServiceAddress.as_dict() described. Raises: PeerMisbehaved: something is missing or of the wrong kind."""
    transport = _text(shown, "transport")
    also = shown.get("also")
    switches = shown.get("switches", {})
    return ServiceAddress(
        _text(shown, "name"),
        _target(transport, _text(shown, "address")),
        transport,
        _text(shown, "note"),
        _text(shown, "instance"),
        dict(switches) if isinstance(switches, dict) else {},
        _target(transport, also) if isinstance(also, str) else None,
        _accounts(shown.get("accounts")),
    )


def running_from_dict(shown: Mapping[str, object]) -> Running:
    """What Running.as_dict() described. Raises: PeerMisbehaved: something is missing or of the wrong kind."""
    figures = [shown.get(key) for key in ("clients", "seen", "octets_received", "octets_sent")]
    clients, seen, received, sent = (figure if type(figure) is int else 0 for figure in figures)
    return Running(service_address_from_dict(shown), clients, seen, received, sent)


def running_from_values(values: Mapping[str, object]) -> list[Running]:
    """The services of a list or a piece of news. Raises: PeerMisbehaved: it is none."""
    shown = values.get("services", [])
    if not isinstance(shown, list) or not all(isinstance(one, dict) for one in shown):
        raise PeerMisbehaved("the Lab listed its services in an unknown way", stage="lab")
    return [running_from_dict(one) for one in shown]


def _accounts(told: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(told, list):
        return ()
    return tuple((_text(one, "user"), _text(one, "password")) for one in told if isinstance(one, dict))


def _text(shown: Mapping[str, object], key: str) -> str:
    value = shown.get(key)
    if not isinstance(value, str):
        raise PeerMisbehaved(f"the Lab described a service without {key}", stage="lab")
    return value


def _target(transport: str, text: str) -> Target:
    if transport == "unix" and text.startswith("unix:/"):
        return Target("unix", "", None, text.removeprefix("unix:"))
    if transport == "file" and text.startswith("sqlite:/"):
        return Target("sqlite", "", None, text.removeprefix("sqlite:"))
    host, _, port = text.rpartition(":")
    if transport not in ("tcp", "udp") or not port.isascii() or not port.isdigit() or len(port) > 5:
        raise PeerMisbehaved(f"the Lab named an address that is none: {text[:60]!r}", stage="lab")
    return Target(transport, host.removeprefix("[").removesuffix("]"), int(port))
