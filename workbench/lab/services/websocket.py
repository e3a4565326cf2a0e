"""WebSocket: an echo of messages, and every way to break the protocol that a client should notice (RFC 6455)."""

from workbench.errors import PeerMisbehaved
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.protocols.websocket.codec import encode_frame
from workbench.protocols.websocket.handshake import MAX_HEAD, answer_to
from workbench.protocols.websocket.machine import WebSocketMachine
from workbench.protocols.websocket.values import BINARY, CLOSE, PING, TEXT, Message

_BYE = b"bye"
_LIES = {
    "masked": encode_frame(TEXT, b"a server that masks", key=b"\1\2\3\4"),
    "bad-utf8": encode_frame(TEXT, b"no UTF-8: \xff\xfe"),
    "reserved-bits": encode_frame(TEXT, b"bits", reserved=4),
    "reserved-opcode": encode_frame(3, b"opcode"),
    "long-ping": encode_frame(PING, b"x" * 126),
    "no-end": encode_frame(TEXT, b"begun", fin=False) + encode_frame(TEXT, b"begun anew"),
    "huge": encode_frame(BINARY, b"")[:1] + b"\x7f" + (1 << 60).to_bytes(8),
}


class WebSocket(TcpService):
    """Each message comes back; the text "bye" makes the server close."""

    async def converse(self, guest: Guest) -> None:
        lie = self.turned.text("lie")
        head, rest = await _read_head(guest)
        if not head:
            return
        if lie == "silent":
            await guest.discard()
            return
        answer = answer_to(head)
        if lie == "no-upgrade":
            answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"
        elif lie == "wrong-key":
            answer = answer.replace(b"Accept: ", b"Accept: x")
        await guest.answer(answer)
        if answer.startswith(b"HTTP/1.1 101"):
            await self._messages(guest, rest, lie)

    async def _messages(self, guest: Guest, data: bytes, lie: str) -> None:
        machine = WebSocketMachine("server")
        while True:
            try:
                for event in machine.receive(data) if data else ():
                    if isinstance(event, Message):
                        await self._echo(guest, machine, event, lie)
            except PeerMisbehaved:
                await guest.answer(machine.take())
                return
            if machine.heard is None or lie != "no-close":
                await guest.answer(machine.take())
            if machine.heard is not None:
                return
            data = await guest.read()
            if not data:
                return

    async def _echo(self, guest: Guest, machine: WebSocketMachine, message: Message, lie: str) -> None:
        if lie in _LIES:
            await guest.answer(_LIES[lie])
            return
        if message.is_text and message.data == _BYE:
            code = self.turned.count("close_code")
            # As asked for, also where the code may not be sent: the client should notice.
            await guest.answer(encode_frame(CLOSE, code.to_bytes(2) + b"you said bye"))
            machine.state = "closing"
            return
        if self.turned.flag("ping"):
            machine.ping(b"before an answer")
        machine.send(message.data, text=message.is_text, fragment=self.turned.count("fragment"))


async def _read_head(guest: Guest) -> tuple[bytes, bytes]:
    """The request up to its empty line, and what came behind it; b"" for none, or one without end."""
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > MAX_HEAD:
            return b"", b""
        piece = await guest.read()
        if not piece:
            return b"", b""
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", rest
