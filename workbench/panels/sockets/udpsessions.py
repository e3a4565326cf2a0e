"""Sessions of UDP: a socket that asks one machine or everybody, and one that is asked."""

import asyncio
from dataclasses import replace

from workbench.errors import LinkLost, LocalMisuse, TooSlow
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target
from workbench.panels.sockets.besides import Sink
from workbench.panels.sockets.heard import Heard
from workbench.panels.sockets.peers import datagram_peer
from workbench.panels.sockets.sessions import NO_STREAM, Owner
from workbench.protocols.raw.broadcast import Limiter, check_answer, reach
from workbench.protocols.raw.everybody import host_of, limited, open_to_everybody
from workbench.protocols.raw.question import Questions, no_answer
from workbench.protocols.raw.serve import Reply, serve_datagrams
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.zones import Injection
from workbench.protocols.starttls.machine import Dialogue
from workbench.wire.datagram import Datagram, Received, open_datagram
from workbench.wire.stream import Stream

WHOLE = "a datagram is taken whole or not at all"
TELL_AFTER_S = 0.03
"""A frame: a list that changes for each of 20,000 answers a second would take half a core."""


class _Datagrams:
    """What neither side of UDP can do, and what both have: one socket, None until it is open."""

    _socket: Datagram | None = None

    async def send_once(self, data: bytes, channel: int) -> int:
        raise LocalMisuse(WHOLE, stage="send")

    async def finish(self, channel: int) -> None:
        raise LocalMisuse("UDP has no end that could be sent", stage="finish")

    async def cut(self, channel: int) -> None:
        raise LocalMisuse("UDP has no end that could be sent", stage="finish")

    def abort(self, channel: int) -> None:
        raise LocalMisuse("UDP has no connection to reset", stage="abort")

    async def start_tls(self, channel: int, secure: Secure, first: bytes) -> None:
        raise LocalMisuse(NO_STREAM, stage="tls")

    async def ask_tls(self, channel: int, secure: Secure, asking: Dialogue) -> None:
        raise LocalMisuse(NO_STREAM, stage="tls")

    async def receive_into(self, file: Sink, channel: int) -> None:
        raise LocalMisuse("in a file the boundaries between datagrams would be lost", stage="receive")

    def endpoint(self, channel: int) -> Stream | Datagram | None:
        return self._socket


