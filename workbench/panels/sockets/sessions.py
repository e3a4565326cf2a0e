"""The four kinds of session: TCP and UDP, as client and as listener. Each runs inside the session's one job."""

from collections.abc import Callable
from typing import Protocol

from workbench.errors import LinkLost, LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.target import Target
from workbench.panels.sockets.heard import Heard
from workbench.panels.sockets.state import Peer, Role, SessionState
from workbench.protocols.raw.link import Link
from workbench.protocols.raw.serve import Reply, Server, serve_datagrams
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.values import Transport, Way
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.datagram import Datagram, Received, open_datagram
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.ends import HalfState
from workbench.wire.listen import listen
from workbench.wire.stream import Stream

NO_STREAM = "TLS needs a stream, and UDP has none"


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

    async def start_tls(self, channel: int, secure: Secure, first: bytes) -> None:
        """Put this connection under TLS; `first` is sent in clear before."""
        ...

    def endpoint(self, channel: int) -> Stream | Datagram | None:
        """What holds the socket of this peer; None once it is gone."""
        ...

    def rule_changed(self) -> None:
        """The form's rule for answers is another one now."""
        ...


class Owner(Protocol):
    """What a session tells, and asks of, the controller that runs it."""

    transcript: Transcript
    resolver: TargetResolver
    state: SessionState
    way: Way
    secure: Secure | None

    def tell(self, stage: str) -> None: ...
    def opened(self, live: Session, address: str, sentence: str) -> None: ...
    def peer_is(self, peer: Peer, *, select: bool = False) -> None: ...
    def link_is(self, link: Link, *, closed: bool = False) -> None: ...
    def say(self, kind: str, word: str, sentence: str) -> None: ...
    def complain(self, failure: WorkbenchError) -> None: ...
    def reply(self) -> Reply: ...


class TcpClient:
    """One connection, by TCP or to a Unix socket."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._link: Link | None = None

    async def run(self, target: Target) -> None:
        owner, way = self._owner, self._owner.way
        stream = await dial(
            target,
            owner.transcript,
            resolver=owner.resolver,
            report=owner.tell,
            proxy=way.proxy,
            local=way.local,
            settings=way.settings,
        )
        link = self._link = Link(stream)
        try:
            if owner.secure is not None:
                owner.tell("tls")
                owner.link_is(link)
                await link.protect(owner.secure)
            owner.opened(self, stream.local, f"connected to {stream.peer} from {stream.local}")
            owner.link_is(link)
            self._tell_tls()
            while await link.read():
                owner.link_is(link)
            stream = link.stream
            owner.link_is(link)
            if (
                stream.end is not None
                and stream.receiving is HalfState.FINISHED
                and stream.sending is HalfState.OPEN
            ):
                owner.say("info", "half closed", f"{stream.end.sentence}; we still can send")
                await stream.wait_closed()
        finally:
            await link.aclose()
            owner.link_is(link, closed=True)

    async def send(self, data: bytes, channel: int) -> None:
        link = self._whole()
        await link.stream.send(data)
        self._owner.link_is(link)

    async def finish(self, channel: int) -> None:
        link = self._whole()
        await link.stream.finish()
        if link.stream.receiving is not HalfState.OPEN:
            # Both halves are finished: nothing can pass any more.
            await link.aclose()
        else:
            how = "close_notify" if link.handshake is not None else "FIN"
            self._owner.say(
                "info", "half closed", f"we finished: we send no more ({how}); the peer still can"
            )
        self._owner.link_is(link)

    def abort(self, channel: int) -> None:
        link = self._whole()
        link.stream.abort()
        self._owner.link_is(link)

    async def start_tls(self, channel: int, secure: Secure, first: bytes) -> None:
        link = self._whole()
        await link.upgrade(secure, first=first)
        self._owner.link_is(link)
        self._tell_tls()

    def endpoint(self, channel: int) -> Stream | Datagram | None:
        return self._link.stream if self._link is not None else None

    def rule_changed(self) -> None:
        """A client answers nothing by itself."""

    def _whole(self) -> Link:
        assert self._link is not None
        return self._link

    def _tell_tls(self) -> None:
        if self._link is not None and self._link.report is not None:
            tell_tls(self._owner, self._link)


class TcpListener:
    """A listener and its connections; a person may answer each by hand."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._server: Server | None = None
        self._links: dict[int, Link] = {}

    async def run(self, target: Target) -> None:
        owner = self._owner
        listener = await listen(target, owner.transcript, settings=owner.way.settings)
        self._server = Server(
            listener,
            owner.reply(),
            self,
            keep_open=owner.state.form.reply == "none",
            secure=owner.secure,
            on_secure=self._shown,
            on_failure=self._failed,
        )
        under = " under TLS" if owner.secure is not None else ""
        try:
            owner.opened(self, listener.address, f"listening on {listener.address}{under}")
            await self._server.serve()
        finally:
            await self._server.aclose()

    def rule_changed(self) -> None:
        if self._server is not None:
            self._server.reply = self._owner.reply()
            self._server.keep_open = self._server.reply.rule == "none"

    def accepted(self, stream: Stream) -> None:
        assert self._server is not None
        number = stream.channel.number
        self._links[number] = self._server.links[number]
        self._shown(stream)

    def received(self, stream: Stream, data: bytes) -> None:
        self._shown(stream)

    def answered(self, stream: Stream) -> None:
        self._shown(stream)

    def closed(self, stream: Stream) -> None:
        self._owner.link_is(self._links.pop(stream.channel.number), closed=True)

    async def send(self, data: bytes, channel: int) -> None:
        link = self._linked(channel)
        await link.stream.send(data)
        self._owner.link_is(link)

    async def finish(self, channel: int) -> None:
        link = self._linked(channel)
        await link.stream.finish()
        if link.stream.receiving is not HalfState.OPEN:
            await link.aclose()
        self._owner.link_is(link)

    def abort(self, channel: int) -> None:
        link = self._linked(channel)
        link.stream.abort()
        self._owner.link_is(link)

    async def start_tls(self, channel: int, secure: Secure, first: bytes) -> None:
        link = self._linked(channel)
        # Without a word before it the client's hello may be here already: that is not to be thrown away.
        await link.upgrade(secure, first=first, drain=bool(first))
        self._owner.link_is(link)
        tell_tls(self._owner, link)

    def endpoint(self, channel: int) -> Stream | Datagram | None:
        link = self._links.get(channel)
        return link.stream if link is not None else None

    def _failed(self, stream: Stream, failure: WorkbenchError) -> None:
        self._shown(stream)
        # A client that went away is no news here: its row says so.
        if failure.stage == "tls" or not isinstance(failure, LinkLost | TooSlow):
            self._owner.complain(failure)

    def _shown(self, stream: Stream) -> None:
        self._owner.link_is(self._links[stream.channel.number])

    def _linked(self, channel: int) -> Link:
        if (link := self._links.get(channel)) is not None:
            return link
        raise LinkLost("this connection has ended", stage="send")


