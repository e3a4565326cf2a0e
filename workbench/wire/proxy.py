"""Asking a proxy for a way to somebody else: SOCKS5 (RFC 1928) and HTTP's CONNECT (RFC 9110 section 9.3.6).

The dialogue is held on the bare socket, before a stream is made of it, and recorded in a layer of its own ("proxy"), so
that what passes through the tunnel is counted apart. Exactly the dialogue's octets are taken from the socket: a server
that speaks first may have its greeting in the same segment as the proxy's answer. A proxy is a stranger: everything it
says is bounded, everything is under the deadline of the dial, and each failure has the stage "proxy".
"""

import socket
import time
from collections.abc import Awaitable, Callable, Sequence

from workbench.errors import PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.formats import http_connect, socks5
from workbench.formats.proxy_address import LOGIN_ADVICE, Proxy
from workbench.transcript.recorder import Channel
from workbench.wire.faults import translated
from workbench.wire.readiness import Readiness

LAYER = "proxy"
_PEEK_OCTETS = 4096


async def open_tunnel(
    sock: socket.socket, channel: Channel, proxy: Proxy, host: str, port: int, *, deadline: float
) -> None:
    """Have the proxy connect to HOST:PORT; on return the socket leads there.

    Args:
        sock: connected to the proxy, non-blocking; stays the caller's, also on failure.
        host: a name in ASCII, which the proxy looks up, or an address without brackets.
        deadline: of time.monotonic().

    Raises: Refused: the proxy says no, with its code in words; PeerMisbehaved: what it says is no answer, or is cut;
        TooSlow; LinkLost; LocalMisuse: a name or login that the protocol can't carry.
    """
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    channel.fact("proxy.started", proxy=str(proxy), kind=proxy.kind, target=where, login=bool(proxy.user))
    dialogue = _Dialogue(sock, channel, deadline)
    ask = _ask_socks5 if proxy.kind == "socks5" else _ask_http
    try:
        bound = await ask(dialogue, proxy, host, port)
    except WorkbenchError as failure:
        failure.stage = "proxy"
        channel.fact("proxy.failed", proxy=str(proxy), target=where, sentence=failure.what)
        raise
    finally:
        dialogue.close()
    channel.fact("proxy.complete", proxy=str(proxy), target=where, bound=bound)


async def _ask_socks5(dialogue: "_Dialogue", proxy: Proxy, host: str, port: int) -> str:
    request = socks5.encode_request(host, port)
    login = socks5.encode_login(proxy.user, proxy.password) if proxy.user else b""
    offered = (socks5.NO_LOGIN, socks5.USER_PASSWORD) if login else (socks5.NO_LOGIN,)
    await dialogue.send(socks5.encode_greeting(offered))
    method = socks5.decode_choice(await dialogue.exactly(2))
    if method == socks5.NONE_ACCEPTABLE:
        raise Refused(
            f"the proxy {proxy} accepts no login that we offered",
            reply="no acceptable methods (FF)",
            advice="it may know another user" if login else LOGIN_ADVICE,
            source="RFC 1928 section 3",
        )
    if method not in offered:
        name = socks5.METHODS.get(method, f"method {method}")
        raise PeerMisbehaved(
            f"the proxy chose {name}, which was not offered",
            data=bytes((5, method)),
            source="RFC 1928 section 3",
        )
    if method == socks5.USER_PASSWORD:
        await dialogue.send(login, secret=((socks5.password_at(proxy.user), len(login)),))
        if not socks5.decode_login_answer(await dialogue.exactly(2)):
            raise Refused(
                f"the proxy {proxy} does not accept this user and password", source="RFC 1929 section 2"
            )
    await dialogue.send(request)
    head = await dialogue.exactly(socks5.HEAD)
    rest = await dialogue.exactly(socks5.message_size(head) - len(head))
    reply = socks5.decode_reply(head + rest)
    if reply.code != socks5.SUCCEEDED:
        raise Refused(
            f"the proxy {proxy} says: {socks5.words(reply.code)}",
            reply=f"reply {reply.code}",
            advice="" if reply.code in socks5.REPLIES else "look at the proxy's own log",
            source="RFC 1928 section 6",
        )
    return f"[{reply.host}]:{reply.port}" if ":" in reply.host else f"{reply.host}:{reply.port}"


