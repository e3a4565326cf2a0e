"""Ticker: a line with the time every interval, until the client has gone; it reads nothing and is told by a send."""

import asyncio
from datetime import UTC, datetime

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService


class Ticker(TcpService):
    """Speaks first, at once and then again and again; what the client says is not read."""

    async def converse(self, guest: Guest) -> None:
        loop = asyncio.get_running_loop()
        interval_s = self.turned.count("interval_ms") / 1000
        due = loop.time()
        # The conversation ends when a send fails: the first one after the client's leaving may still be taken.
        while True:
            now = datetime.fromtimestamp(self.clock.wall_ns() / 1e9, UTC)
            await guest.answer(f"{now:%H:%M:%S.%f}Z\r\n".encode("ascii"))
            due += interval_s
            await asyncio.sleep(max(0.0, due - loop.time()))
