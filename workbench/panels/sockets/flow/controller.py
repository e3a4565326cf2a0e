"""What the page about octets that wait does: fills a pipe, watches connections, measures deaths. No Qt."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.quantity import count, octets
from workbench.jobs.job import current_job
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.sockets.flow.live import Sessions
from workbench.panels.sockets.flow.stalls import Stalls
from workbench.panels.sockets.flow.state import Filling, FlowState, ViewName
from workbench.protocols.deaths.client import measure
from workbench.protocols.deaths.columns import read_columns, write_columns
from workbench.protocols.deaths.values import Cell, Column, System, differences
from workbench.protocols.flow import code
from workbench.protocols.flow.idle import Meter, compare
from workbench.protocols.flow.pair import Pair, PairKind
from workbench.protocols.flow.pipe import PipeRun
from workbench.protocols.flow.values import PipeEnd, Remedy
from workbench.transcript.recorder import Transcript

METER_S = 3.0
MAX_COLUMNS = 64
_ENDED = {"equal": ("good", "echoed"), "cut": ("warning", "cut"), "different": ("bad", "different")}


class FlowController(Observed[FlowState]):
    """One pipe at a time, any number of stalled pairs, one matrix.

    Args:
        new_transcript: makes those that the views record in, one each.
        sessions: the live sessions of other pages.
    """

    def __init__(self, new_transcript: Callable[[], Transcript], sessions: Sessions = lambda: ()) -> None:
        super().__init__(FlowState())
        self._new_transcript = new_transcript
        self.transcripts: dict[ViewName, Transcript] = {
            "pipe": new_transcript(),
            "stall": new_transcript(),
            "deaths": new_transcript(),
        }
        self._run: PipeRun | None = None
        self._stalls = Stalls(sessions)

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        self.replace(form=replace(self.state.form, **fields))  # type: ignore[arg-type]  # names checked by replace

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    def complain(self, failure: WorkbenchError) -> None:
        """Show a failure."""
        self.replace(problem=failure)

    # ---- the pipe

    async def fill(self) -> None:
        """Fill the pipe that is composed, to its end. Raises: WorkbenchError, shown too."""
        form = self.state.form
        run = PipeRun(form.pipe, self._transcript("pipe"), on_change=self._moved)
        self._run = run
        self._say("pipe", Verdict("running", "writing", "the client writes and reads nothing"))
        self.replace(filling=Filling(form.pipe), is_filling=True, problem=None)
        try:
            await self._shown("pipe", run.run())
        finally:
            self._run = None
            self.replace(is_filling=False)

    def remedy(self, remedy: Remedy) -> None:
        """Apply a remedy to the connection as it stands."""
        if self._run is not None:
            self._run.apply(remedy, deadline_s=self.state.form.deadline_s)
            self._moved(self._run)

    def _moved(self, run: PipeRun) -> None:
        if run is not self._run:
            return
        filling = Filling(
            run.pipe,
            run.samples,
            run.marks,
            run.there,
            run.back,
            run.finding,
            run.remedy,
            run.end,
            run.is_stalled,
        )
        job = current_job()
        if job is not None and run.there is not None:
            job.progress(run.there.written - run.there.in_program, total=run.pipe.octets)
        self.replace(filling=filling, verdicts={**self.state.verdicts, "pipe": pipe_verdict(filling)})

    # ---- stalls

    def look(self) -> None:
        """Look at every live connection now."""
        found = self._stalls.look(asyncio.get_running_loop().time(), lines=self.state.form.lines)
        if found != self.state.connections:
            self.replace(connections=found)
        self._say("stall", stall_verdict(self.state))

    def watch(self, connection: str) -> None:
        """Look at this one."""
        self.replace(watched=connection)
        self._say("stall", stall_verdict(self.state))

    async def stall(self, kind: PairKind) -> None:
        """Make two ends wait for each other, until they are relieved. Raises: WorkbenchError, shown too."""
        pair = Pair(kind, self._transcript("stall"))
        self.replace(watched=self._stalls.add(pair), problem=None)
        try:
            await self._shown("stall", pair.run())
        finally:
            self._stalls.remove(pair)
            self.look()

    def relieve(self) -> None:
        """Apply the way out to the connection that is looked at, if it is one of ours."""
        found = self.state.connection
        if found is not None:
            self._stalls.relieve(found.id)

    async def meter(self) -> None:
        """Let two helper processes wait, and measure what it costs. Raises: WorkbenchError, shown too."""
        self.replace(is_metering=True, meter=None, problem=None)
        try:
            await self._shown("stall", compare(METER_S, on_change=self._metered))
        finally:
            self.replace(is_metering=False)

    def _metered(self, meter: Meter) -> None:
        self.replace(meter=meter)

    # ---- deaths

    async def measure(self) -> None:
        """Fill this machine's column. Raises: WorkbenchError, shown too."""
        others = tuple(each for each in self.state.columns if each.name)
        ours: list[Cell] = []

        def came(cell: Cell) -> None:
            ours.append(cell)
            self.replace(columns=(Column(System("", "", ""), tuple(ours)), *others), chosen=0)

        self._say("deaths", Verdict("running", "dying", "helper processes go away, and each call is made"))
        self.replace(is_measuring=True, problem=None)
        try:
            column = await self._shown("deaths", measure(self._transcript("deaths"), on_cell=came))
            self.replace(columns=(column, *others), chosen=0)
            self._say("deaths", deaths_verdict(self.state))
        except BaseException:
            # Half a column is no finding.
            self.replace(columns=others, chosen=0)
            raise
        finally:
            self.replace(is_measuring=False)

    def choose(self, number: int) -> None:
        """Show another machine's matrix."""
        if 0 <= number < len(self.state.columns):
            self.replace(chosen=number)
            self._say("deaths", deaths_verdict(self.state))

    def take(self, text: str, name: str) -> None:
        """Take the findings of a file; columns without a name get the file's. Raises: LocalMisuse."""
        found = read_columns(text)
        if len(self.state.columns) + len(found) > MAX_COLUMNS:
            raise LocalMisuse(f"more than {MAX_COLUMNS} machines don’t fit side by side", stage="import")
        named = tuple(each if each.name else replace(each, name=name) for each in found)
        self.replace(columns=(*self.state.columns, *named), problem=None)
        self._say("deaths", deaths_verdict(self.state))

    def forget(self) -> None:
        """Take the column that is shown away."""
        left = tuple(each for at, each in enumerate(self.state.columns) if at != self.state.chosen)
        self.replace(columns=left, chosen=0)
        self._say("deaths", deaths_verdict(self.state))

    def export(self) -> str:
        """All columns as a file. Raises: LocalMisuse: there are none."""
        if not self.state.columns:
            raise LocalMisuse("nothing was measured yet", stage="export", advice="measure first, or import")
        return write_columns(self.state.columns)

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """The pipe as a script, with the remedy that was chosen."""
        filling = self.state.filling
        pipe = filling.pipe if filling is not None else self.state.form.pipe
        return code.python(
            pipe.checked(), filling.remedy if filling is not None else "none", self.state.form.deadline_s
        )

    def close(self) -> None:
        """Give the transcripts back."""
        for transcript in self.transcripts.values():
            transcript.close()

    # ----

    def _transcript(self, view: ViewName) -> Transcript:
        if self.transcripts[view].fault is not None:
            self.transcripts[view].close()
            self.transcripts[view] = self._new_transcript()
        return self.transcripts[view]

    async def _shown(self, view: ViewName, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await work
        except asyncio.CancelledError:
            self._say(view, Verdict("info", "stopped", "stopped before its end"))
            raise
        except WorkbenchError as failure:
            self._say(view, Verdict("bad", failure.stage or "failed", str(failure)))
            self.replace(problem=failure)
            raise

    def _say(self, view: ViewName, verdict: Verdict) -> None:
        if self.state.verdicts.get(view) != verdict:
            self.replace(verdicts={**self.state.verdicts, view: verdict})


def pipe_verdict(filling: Filling) -> Verdict:
    """What a pipe has come to. An end of the stream alone is no success: the hashes decide."""
    there = filling.there
    if there is None:
        return Verdict("running", "connecting", "")
    handed = there.written - there.in_program
    echoed = filling.samples[-1].echoed if filling.samples else 0
    chips = (
        (
            f"{octets(handed)} handed over",
            "Taken by the client’s system; that they were sent or read it does not say",
        ),
        (f"{octets(echoed)} came back", "Read by the client"),
        (f"{octets(max(0, handed - echoed))} queued", "In four queues and in the server’s program"),
    )
    if filling.end is not None:
        return _end_verdict(filling.end, chips)
    if filling.is_stalled and filling.remedy in ("none", "deadline"):
        sentence = filling.finding.sentence if filling.finding is not None else ""
        return Verdict("warning", "frozen", sentence, chips)
    words = {
        "none": "the client writes and reads nothing",
        "read": "the client reads all that came back, then writes on",
        "interleave": "the client reads after every write",
        "both": "the client writes and reads at the same time",
        "deadline": "the client writes, and waits only so long",
    }
    return Verdict("running", "writing", words[filling.remedy], chips)


def _end_verdict(end: PipeEnd, chips: tuple[tuple[str, str], ...]) -> Verdict:
    kind, word = _ENDED[end.kind]
    same = ("hash equal", f"SHA-256 {end.sent_sha256}") if end.kind == "equal" else None
    return Verdict(kind, word, end.sentence, (*chips, same) if same is not None else chips)  # type: ignore[arg-type]  # one of its kinds


def stall_verdict(state: FlowState) -> Verdict:
    """What the connection that is looked at has come to."""
    found = state.connection
    if found is None:
        return Verdict()
    finding = found.finding
    stalls = sum(each.finding.is_cycle for each in state.connections)
    chips = (
        (count(len(state.connections), "connection"), "Live ones, of this page and of the Console"),
        (count(stalls, "deadlock"), "Whose ends wait for each other"),
    )
    kind = "warning" if finding.is_cycle else "good" if finding.kind == "moving" else "info"
    return Verdict(kind, finding.kind, finding.sentence, chips)  # type: ignore[arg-type]  # one of its kinds


def deaths_verdict(state: FlowState) -> Verdict:
    """What the matrix says as a whole."""
    column = state.column
    if column is None:
        return Verdict()
    silent = [cell for cell in column.cells if not cell.has_noticed]
    chips = [
        (count(len(column.cells), "finding"), "Each from a connection of its own"),
        (str(column.system), "Where they were made"),
    ]
    if len(state.columns) > 1:
        number = len(differences(state.columns))
        chips.append((count(number, "difference"), "Calls that were told something else on another machine"))
    sentence = f"{len(silent)} of {len(column.cells)} calls were told nothing by the system"
    return Verdict("good", "measured", sentence, tuple(chips))
