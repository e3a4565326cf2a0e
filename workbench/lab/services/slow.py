"""Slow: every octet takes its time, and each one comes just when a patient reader thought it was over."""

import asyncio

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService


class Slow(TcpService):
    """Sends its text octet by octet without being asked, then echoes at the same pace."""

    async def converse(self, guest: Guest) -> None:
        await self._dribble(guest, self.turned.text("text").encode())
        while data := await guest.read(1024):
            await self._dribble(guest, data)

    async def _dribble(self, guest: Guest, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        interval_s = self.turned.count("interval_ms") / 1000
        due = loop.time()
        for octet in data:
            due += interval_s
            await asyncio.sleep(max(0.0, due - loop.time()))
            await guest.answer(bytes((octet,)))
