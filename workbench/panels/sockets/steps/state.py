"""What the page of calls by hand shows: descriptors, what each call came to, options, exceptions. Frozen."""

from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.protocols.calls.descriptors import OpenDescriptor
from workbench.protocols.calls.failures import Provoked
from workbench.protocols.calls.options import OptionInfo
from workbench.protocols.calls.values import Descriptor, FileView, Outcome


class OptionRow(NamedTuple):
    """An option as the selected socket has it. value: as people read it; octets: the buffer form; why: no value."""

    option: OptionInfo
    value: str = ""
    octets: bytes = b""
    why: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class StepsState:
    """All of it.

    Attributes:
        selected: the name of the socket or file that the form is about; "" for a new one.
        running: how many calls wait.
        story: the id of the story that is told; queue: its calls that were not made yet.
        provoked: what came of each exception that was provoked.
        open_descriptors: of this process; None where the system tells none.
    """

    descriptors: tuple[Descriptor, ...] = ()
    files: tuple[FileView, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    selected: str = ""
    running: int = 0
    story: str = ""
    queue: tuple[str, ...] = ()
    options: tuple[OptionRow, ...] = ()
    provoked: dict[str, Provoked] = field(default_factory=dict)
    provoking: str = ""
    open_descriptors: tuple[OpenDescriptor, ...] | None = ()
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def descriptor(self) -> Descriptor | None:
        """The selected socket; that of the selected file."""
        name = self.selected
        file = self.file
        name = file.of if file is not None else name
        return next((each for each in self.descriptors if each.name == name), None)

    @property
    def file(self) -> FileView | None:
        """The selected file."""
        return next((each for each in self.files if each.name == self.selected), None)

    @property
    def next_line(self) -> str:
        """The next call of the story, "" at its end."""
        return self.queue[0] if self.queue else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done yet."""
        return not self.outcomes and not self.descriptors
