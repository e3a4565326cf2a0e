"""What selfcheck looks at, one line each, and the values in which it answers."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple


class State(Enum):
    """ "off": something optional is not there, everything else works; "missing": the workbench needs it."""

    OK = "ok"
    OFF = "off"
    MISSING = "missing"


class Finding(NamedTuple):
    """What a look found. found: what is there, or why it is not; advice: what to do about that."""

    works: bool
    found: str
    advice: str = ""


class Check(NamedTuple):
    """One look at this machine. needed: without it the workbench does not do what it is for."""

    name: str
    title: str
    look: Callable[[], Finding]
    needed: bool = False


class Checked(NamedTuple):
    """A check and its answer."""

    check: Check
    finding: Finding

    @property
    def state(self) -> State:
        """The answer in one word."""
        if self.finding.works:
            return State.OK
        return State.MISSING if self.check.needed else State.OFF

    def as_dict(self) -> dict[str, object]:
        """As JSON shows it."""
        shown: dict[str, object] = {
            "name": self.check.name,
            "title": self.check.title,
            "needed": self.check.needed,
            "state": self.state.value,
            "found": self.finding.found,
        }
        if self.finding.advice:
            shown["try"] = self.finding.advice
        return shown


def all_checks() -> tuple[Check, ...]:
    """Every check, in the order in which people read them."""
    from workbench.cli import checks_machine as machine
    from workbench.cli import checks_network as network
    from workbench.cli import checks_packages as packages

    return (
        Check("python", "Python", packages.python, needed=True),
        Check("qt", "Qt, which draws the window", packages.qt, needed=True),
        *(
            Check(name, f"Package {name}", packages.installed(name), needed=True)
            for name in packages.NEEDED_PACKAGES
        ),
        Check("resources", "Files of the program", packages.resources, needed=True),
        Check("lab", "The Lab: a server starts and answers", packages.lab, needed=True),
        Check("dnssec", "DNSSEC validation", packages.dnssec),
        Check("keyring", "Keyring for passwords", packages.keyring),
        Check("openssl", "OpenSSL of Python", packages.openssl),
        Check("loopback-v4", "Loopback, IPv4, TCP", network.loopback_v4, needed=True),
        Check("loopback-udp", "Loopback, IPv4, UDP", network.loopback_udp, needed=True),
        Check("loopback-v6", "Loopback, IPv6, TCP", network.loopback_v6),
        Check("ports", "Free ports for clients", network.ephemeral_ports, needed=True),
        Check("low-ports", "Ports that need no privileges", network.low_ports),
        Check("receive-buffer", "Room for bursts of datagrams", network.receive_buffer),
        Check("resolver", "Name server", network.resolver),
        Check("outside", "Way to other machines", network.outside),
        Check("trust-store", "Certificates of well-known authorities", network.trust_store),
        Check("services", "Names of ports", network.service_names),
        Check("clock", "Clock", machine.clock, needed=True),
        Check("folders", "Folders for settings and state", machine.folders, needed=True),
        Check("display", "Display", machine.display),
        Check("event-loop", "Waiting for many sockets", machine.event_loop),
        Check("fork", "Servers that fork", machine.fork),
        Check("unix-sockets", "Unix sockets", machine.unix_sockets),
        Check("reuse-port", "One port, several listeners", machine.reuse_port),
        Check("raw-sockets", "Raw sockets", machine.raw_sockets),
        Check("syslog", "System log", machine.syslog),
    )


def run_checks() -> list[Checked]:
    """Look at everything, one after the other."""
    return [Checked(check, check.look()) for check in all_checks()]
