"""What the page of discovery shows: the plan that is composed, who was found, the result. Frozen."""

from dataclasses import dataclass, field
from typing import Final, Literal

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.protocols.discovery.values import Found, Language, Plan, Preset

LAB: Final[dict[Language, str]] = {"mdns": "lab:mdns", "ssdp": "lab:ssdp", "group": "239.255.1.1:5007"}
"""The first target of each language: on loopback somebody answers there, but for a plain group."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed. for_s: 0 is until it is stopped. times, txt: as they are written."""

    language: Language = "mdns"
    preset: Preset = "search"
    target: str = LAB["mdns"]
    interface: str = ""
    what: str = ""
    for_s: int = 3
    times: str = "0, 1"
    name: str = "workbench"
    type: str = ""
    port: int = 8000
    txt: str = ""
    goodbye: bool = True


@dataclass(frozen=True, slots=True)
class DiscoveryState:
    """All of it. plan: the newest that was carried out."""

    form: Form = field(default_factory=Form)
    phase: Literal["idle", "running", "done", "failed"] = "idle"
    found: Found = field(default_factory=Found)
    plan: Plan | None = None
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def is_running(self) -> bool:
        """Whether somebody is asked, or told."""
        return self.phase == "running"
