"""The services that run in a Lab: started once for the same wish, found again, stopped, released by who asked.

Strategy. A service with its default switches lives as long as the Lab, and so does its state. One with switches of
its own is held by the connections that asked for it, and stops with the last of them; otherwise every experiment
would leave its servers behind. All changes happen one after the other, so that two wishes for the same service meet.
"""

import asyncio
import importlib
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.lab.address import Running, ServiceAddress
from workbench.lab.catalogue import ServiceInfo, find_service
from workbench.lab.control import Relayed, Start
from workbench.lab.service import TcpService
from workbench.lab.switches import Turned, near, turn
from workbench.lab.tally import Tally
from workbench.wire.listen import Listener, listen

if TYPE_CHECKING:
    from workbench.lab.relay.engine import Relay
    from workbench.lab.relay.udp_engine import UdpRelay
    from workbench.lab.services.sql.service import Sql
    from workbench.lab.udp_service import UdpService
    from workbench.wire.datagram import Datagram

MAX_INSTANCES = 128
"""Services at once: nine times the catalogue, a twentieth of the descriptors that the child allows itself."""
LOOPBACK = "127.0.0.1"
_SAME_PORT_TRIES = 5


class Instance:
    """One running service. Made by Registry.start."""

    def __init__(
        self,
        address: ServiceAddress,
        turned: Turned,
        service: "TcpService | UdpService | Sql | Relay | UdpRelay",
        task: "asyncio.Task[None]",
        tally: Tally,
    ) -> None:
        self.address = address
        self.turned = turned
        self.service = service
        self.task = task
        self.tally = tally
        self.holders: set[object] = set()
        self.relays: object = None

    def running(self) -> Running:
        """Its address and figures."""
        clients: int = getattr(self.service, "open_now", 0)
        return Running(
            self.address, clients, self.service.seen, self.tally.octets_received, self.tally.octets_sent
        )

    async def stop(self) -> None:
        """Close every socket of it and wait until all its tasks have ended."""
        self.task.cancel()
        await asyncio.wait((self.task,))