async def _ask_http(dialogue: "_Dialogue", proxy: Proxy, host: str, port: int) -> str:
    request = http_connect.encode_request(host, port, user=proxy.user, password=proxy.password)
    await dialogue.send(request.data, secret=request.secret)
    while True:
        response = http_connect.decode_response(await dialogue.head(http_connect.MAX_HEAD))
        # Interim answers (RFC 9110 section 15.2) come before the one that counts.
        if not 100 <= response.status < 200:
            break
    if response.is_open:
        return ""
    status = f"{response.status} {response.reason}".rstrip()
    asks_login = response.status == 407
    raise Refused(
        f"the proxy {proxy} says {response.status}: {http_connect.words(response.status)}",
        reply=status,
        advice=LOGIN_ADVICE if asks_login and not proxy.user else "",
        source="RFC 9110 section 15.5.8" if asks_login else http_connect.SOURCE,
    )


class _Dialogue:
    """Octets to and from a proxy, recorded, under one deadline; takes from the socket what is asked for and no more."""

    def __init__(self, sock: socket.socket, channel: Channel, deadline: float) -> None:
        self._sock = sock
        self._channel = channel
        self._deadline = deadline
        self._ready = Readiness(sock)
        self._heads = 0

    def close(self) -> None:
        """Leave the socket to whoever comes next."""
        self._ready.close()

    async def send(self, data: bytes, *, secret: Sequence[tuple[int, int]] = ()) -> None:
        """All of it; short enough for the system's buffer, so in one piece unless that is tiny."""
        place = 0
        while place < len(data):
            try:
                taken = self._sock.send(data[place:])
            except (BlockingIOError, InterruptedError):
                await self._in_time(self._ready.writable)
                continue
            except OSError as error:
                raise translated(error, "send") from error
            cut = [(max(a, place) - place, min(b, place + taken) - place) for a, b in secret]
            self._channel.sent(
                data[place : place + taken], layer=LAYER, secret=[(a, b) for a, b in cut if a < b]
            )
            place += taken

    async def exactly(self, count: int) -> bytes:
        """So many octets; fewer where the proxy ended before."""
        data = b""
        while len(data) < count:
            piece = await self._receive(count - len(data))
            if not piece:
                break
            data += piece
        return data

    async def head(self, limit: int) -> bytes:
        """All up to and including an empty line; what there is where the proxy ended before.

        Raises: PeerMisbehaved: no empty line within the limit, or in too many heads together.
        """
        data = b""
        while (room := limit - len(data) - self._heads) > 0:
            waiting = await self._receive(min(room, _PEEK_OCTETS), peek=True)
            end = http_connect.head_end(data + waiting)
            data += await self.exactly(len(waiting) if end < 0 else end - len(data))
            if end >= 0 or not waiting:
                self._heads += len(data)
                return data
        raise PeerMisbehaved(
            f"the proxy's answer has no end within {limit} octets", data=data, source=http_connect.SOURCE
        )

    async def _receive(self, limit: int, *, peek: bool = False) -> bytes:
        while True:
            try:
                data = self._sock.recv(limit, socket.MSG_PEEK if peek else 0)
            except (BlockingIOError, InterruptedError):
                await self._in_time(self._ready.readable)
                continue
            except OSError as error:
                raise translated(error, "receive") from error
            if data and not peek:
                self._channel.received(data, layer=LAYER)
            return data

    async def _in_time(self, ready: Callable[[float], Awaitable[None]]) -> None:
        """Wait until the socket is ready. Raises: TooSlow at the deadline: a proxy may drip octets for ever."""
        left_s = self._deadline - time.monotonic()
        try:
            if left_s > 0:
                return await ready(left_s)
        except TooSlow:
            pass
        raise TooSlow("the proxy did not finish its answer in time", advice="look at the proxy's own log")
