"""Silent: accepts and never answers; how a program waits is all there is to see."""

import asyncio

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService


class Silent(TcpService):
    """reads=all: takes everything, so that sending never stalls; reads=nothing: the sender's buffers fill up."""

    async def converse(self, guest: Guest) -> None:
        if self.turned.text("reads") == "nothing":
            # Not even the client's FIN is noticed, as in a server that hangs; `connections` bounds how many wait.
            await asyncio.get_running_loop().create_future()
        while data := await guest.read():
            guest.count(len(data))
