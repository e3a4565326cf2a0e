"""The Lab's services in this process: what a player needs of the Lab, without a child to start for every test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workbench.errors import LocalFault
from workbench.formats.target import Target
from workbench.lab.address import ServiceAddress
from workbench.lab.authority import lab_authority
from workbench.lab.control import Relayed, Start
from workbench.lab.registry import Registry
from workbench.lab.relay.running import relayed_address
from workbench.lab.supervisor import LabAuthority


class House:
    """Starts services as the Lab does. started: every wish, in order."""

    def __init__(self) -> None:
        self.registry = Registry(lambda: None)
        self.started: list[tuple[str, dict[str, object]]] = []

    async def start(
        self, name: str, *, host: str = "", port: int | None = None, **switches: object
    ) -> ServiceAddress:
        self.started.append((name, switches))
        return await self.registry.start(Start(len(self.started), name, switches, host, port), self)

    async def relay(self, target: Target, **switches: object) -> ServiceAddress:
        return await self.registry.relay(Relayed(0, *relayed_address(target), switches), self)

    async def authority(self) -> LabAuthority:
        told = lab_authority().told()
        names = ("certificate", "client_certificate", "client_key")
        return LabAuthority(*(str(told[name]).encode() for name in names))


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    """A house whose services end with the block."""
    made = House()
    try:
        yield made
    finally:
        await made.registry.aclose()


class Burning:
    """A Lab that can't be started."""

    async def start(
        self, name: str, *, host: str = "", port: int | None = None, **switches: object
    ) -> ServiceAddress:
        raise LocalFault("no process can be started", stage="lab")

    async def relay(self, target: Target, **switches: object) -> ServiceAddress:
        raise LocalFault("no process can be started", stage="lab")

    async def authority(self) -> LabAuthority:
        raise LocalFault("no process can be started", stage="lab")
