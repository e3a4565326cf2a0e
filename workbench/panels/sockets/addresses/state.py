"""What the page of ports and addresses shows: eight sheets, each a verdict and lines of evidence. Frozen."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict

if TYPE_CHECKING:
    from workbench.formats.subnet import Comparison
    from workbench.wire.interfaces import Interface

SheetId = Literal["ports", "address", "interfaces", "route", "reach", "lookup", "transport", "datagram"]
SHEETS: tuple[SheetId, ...] = (
    "ports",
    "address",
    "interfaces",
    "route",
    "reach",
    "lookup",
    "transport",
    "datagram",
)
Tone = Literal["", "good", "warning", "error", "muted"]


class Line(NamedTuple):
    """One row of evidence. tone: of its words; tip: the whole story; target: what opens in the console, "" for none.

    unknown: cells that this system does not tell; they are hatched, and the tip says why.
    """

    cells: tuple[str, ...]
    tone: Tone = ""
    tip: str = ""
    target: str = ""
    unknown: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. note: what stands below the evidence."""

    verdict: Verdict = NO_VERDICT
    lines: tuple[Line, ...] = ()
    problem: WorkbenchError | None = None
    is_running: bool = False
    note: str = ""


class Bind(NamedTuple):
    """A way for a server to bind. purpose: what it is good for; risk: "good" for loopback, "warning" for everybody.

    families: of the listener: "4", "6" or "46" where one socket hears both.
    """

    id: str
    host: str
    title: str
    purpose: str
    risk: Tone
    families: str = "4"

    @property
    def is_for_all(self) -> bool:
        """Whether everybody who reaches this machine reaches the server."""
        return self.risk == "warning"


NOT_OURS = Bind("", "", "The server that is there", "Only looks: nothing of ours listens", "")
FIXED_BINDS = (
    Bind(
        "loopback",
        "127.0.0.1",
        "Ours at 127.0.0.1",
        "Local only: programs of this machine, nobody else",
        "good",
    ),
    Bind("loopback6", "::1", "Ours at ::1", "Local only, by IPv6", "good", "6"),
)
ALL_BINDS = (
    Bind(
        "all4",
        "0.0.0.0",
        "Ours at all IPv4 addresses",
        "Everybody who reaches this machine by IPv4",
        "warning",
    ),
    Bind(
        "all6",
        "::",
        "Ours at all IPv6 addresses",
        "Everybody who reaches this machine by IPv6",
        "warning",
        "6",
    ),
    Bind(
        "dual",
        "::",
        "Ours at all addresses, one socket",
        "Everybody, IPv4 shown as ::ffff:a.b.c.d",
        "warning",
        "46",
    ),
)
DEFAULT_BIND = "loopback"


def binds_for(addresses: tuple[tuple[str, str], ...]) -> tuple[Bind, ...]:
    """All ways to bind on a machine.

    Args:
        addresses: address and interface, without those of the loopback.
    """
    own = tuple(
        Bind(
            f"own {address}",
            address,
            f"Ours at {address}",
            f"Who reaches {interface}: an inner network alone, one of several names of a machine "
            "(virtual hosting), or, of a client, the way its packets take",
            "",
            "6" if ":" in address else "4",
        )
        for address, interface in addresses
    )
    return (NOT_OURS, *FIXED_BINDS, *own, *ALL_BINDS)


@dataclass(frozen=True, slots=True)
class AddressesState:
    """All of it. interfaces: as last read; comparison: of the sheet of interfaces; agreed: "all" was agreed to."""

    sheets: dict[SheetId, Sheet] = field(default_factory=lambda: {each: Sheet() for each in SHEETS})
    interfaces: "tuple[Interface, ...]" = ()
    comparison: "Comparison | None" = None
    suggested: int | None = None
    agreed: bool = False

    def sheet(self, which: SheetId) -> Sheet:
        """One of them."""
        return self.sheets[which]
