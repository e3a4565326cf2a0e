"""What the lamps do: sockets watched by a chosen way of waiting, provoked, and the ways compared. No Qt."""

from collections.abc import Awaitable
from dataclasses import replace

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.target import Target, parse_target
from workbench.jobs.job import current_job
from workbench.jobs.worker import Worker
from workbench.panels.observed import Observed
from workbench.panels.sockets.readiness.state import LampsState
from workbench.protocols.readiness import code, costs
from workbench.protocols.readiness.monitor import Monitor
from workbench.protocols.readiness.rows import Provocation
from workbench.protocols.readiness.values import Ready
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

MEASURE_WITHIN_S = 20.0
"""For one figure; a hundred times what it takes."""


class LampsController(Observed[LampsState]):
    """The sockets of the page.

    Args:
        transcript: where all is recorded; whoever made it closes it.
        resolver: knows the Lab's names.
    """

    def __init__(self, transcript: Transcript, resolver: TargetResolver) -> None:
        self.transcript = transcript
        self.timeout_s = 30.0
        super().__init__(LampsState())
        self._resolver = resolver
        self._monitor = Monitor(transcript, self.state.form.engine, self._on_monitor)
        self._worker = Worker("the measuring")
        self._pairs = 0
        self._places: dict[int, Target] = {}

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form; what waits goes on in the new way at once.

        Raises: LocalMisuse, LocalFault: this system lacks the engine; it is the state's problem too.
        """
        form = replace(self.state.form, **fields)  # type: ignore[arg-type]  # names checked by replace
        before, self._monitor.reads, self._monitor.answers = self.state.form, form.reads, form.answers
        self.replace(form=form)
        if form.engine != before.engine and not self.state.is_watching:
            self._switch(form.engine)
        elif (form.engine, form.timeout) != (before.engine, before.timeout):
            self._monitor.wake()

    def select(self, key: int | None) -> None:
        """Choose a socket."""
        self.replace(selected=key)

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    def why_not(self, what: Provocation) -> str:
        """Why the selected socket can't be provoked so; "" when it can."""
        if self.state.selected is None:
            return "choose a socket first"
        return self._monitor.why_not(what, self.state.selected)

    # ---- sockets

    async def add(self, text: str) -> None:
        """Connect to a target and watch it. Raises: WorkbenchError, shown too."""
        await self._do(f"connecting to {text}", self._add(text))

    async def listen(self) -> None:
        """Listen on a free port and watch it. Raises: WorkbenchError, shown too."""
        await self._do("listening", self._listen())

    def add_pair(self) -> None:
        """A connection of this machine with itself."""
        self._pairs += 1
        try:
            key = self._monitor.add_pair(f"pair {self._pairs}")
        except WorkbenchError as failure:
            self.replace(problem=failure)
            return
        self._came(key)

    def remove(self) -> None:
        """Close the selected socket and forget it."""
        if self.state.row is not None:
            self._monitor.remove(self.state.row.key)
            rows = self._monitor.rows
            self.replace(selected=rows[-1].key if rows else None)
            self._on_monitor()

    def ask(self, flag: Ready) -> None:
        """Wait for a flag of the selected socket, or no longer."""
        if self.state.row is not None:
            self._monitor.ask(self.state.row.key, self.state.row.asked ^ flag)

    async def provoke(self, what: Provocation) -> None:
        """Have something happen to the selected socket. Raises: WorkbenchError, shown too."""
        if self.state.selected is not None:
            await self._do("", self._monitor.provoke(what, self.state.selected))

    # ---- waiting

    async def wait_once(self) -> None:
        """One waiting. Raises: WorkbenchError, shown too."""
        if why := self.state.why_not_wait:
            raise LocalMisuse(why, stage="wait")
        await self._do("waiting once", self._wait_once())

    async def watch(self) -> None:
        """Wait again and again, until cancelled. Raises: WorkbenchError, shown too."""
        if self.state.is_watching:
            return
        self.replace(is_watching=True, problem=None)
        try:
            while True:
                form = self.state.form
                if form.engine != self._monitor.engine:
                    self._switch(form.engine)
                await self._monitor.turn(form.timeout_s)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        finally:
            self.replace(is_watching=False)

    # ---- costs

    async def measure(self) -> None:
        """Compare the ways of waiting, in a process of their own. Raises: WorkbenchError, shown too."""
        names = costs.measurable()
        figures = [(name, count) for count in costs.COUNTS for name in names]
        self.replace(is_measuring=True, costs=(), meters=(), problem=None)
        job = current_job()
        try:
            for done, (name, count) in enumerate(figures):
                cost = await self._worker.call(costs.measure, name, count, timeout_s=MEASURE_WITHIN_S)
                self.replace(costs=(*self.state.costs, cost))
                if job is not None:
                    job.progress(done + 1, total=len(figures) + 1)
            engine = self.state.form.engine if self.state.form.engine in names else names[0]
            meters = await self._worker.call(costs.read_meters, engine, timeout_s=MEASURE_WITHIN_S)
            self.replace(meters=tuple(meters))
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        finally:
            self.replace(is_measuring=False)

    # ---- leaving

    def copy_as_python(self) -> str:
        """The client of the selected connection as a script. Raises: LocalMisuse: there is none."""
        place = self._places.get(self.state.selected or 0)
        if place is None:
            raise LocalMisuse(
                "a script needs a server: choose a connection",
                stage="copy",
                advice="watch lab:ticker, for one",
            )
        seconds = self.state.form.timeout_s
        return code.client_script(self.state.form.engine, place, seconds or 0.05)

    async def retire(self) -> None:
        """Give all back."""
        self._monitor.close()
        self._worker.close()

    # ---- inside

    async def _add(self, text: str) -> None:
        target = parse_target(text)
        place = await self._resolver(target)
        self._came(await self._monitor.add_connection(target, self._resolver, self.timeout_s))
        self._places[self._monitor.rows[-1].key] = place

    async def _listen(self) -> None:
        self._came(await self._monitor.add_listener(Target("tcp", "127.0.0.1", 0)))

    async def _wait_once(self) -> None:
        wake = await self._monitor.wait(self.state.form.timeout_s)
        self.replace(last=wake)

    def _came(self, key: int) -> None:
        self.replace(selected=key, problem=None)
        self._on_monitor()

    def _switch(self, engine: str) -> None:
        try:
            self._monitor.switch(engine)
        except WorkbenchError as failure:
            self.replace(problem=failure, form=replace(self.state.form, engine=self._monitor.engine))
            raise

    async def _do(self, doing: str, work: Awaitable[object]) -> None:
        self.replace(doing=doing, problem=None)
        try:
            await work
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        finally:
            self.replace(doing="")
            self._on_monitor()

    def _on_monitor(self) -> None:
        monitor = self._monitor
        self.replace(rows=monitor.rows, counts=monitor.counts, last=monitor.last)
