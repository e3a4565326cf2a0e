"""What the page of discovery does: read the plan, carry it out, tell who was found. No Qt."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.quantity import count, duration_s
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.sockets.discovery.state import LAB, DiscoveryState, Form
from workbench.protocols.discovery import code
from workbench.protocols.discovery.client import carry_out, require_somebody
from workbench.protocols.discovery.machine import finder_for
from workbench.protocols.discovery.reach import place_of
from workbench.protocols.discovery.values import Found, Identity, Language, Plan
from workbench.protocols.discovery.written import read_target, read_times, read_txt
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver


class DiscoveryController(Observed[DiscoveryState]):
    """One search, announcement or discovery at a time.

    Args:
        new_transcript: makes the one that everything is recorded in. resolver: knows the Lab's names.
    """

    def __init__(self, new_transcript: Callable[[], Transcript], resolver: TargetResolver) -> None:
        self.transcript = new_transcript()
        super().__init__(DiscoveryState())
        self._new_transcript = new_transcript
        self._resolver = resolver

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        self.replace(form=replace(self.state.form, **fields))  # type: ignore[arg-type]  # names checked by replace

    def speak(self, language: Language) -> None:
        """Take another language; a target that is another one's first becomes this one's, what was searched goes."""
        form = self.state.form
        target = LAB[language] if form.target in LAB.values() else form.target
        self.compose(language=language, target=target, what="", type="")

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    def leaves(self) -> str:
        """What would leave this machine, in a sentence; "" for nothing. Raises: LocalMisuse: no plan."""
        plan = plan_of(self.state.form)
        if plan.target.is_lab or plan.target.port is None:
            return ""
        return place_of(plan.target.host, plan.target.port, plan.interface).leaves

    # ---- what a person does

    async def run(self, *, agreed: bool = False) -> None:
        """Do what is composed. Raises: WorkbenchError, shown too."""
        self._fresh()
        try:
            plan = replace(plan_of(self.state.form), agreed=agreed)
            self.replace(
                phase="running", plan=plan, found=Found(), problem=None, verdict=_running(plan, Found())
            )
            found = await carry_out(plan, self.transcript, resolver=self._resolver, tell=self._tell)
            self.replace(phase="done", found=found, verdict=_told(plan, found))
            require_somebody(found, plan)
        except asyncio.CancelledError:
            found = self.state.found
            stopped = _told(self.state.plan, found) if self.state.plan is not None else Verdict()
            self.replace(phase="done", verdict=stopped._replace(word="stopped", kind="info"))
            raise
        except WorkbenchError as failure:
            verdict = Verdict("bad", failure.stage or "failed", str(failure))
            self.replace(phase="failed", problem=failure, verdict=verdict)
            raise

    def _tell(self, found: Found) -> None:
        plan = self.state.plan
        if plan is not None:
            self.replace(found=found, verdict=_running(plan, found))

    def _fresh(self) -> None:
        if self.transcript.fault is not None:
            self.transcript.close()
            self.transcript = self._new_transcript()

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """The newest plan as a script. Raises: LocalMisuse: nothing was carried out yet."""
        plan, found = self.state.plan, self.state.found
        if plan is None or not found.group:
            raise LocalMisuse(
                "nothing was asked yet", stage="copy", advice="search first; the script repeats it"
            )
        group, _, port = found.group.rpartition(":")
        return code.python(plan, place_of(group.strip("[]"), int(port), plan.interface))


def plan_of(form: Form) -> Plan:
    """The plan that a form composes. Raises: LocalMisuse with the place."""
    txt = tuple(read_txt(piece.strip()) for piece in form.txt.split(",") if piece.strip())
    plan = Plan(
        form.language,
        form.preset,
        read_target(form.target, form.language),
        form.interface,
        form.what.strip() if form.language != "group" else form.what,
        float(form.for_s) if form.for_s else None,
        read_times(form.times),
        Identity(form.name, form.type.strip(), form.port, txt=txt),
        form.goodbye,
    )
    if form.preset != "announce":
        finder_for(plan, "", 0, 0)
    return plan


def _running(plan: Plan, found: Found) -> Verdict:
    doing = {"search": "searching", "announce": "announcing", "discover": "listening"}[plan.preset]
    until = f"for {duration_s(plan.for_s)}" if plan.for_s is not None else "until it is stopped"
    return Verdict("running", doing, f"{found.group or plan.target} {until}", _chips(plan, found))


def _told(plan: Plan, found: Found) -> Verdict:
    chips = _chips(plan, found)
    if plan.preset == "announce":
        end = "and goodbye" if plan.goodbye else "and left without a word"
        times = count(found.sent, "datagram")
        return Verdict("good", "announced", f"{plan.identity.name}: {times} to {found.group}, {end}", chips)
    faults = sum(bool(peer.faults) for peer in found.peers)
    odd = []
    if faults:
        odd.append(f"{count(faults, 'peer')} with something wrong")
    if found.oddities:
        odd.append(f"{count(len(found.oddities), 'datagram')} not in order")
    if not found.peers and not odd:
        return Verdict("info", "nobody", f"nobody in {found.group} was heard", chips)
    sentence = "; ".join((f"{count(len(found.present), 'peer')} in {found.group}", *odd))
    return Verdict("warning" if odd else "good", "found", sentence, chips)


def _chips(plan: Plan, found: Found) -> tuple[tuple[str, str], ...]:
    chips = [(f"{found.sent} sent", "Datagrams of ours, to everybody in the group")]
    if plan.preset != "announce":
        chips.append((f"{found.heard} heard", "Datagrams of others; our own that come back are not counted"))
        if found.gone:
            chips.append((f"{len(found.gone)} gone", "Said goodbye, or were not heard again in time"))
    if found.joined:
        chips.append((f"joined {found.joined}", "The group that is heard; it is left at the end"))
    return tuple(chips)
