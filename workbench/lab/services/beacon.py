"""Machines that answer a broadcast: each hears 127.255.255.255, and says from its own address that it is there."""

import asyncio
from collections.abc import Sequence
from typing import Any

from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.lab.switches import Turned
from workbench.lab.tally import Tally
from workbench.lab.udp_service import PAUSE_AFTER_FAULT_S, UdpService
from workbench.wire.addresses import Address
from workbench.wire.datagram import Datagram, Received, open_datagram
from workbench.wire.options import parse_setting

NAMES = ("anvil", "bellows", "chisel", "drill", "easel", "forge", "gimlet", "hammer", "iron", "jack")
FIRST = 11
"""The first machine is 127.0.0.11."""


class Machine:
    """One of them: a socket that hears everybody's question, and one that answers."""

    def __init__(self, name: str, hears: Datagram, speaks: Datagram) -> None:
        self.name = name
        self.hears = hears
        self.speaks = speaks
        self.address = hears.address

    async def aclose(self) -> None:
        """Give both back."""
        await self.hears.aclose()
        await self.speaks.aclose()


class Machines:
    """All of them, on one port."""

    def __init__(self, each: list[Machine]) -> None:
        self.each = each
        self.address = each[0].address

    async def aclose(self) -> None:
        """Give every socket back."""
        for machine in self.each:
            await machine.aclose()


class Beacon(UdpService):
    """Answers "I am here" and its name, whatever it is asked."""

    host = "127.255.255.255"
    """Heard there and nowhere else: an address that means everybody on loopback."""

    @staticmethod
    async def bind(target: Target, turned: Turned, tally: Tally) -> Machines:
        """The sockets, all that hear on the same port. Raises: as open_datagram."""
        shared = (parse_setting("REUSEADDR=1"),)
        machines: list[Machine] = []
        try:
            for number in range(turned.count("machines")):
                hears = await open_datagram(tally, local=target, settings=shared)
                target = target._replace(port=int(hears.address.rpartition(":")[2]))
                own = Target("udp", f"127.0.0.{FIRST + number}", 0)
                try:
                    speaks = await open_datagram(tally, local=own)
                except BaseException:
                    await hears.aclose()
                    raise
                machines.append(Machine(NAMES[number], hears, speaks))
        except BaseException:
            for machine in machines:
                await machine.aclose()
            raise
        return Machines(machines)

    async def serve(self, datagrams: Sequence[Any]) -> None:
        """Answer until cancelled."""
        (machines,) = datagrams
        try:
            async with asyncio.TaskGroup() as work:
                for machine in machines.each:
                    work.create_task(self._be(machine), name=f"beacon {machine.name}")
        finally:
            await machines.aclose()

    async def _be(self, machine: Machine) -> None:
        while machine.hears.is_open:
            try:
                received = await machine.hears.receive()
                self.seen += 1
                if self._answer_to(received) is None:
                    continue
                await asyncio.sleep(self.turned.count("delay_ms") / 1000)
                for _ in range(self.turned.count("copies")):
                    await _answer(machine, received)
            except WorkbenchError:
                await asyncio.sleep(PAUSE_AFTER_FAULT_S)

    def answer(self, received: Received) -> bytes:
        return b"here"


async def _answer(machine: Machine, received: Received) -> None:
    host, _, port = received.source.rpartition(":")
    # To the one who asked, by its own address: never to everybody.
    machine.speaks.know(Address(machine.speaks.family, (host, int(port))))
    await machine.speaks.send(f"I am here: {machine.name}".encode(), received.source)
