"""What the Certificates panel shows. Frozen: the controller replaces it, the view draws it."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.errors import WorkbenchError
from workbench.formats.x509.values import Field
from workbench.jobs.verdict import NO_VERDICT, Verdict

Phase = Literal["idle", "running", "done", "failed", "cancelled"]
Trust = Literal["auto", "system", "lab", "certifi", "file"]
Sign = Literal["", "good", "warning", "bad", "info", "lock"]

TRUSTS: tuple[tuple[Trust, str, str], ...] = (
    (
        "auto",
        "Trust as fits",
        "The Lab's authority for the Lab's servers, this machine's store for all others",
    ),
    ("system", "System store", "The authorities that this machine trusts"),
    ("file", "From a file …", "The authorities of a file of yours, PEM or DER, and no others"),
    (
        "certifi",
        "certifi",
        "Mozilla's authorities as the package certifi carries them: the same on every machine",
    ),
    ("lab", "The Lab", "The authority of the Lab, and no others"),
)
"""Each choice: its id, what the box says, a sentence for its tip."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed: everything that survives a restart."""

    target: str = ""
    name: str = ""
    trust: Trust = "auto"
    trust_file: str = ""
    route: str = "off"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the tree at the left, and what the right side shows of it.

    key: names it for the selection. note: beside the title, muted. fields stand in `data`, which is empty where there
    are no octets to show.
    """

    key: str
    title: str
    note: str = ""
    sign: Sign = ""
    fields: tuple[Field, ...] = ()
    data: bytes = b""
    children: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class CertificatesState:
    """All of it. source: what is shown, "lab:tls-good" or a file's name; selected: the key of an entry, "" for none."""

    form: Form = field(default_factory=Form)
    phase: Phase = "idle"
    stage: str = ""
    source: str = ""
    entries: tuple[Entry, ...] = ()
    selected: str = ""
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is something to cancel."""
        return self.phase == "running"

    @property
    def entry(self) -> Entry | None:
        """The selected entry."""
        return find(self.entries, self.selected)


def find(entries: tuple[Entry, ...], key: str) -> Entry | None:
    """The entry of a key, wherever it hangs; None when it is not there."""
    for entry in entries:
        if entry.key == key:
            return entry
        found = find(entry.children, key)
        if found is not None:
            return found
    return None
