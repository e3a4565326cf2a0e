"""What the Files panel shows. Frozen: the controller replaces it, the view draws it."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.protocols.ftp.names import why_unsafe
from workbench.protocols.ftp.values import Entry

Phase = Literal["idle", "opening", "open", "ended", "failed"]
Direction = Literal["download", "upload"]
Outcome = Literal["waiting", "running", "done", "failed", "cancelled"]

MAX_TRANSFERS_SHOWN = 1000
"""Rows of the table of transfers; older ended ones leave it first, the conversation keeps them all."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed: everything that survives a restart. Never a password.

    user: "" is anonymous. folder: where downloads go, here; "" is the person's own folder.
    """

    target: str = ""
    user: str = ""
    route: str = "off"
    tls: bool = False
    folder: str = ""
    partial: bool = True


@dataclass(frozen=True, slots=True)
class Transfer:
    """One file on its way. done, total: octets, of the whole file; note: how it ended, one sentence."""

    number: int
    direction: Direction
    name: str
    local: str
    done: int = 0
    total: int | None = None
    outcome: Outcome = "waiting"
    note: str = ""


@dataclass(frozen=True, slots=True)
class FilesState:
    """The session.

    folder: at the server. selected: place in `entries`; None for none. listing: "MLSD", "LIST", or "" at first.
    busy: what is going on besides transfers; "" for nothing. reused: data connections that resumed the control one's
    TLS session, of how many under TLS.
    """

    form: Form = field(default_factory=Form)
    phase: Phase = "idle"
    stage: str = ""
    address: str = ""
    user: str = ""
    is_secure: bool = False
    reused: tuple[int, int] = (0, 0)
    folder: bytes = b"/"
    entries: tuple[Entry, ...] = ()
    unread: tuple[bytes, ...] = ()
    listing: str = ""
    selected: int | None = None
    busy: str = ""
    transfers: tuple[Transfer, ...] = ()
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def is_live(self) -> bool:
        """Whether there is something to cancel or to close."""
        return self.phase in ("opening", "open")

    @property
    def entry(self) -> Entry | None:
        """The selected entry."""
        at = self.selected
        return self.entries[at] if at is not None and 0 <= at < len(self.entries) else None

    @property
    def why_not_here(self) -> str:
        """Why nothing can be done in the folder now; "" when it can."""
        if self.phase != "open":
            return "connect first"
        return f"{self.busy} first has to end" if self.busy else ""

    @property
    def why_not_entry(self) -> str:
        """Why nothing can be done with an entry; "" when it can."""
        return self.why_not_here or ("select a file or folder first" if self.entry is None else "")

    @property
    def why_not_download(self) -> str:
        """Why the selected entry can't be downloaded; "" when it can."""
        entry = self.entry
        if self.phase != "open" or entry is None:
            return self.why_not_entry
        if entry.kind in ("other", "link"):
            return (
                "it is a link, and links are not followed" if entry.kind == "link" else "it is no plain file"
            )
        why = why_unsafe(entry.name)
        return f"its name can't be one here: {why}" if why else ""

    @property
    def why_not_up(self) -> str:
        """Why there is no folder above; "" when there is."""
        return self.why_not_here or ("this is the top" if self.folder.strip(b"/") == b"" else "")
