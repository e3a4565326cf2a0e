"""A client of WebSocket: connection, handshake, messages, and an end that both sides have said.

timeout_s is for connecting and the handshake together, and then for each wait. Everything stands in the transcript.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from workbench.errors import LinkLost, PeerMisbehaved, TooSlow, WorkbenchError
from workbench.formats.quantity import duration_s
from workbench.protocols.websocket import handshake
from workbench.protocols.websocket.handshake import MAX_HEAD, Agreed
from workbench.protocols.websocket.machine import WebSocketMachine
from workbench.protocols.websocket.values import Closed, Event, Frame, Message
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver, dial
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

TITLE = "websocket"
"""What the title of every channel of ours begins with."""
MAX_FRAMES = 1000
"""Frames of each direction that are kept for showing."""


async def open_websocket(
    address: str,
    transcript: Transcript,
    *,
    subprotocols: Sequence[str] = (),
    fields: Sequence[tuple[str, str]] = (),
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
) -> "WebSocketClient":
    """Connect and shake hands; the caller owns the client and calls aclose().

    Raises: LocalMisuse before anything is sent; what dial raises; Refused, PeerMisbehaved, TooSlow, LinkLost with the
        stage "handshake".
    """
    place = handshake.read_address(address)
    key = handshake.new_nonce()
    wire = handshake.request(place, key, subprotocols=subprotocols, fields=fields)
    tell = report or (lambda _stage: None)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    title = f"{TITLE} {address}"
    stream = await dial(
        place.target, transcript, resolver=resolver, title=title, timeout_s=timeout_s, report=report
    )
    try:
        tell("handshake")
        async with asyncio.timeout_at(deadline):
            await stream.send(wire)
            data = await stream.read_until(b"\r\n\r\n", limit=MAX_HEAD)
        if not data.endswith(b"\r\n\r\n"):
            raise LinkLost("the server ended before it answered", stage="handshake", committed="maybe")
        agreed = handshake.check_answer(wire, key, subprotocols, data)
    except WorkbenchError as failure:
        await stream.aclose()
        failure.stage = "handshake"
        raise
    except TimeoutError as error:
        await stream.aclose()
        raise TooSlow(
            f"no answer to the handshake within {duration_s(timeout_s)}", stage="handshake"
        ) from error
    except BaseException:
        await stream.aclose()
        raise
    stream.channel.fact("websocket.open", accept=agreed.accept, subprotocol=agreed.subprotocol)
    return WebSocketClient(stream, agreed, timeout_s)


class WebSocketClient:
    """An open conversation.

    Attributes: agreed: by the handshake. frames: that came, the first MAX_FRAMES.
    """

    def __init__(self, stream: Stream, agreed: Agreed, timeout_s: float) -> None:
        self.stream = stream
        self.agreed = agreed
        self.frames: list[Frame] = []
        self._timeout_s = timeout_s
        self._machine = WebSocketMachine("client")
        self._events: deque[Event] = deque()

    @property
    def closed(self) -> Closed | None:
        """What the server said at the end; None while it said nothing."""
        return self._machine.heard

    async def send(self, data: bytes, *, text: bool = True, fragment: int = 0) -> None:
        """Send a message. Raises: LocalMisuse: not now; LinkLost, TooSlow."""
        self._machine.send(data, text=text, fragment=fragment)
        await self._flush()

    async def ping(self, data: bytes = b"") -> None:
        """Send a ping. Raises: as send."""
        self._machine.ping(data)
        await self._flush()

    async def receive(self) -> Message | Closed:
        """The next message, or the server's close. Pings are answered on the way.

        Raises: PeerMisbehaved: the rules are broken, and the server was told so; LinkLost, TooSlow.
        """
        while not self._events:
            if self._machine.heard is not None:
                return self._machine.heard
            try:
                data = await self.stream.read(timeout_s=self._timeout_s)
                if not data:
                    self._ended()
                self._events.extend(self._machine.receive(data))
            except PeerMisbehaved as failure:
                failure.stage = failure.stage or "frame"
                await self._tell_and_leave()
                raise
            finally:
                room = MAX_FRAMES - len(self.frames)
                self.frames += self._machine.frames[: max(0, room)]
            await self._flush()
        return self._events.popleft()

    async def close(self, code: int | None = 1000, reason: str = "") -> Closed:
        """Say that we send no more, and hear the server say so; messages on the way are thrown away.

        Raises: as receive.
        """
        if self._machine.state == "open":
            self._machine.close(code, reason)
            await self._flush()
        while not isinstance(heard := await self.receive(), Closed):
            pass
        return heard

    async def aclose(self) -> None:
        """Give the connection back. Idempotent."""
        await self.stream.aclose()

    def _ended(self) -> None:
        if self.stream.receiving is HalfState.RESET:
            raise LinkLost(
                "the connection was reset without a close",
                stage="receive",
                errno_name="ECONNRESET",
                committed="maybe",
            )
        self._machine.end()

    async def _flush(self) -> None:
        data = self._machine.take()
        if data:
            await self.stream.send(data, timeout_s=self._timeout_s)

    async def _tell_and_leave(self) -> None:
        try:
            await self._flush()
        except WorkbenchError:
            # The close is a courtesy to a peer that broke the rules.
            return
