"""Why there is no IPv6: each layer looked at by itself, from what Python was built with to what the resolver says.

Only loopback is talked to. The names that are looked up are the ones given; without any nothing is asked of others.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from typing import NamedTuple

from workbench.errors import WorkbenchError
from workbench.formats.address_kinds import kind_of
from workbench.jobs.offload import in_thread
from workbench.transcript.recorder import Channel
from workbench.wire.interfaces import Interface, own_addresses, read_interfaces
from workbench.wire.lookup import Asked, look_up
from workbench.wire.readiness import Readiness

LOOPBACK_WITHIN_S = 2.0


class Layer(NamedTuple):
    """One layer. word: "there", "missing" or "not asked"; sentence: why, or what it means."""

    name: str
    word: str
    sentence: str
    source: str

    @property
    def is_there(self) -> bool:
        """Whether nothing is missing in it."""
        return self.word != "missing"


class Machine(NamedTuple):
    """What is asked of this machine; a test puts another one in its place."""

    is_compiled_in: Callable[[], bool]
    interfaces: Callable[[], Sequence[Interface]]
    make: Callable[[], socket.socket]


def _make() -> socket.socket:
    return socket.socket(socket.AF_INET6, socket.SOCK_STREAM)


THIS = Machine(lambda: socket.has_ipv6, read_interfaces, _make)


async def look_at_layers(
    channel: Channel, name: str = "", *, machine: Machine = THIS, timeout_s: float = 10.0
) -> tuple[Layer, ...]:
    """Look at every layer; one that is missing does not hide the next.

    Args:
        name: whose AAAA records are looked up; "" to ask nobody.
    """
    layers = [_compiled(machine), await in_thread(_kernel, machine), await in_thread(_address, machine)]
    layers.append(await _loopback(machine))
    layers.append(await _records(name, channel, timeout_s))
    layers.append(await _configured(channel, timeout_s))
    for layer in layers:
        values = layer._asdict()
        channel.fact("ipv6.layer", layer=values.pop("name"), **values)
    return tuple(layers)


def _compiled(machine: Machine) -> Layer:
    name, source = "this Python", "RFC 3493"
    if machine.is_compiled_in():
        return Layer(name, "there", "it was built with IPv6", source)
    return Layer(name, "missing", "it was built without IPv6: install another one", source)


def _kernel(machine: Machine) -> Layer:
    name, source = "this system", "RFC 3493 3.1"
    try:
        machine.make().close()
    except OSError as error:
        return Layer(
            name, "missing", f"it makes no IPv6 sockets ({error.strerror}): IPv6 is switched off", source
        )
    return Layer(name, "there", "it makes IPv6 sockets", source)


def _address(machine: Machine) -> Layer:
    name, source = "an address", "RFC 4291 2.8"
    from ipaddress import ip_address

    found = [
        (own.address, kind_of(ip_address(own.address)).word)
        for _, own in own_addresses(tuple(machine.interfaces()))
        if own.is_ipv6
    ]
    wide = [address for address, word in found if word not in ("loopback", "link-local")]
    if wide:
        return Layer(name, "there", f"this machine is {', '.join(wide)}", source)
    if found:
        only = " and ".join(dict.fromkeys(word for _, word in found))
        return Layer(
            name, "missing", f"only {only} addresses: nobody beyond this link can be reached", source
        )
    return Layer(name, "missing", "no interface has an IPv6 address", source)


async def _loopback(machine: Machine) -> Layer:
    name, source = "loopback", "RFC 4291 2.5.3"
    try:
        with machine.make() as server, machine.make() as client:
            server.bind(("::1", 0))
            server.listen(1)
            client.setblocking(False)
            client.connect_ex(server.getsockname())
            ready = Readiness(client)
            try:
                await ready.writable(LOOPBACK_WITHIN_S, stage="connect")
            finally:
                ready.close()
            if number := client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(number, "the connection failed")
    except (OSError, WorkbenchError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Layer(name, "missing", f"::1 can't be reached: {told}", source)
    return Layer(name, "there", "a connection to ::1 was made", source)


async def _records(name: str, channel: Channel, timeout_s: float) -> Layer:
    title, source = "the resolver", "RFC 3596"
    if not name:
        return Layer(title, "not asked", "type a name to have its AAAA records looked up", source)
    try:
        results = await look_up(Asked(name, "", "AF_INET6"), channel, timeout_s=timeout_s)
    except WorkbenchError as failure:
        return Layer(title, "missing", f"no IPv6 address of {name}: {failure.what}", source)
    return Layer(
        title, "there", f"{name} is {', '.join(dict.fromkeys(str(r.place[0]) for r in results))}", source
    )


async def _configured(channel: Channel, timeout_s: float) -> Layer:
    """AI_ADDRCONFIG leaves a family out of which there is no address beside the loopback."""
    name, source = "AI_ADDRCONFIG", "RFC 3493 6.1"
    counts = []
    for flags in ((), ("AI_ADDRCONFIG",)):
        try:
            found = await look_up(Asked("::1", "80", flags=flags), channel, timeout_s=timeout_s)
        except WorkbenchError:
            found = ()
        counts.append(len(found))
        await asyncio.sleep(0)
    if counts[0] == counts[1]:
        return Layer(name, "there", "it leaves IPv6 results in: this machine has an address for them", source)
    return Layer(name, "missing", "it leaves IPv6 results out: programs that set it see IPv4 alone", source)
