"""One operation that a person started, as the status bar, Esc and the tests see it."""

import asyncio
import itertools
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Literal

from workbench.errors import LocalMisuse, WorkbenchError

JobState = Literal["running", "done", "failed", "cancelled"]

_numbers = itertools.count(1)
current: ContextVar["Job | None"] = ContextVar("workbench_job", default=None)


def current_job() -> "Job | None":
    """The job in whose task this code runs, so that an engine can report its stage; None outside any."""
    return current.get()


class Job:
    """A running or ended operation. Made by Scope.launch; only progress() and cancel() are for others.

    done and total count whatever the operation counts (octets, rows); total is None where unknown.
    has_begun: whether its first step was taken; what it says of itself it says from there on.
    failure is set exactly when state is "failed"; result when state is "done".
    """

    def __init__(self, name: str, title: str, on_change: Callable[["Job"], None] | None) -> None:
        self.id = next(_numbers)
        self.name = name
        self.title = title or name
        self.stage = ""
        self.done = 0
        self.total: int | None = None
        self.started_ns = time.monotonic_ns()
        self.ended_ns: int | None = None
        self.state: JobState = "running"
        self.has_begun = False
        self.failure: WorkbenchError | None = None
        self.result: object = None
        self._on_change = on_change
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is still something to wait for or to cancel."""
        return self.state == "running"

    @property
    def fraction(self) -> float | None:
        """Between 0 and 1; None where the total is unknown."""
        return min(1.0, self.done / self.total) if self.total else None

    def progress(
        self, done: int | None = None, *, total: int | None = None, stage: str | None = None
    ) -> None:
        """Say how far the operation is; None leaves a value as it was."""
        if done is not None:
            self.done = done
        if total is not None:
            self.total = total
        if stage is not None:
            self.stage = stage
        self._changed()

    def cancel(self) -> None:
        """Ask the operation to stop. It has stopped once wait() returns. Harmless when it has ended."""
        if self._task is not None and self.is_running:
            self._task.cancel()

    async def wait(self) -> "Job":
        """Return this job once it has ended, however it ended; never raises its failure."""
        if self._task is None:
            raise LocalMisuse("this job was never started", stage="job")
        await asyncio.wait([self._task])
        return self

    def bind(self, task: "asyncio.Task[None]") -> None:
        """Tell the job which task runs it (for Scope)."""
        self._task = task

    def ended(self, state: JobState, *, failure: WorkbenchError | None = None, result: object = None) -> None:
        """Write the outcome down (for Scope)."""
        self.state = state
        self.failure = failure
        self.result = result
        self.ended_ns = time.monotonic_ns()
        self._changed()

    def _changed(self) -> None:
        if self._on_change is not None:
            self._on_change(self)


def is_at_work(job: Job | None, is_live: bool) -> bool:
    """Whether another one has to wait for this one: it goes on, and what it does says so, or could not say it yet."""
    return job is not None and job.is_running and (is_live or not job.has_begun)
