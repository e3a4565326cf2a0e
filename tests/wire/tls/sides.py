"""Both sides of TLS for tests: an authority, setups, and two streams joined back to back."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from workbench.lab.authority import Authority
from workbench.transcript.recorder import Transcript
from workbench.wire.memory import pair
from workbench.wire.stream import Stream
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.setup import TlsSetup, client_setup, server_setup
from workbench.wire.tls.stream import TlsStream
from workbench.wire.tls.values import TlsOptions, Trust


@functools.cache
def authority() -> Authority:
    return Authority("the tests' authority")


def server(flaw: Any = "none", **options: Any) -> TlsSetup:
    identity = authority().server(flaw)
    return server_setup(TlsOptions(identity=identity, trust=Trust(False, authority().certificate), **options))


def client(**options: Any) -> TlsSetup:
    given: dict[str, Any] = {
        "server_name": "localhost",
        "trust": Trust(False, authority().certificate),
        **options,
    }
    return client_setup(TlsOptions(**given))


def facts(transcript: Transcript, channel: int) -> list[str]:
    return [event.name for event in transcript.events() if event.kind == "fact" and event.channel == channel]


class Sides(NamedTuple):
    """The two plain streams; channel 0 is the left one, who is the client."""

    transcript: Transcript
    left: Stream
    right: Stream

    async def both(
        self, client_side: TlsSetup, server_side: TlsSetup, **how: Any
    ) -> tuple[TlsStream, TlsStream]:
        """The handshake of both; raises what the client's raises."""
        serving = asyncio.create_task(start_tls(self.right, server_side))
        try:
            protected = await start_tls(self.left, client_side, **how)
        except BaseException:
            await asyncio.gather(serving, return_exceptions=True)
            raise
        return protected, await serving

    async def each(
        self, client_side: TlsSetup, server_side: TlsSetup
    ) -> tuple[TlsStream | BaseException, TlsStream | BaseException]:
        """What comes of it at each side: a stream or a failure."""
        first, second = await asyncio.gather(
            start_tls(self.left, client_side), start_tls(self.right, server_side), return_exceptions=True
        )
        return first, second


@contextlib.asynccontextmanager
async def sides() -> AsyncIterator[Sides]:
    """Two streams, closed in the end whatever was built on them."""
    transcript = Transcript()
    left, right = pair(transcript)
    try:
        yield Sides(transcript, left, right)
    finally:
        await left.aclose()
        await right.aclose()
        transcript.close()
