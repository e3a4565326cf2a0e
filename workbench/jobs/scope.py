"""Who owns running work: a scope launches jobs by name, and when it retires they are cancelled and awaited."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from workbench.errors import LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.quantity import duration_s
from workbench.jobs.job import Job, current

Crash = Callable[[BaseException, str], None]


class Scope:
    """Owner of a panel's (or a verb's) jobs.

    Args:
        name: e.g. "sockets"; tasks are called "<scope>/<job>".
        crash: told of every exception that is no WorkbenchError, with the task's name. Without one they reach the
            loop's exception handler.
        on_change: told of every change of every job, and of its end.
    """

    def __init__(
        self, name: str, *, crash: Crash | None = None, on_change: Callable[[Job], None] | None = None
    ) -> None:
        self.name = name
        self._crash = crash
        self._on_change = on_change
        self._running: dict[Job, asyncio.Task[None]] = {}
        self._retired = False

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The running jobs, oldest first."""
        return tuple(self._running)

    @property
    def is_retired(self) -> bool:
        """Whether nothing can be launched any more."""
        return self._retired

    def launch(
        self,
        coro: Coroutine[Any, Any, object],
        *,
        name: str,
        title: str = "",
        deadline_s: float | None = None,
    ) -> Job:
        """Start an operation and return its job at once.

        Args:
            coro: the operation; a WorkbenchError becomes the job's failure, CancelledError its cancellation.
            name: a verb, "send"; the task is called "<scope>/send".
            title: what the status bar shows; the name if empty.
            deadline_s: after this the operation is cancelled and fails with TooSlow.

        Raises: LocalMisuse when the scope has retired.
        """
        if self._retired:
            coro.close()
            raise LocalMisuse(f"{self.name} is closed; nothing can be started in it", stage="job")
        job = Job(name, title, self._on_change)
        task = asyncio.get_running_loop().create_task(
            self._run(job, coro, deadline_s), name=f"{self.name}/{name}"
        )
        job.bind(task)
        self._running[job] = task
        # A task cancelled before its first step never enters _run: close the coroutine and end the job all the same.
        task.add_done_callback(lambda _task: self._forget(job, coro))
        if self._on_change is not None:
            self._on_change(job)
        return job

    async def retire(self) -> None:
        """Cancel every job and wait until all have ended. Nothing can be launched afterwards. Idempotent."""
        self._retired = True
        me = asyncio.current_task()
        while tasks := [task for task in self._running.values() if task is not me]:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _run(self, job: Job, coro: Coroutine[Any, Any, object], deadline_s: float | None) -> None:
        current.set(job)
        job.has_begun = True
        try:
            async with asyncio.timeout(deadline_s) as limit:
                result = await coro
            job.ended("done", result=result)
        except asyncio.CancelledError:
            job.ended("cancelled")
            raise
        except WorkbenchError as failure:
            job.ended("failed", failure=failure)
        except TimeoutError as error:
            if not limit.expired():
                self._unexpected(job, error)
                return
            seconds = duration_s(deadline_s or 0.0)
            job.ended(
                "failed",
                failure=TooSlow(
                    f"{job.title}: not done within {seconds}", stage=job.stage, committed="maybe"
                ),
            )
        except Exception as error:  # noqa: BLE001 - the border where our own bugs become a crash report
            self._unexpected(job, error)

    def _unexpected(self, job: Job, error: Exception) -> None:
        job.ended(
            "failed",
            failure=WorkbenchError(
                f"{job.title} stopped because of a fault in the workbench: {type(error).__name__}",
                stage=job.stage,
                committed="maybe",
                advice="the diagnostics page has the details",
            ),
        )
        if self._crash is not None:
            self._crash(error, f"{self.name}/{job.name}")
        else:
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"unexpected exception in {self.name}/{job.name}", "exception": error}
            )

    def _forget(self, job: Job, coro: Coroutine[Any, Any, object]) -> None:
        self._running.pop(job, None)
        coro.close()
        if job.is_running:
            job.ended("cancelled")
