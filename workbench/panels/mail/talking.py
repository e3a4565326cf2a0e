"""What both pages of the panel do alike: a state that is replaced, observers, transcripts. No Qt."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, TypeVar

from workbench.errors import WorkbenchError
from workbench.jobs.job import current_job
from workbench.transcript.recorder import Transcript

S = TypeVar("S")


class Talking(Generic[S]):
    """A controller's ground.

    Attributes:
        state: frozen, replaced as a whole.
        transcript: of the last conversation.
        password: what was typed. Not part of the state: it is kept nowhere, and goes with this object.
    """

    def __init__(self, state: S, new_transcript: Callable[[], Transcript]) -> None:
        self.state = state
        self.transcript = new_transcript()
        self.password = ""
        self.timeout_s = 30.0
        self._new_transcript = new_transcript
        self._observers: list[Callable[[Any], object]] = []

    def observe(self, callback: Callable[[Any], object]) -> Callable[[], None]:
        """Call back whenever the state was replaced. Returns what ends it."""
        self._observers.append(callback)

        def cut() -> None:
            if callback in self._observers:
                self._observers.remove(callback)

        return cut

    def replace(self, **fields: object) -> None:
        """Replace fields of the state, and tell the observers."""
        self.state = replace(self.state, **fields)  # type: ignore[type-var]  # every state is a dataclass
        for observer in self._observers:
            observer(self)

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
