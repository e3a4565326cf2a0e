"""Chat: what one says all the others hear; one server task a client, one queue a client, and both are bounded.

Strategy. A line is put into the queue of every other member and sent by that member's own task, so nobody waits for
anybody. A queue that is full drops the line and counts it; the member is told how many lines were lost as soon as it
reads again. So a member that never reads costs one full queue, however long the others talk.
"""

import asyncio
from collections import deque

from workbench.clock import SYSTEM, Clock
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.switches import Turned

MAX_LINE = 1024
"""Octets of a line; what is longer is cut there."""
MAX_NAME = 20
GOODBYE_S = 1.0
"""So long the last lines of a member who leaves may take."""


class Member:
    """Somebody in the room: a name, and the lines that wait for them."""

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self.dropped = 0
        self._limit = limit
        self._lines: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._leaving = False

    def tell(self, line: bytes) -> None:
        """Queue a line, or count it as dropped."""
        if len(self._lines) >= self._limit:
            self.dropped += 1
        else:
            self._lines.append(line)
        self._news.set()

    def leave(self) -> None:
        """Have next_line() return None once all is told."""
        self._leaving = True
        self._news.set()

    async def next_line(self) -> bytes | None:
        """The oldest line that waits; None once they leave and all is told."""
        while True:
            if self._lines:
                return self._lines.popleft()
            if self.dropped:
                count, self.dropped = self.dropped, 0
                return b"* %d lines were dropped: you read too slowly\r\n" % count
            if self._leaving:
                return None
            self._news.clear()
            await self._news.wait()


class Chat(TcpService):
    """One room. Commands: /names and /quit."""

    def __init__(self, turned: Turned, *, clock: Clock = SYSTEM) -> None:
        super().__init__(turned, clock=clock)
        self._members: dict[str, Member] = {}

    async def converse(self, guest: Guest) -> None:
        name = await self._ask_name(guest)
        if name is None:
            return
        member = Member(name, self.turned.count("queue_lines"))
        member.tell(f"* hello {name}; {self._who_is_here()}\r\n".encode())
        self._tell_all(f"* {name} joins\r\n".encode())
        self._members[name.casefold()] = member
        try:
            await self._talk(guest, member)
        finally:
            del self._members[name.casefold()]
            self._tell_all(f"* {name} leaves\r\n".encode())

    async def _ask_name(self, guest: Guest) -> str | None:
        await guest.answer(b"* welcome; what is your name?\r\n")
        while (line := await guest.read_line(MAX_LINE)) is not None:
            problem, name = self._checked_name(line.text)
            if not problem:
                return name
            await guest.answer(f"* {problem}; what is your name?\r\n".encode())
        return None

    def _checked_name(self, text: bytes) -> tuple[str, str]:
        """What is wrong with a name ("" for nothing), and the name."""
        name = text.decode("utf-8", "replace").strip()
        if not 1 <= len(name) <= MAX_NAME:
            return f"a name has 1 to {MAX_NAME} characters", ""
        if not name.isprintable() or "\ufffd" in name or any(c.isspace() or c in "*:/" for c in name):
            return "a name has no spaces, controls, stars, colons or slashes", ""
        if name.casefold() in self._members:
            return f"{name} is here already", ""
        return "", name

    async def _talk(self, guest: Guest, member: Member) -> None:
        telling = asyncio.create_task(self._tell_member(guest, member), name=f"tell {member.name}")
        listening = asyncio.create_task(self._listen(guest, member), name=f"listen {member.name}")
        try:
            await asyncio.wait((telling, listening), return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                member.leave()
                await asyncio.wait((telling,), timeout=GOODBYE_S)
        finally:
            telling.cancel()
            listening.cancel()
            await asyncio.wait((telling, listening))
        for task in (telling, listening):
            # A failure of either (the client is gone, or the switch cut_after) is the conversation's.
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _tell_member(self, guest: Guest, member: Member) -> None:
        while (line := await member.next_line()) is not None:
            await guest.answer(line)

    async def _listen(self, guest: Guest, member: Member) -> None:
        prefix = f"{member.name}: ".encode()
        while (line := await guest.read_line(MAX_LINE)) is not None:
            if line.text == b"/quit":
                member.tell(b"* goodbye\r\n")
                return
            if line.text == b"/names":
                member.tell(f"* {self._who_is_here()}\r\n".encode())
            elif line.text:
                said = prefix + line.text + b"\r\n"
                self._tell_all(said, but=None if self.turned.flag("hear_yourself") else member)

    def _tell_all(self, line: bytes, *, but: Member | None = None) -> None:
        for member in self._members.values():
            if member is not but:
                member.tell(line)

    def _who_is_here(self) -> str:
        names = ", ".join(sorted(member.name for member in self._members.values()))
        return f"here are {names}" if names else "nobody else is here"
