"""One peer to talk to, whatever carries it: a stream, under TLS or not, or datagrams."""

import asyncio

from workbench.formats.target import Target
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.values import Transport, Way
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import Report, TargetResolver, dial
from workbench.wire.stream import Stream


class OverStream:
    """One stream; receive() gives None at its end."""

    is_datagram = False

    def __init__(self, stream: Stream, timeout_s: float) -> None:
        self.stream = stream
        self.timeout_s = timeout_s
        self.channel, self.local, self.peer = stream.channel, stream.local, stream.peer

    async def send(self, data: bytes) -> None:
        await self.stream.send(data, timeout_s=self.timeout_s)

    @property
    def is_open(self) -> bool:
        return self.stream.is_open

    async def receive(self, timeout_s: float | None) -> bytes | None:
        return await self.stream.read(timeout_s=timeout_s) or None

    async def finish(self) -> None:
        await self.stream.finish()

    async def aclose(self) -> None:
        await self.stream.aclose()


class OverUdp:
    """One socket; receive() gives a datagram, an empty one too."""

    is_datagram = True

    def __init__(self, datagram: Datagram, timeout_s: float) -> None:
        self.datagram = datagram
        self.timeout_s = timeout_s
        self.channel, self.local, self.peer = datagram.channel, datagram.address, datagram.peer

    async def send(self, data: bytes) -> None:
        await self.datagram.send(data, timeout_s=self.timeout_s)

    @property
    def is_open(self) -> bool:
        return self.datagram.is_open

    async def receive(self, timeout_s: float | None) -> bytes | None:
        return (await self.datagram.receive(timeout_s=timeout_s)).data

    async def finish(self) -> None:
        """Nothing: datagrams have no end."""

    async def aclose(self) -> None:
        await self.datagram.aclose()


Endpoint = OverStream | OverUdp


async def open_endpoint(
    target: Target,
    transcript: Transcript,
    transport: Transport,
    resolver: TargetResolver | None,
    timeout_s: float,
    secure: Secure | None,
    way: Way,
    report: Report | None,
) -> Endpoint:
    """Whom to talk to, by either transport. Raises: what dialling and `secure` raise."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    if transport == "udp":
        if report is not None:
            report("connect")
        return OverUdp(
            await open_datagram(
                transcript,
                remote=target,
                local=way.local,
                resolver=resolver,
                timeout_s=timeout_s,
                settings=way.settings,
            ),
            timeout_s,
        )
    stream = await dial(
        target,
        transcript,
        resolver=resolver,
        timeout_s=timeout_s,
        report=report,
        proxy=way.proxy,
        local=way.local,
        settings=way.settings,
    )
    if secure is None:
        return OverStream(stream, timeout_s)
    try:
        if report is not None:
            report("tls")
        return OverStream(await secure(stream, max(0.0, deadline - loop.time())), timeout_s)
    except BaseException:
        await stream.aclose()
        raise
