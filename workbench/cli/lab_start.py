"""`workbench lab start`: services that run as long as this verb does."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Parsed
from workbench.cli.lab_access import open_lab
from workbench.cli.output import Output
from workbench.errors import LinkLost, LocalMisuse
from workbench.formats.quantity import count
from workbench.lab.catalogue import SERVICES, ServiceInfo
from workbench.lab.switches import turn
from workbench.protocols.raw.sent_file import PayloadFile

if TYPE_CHECKING:
    from workbench.lab.address import ServiceAddress
    from workbench.lab.supervisor import Lab, LabStatus


def start_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Check what is asked for, and return the coroutine that starts it and waits for the end.

    Raises: LocalMisuse: a switch that a service does not have. The coroutine raises LocalFault (a port is taken or
        not allowed) and LinkLost (the Lab ended by itself).
    """
    services: Sequence[ServiceInfo] = parsed["NAME"] or SERVICES
    switches: dict[str, str] = {}
    for given in parsed["--switch"]:
        switches |= given
    if switches and not parsed["NAME"]:
        raise LocalMisuse(
            "--switch needs the NAME of a service", advice="like: lab start echo --switch delay_ms=50"
        )
    for service in services:
        turn(service.switches, switches, service=service.name)
    return _Start(output, services, switches, parsed.flag("--book-ports"), parsed.flag("--keep")).run()


class _Start:
    def __init__(
        self,
        output: Output,
        services: Sequence[ServiceInfo],
        switches: dict[str, str],
        book_ports: bool,
        keep: bool,
    ) -> None:
        self._output = output
        self._services = services
        self._switches = switches
        self._book_ports = book_ports
        self._keep = keep

    async def run(self) -> int:
        lab = open_lab(share=True)
        try:
            for service in self._services:
                port = service.book_port if self._book_ports else None
                self._say_started(await lab.start(service.name, port=port, **self._switches), lab)
            self._say_waiting(lab)
            await self._until_over(lab)
        except asyncio.CancelledError:
            self._say_ended("signal")
            raise
        finally:
            await lab.aclose()
        self._say_ended("input")
        return 0

    async def _until_over(self, lab: "Lab") -> None:
        """Return at the end of input. Raises: LinkLost when the Lab has ended."""
        loop = asyncio.get_running_loop()
        lost: asyncio.Future[str] = loop.create_future()

        def on_status(status: "LabStatus") -> None:
            if status.mode == "none" and not lost.done():
                lost.set_result(status.note)

        cut = lab.observe(on_status)
        input_ = asyncio.create_task(_end_of_input(forever=self._keep), name="lab/input")
        try:
            await asyncio.wait((input_, lost), return_when=asyncio.FIRST_COMPLETED)
            if lost.done():
                raise LinkLost(f"the Lab has ended: {lost.result() or 'its owner closed it'}", stage="lab")
            await input_
        finally:
            cut()
            input_.cancel()
            await asyncio.gather(input_, return_exceptions=True)

    def _say_started(self, service: "ServiceAddress", lab: "Lab") -> None:
        shown = service.as_dict()
        if self._output.as_json:
            self._output.document({"event": "started", **shown, "lab": lab.mode})
            return
        self._output.line(
            f"lab:{service.name:<10} {service.transport}  {shown['address']:<22} {service.note}"
        )
        for user, password in service.accounts:
            self._output.line(f"    user {user}, password {password}")

    def _say_waiting(self, lab: "Lab") -> None:
        where = "in the Lab that was open already" if lab.mode == "joined" else "until this verb ends"
        verb = "runs" if len(self._services) == 1 else "run"
        how = "Ctrl-C ends it" if self._keep else "Ctrl-C or the end of input ends it"
        self._output.note(f"{count(len(self._services), 'service')} {verb} {where}; {how}")

    def _say_ended(self, by: str) -> None:
        if self._output.as_json:
            self._output.document({"event": "ended", "by": by})
        self._output.is_complete = True


async def _end_of_input(*, forever: bool) -> None:
    """Return when standard input ends; what stands in it means nothing."""
    if forever:
        await asyncio.get_running_loop().create_future()
    async for _data in PayloadFile("-").pieces():
        continue
