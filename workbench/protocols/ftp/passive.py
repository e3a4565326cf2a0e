"""Data connections in passive mode: we ask where, and dial (RFC 959 section 4.1.2, RFC 2428 section 3).

EPSV is asked first: it names a port alone, works over IPv6, and can't send us elsewhere. Where a server has none, PASV
is asked, and the address in its answer is looked at but never followed: a client that follows it can be made to knock
at any door of its own network.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.protocols.ftp.control import Control, said_no
from workbench.protocols.ftp.explain import DATA
from workbench.protocols.ftp.replies import is_same_host, read_extended_passive, read_passive
from workbench.protocols.ftp.values import Command, Place
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.stream import Stream

UNKNOWN = frozenset({500, 502, 504, 522})
"""A server that does not know a command says one of these (RFC 959 section 4.2.2, RFC 2428 section 2). Not 501: that is
about the argument, and of MLSD it means that the path is no folder (RFC 3659 section 7.2.1)."""
STAGE = "data"


class Relaying(Protocol):
    """A relay that runs; part of lab.address.ServiceAddress."""

    @property
    def target(self) -> Target: ...
    @property
    def instance(self) -> str: ...


class Relays:
    """Leads data connections through relays. As there is one at a time, a new relay ends the one before.

    Args:
        start: has a relay to a target run.
        stop: ends an instance.
    """

    def __init__(
        self, start: Callable[[Target], Awaitable[Relaying]], stop: Callable[[str], Awaitable[object]]
    ) -> None:
        self._start = start
        self._stop = stop
        self._running = ""

    async def lead(self, target: Target) -> Target:
        """A relay to the target. Raises: what `start` raises."""
        await self.aclose()
        relay = await self._start(target)
        self._running = relay.instance
        return relay.target

    async def aclose(self) -> None:
        """End the relay that runs. Idempotent; one that is gone already is no failure."""
        running, self._running = self._running, ""
        if running:
            with suppress(WorkbenchError):
                await self._stop(running)


class Passive:
    """Opens data connections beside one control connection.

    Args:
        host: where the server is; "" is the control connection's peer. Another one when a relay stands between.
        relays: leads data connections there too; None: they go straight.
    """

    def __init__(
        self, control: Control, transcript: Transcript, host: str = "", relays: Relays | None = None
    ) -> None:
        self._control = control
        self._transcript = transcript
        self._relays = relays
        self._peer = host or control.stream.peer.rpartition(":")[0].strip("[]")
        self._extended = True
        self._count = 0

    async def open(self, title: str) -> Stream:
        """A connection to where the server waits; it records into a lane of its own.

        Args:
            title: what it is for, "RETR /x".

        Raises: Refused, PeerMisbehaved, LinkLost, TooSlow; the stage is "data".
        """
        place = await self._place()
        self._count += 1
        try:
            return await dial(
                Target("tcp", self._peer, place.port),
                self._transcript,
                resolver=self._relays.lead if self._relays is not None else None,
                title=f"{DATA}{self._count}: {title}",
                timeout_s=self._control.timeout_s,
            )
        except WorkbenchError as failure:
            failure.stage = STAGE
            failure.advice = (
                failure.advice or "a firewall between us and the server may stop data connections"
            )
            raise

    async def aclose(self) -> None:
        """End what still relays. Idempotent."""
        if self._relays is not None:
            await self._relays.aclose()

    async def _place(self) -> Place:
        if self._extended:
            command = Command("EPSV")
            reply = await self._control.ask(command, STAGE)
            if reply.code == 229:
                place = read_extended_passive(reply)
                self._tell("EPSV", place)
                return place
            if reply.code not in UNKNOWN:
                raise said_no(reply, command, STAGE)
            self._extended = False
            self._control.stream.channel.fact("ftp.fallback", asked="EPSV", instead="PASV", reply=str(reply))
        command = Command("PASV")
        reply = await self._control.done(command, STAGE)
        place = read_passive(reply)
        if not is_same_host(place.host, self._peer):
            self._control.stream.channel.fact(
                "ftp.passive.elsewhere", told=place.host, used=self._peer, port=place.port
            )
        else:
            self._tell("PASV", place)
        return place

    def _tell(self, command: str, place: Place) -> None:
        self._control.stream.channel.fact("ftp.passive", command=command, host=self._peer, port=place.port)
