"""What both pages of the panel do alike: a state that is replaced, observers, transcripts. No Qt."""

from collections.abc import Callable
from typing import TypeVar

from workbench.errors import WorkbenchError
from workbench.jobs.job import current_job
from workbench.panels.observed import Observed
from workbench.transcript.recorder import Transcript

S = TypeVar("S")


class Talking(Observed[S]):
    """A controller's ground.

    Attributes:
        state: frozen, replaced as a whole.
        transcript: of the last conversation.
        password: what was typed. Not part of the state: it is kept nowhere, and goes with this object.
    """

    def __init__(self, state: S, new_transcript: Callable[[], Transcript]) -> None:
        super().__init__(state)
        self.transcript = new_transcript()
        self.password = ""
        self.timeout_s = 30.0
        self._new_transcript = new_transcript

    def new_talk(self) -> None:
        """Begin another conversation. Raises: LocalFault: there is no room for it."""
        if len(self.transcript):
            self.transcript.close()
            self.transcript = self._new_transcript()
        if (fault := self.transcript.fault) is not None:
            raise fault

    def dismiss(self) -> None:
        """Forget the failure that is shown."""
        self.replace(problem=None)

    def complain(self, failure: WorkbenchError) -> None:
        """Show a failure that no operation raised."""
        self.replace(problem=failure)

    def tell(self, stage: str) -> None:
        """A stage was reached: the job and the state say so."""
        if (job := current_job()) is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)


def progress(done: int, total: int | None) -> None:
    """How far the job is."""
    if (job := current_job()) is not None:
        job.progress(done, total=total)


def sentence(failure: WorkbenchError) -> str:
    """A failure for the verdict line."""
    return f"{failure.what}: {failure.reply}" if failure.reply else failure.what
