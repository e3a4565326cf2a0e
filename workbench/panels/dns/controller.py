"""What a person does in the DNS panel: ask, check in reverse, look at a packet. No Qt here.

dnspython is heavy: nothing of it is imported before the first question, and then in a thread: the window goes on.
"""

import asyncio
import importlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.jobs.job import current_job
from workbench.jobs.offload import in_thread
from workbench.jobs.verdict import Verdict
from workbench.panels.dns.routes import ROUTES
from workbench.panels.dns.state import DnsState, Form, Kind, SystemLine
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, through
from workbench.protocols.dns.names import (
    for_people,
    is_address,
    parse_address,
    parse_name,
    parse_server,
    reverse_name,
)
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

if TYPE_CHECKING:
    from workbench.protocols.dns.code import Recipe
    from workbench.protocols.dns.reverse import ReverseCheck
    from workbench.protocols.dns.values import Lookup, Question, Wish

EACH_WITHIN_S = 5.0
"""Of the questions of a reverse check, each: one silent server must not keep the others from being asked."""
HEAVY = "workbench.panels.dns.evidence"
"""Brings the codec, and with it dnspython."""


def checked_text(kind: Kind, text: str, type_: str = "") -> str:
    """The name on the wire that a typed name or address means.

    Raises: LocalMisuse with the place of the mistake.
    """
    if kind == "reverse" or (type_.upper() == "PTR" and is_address(text)):
        return reverse_name(parse_address(text))
    return parse_name(text).wire