class Registry:
    """All services of one Lab.

    Args:
        on_change: told after a service began or ended.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._instances: dict[str, Instance] = {}
        self._numbers: dict[str, int] = {}
        self._udp_ports: set[int] = set()
        self._turn = asyncio.Lock()

    def running(self) -> list[Running]:
        """All services, oldest first."""
        return [instance.running() for instance in self._instances.values()]

    async def start(self, wish: Start, holder: object) -> ServiceAddress:
        """Start the service, or find the one that runs as wished.

        Args:
            holder: who asked; see release().

        Raises: LocalMisuse: no such service or switch, or an address beyond loopback; LocalFault: the port is taken or
            not allowed, or too many services run.
        """
        info = find_service(wish.name)
        turned = turn(info.switches, wish.switches, service=wish.name)
        host = _loopback(wish.host)
        async with self._turn:
            instance = self._find(wish, turned)
            if instance is None:
                instance = await self._start(info, turned, host, wish.port)
                self._on_change()
            instance.holders.add(holder)
            return instance.address

    async def relay(self, wish: Relayed, holder: object) -> ServiceAddress:
        """Start a relay, or find the one that runs as wished. It is held like a service with switches of its own.

        Raises: LocalMisuse: no such switch, no address; LocalFault: too many services run.
        """
        # Who starts no relay does not pay for its import.
        from workbench.lab.relay.running import start_relay

        async with self._turn:
            key = (wish.transport, wish.to, tuple(sorted(wish.switches.items())))
            instance = next((one for one in self._instances.values() if one.relays == key), None)
            if instance is None:
                self._check_room()
                name = self._number("relay")
                running = await start_relay(wish, name)
                instance = Instance(
                    running.address, running.turned, running.service, running.task, running.tally
                )
                instance.relays = key
                await self._keep(name, instance)
                self._on_change()
            instance.holders.add(holder)
            return instance.address

    async def stop(self, name: str) -> list[str]:
        """Stop an instance ("echo#1") or all of a service ("echo"); returns the names of those that ended.

        Raises: LocalMisuse: none of that name runs.
        """
        async with self._turn:
            found = [
                known for known, instance in self._instances.items() if name in (known, instance.address.name)
            ]
            if not found:
                raise LocalMisuse(
                    f"no service {name[:40]!r} runs", stage="lab", advice=near(name[:40], self._instances)
                )
            await self._end(found)
            return found

    async def release(self, holder: object) -> None:
        """Somebody is gone: stop what only they had asked for and what is not as it is by default."""
        async with self._turn:
            unheld = []
            for name, instance in self._instances.items():
                if holder in instance.holders:
                    instance.holders.remove(holder)
                    if not instance.holders and name != instance.address.name:
                        unheld.append(name)
            await self._end(unheld)

    async def aclose(self) -> None:
        """Stop everything."""
        async with self._turn:
            await self._end(list(self._instances))

    async def _end(self, names: list[str]) -> None:
        gone = [self._forget(name) for name in names]
        if gone:
            await asyncio.gather(*(instance.stop() for instance in gone))
            self._on_change()

    def _forget(self, name: str) -> Instance:
        instance = self._instances.pop(name)
        if instance.address.transport == "udp" and instance.address.target.port is not None:
            self._udp_ports.discard(instance.address.target.port)
        return instance

    def _find(self, wish: Start, turned: Turned) -> Instance | None:
        for instance in self._instances.values():
            target = instance.address.target
            if (
                instance.address.name == wish.name
                and instance.turned.key() == turned.key()
                and wish.port in (None, 0, target.port)
                and (target.scheme in ("unix", "sqlite") or (wish.host or LOOPBACK) == target.host)
            ):
                return instance
        return None

    async def _start(self, info: ServiceInfo, turned: Turned, host: str, port: int | None) -> Instance:
        self._check_room()
        if info.transport == "unix":
            return await self._start_unix(info, turned, host, port)
        if info.transport == "file":
            return await self._start_file(info, turned, host, port)
        tally = Tally()
        service: TcpService | UdpService
        if info.transport == "udp":
            made = _service_class(info)(turned, own=self._udp_ports)
            service, bind = made, made.bind or (_bind_both if made.takes_streams else _bind_udp)
            at = host or made.host
            sockets: list[Any] = await _open_all(bind, at, port or 0, turned, tally)
            self._udp_ports.add(_port(sockets[0]))
        else:
            service, at = _service_class(info)(turned), host
            sockets = await _open_all(_bind_tcp, host, port or 0, turned, tally)
        first = Target(info.transport, at or LOOPBACK, _port(sockets[0]))
        also = Target(info.transport, "::1", _port(sockets[1])) if len(sockets) > 1 else None
        name = self._name(info, turned, host, port)
        accounts = getattr(service, "accounts", ())
        address = ServiceAddress(
            info.name, first, info.transport, info.teaches, name, turned.changed, also, accounts
        )
        task = asyncio.create_task(service.serve(sockets), name=f"service {name}")
        instance = Instance(address, turned, service, task, tally)
        await self._keep(name, instance)
        return instance

    async def _start_unix(self, info: ServiceInfo, turned: Turned, host: str, port: int | None) -> Instance:
        # Few services have a file: the others are ready without this.
        from workbench.lab.unix_place import UnixPlace

        if host or port:
            raise LocalMisuse(f"{info.name} is a Unix socket: it has no host and no port", stage="lab")
        tally = Tally()
        name = self._name(info, turned, "", None)
        place = UnixPlace(info.name)
        try:
            listener = await listen(place.target, tally, backlog=turned.count("backlog"))
        except BaseException:
            place.remove()
            raise
        service = _service_class(info)(turned)
        task = asyncio.create_task(service.serve([listener]), name=f"service {name}")
        task.add_done_callback(lambda _task: place.remove())
        address = ServiceAddress(info.name, place.target, "unix", info.teaches, name, turned.changed)
        instance = Instance(address, turned, service, task, tally)
        await self._keep(name, instance)
        return instance

    async def _start_file(self, info: ServiceInfo, turned: Turned, host: str, port: int | None) -> Instance:
        if host or port:
            raise LocalMisuse(f"{info.name} is a file: it has no host and no port", stage="lab")
        name = self._name(info, turned, "", None)
        service = _service_class(info)(turned)
        try:
            target = service.make()
        except OSError as error:
            raise LocalFault(f"the file of {info.name} can't be made: {error}", stage="lab") from error
        task = asyncio.create_task(service.serve(()), name=f"service {name}")
        task.add_done_callback(lambda _task: service.remove())
        address = ServiceAddress(info.name, target, "file", info.teaches, name, turned.changed)
        instance = Instance(address, turned, service, task, Tally())
        await self._keep(name, instance)
        return instance

    async def _keep(self, name: str, instance: Instance) -> None:
        self._instances[name] = instance
        instance.task.add_done_callback(lambda task: self._ended(name, task))
        # Cancelled before its first step it would not close its sockets.
        await asyncio.sleep(0)

    def _check_room(self) -> None:
        if len(self._instances) >= MAX_INSTANCES:
            raise LocalFault(
                f"{MAX_INSTANCES} services run already, more the Lab does not start",
                stage="lab",
                advice="stop some of them",
            )

    def _name(self, info: ServiceInfo, turned: Turned, host: str, port: int | None) -> str:
        if not turned.changed and not host and info.name not in self._instances:
            return info.name
        return self._number(info.name)

    def _number(self, name: str) -> str:
        number = self._numbers.get(name, 0) + 1
        self._numbers[name] = number
        return f"{name}#{number}"

    def _ended(self, name: str, task: "asyncio.Task[None]") -> None:
        """A service that ends by itself has a fault of ours: say so in the log and have the next wish start it anew."""
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"the service {name} ended", "exception": error}
            )
        if (instance := self._instances.get(name)) is not None and instance.task is task:
            self._forget(name)
            self._on_change()


def _service_class(info: ServiceInfo) -> Any:
    module, _, name = info.entry.partition(":")
    return getattr(importlib.import_module(module), name)


def _loopback(host: str) -> str:
    """The host as it was asked for, if it is a loopback address ("" for the default).

    Raises: LocalMisuse: it is not; the Lab's servers are made to misbehave and are for this machine only.
    """
    if not host:
        return host
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            packed = socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        if packed[0] == 127 if family == socket.AF_INET else packed == b"\0" * 15 + b"\1":
            return host
    raise LocalMisuse(
        f"the Lab serves on loopback only, not on {host[:60]!r}",
        text=host,
        start=0,
        end=len(host),
        stage="lab",
        advice="use 127.0.0.1, another address that begins with 127, or ::1",
    )


async def _open_all(bind: Any, host: str, port: int, turned: Turned, tally: Tally) -> list[Any]:
    """Sockets on 127.0.0.1 and, where this machine has it, on ::1 with the same port; or on the one host asked for."""
    if host:
        return [await bind(Target("tcp", host, port), turned, tally)]
    for _ in range(_SAME_PORT_TRIES):
        first = await bind(Target("tcp", LOOPBACK, port), turned, tally)
        try:
            return [first, await bind(Target("tcp", "::1", _port(first)), turned, tally)]
        except WorkbenchError as error:
            # Somebody else's on ::1: for a free port try another one; else, or without IPv6, IPv4 must do.
            if port or error.errno_name != "EADDRINUSE":
                return [first]
            await first.aclose()
    return [await bind(Target("tcp", LOOPBACK, port), turned, tally)]


async def _bind_tcp(target: Target, turned: Turned, tally: Tally) -> Listener:
    try:
        return await listen(target, tally, backlog=turned.count("backlog"))
    except LocalFault as error:
        raise _port_fault(error, target) from error.__cause__


async def _bind_udp(target: Target, turned: Turned, tally: Tally) -> "Datagram":
    # Two thirds of the wire are for datagrams alone: a Lab that only echoes by TCP is ready without them.
    from workbench.wire.datagram import open_datagram

    try:
        return await open_datagram(tally, local=target)
    except LocalFault as error:
        raise _port_fault(error, target) from error.__cause__


class Pair(NamedTuple):
    """A UDP socket and a listener on the same port of the same address, for services that answer on both."""

    datagram: "Datagram"
    listener: Listener

    @property
    def address(self) -> str:
        """Where both are."""
        return self.datagram.address

    async def aclose(self) -> None:
        """Give both back."""
        await self.datagram.aclose()
        await self.listener.aclose()


async def _bind_both(target: Target, turned: Turned, tally: Tally) -> Pair:
    tries = 1 if target.port else _SAME_PORT_TRIES
    while True:
        tries -= 1
        datagram = await _bind_udp(target, turned, tally)
        try:
            return Pair(datagram, await _bind_tcp(target._replace(port=_port(datagram)), turned, tally))
        except WorkbenchError as error:
            await datagram.aclose()
            # Of a free port of UDP somebody else may have the one of TCP: try another.
            if not tries or error.errno_name != "EADDRINUSE":
                raise


def _port(opened: "Listener | Datagram | Pair") -> int:
    return int(opened.address.rpartition(":")[2])


def _port_fault(error: LocalFault, target: Target) -> LocalFault:
    if error.errno_name == "EADDRINUSE":
        what = f"port {target.port} of {target.host} is taken by another program"
        advice = "leave the port to the Lab, or end that program (ss -ltnup shows it)"
    elif error.errno_name in ("EACCES", "EPERM"):
        what = f"this user may not serve on port {target.port}: ports below 1024 are reserved"
        advice = (
            "leave the port to the Lab, or have the administrator lower net.ipv4.ip_unprivileged_port_start"
        )
    else:
        return error
    return LocalFault(what, stage="listen", errno_name=error.errno_name, advice=advice)
