"""The four kinds of session: TCP and UDP, as client and as listener. Each runs inside the session's one job."""

from collections.abc import Callable
from typing import Protocol

from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.panels.sockets.state import Peer, Role, SessionState
from workbench.protocols.raw.serve import Reply, Server, serve_datagrams
from workbench.protocols.raw.values import Transport
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.datagram import Datagram, Received, open_datagram
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.ends import HalfState
from workbench.wire.listen import listen
from workbench.wire.stream import Stream


class Session(Protocol):
    """A session from opening to its end, and what a person can do meanwhile."""

    async def run(self, target: Target) -> None:
        """Open, and stay until the session has ended; cancelling closes everything."""
        ...

    async def send(self, data: bytes, channel: int) -> None:
        """Send octets, or one datagram, to the peer of this channel."""
        ...

    async def finish(self, channel: int) -> None:
        """Finish our half of this connection."""
        ...

    def abort(self, channel: int) -> None:
        """Reset this connection."""
        ...

    def rule_changed(self) -> None:
        """The form's rule for answers is another one now."""
        ...


class Owner(Protocol):
    """What a session tells, and asks of, the controller that runs it."""

    transcript: Transcript
    resolver: TargetResolver
    state: SessionState

    def tell(self, stage: str) -> None: ...
    def opened(self, live: Session, address: str, sentence: str) -> None: ...
    def peer_is(self, peer: Peer, *, select: bool = False) -> None: ...
    def stream_is(self, stream: Stream, *, closed: bool = False) -> None: ...
    def say(self, kind: str, word: str, sentence: str) -> None: ...
    def complain(self, failure: WorkbenchError) -> None: ...
    def reply(self) -> Reply: ...


class TcpClient:
    """One connection."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._stream: Stream | None = None

    async def run(self, target: Target) -> None:
        owner = self._owner
        stream = await dial(target, owner.transcript, resolver=owner.resolver, report=owner.tell)
        self._stream = stream
        try:
            owner.opened(self, stream.local, f"connected to {stream.peer} from {stream.local}")
            owner.stream_is(stream)
            while await stream.read():
                owner.stream_is(stream)
            owner.stream_is(stream)
            if (
                stream.end is not None
                and stream.receiving is HalfState.FINISHED
                and stream.sending is HalfState.OPEN
            ):
                owner.say("info", "half closed", f"{stream.end.sentence}; we still can send")
                await stream.wait_closed()
        finally:
            await stream.aclose()
            owner.stream_is(stream, closed=True)

    async def send(self, data: bytes, channel: int) -> None:
        assert self._stream is not None
        await self._stream.send(data)
        self._owner.stream_is(self._stream)

    async def finish(self, channel: int) -> None:
        stream = self._stream
        assert stream is not None
        await stream.finish()
        if stream.receiving is not HalfState.OPEN:
            # Both halves are finished: nothing can pass any more.
            await stream.aclose()
        else:
            self._owner.say("info", "half closed", "we finished: we send no more (FIN); the peer still can")
        self._owner.stream_is(stream)

    def abort(self, channel: int) -> None:
        assert self._stream is not None
        self._stream.abort()
        self._owner.stream_is(self._stream)

    def rule_changed(self) -> None:
        """A client answers nothing by itself."""


class TcpListener:
    """A listener and its connections; a person may answer each by hand."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._server: Server | None = None

    async def run(self, target: Target) -> None:
        owner = self._owner
        listener = await listen(target, owner.transcript)
        self._server = Server(listener, owner.reply(), self, keep_open=owner.state.form.reply == "none")
        try:
            owner.opened(self, listener.address, f"listening on {listener.address}")
            await self._server.serve()
        finally:
            await self._server.aclose()

    def rule_changed(self) -> None:
        if self._server is not None:
            self._server.reply = self._owner.reply()
            self._server.keep_open = self._server.reply.rule == "none"

    def accepted(self, stream: Stream) -> None:
        self._owner.stream_is(stream)

    def received(self, stream: Stream, data: bytes) -> None:
        self._owner.stream_is(stream)

    def answered(self, stream: Stream) -> None:
        self._owner.stream_is(stream)

    def closed(self, stream: Stream) -> None:
        self._owner.stream_is(stream, closed=True)

    async def send(self, data: bytes, channel: int) -> None:
        stream = self._stream(channel)
        await stream.send(data)
        self._owner.stream_is(stream)

    async def finish(self, channel: int) -> None:
        stream = self._stream(channel)
        await stream.finish()
        if stream.receiving is not HalfState.OPEN:
            await stream.aclose()
        self._owner.stream_is(stream)

    def abort(self, channel: int) -> None:
        stream = self._stream(channel)
        stream.abort()
        self._owner.stream_is(stream)

    def _stream(self, channel: int) -> Stream:
        assert self._server is not None
        for stream in self._server.streams:
            if stream.channel.number == channel:
                return stream
        raise LinkLost("this connection has ended", stage="send")


