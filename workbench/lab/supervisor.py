"""The Lab as its users see it: start a service by name, get its address, and never think about processes.

Strategy. Nothing is started until something is needed. Then the running Lab of this user is joined, if there is one
and it speaks our protocol; else a child of our own is started. When the Lab is lost (it crashed, or its owner ended),
everything that waits for it fails with LinkLost, and the next wish joins or starts one anew. It works on any asyncio
loop with add_reader, and belongs to the loop on which it was first used.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbench import __version__
from workbench.errors import LinkLost, LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.lab import control
from workbench.lab.address import Running, ServiceAddress, running_from_values, service_address_from_dict
from workbench.lab.catalogue import find_service
from workbench.lab.connection import Connection
from workbench.lab.launch import launch
from workbench.lab.process import LabProcess
from workbench.lab.sharing import join
from workbench.lab.switches import turn

if TYPE_CHECKING:
    import subprocess

    from workbench.settings.places import Places

HELLO_WITHIN_S = 10.0
"""A child is ready in a twentieth of a second; a machine under heavy load gets its time."""
JOIN_WITHIN_S = 0.5
"""A running Lab says hello at once; one that is stopped or hangs is not worth waiting for."""

Mode = Literal["none", "joined", "private"]


class LabStatus(NamedTuple):
    """What the status bar shows. mode "none": no Lab is in use yet, or none any more; note: why, if there is a why."""

    mode: Mode
    services: tuple[Running, ...] = ()
    note: str = ""


class LabAuthority(NamedTuple):
    """What makes the Lab's TLS trusted, all as PEM: its authority's certificate, and identities that it vouches for."""

    certificate: bytes
    client_certificate: bytes
    client_key: bytes
    server_certificate: bytes = b""
    server_key: bytes = b""


class Lab:
    """The way to the Lab's services. Its owner calls aclose().

    Args:
        places: where the runtime folder is.
        join: use the running Lab of this user when there is one.
        share: let others join ours. For what lives long: the window, `workbench lab start`.
        early: a child that start_child_early() began; used if none is joined, else ended.
    """

    def __init__(
        self,
        places: "Places",
        *,
        join: bool = True,
        share: bool = False,
        early: "subprocess.Popen[bytes] | None" = None,
    ) -> None:
        self._runtime = str(places.runtime)
        self._join = join
        self._share = share
        self._early = early
        self._connection: Connection | None = None
        self._beginning: Connection | None = None
        self._turn = asyncio.Lock()
        self._observers: list[Callable[[LabStatus], None]] = []
        self._status = LabStatus("none")
        self._closed = False

    @property
    def mode(self) -> Mode:
        """ "joined" or "private"; "none" before the first use and after a loss."""
        return self._status.mode

    @property
    def status(self) -> LabStatus:
        """What runs, as last heard."""
        return self._status

    @property
    def shared_at(self) -> str:
        """The path of the socket where others may join this Lab; "" where they can't."""
        return self._connection.hello.shared if self._connection is not None else ""

    @property
    def pid(self) -> int | None:
        """The process id of the Lab in use."""
        return self._connection.hello.pid if self._connection is not None else None

    @property
    def log(self) -> str:
        """What our own child wrote to its error output; "" for a joined Lab."""
        process = self._connection.process if self._connection is not None else None
        return process.log if process is not None else ""

    def observe(self, callback: Callable[[LabStatus], None]) -> Callable[[], None]:
        """Tell `callback` the status now and whenever it changes. Returns what cuts the observer off."""
        self._observers.append(callback)
        callback(self._status)

        def cut() -> None:
            if callback in self._observers:
                self._observers.remove(callback)

        return cut

    async def start(
        self, name: str, *, host: str = "", port: int | None = None, **switches: object
    ) -> ServiceAddress:
        """Have a service run and say where. The same wish finds the same service.

        Args:
            name: as in the catalogue; with other switches, host or port than a running one it is another instance.
            host: a loopback address; "" means 127.0.0.1, and ::1 with the same port where this machine has it.
            port: None or 0: any. The port of the book is find_service(name).book_port.
            switches: as the catalogue declares them.

        Raises: LocalMisuse: no such service or switch; LocalFault: the port is taken or not allowed, or no Lab can be
            started; LinkLost: the Lab ended meanwhile.
        """
        # Checked here already: a mistake must not cost the start of a process.
        turned = turn(find_service(name).switches, switches, service=name)
        reply = await self._ask(control.Start(0, name, turned.changed, host, port))
        return service_address_from_dict(reply)

    async def resolve(self, target: Target) -> Target:
        """Turn lab:NAME[/PATH] into the address of that service, started if need be; every other target stays.

        Raises: as start(), with the place of a wrong name in the target as typed.
        """
        if not target.is_lab:
            return target
        try:
            address = await self.start(target.host)
        except LocalMisuse as error:
            start = target.text.find(target.host)
            if start < 0:
                raise
            raise LocalMisuse(
                error.what,
                text=target.text,
                start=start,
                end=start + len(target.host),
                stage="resolve",
                advice=error.advice,
            ) from error
        if address.target.scheme in ("unix", "sqlite"):
            return address.target
        return address.target._replace(path=target.path)

    async def relay(self, target: Target, **switches: object) -> ServiceAddress:
        """Have a relay to the target run, and say where. The same wish finds the same relay.

        Args:
            target: "lab:NAME" is started if need be; scheme "udp": a relay for datagrams.
            switches: as lab.relay.switches declares them for TCP and for UDP.

        Raises: LocalMisuse: no such switch, or nothing that can be relayed to; else as start().
        """
        from workbench.lab.relay.running import checked_switches, relayed_address

        opened = await self.resolve(target)
        to, transport = relayed_address(opened)
        changed = checked_switches(transport, switches)
        return service_address_from_dict(await self._ask(control.Relayed(0, to, transport, changed)))

    async def authority(self) -> LabAuthority:
        """The certificate of the Lab's authority, and identities that it vouches for: of a client, of a server.

        Raises: LocalFault: no Lab can be started; LinkLost: the Lab ended meanwhile.
        """
        told = await self._ask(control.Authority(0))
        return LabAuthority(*(str(told.get(name, "")).encode() for name in LabAuthority._fields))

    async def running(self) -> list[Running]:
        """What runs, with fresh figures. Without a Lab nothing does, and none is started for the question."""
        if self._connection is None:
            return []
        return running_from_values(await self._ask(control.Listing(0)))

    async def stop(self, name: str) -> list[str]:
        """Stop an instance ("echo#1") or every instance of a service ("echo"); returns what ended.

        Raises: LocalMisuse: none of that name runs.
        """
        if self._connection is None:
            raise LocalMisuse(f"no service {name[:40]!r} runs", stage="lab")
        stopped = (await self._ask(control.Stop(0, name))).get("stopped", [])
        return [str(name) for name in stopped] if isinstance(stopped, list) else []

    async def ping(self) -> None:
        """Return once the Lab has answered; it is joined or started if need be.

        Raises: LinkLost, TooSlow, LocalFault.
        """
        await self._ask(control.Ping(0))

    async def aclose(self) -> None:
        """Leave a joined Lab, end our own: within 2 s, with every service. Idempotent."""
        self._closed = True
        if self._beginning is not None:
            # Somebody waits for a Lab that is slow to begin, and holds the turn meanwhile.
            self._beginning.give_up("the Lab was closed")
        async with self._turn:
            connection, self._connection = self._connection, None
            try:
                if connection is not None:
                    await connection.aclose("the Lab was closed")
            finally:
                if self._early is not None:
                    early, self._early = self._early, None
                    await LabProcess(early).aclose()
        self._tell(LabStatus("none"))
        self._observers.clear()

    async def _ask(self, request: control.Request) -> control.Values:
        connection = await self._connected()
        return await connection.ask(request)

    async def _connected(self) -> Connection:
        async with self._turn:
            if self._closed:
                raise LocalMisuse("the Lab is closed", stage="lab")
            if self._connection is not None and not self._connection.is_lost:
                return self._connection
            if self._connection is not None:
                await self._connection.aclose("")
                self._connection = None
            try:
                connection = await self._joined() or await self._started()
            finally:
                self._beginning = None
            self._connection = connection
            mode: Mode = "private" if connection.process is not None else "joined"
            self._tell(LabStatus(mode, tuple(connection.services), connection.hello.note))
            return connection

    async def _joined(self) -> Connection | None:
        if not self._join:
            return None
        try:
            sock = join(self._runtime)
        except LocalFault:
            # Not safely ours: not ours to join. A shared child of ours will say why in its hello.
            return None
        if sock is None:
            return None
        connection = self._beginning = Connection(self._on_services, self._on_lost, sock=sock)
        try:
            hello = await connection.greeted(JOIN_WITHIN_S)
            if (hello.protocol, hello.version) == (control.PROTOCOL, __version__):
                connection.services = running_from_values(await connection.ask(control.Listing(0)))
                return connection
        except WorkbenchError:
            pass
        except BaseException:
            await connection.aclose("")
            raise
        await connection.aclose("")
        return None

    async def _started(self) -> Connection:
        if self._closed:
            raise LocalMisuse("the Lab is closed", stage="lab")
        popen, self._early = self._early, None
        if popen is None:
            try:
                popen = launch(self._runtime if self._share else "")
            except OSError as error:
                raise LocalFault(f"the Lab can't be started: {error}", stage="lab") from error
        connection = self._beginning = Connection(self._on_services, self._on_lost, process=LabProcess(popen))
        try:
            await connection.greeted(HELLO_WITHIN_S)
        except WorkbenchError as error:
            await connection.aclose("")
            raise LocalFault(
                f"the Lab can't be started: {error.what}",
                stage="lab",
                reply=error.reply,
                advice="its last words are above; `workbench selfcheck` may know more",
            ) from error
        except BaseException:
            await connection.aclose("")
            raise
        return connection

    def _on_services(self, services: list[Running]) -> None:
        if self._status.mode != "none":
            self._tell(self._status._replace(services=tuple(services)))

    def _on_lost(self, error: LinkLost) -> None:
        if self._status.mode != "none":
            self._tell(LabStatus("none", note=error.what))

    def _tell(self, status: LabStatus) -> None:
        if status == self._status:
            return
        self._status = status
        for observer in tuple(self._observers):
            observer(status)
