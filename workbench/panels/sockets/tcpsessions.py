"""Sessions of TCP and of Unix sockets: one connection, and a listener with its connections."""

import asyncio

from workbench.errors import LinkLost, LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.target import Target
from workbench.panels.sockets.besides import Asking, Into, Sink
from workbench.panels.sockets.sessions import Owner
from workbench.panels.sockets.state import ServerFigures
from workbench.protocols.raw.limits import CONNECT_WITHIN_S, passed
from workbench.protocols.raw.link import Link
from workbench.protocols.raw.received_file import cut_off
from workbench.protocols.raw.serve import Server
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.zones import Injection
from workbench.protocols.starttls.client import begun, judge
from workbench.protocols.starttls.machine import MAX_OCTETS, Dialogue
from workbench.transcript.records import Direction
from workbench.wire.datagram import Datagram
from workbench.wire.dial import dial
from workbench.wire.ends import HalfState
from workbench.wire.listen import listen
from workbench.wire.stream import Stream

ASK_WITHIN_S = 30.0
"""For the words before TLS."""


class TcpClient:
    """One connection, by TCP or to a Unix socket."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._link: Link | None = None
        self._asking: Asking | None = None
        self._into: Into | None = None

    async def run(self, target: Target) -> None:
        owner, total_s = self._owner, self._owner.limits.total_s
        limit = asyncio.timeout(total_s)
        try:
            async with limit:
                await self._run(target)
        except TimeoutError as error:
            if total_s is None or not limit.expired() or self._link is None:
                raise
            failure = passed("total", total_s, self._link.stream)
            owner.complain(failure)
            raise failure from error

    async def _run(self, target: Target) -> None:
        owner, way = self._owner, self._owner.way
        stream = await dial(
            target,
            owner.transcript,
            resolver=owner.resolver,
            timeout_s=owner.limits.connect_s or CONNECT_WITHIN_S,
            report=owner.tell,
            proxy=way.proxy,
            local=way.local,
            settings=way.settings,
        )
        link = self._link = Link(stream, owner.limits)
        try:
            if owner.secure is not None:
                owner.tell("tls")
                owner.link_is(link)
                await link.protect(owner.secure)
            owner.opened(self, stream.local, f"connected to {stream.peer} from {stream.local}")
            owner.link_is(link)
            self._tell_tls()
            while data := await link.read():
                if self._asking is not None:
                    await self._asking.take(link, data)
                if self._into is not None:
                    self._into.take(data)
                owner.link_is(link)
            stream = link.stream
            owner.link_is(link)
            if (
                stream.end is not None
                and stream.receiving is HalfState.FINISHED
                and stream.sending is HalfState.OPEN
            ):
                owner.say("info", "half closed", f"{stream.end.sentence}; we still can send")
                self._over()
                await stream.wait_closed()
        finally:
            await link.aclose()
            self._over()
            owner.link_is(link, closed=True)

    async def send(self, data: bytes, channel: int) -> None:
        link = self._whole()
        await link.send(data)
        self._owner.link_is(link)

    async def send_once(self, data: bytes, channel: int) -> int:
        link = self._whole()
        taken = await link.stream.send_once(data)
        self._owner.link_is(link)
        return taken

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

    async def ask_tls(self, channel: int, secure: Secure, asking: Dialogue) -> None:
        link = self._whole()
        heard = link.stream.channel.stream(Direction.RECEIVED)
        begun(link.stream.channel, asking)
        waiting = self._asking = Asking(asking)
        try:
            first = asking.begin(
                heard.read(max(0, len(heard) - MAX_OCTETS), len(heard)), spoken=link.sent > 0
            )
            if first:
                await link.send(first)
            async with asyncio.timeout(ASK_WITHIN_S):
                await waiting.decided()
        except TimeoutError as error:
            if isinstance(error, TooSlow):
                raise
            raise TooSlow(
                f"the server had said neither yes nor no to TLS within {ASK_WITHIN_S:g} s",
                stage="starttls",
                advice=f"is this {asking.protocol.title}?",
            ) from error
        finally:
            self._asking = None
            self._owner.link_is(link)
        judge(link.stream.channel, asking)
        await self.start_tls(channel, secure, b"")

    async def receive_into(self, file: Sink, channel: int) -> None:
        if self._into is not None:
            raise LocalMisuse("what arrives goes to a file already", stage="receive")
        link = self._whole()
        self._into = Into(file)
        try:
            if link.stream.receiving is not HalfState.OPEN:
                self._into.ended()
            await self._into.wait()
        finally:
            self._into = None
        if (failure := cut_off(link.stream.end)) is not None:
            raise failure
        file.complete()

    async def cut(self, channel: int) -> None:
        link = self._whole()
        await _cut(link)
        self._owner.link_is(link)

    def endpoint(self, channel: int) -> Stream | Datagram | None:
        return self._link.stream if self._link is not None else None

    def idle_left_s(self, channel: int) -> float | None:
        return self._link.idle_left_s if self._link is not None else None

    def rule_changed(self) -> None:
        """A client answers nothing by itself."""

    async def stop_listening(self) -> None:
        raise LocalMisuse("a client does not listen", stage="listen")

    def inject(self, injection: Injection | None) -> None:
        """A client has no zones."""

    def _whole(self) -> Link:
        assert self._link is not None
        return self._link

    def _over(self) -> None:
        """The peer sends no more: whoever waits for its words is told."""
        for waiting in (self._asking, self._into):
            if waiting is not None:
                waiting.ended()

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
            limits=owner.limits,
        )
        self._server.one_at_a_time = owner.state.form.one_at_a_time
        under = " under TLS" if owner.secure is not None else ""
        try:
            owner.opened(self, listener.address, f"listening on {listener.address}{under}")
            self._tell_figures()
            await self._server.serve()
        finally:
            await self._server.aclose()
            self._tell_figures()

    def rule_changed(self) -> None:
        if self._server is not None:
            self._server.reply = self._owner.reply()
            self._server.keep_open = self._owner.state.form.reply == "none"
            self._server.one_at_a_time = self._owner.state.form.one_at_a_time

    def accepted(self, stream: Stream) -> None:
        assert self._server is not None
        number = stream.channel.number
        self._links[number] = self._server.links[number]
        self._shown(stream)
        # Its turn may come later: who waits is known once its task has gone on.
        asyncio.get_running_loop().call_soon(self._tell_figures)

    def received(self, stream: Stream, data: bytes) -> None:
        self._shown(stream)

    def answered(self, stream: Stream) -> None:
        self._shown(stream)

    def closed(self, stream: Stream) -> None:
        self._owner.link_is(self._links.pop(stream.channel.number), closed=True)
        asyncio.get_running_loop().call_soon(self._tell_figures)

    async def send(self, data: bytes, channel: int) -> None:
        link = self._linked(channel)
        await link.send(data)
        self._owner.link_is(link)

    async def send_once(self, data: bytes, channel: int) -> int:
        link = self._linked(channel)
        taken = await link.stream.send_once(data)
        self._owner.link_is(link)
        return taken

    async def ask_tls(self, channel: int, secure: Secure, asking: Dialogue) -> None:
        raise LocalMisuse("a server is asked for TLS, it does not ask", stage="starttls")

    async def receive_into(self, file: Sink, channel: int) -> None:
        raise LocalMisuse("only a client receives into a file", stage="receive")

    async def cut(self, channel: int) -> None:
        link = self._linked(channel)
        await _cut(link)
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

    def idle_left_s(self, channel: int) -> float | None:
        link = self._links.get(channel)
        return link.idle_left_s if link is not None else None

    async def stop_listening(self) -> None:
        if self._server is not None:
            await self._server.finish()
            self._tell_figures()

    def inject(self, injection: Injection | None) -> None:
        if self._server is not None:
            self._server.zones.injection = injection

    def _tell_figures(self) -> None:
        server = self._server
        if server is None:
            return
        zones = server.zones
        self._owner.figures_are(
            ServerFigures(
                zones.served,
                zones.failed,
                tuple(server.waiting),
                server.open_sockets,
                tuple(zones.faults),
                not server.listener.is_closed,
            )
        )

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


async def _cut(link: Link) -> None:
    """FIN below TLS, without close_notify: what somebody on the way could send."""
    stream = link.stream
    await getattr(stream, "below", stream).finish()
    stream.sending = HalfState.FINISHED
    if stream.receiving is not HalfState.OPEN:
        await link.aclose()


def tell_tls(owner: Owner, link: Link) -> None:
    """The verdict line says what a handshake came to."""
    report = link.report
    if report is None or report.failure:
        return
    if report.trusted is False:
        owner.say("warning", "open, not trusted", report.sentence)
    else:
        owner.say("good", "open", report.sentence)