class DnsController(Observed[DnsState]):
    """The panel's lookups, one at a time.

    Args:
        new_transcript: makes the one that lookups are recorded in; another one after its disk failed.
        resolver: knows the Lab's names.
        relay: starts a relay of the Lab; without one every route is straight.
    """

    def __init__(
        self,
        new_transcript: Callable[[], Transcript],
        resolver: TargetResolver,
        *,
        relay: RelayStarter | None = None,
    ) -> None:
        self.transcript = new_transcript()
        super().__init__(DnsState())
        self._new_transcript = new_transcript
        self._resolver = resolver
        self._relay = relay
        self._asked: Question | str | None = None
        self._wish: Wish | None = None
        self._address: Target | None = None
        self._began_ns = 0
        self._turn = asyncio.Lock()
        self._system: asyncio.Task[object] | None = None

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        form = replace(self.state.form, **fields)  # type: ignore[arg-type]  # names checked by replace
        self.replace(form=form, asked_as=_asked_as(form))

    def look_at(self, packet: int) -> None:
        """Look at another of the messages."""
        if 0 <= packet < len(self.state.packets):
            self.replace(shown=packet)

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    def complain(self, failure: WorkbenchError) -> None:
        """Show a failure that came before anything was asked."""
        self.replace(problem=failure)

    # ---- what a person does

    async def ask(self) -> None:
        """Ask, or check in reverse, as the form says.

        Raises: WorkbenchError, which is also the state's problem.
        """
        if self._system is not None:
            # The answer is there, and this system still thinks about it: the next question does not wait for that.
            self._system.cancel()
        async with self._turn:
            await self._ask(self.state.form)

    async def _ask(self, form: Form) -> None:
        self._begin(form)
        try:
            server = parse_server(form.server)
            name = checked_text(form.kind, form.text, form.type)
            await in_thread(importlib.import_module, HEAVY)
            if form.kind == "reverse":
                await self._check(form, server)
            else:
                await self._query(form, server, name)
        except asyncio.CancelledError:
            if self.state.is_live:
                self.replace(
                    phase="idle", verdict=Verdict("info", "cancelled", "nobody waits for the answer any more")
                )
            raise
        except WorkbenchError as failure:
            word = failure.stage or "failed"
            self.replace(phase="failed", problem=failure, verdict=Verdict("bad", word, str(failure)))
            raise

    def _begin(self, form: Form) -> None:
        if self.transcript.fault is not None:
            # What was recorded there is kept by its disk as far as it goes; a new lookup must be recorded whole.
            self.transcript.close()
            self.transcript = self._new_transcript()
        self._began_ns = time.monotonic_ns()
        self._asked = None
        self.replace(
            phase="asking",
            stage="",
            verdict=Verdict("running", "asking", f"{form.server} about {form.text} …"),
            rows=(),
            evidence=(),
            packets=(),
            shown=-1,
            accepted=-1,
            system=SystemLine(),
            problem=None,
        )

    async def _query(self, form: Form, server: Target, name: str) -> None:
        from workbench.panels.dns.evidence import packets_of, rows_of, verdict_of
        from workbench.protocols.dns.codec import read_type
        from workbench.protocols.dns.values import Outcome, Question

        question = Question(name, read_type(form.type.strip() or "A"))
        self._asked = question
        asking = self._system = asyncio.create_task(self._ask_system(form, question), name="dns/system")
        try:
            found = await self._lookup(question, server, form)
            answered = {record.data for record in found.found} if found.outcome is Outcome.ANSWER else set()
            packets = packets_of(found)
            last = len(packets) - 1
            self.replace(
                phase="done",
                verdict=verdict_of(found),
                rows=rows_of(found),
                packets=packets,
                shown=last,
                accepted=last,
            )
            await self._show_system(asking, answered)
        finally:
            await self._end_system()

    async def _check(self, form: Form, server: Target) -> None:
        from workbench.protocols.dns.reverse import check_reverse
        from workbench.protocols.dns.values import Question

        address = parse_address(form.text)
        self._asked = str(address)

        async def ask(question: Question) -> "Lookup":
            return await self._lookup(question, server, form, EACH_WITHIN_S)

        claims = Question(reverse_name(address), "PTR")
        asking = self._system = asyncio.create_task(self._ask_system(form, claims), name="dns/system")
        try:
            check = await check_reverse(address, ask, self.transcript, self._show_check)
            if check.failure is not None:
                # Nobody said anything about the address: that is a failure of asking, not a verdict.
                raise check.failure
            self.replace(phase="done")
            await self._show_system(asking, {name.name for name in check.names})
        finally:
            await self._end_system()

    def _show_check(self, check: "ReverseCheck") -> None:
        from workbench.panels.dns.evidence import evidence_of, reverse_verdict_of

        evidence, packets = evidence_of(check)
        self.replace(
            evidence=evidence,
            packets=packets,
            # The first answer; whoever has chosen another packet meanwhile keeps it.
            shown=evidence[0].packet if self.state.shown < 0 else self.state.shown,
            verdict=reverse_verdict_of(check, time.monotonic_ns() - self._began_ns),
        )

    async def _lookup(
        self, question: "Question", server: Target, form: Form, timeout_s: float = 30.0
    ) -> "Lookup":
        from workbench.protocols.dns.client import lookup
        from workbench.protocols.dns.values import EDNS_SIZE, Wish

        wish = Wish("tcp" if form.tcp else "udp", form.recursion, form.dnssec, EDNS_SIZE if form.edns else 0)
        self._wish = wish
        found = await lookup(
            question,
            server,
            self.transcript,
            wish=wish,
            resolver=self._remembering,
            via=through(ROUTES, form.route, self._relay),
            timeout_s=timeout_s,
            report=self._tell,
        )
        if form.route == "off":
            host, _, port = found.server.rpartition(":")
            self._address = Target("tcp", host.strip("[]"), int(port))
        return found

    async def _remembering(self, target: Target) -> Target:
        """The Lab's address of the server, kept for "Copy as": a script knows no Lab."""
        self._address = await self._resolver(target)
        return self._address

    async def _ask_system(self, form: Form, question: "Question") -> object:
        from workbench.protocols.dns.names import address_of
        from workbench.protocols.dns.system import TYPES, ask_system, ask_system_reverse

        if not form.system or question.type not in TYPES:
            return None
        address = address_of(question.name)
        if question.type == "PTR" and address is not None:
            return await ask_system_reverse(address, self.transcript)
        return await ask_system(question.name, question.type, self.transcript)

    async def _show_system(self, asking: "asyncio.Task[object]", answered: set[str]) -> None:
        from workbench.panels.dns.evidence import system_line
        from workbench.protocols.dns.system import SystemSays

        if not asking.done():
            self.replace(system=SystemLine("running", "Asking this system …"))
        await asyncio.wait([asking])
        if not asking.cancelled() and isinstance(says := asking.result(), SystemSays):
            self.replace(system=system_line(says, answered))

    async def _end_system(self) -> None:
        asking, self._system = self._system, None
        if asking is not None:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        if self.state.system.sign == "running":
            self.replace(system=SystemLine("", "Nobody waited for what this system says."))

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """The newest question as a script. Raises: LocalMisuse: nothing was asked yet."""
        from workbench.protocols.dns.code import python

        return python(self._recipe())

    def copy_as_dig(self) -> str:
        """The newest question as a command line. Raises: LocalMisuse: nothing was asked yet."""
        from workbench.protocols.dns.code import dig

        return dig(self._recipe())

    def _recipe(self) -> "Recipe":
        from workbench.protocols.dns.code import Recipe

        if self._asked is None or self._address is None or self._wish is None:
            raise LocalMisuse(
                "nothing was asked yet", stage="copy", advice="ask first; the script repeats it"
            )
        server, note = self._address, ""
        if self.state.form.server.removeprefix("@").startswith("lab:"):
            note = f"{self.state.form.server.removeprefix('@')} of the Lab, as long as that runs."
        if isinstance(self._asked, str):
            return Recipe(server, self._wish, None, parse_address(self._asked), note)
        return Recipe(server, self._wish, self._asked, None, note)

    # ----

    def _tell(self, stage: str) -> None:
        job = current_job()
        if job is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)


def _asked_as(form: Form) -> str:
    """What stands on the wire, where that is not what was typed: an A-label, a reverse name."""
    if not form.text:
        return ""
    try:
        wire = checked_text(form.kind, form.text, form.type)
    except LocalMisuse:
        return ""
    if wire.removesuffix(".") == form.text.removesuffix("."):
        if for_people(wire) != form.text.removesuffix(".") and wire != ".":
            return f"{wire} is {for_people(wire)}"
        return ""
    return f"asks for {wire}"