class UdpClient:
    """Datagrams to and from one peer."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._socket: Datagram | None = None

    async def run(self, target: Target) -> None:
        owner = self._owner
        owner.tell("resolve")
        socket_ = await open_datagram(
            owner.transcript,
            remote=target,
            local=owner.way.local,
            resolver=owner.resolver,
            settings=owner.way.settings,
        )
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

    async def start_tls(self, channel: int, secure: Secure, first: bytes) -> None:
        raise LocalMisuse(NO_STREAM, stage="tls")

    def endpoint(self, channel: int) -> Stream | Datagram | None:
        return self._socket

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
        self._heard = Heard(self._tell_peer)

    async def run(self, target: Target) -> None:
        owner = self._owner
        self._reply = owner.reply()
        socket_ = await open_datagram(owner.transcript, local=target, settings=owner.way.settings)
        self._socket = socket_
        try:
            owner.opened(self, socket_.address, f"hearing datagrams on {socket_.address}")
            await serve_datagrams(socket_, self, self)
        finally:
            self._heard.close()
            await socket_.aclose()
            for address in socket_.peers:
                owner.peer_is(_datagram_peer(socket_, address, False))

    def rule_changed(self) -> None:
        self._reply = self._owner.reply()

    def answer(self, data: bytes) -> bytes | None:
        """By the rule of the moment."""
        return self._reply.answer(data)

    def heard(self, received: Received) -> None:
        self._heard.note(received.source)

    def _tell_peer(self, address: str) -> None:
        assert self._socket is not None
        self._owner.peer_is(_datagram_peer(self._socket, address, True))

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

    async def start_tls(self, channel: int, secure: Secure, first: bytes) -> None:
        raise LocalMisuse(NO_STREAM, stage="tls")

    def endpoint(self, channel: int) -> Stream | Datagram | None:
        return self._socket


def tell_tls(owner: Owner, link: Link) -> None:
    """The verdict line says what a handshake came to."""
    report = link.report
    if report is None or report.failure:
        return
    if report.trusted is False:
        owner.say("warning", "open, not trusted", report.sentence)
    else:
        owner.say("good", "open", report.sentence)


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
