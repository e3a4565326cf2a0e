"""What every verb that talks to somebody needs around the talking: a transcript, its file, the Lab, the live view."""

from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from workbench.cli.output import Output, told
from workbench.cli.session_explain import explain
from workbench.cli.steps import LiveView
from workbench.cli.transcript_file import TranscriptFile
from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer

if TYPE_CHECKING:
    from workbench.lab.address import ServiceAddress
    from workbench.lab.supervisor import Lab, LabAuthority

Summary = Callable[[Transcript], Mapping[str, object]]


class Conversation:
    """One verb's conversation, as an asynchronous context.

    On leaving, however it ended, `output.so_far` is set to the summary, the Lab is left, the file written.

    Args:
        file: where the transcript goes; None for nowhere.
        summary: what the verb's document says about the transcript.
        encoding, datagrams, several, takes_octets, tells_sent, explainer: for the live view, which there is without
            --json.
    """

    def __init__(
        self,
        output: Output,
        file: TranscriptFile | None,
        summary: Summary,
        *,
        encoding: str = "utf-8",
        datagrams: bool = False,
        several: bool = False,
        takes_octets: bool = True,
        tells_sent: bool = True,
        explainer: Explainer = explain,
    ) -> None:
        self.transcript = Transcript()
        self.lab_mode = ""
        self._output = output
        self._file = file
        self._summary = summary
        self._lab: Lab | None = None
        self._view: LiveView | None = None
        self._live = partial(
            LiveView,
            encoding=encoding,
            datagrams=datagrams,
            several=several,
            takes_octets=takes_octets,
            tells_sent=tells_sent,
            explainer=explainer,
        )

    async def resolve(self, target: Target) -> Target:
        """A TargetResolver: lab:NAME becomes an address of the Lab, which is joined or started on first need."""
        if not target.is_lab:
            return target
        lab = self._opened_lab()
        opened = await lab.resolve(target)
        self.lab_mode = lab.mode
        return opened

    async def relayed(self, target: Target, switches: Mapping[str, object]) -> Target:
        """Where a relay of the Lab that leads to the target listens. Raises: as Lab.relay."""
        return (await self.relay(target, switches)).target

    async def relay(self, target: Target, switches: Mapping[str, object]) -> "ServiceAddress":
        """A relay of the Lab that leads to the target. Raises: as Lab.relay."""
        lab = self._opened_lab()
        relay = await lab.relay(target, **switches)
        self.lab_mode = lab.mode
        return relay

    async def stop(self, instance: str) -> None:
        """End a relay or a service of the Lab. Raises: as Lab.stop."""
        await self._opened_lab().stop(instance)

    async def lab_service(self, name: str) -> "ServiceAddress":
        """A service of the Lab, started if need be, with who may log in there. Raises: as Lab.start."""
        lab = self._opened_lab()
        address = await lab.start(name)
        self.lab_mode = lab.mode
        return address

    async def lab_authority(self) -> "LabAuthority":
        """What makes the Lab's TLS trusted. Raises: LocalFault, LinkLost."""
        lab = self._opened_lab()
        authority = await lab.authority()
        self.lab_mode = lab.mode
        return authority

    def _opened_lab(self) -> "Lab":
        if self._lab is None:
            from workbench.cli.lab_access import open_lab

            self._lab = open_lab()
        return self._lab

    async def __aenter__(self) -> "Conversation":
        if not self._output.as_json:
            self._view = self._live(self.transcript, self._output)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            if self._view is not None:
                self._view.close()
            lab = {"lab": self.lab_mode} if self.lab_mode else {}
            self._output.so_far = {**self._summary(self.transcript), **lab}
            if self._lab is not None:
                await self._lab.aclose()
            if self._file is not None:
                await self._save(self._file, error)
        finally:
            if self._file is not None:
                self._file.drop()
            self.transcript.close()

    async def _save(self, file: TranscriptFile, error: BaseException | None) -> None:
        try:
            await file.write(self.transcript, self._output)
        except WorkbenchError as failure:
            if error is None:
                raise
            # The verb's own failure is what counts; this one must not hide it, nor be hidden.
            self._output.note(told(failure))