class UdpClient(_Datagrams):
    """Datagrams to one peer, or to everybody, and the answers."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._socket: Datagram | None = None
        self._questions: Questions | None = None
        self._limiter: Limiter | None = None
        self._limit: asyncio.Timeout | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, target: Target) -> None:
        owner = self._owner
        owner.tell("resolve")
        to_all = reach((await owner.resolver(target)).host) != "one"
        socket_ = self._socket = await self._open(target, to_all=to_all)
        self._questions = Questions(socket_, "" if to_all else socket_.asked)
        if to_all:
            self._limiter = Limiter(asyncio.get_running_loop().time, owner.state.form.udp.per_s)
        try:
            owner.opened(self, socket_.address, _opened(socket_, to_all=to_all))
            self._shown()
            async with asyncio.timeout(None) as self._limit:
                await self._read(socket_, self._questions)
        except TimeoutError:
            if self._limit is None or not self._limit.expired():
                raise
            self._quiet(self._questions)
        finally:
            if self._timer is not None:
                self._timer.cancel()
            await socket_.aclose()
            self._shown()

    async def _open(self, target: Target, *, to_all: bool) -> Datagram:
        owner = self._owner
        if to_all:
            return await open_to_everybody(target, owner.transcript, resolver=owner.resolver, way=owner.way)
        return await open_datagram(
            owner.transcript,
            remote=target,
            local=owner.way.local,
            resolver=owner.resolver,
            settings=owner.way.settings,
            hears_all=owner.state.form.udp.strangers,
        )

    async def _read(self, socket_: Datagram, questions: Questions) -> None:
        while socket_.is_open:
            try:
                questions.take(await socket_.receive())
                self._put_off()
            except LinkLost as failure:
                self._owner.complain(failure)
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(TELL_AFTER_S, self._shown)

    def _put_off(self) -> None:
        """Count the quiet time anew."""
        if self._owner.quiet_s is not None and self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time() + self._owner.quiet_s)

    def _quiet(self, questions: Questions) -> None:
        who = len({answer.source for answer in questions.answers if not answer.stranger})
        if not who:
            self._owner.over("warning", "no answer", no_answer(questions.attempts).what)
            return
        s = "" if questions.count == 1 else "s"
        self._owner.over(
            "good",
            "quiet",
            f"{questions.count} answer{s} from {who}, and then quiet for {duration_s(self._owner.quiet_s or 0.0)}",
        )

    async def send(self, data: bytes, channel: int) -> None:
        socket_, questions, owner = self._socket, self._questions, self._owner
        assert socket_ is not None
        assert questions is not None
        if self._limiter is not None and not self._limiter.take():
            limited(socket_, self._limiter)
            self._shown()
            owner.say(
                "warning",
                "held back",
                f"no more than {self._limiter.per_s:g} a second go to everybody; {self._limiter.dropped} held back",
            )
            return
        self._put_off()
        try:
            tries = await questions.ask(data, socket_.asked, owner.retry)
        except TooSlow as silence:
            owner.say("warning", "no answer", silence.what)
            raise
        finally:
            self._shown()
        if owner.retry.wait_s is None:
            owner.say(
                "good", "open", f"{len(data)} octets sent to {socket_.asked}; UDP does not tell of arrival"
            )
            return
        owner.say("good", "answered", f"{socket_.asked} answered the {_ordinal(tries)} attempt")

    def idle_left_s(self, channel: int) -> float | None:
        if self._limit is None or (when := self._limit.when()) is None:
            return None
        return max(0.0, when - asyncio.get_running_loop().time())

    def rule_changed(self) -> None:
        """A client answers nothing by itself."""

    async def stop_listening(self) -> None:
        raise LocalMisuse("a client does not listen", stage="listen")

    def inject(self, injection: Injection | None) -> None:
        """A client has no zones."""

    def _shown(self) -> None:
        self._timer = None
        socket_, questions = self._socket, self._questions
        assert socket_ is not None
        assert questions is not None
        dropped = self._limiter.dropped if self._limiter is not None else 0
        self._owner.answers_are(questions.answers, questions.count, dropped)
        peer = datagram_peer(socket_, socket_.asked, socket_.is_open)
        self._owner.peer_is(replace(peer, received=questions.octets))


class UdpListener(_Datagrams):
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
                owner.peer_is(datagram_peer(socket_, address, False))

    def rule_changed(self) -> None:
        self._reply = self._owner.reply()

    def answer(self, data: bytes) -> bytes | None:
        """By the rule of the moment."""
        return self._reply.answer(data)

    def heard(self, received: Received) -> None:
        self._heard.note(received.source)

    def _tell_peer(self, address: str) -> None:
        assert self._socket is not None
        self._owner.peer_is(datagram_peer(self._socket, address, True))

    def replied(self, received: Received) -> None:
        self.heard(received)

    async def send(self, data: bytes, channel: int) -> None:
        assert self._socket is not None
        address = next(p.address for p in self._owner.state.peers if p.channel == channel)
        check_answer(host_of(address))
        await self._socket.send(data, address)
        self._owner.peer_is(datagram_peer(self._socket, address, True))

    def idle_left_s(self, channel: int) -> float | None:
        return None

    async def stop_listening(self) -> None:
        raise LocalMisuse("UDP has no clients to wait for: close it", stage="listen")

    def inject(self, injection: Injection | None) -> None:
        """Datagrams are served one by one, without zones."""


def _opened(socket_: Datagram, *, to_all: bool) -> str:
    if to_all:
        return f"a UDP socket that may send to everybody ({socket_.asked}) and hears everybody; nothing was sent yet"
    if not socket_.peer:
        return f"a UDP socket that asks {socket_.asked} and hears strangers, too; nothing was sent yet"
    return f"a UDP socket to {socket_.peer}; nothing was sent yet"


def _ordinal(number: int) -> str:
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th")
