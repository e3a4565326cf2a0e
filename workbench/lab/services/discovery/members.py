"""What the services of groups share: some machines, each with an address of loopback, that hear one group."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, ClassVar

from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.lab.switches import Turned
from workbench.lab.tally import Tally
from workbench.lab.udp_service import PAUSE_AFTER_FAULT_S, UdpService
from workbench.protocols.discovery.herald import Herald, Reply
from workbench.wire.addresses import Address
from workbench.wire.datagram import Datagram, Received, open_datagram
from workbench.wire.options import parse_setting

FIRST = 21
"""The first machine is 127.0.0.21."""
SHARED = (parse_setting("REUSEADDR=1"),)


class Member:
    """One machine: a socket that hears the group, and one that speaks, on the same port."""

    def __init__(self, own: str, hears: Datagram, speaks: Datagram) -> None:
        self.own = own
        self.hears = hears
        self.speaks = speaks


class Members:
    """All of them."""

    def __init__(self, each: list[Member], stack: AsyncExitStack) -> None:
        self.each = each
        self.address = each[0].hears.address
        self._stack = stack

    async def aclose(self) -> None:
        """Give every socket back."""
        await self._stack.aclose()


class GroupService(UdpService):
    """Base: a subclass names its group, and makes what each machine says."""

    machines: ClassVar[int] = 3

    @classmethod
    async def bind(cls, target: Target, turned: Turned, tally: Tally) -> Members:
        """The sockets, all on the same port. Raises: as open_datagram."""
        stack = AsyncExitStack()
        members: list[Member] = []
        try:
            for number in range(cls.machines):
                hears = await open_datagram(tally, local=target, settings=SHARED)
                stack.push_async_callback(hears.aclose)
                target = target._replace(port=int(hears.address.rpartition(":")[2]))
                hears.membership.join(target.host, "127.0.0.1")
                own = f"127.0.0.{FIRST + number}"
                speaks = await open_datagram(tally, local=Target("udp", own, target.port), settings=SHARED)
                stack.push_async_callback(speaks.aclose)
                speaks.membership.send_by(own)
                speaks.know(Address(speaks.family, (target.host, target.port)))
                members.append(Member(own, hears, speaks))
        except BaseException:
            await stack.aclose()
            raise
        return Members(members, stack)

    def herald(self, number: int, own: str, group: str, port: int) -> Herald | None:
        """What the machine of this number says; None for nothing of its own."""
        raise NotImplementedError

    def lies(self, data: bytes, source: str, heralds: Sequence[Herald | None]) -> tuple[Reply, ...]:
        """What the last machine says to a question besides."""
        return ()

    async def serve(self, datagrams: Sequence[Any]) -> None:
        """Answer until cancelled."""
        (members,) = datagrams
        group, _, port = members.address.rpartition(":")
        heralds = [
            self.herald(number, member.own, group, int(port)) for number, member in enumerate(members.each)
        ]
        try:
            async with asyncio.TaskGroup() as work:
                for number, member in enumerate(members.each):
                    work.create_task(self._be(number, members, heralds), name=f"member {member.own}")
                    work.create_task(_drain(member.speaks), name=f"member {member.own} drains")
                if self.turned.count("announce_ms"):
                    work.create_task(self._announce(members, heralds), name="members announce")
        finally:
            await members.aclose()

    async def _be(self, number: int, members: Members, heralds: list[Herald | None]) -> None:
        member, is_last = members.each[number], number == len(members.each) - 1
        unanswered = self.turned.count("drop_first")
        asked = 0
        while member.hears.is_open:
            try:
                received = await member.hears.receive()
                self.seen += number == 0
                herald = heralds[number]
                replies = list(herald.answer(received.data, received.source)) if herald is not None else []
                if is_last:
                    replies += self.lies(received.data, received.source, heralds)
                if replies and unanswered:
                    unanswered -= 1
                    continue
                await self._reply(member, members.address, replies, received)
                asked += bool(replies)
                if herald is not None and number == 1 and asked == self.turned.maybe("goodbye_after"):
                    heralds[number] = None
                    for data in herald.goodbye():
                        await member.speaks.send(data, members.address)
            except WorkbenchError:
                await asyncio.sleep(PAUSE_AFTER_FAULT_S)

    async def _reply(self, member: Member, group: str, replies: list[Reply], received: Received) -> None:
        if replies:
            await asyncio.sleep(self.turned.count("delay_ms") / 1000)
        for reply in replies:
            to = received.source if reply.alone else group
            if reply.alone:
                host, _, port = received.source.rpartition(":")
                member.speaks.know(Address(member.speaks.family, (host, int(port))))
            for _ in range(self.turned.count("copies")):
                await member.speaks.send(reply.data, to)

    async def _announce(self, members: Members, heralds: list[Herald | None]) -> None:
        while True:
            for member, herald in zip(members.each, heralds, strict=True):
                for data in herald.announce() if herald is not None else ():
                    await member.speaks.send(data, members.address)
            await asyncio.sleep(self.turned.count("announce_ms") / 1000)


async def _drain(datagram: Datagram) -> None:
    """What is sent to a machine alone means nothing here, and must not fill its room."""
    while datagram.is_open:
        try:
            await datagram.receive()
        except WorkbenchError:
            await asyncio.sleep(PAUSE_AFTER_FAULT_S)