class UdpClient:
    """Datagrams to and from one peer."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._socket: Datagram | None = None

    async def run(self, target: Target) -> None:
        owner = self._owner
        owner.tell("resolve")
        socket_ = await open_datagram(owner.transcript, remote=target, resolver=owner.resolver)
        self._socket = socket_
        try:
            owner.opened(self, socket_.address, f"a UDP socket to {socket_.peer}; nothing was sent yet")
            self._shown()
            while socket_.is_open:
                try:
                    await socket_.receive()
                except LinkLost as failure:
                    owner.complain(failure)
                self._shown()
        finally:
            await socket_.aclose()
            self._shown()

    async def send(self, data: bytes, channel: int) -> None:
        assert self._socket is not None
        await self._socket.send(data)
        self._owner.say(
            "good", "open", f"{len(data)} octets sent to {self._socket.peer}; UDP does not tell of arrival"
        )
        self._shown()

    async def finish(self, channel: int) -> None:
        raise LocalMisuse("UDP has no end that could be sent", stage="finish")

    def abort(self, channel: int) -> None:
        raise LocalMisuse("UDP has no connection to reset", stage="abort")

    def rule_changed(self) -> None:
        """A client answers nothing by itself."""

    def _shown(self) -> None:
        assert self._socket is not None
        self._owner.peer_is(_datagram_peer(self._socket, self._socket.peer, self._socket.is_open))


class UdpListener:
    """A bound UDP socket; each sender is a peer."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._socket: Datagram | None = None
        self._reply = Reply("none")

    async def run(self, target: Target) -> None:
        owner = self._owner
        self._reply = owner.reply()
        socket_ = await open_datagram(owner.transcript, local=target)
        self._socket = socket_
        try:
            owner.opened(self, socket_.address, f"hearing datagrams on {socket_.address}")
            await serve_datagrams(socket_, self, self)
        finally:
            await socket_.aclose()
            for address in socket_.peers:
                owner.peer_is(_datagram_peer(socket_, address, False))

    def rule_changed(self) -> None:
        self._reply = self._owner.reply()

    def answer(self, data: bytes) -> bytes | None:
        """By the rule of the moment."""
        return self._reply.answer(data)

    def heard(self, received: Received) -> None:
        assert self._socket is not None
        self._owner.peer_is(_datagram_peer(self._socket, received.source, True))

    def replied(self, received: Received) -> None:
        self.heard(received)

    async def send(self, data: bytes, channel: int) -> None:
        assert self._socket is not None
        address = next(p.address for p in self._owner.state.peers if p.channel == channel)
        await self._socket.send(data, address)
        self._owner.peer_is(_datagram_peer(self._socket, address, True))

    async def finish(self, channel: int) -> None:
        raise LocalMisuse("UDP has no end that could be sent", stage="finish")

    def abort(self, channel: int) -> None:
        raise LocalMisuse("UDP has no connection to reset", stage="abort")


def _datagram_peer(socket_: Datagram, address: str, is_open: bool) -> Peer:
    channel = socket_.channel_of(address)
    return Peer(
        channel.number,
        address,
        socket_.address,
        sent=len(channel.stream(Direction.SENT)),
        received=len(channel.stream(Direction.RECEIVED)),
        is_open=is_open,
    )


SESSIONS: dict[tuple[Role, Transport], Callable[[Owner], Session]] = {
    ("client", "tcp"): TcpClient,
    ("client", "udp"): UdpClient,
    ("listener", "tcp"): TcpListener,
    ("listener", "udp"): UdpListener,
}
