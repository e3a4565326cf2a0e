"""The conversation after the handshake, either side of it: frames to messages, answers to pings, closing (section 5).

Octets in, events out; what has to be sent by the rules waits in `outgoing`. A peer that breaks the rules is told by a
close with the code that fits, and the machine says so.
"""

import codecs
from typing import Final, Literal

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.websocket.codec import FrameReader, encode_close, encode_frame, new_key
from workbench.protocols.websocket.values import (
    BINARY,
    CLOSE,
    CONTINUATION,
    MAX_CONTROL,
    PING,
    PONG,
    TEXT,
    Closed,
    Event,
    Frame,
    Message,
    Role,
)

State = Literal["open", "closing", "closed"]
TABLE: Final[dict[State, tuple[str, ...]]] = {
    "open": ("message", "ping", "pong", "close"),
    "closing": (),
    "closed": (),
}
"""What may be sent in which state. closing: our close is out. closed: both are."""
MAX_MESSAGE: Final = 64 * 1024 * 1024
"""Octets of a message in however many frames; ours."""


class WebSocketMachine:
    """One side.

    Attributes: state: as TABLE has it. outgoing: octets that are owed, taken by `take`. frames: that came, the newest
        call's; heard: the other side's close.
    """

    def __init__(self, role: Role) -> None:
        self.role = role
        self.state: State = "open"
        self.heard: Closed | None = None
        self.frames: tuple[Frame, ...] = ()
        self._reader = FrameReader("server" if role == "client" else "client")
        self._outgoing = bytearray()
        self._owed: bytes | None = None
        self._kind = 0
        self._parts = bytearray()
        self._utf8 = codecs.getincrementaldecoder("utf-8")()

    def take(self) -> bytes:
        """What is to be sent now; it is not kept. The answer to the other side's close is the last of it."""
        if self._owed is not None:
            self._put(CLOSE, self._owed)
            self._owed, self.state = None, "closed"
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    # ---- sending

    def send(self, data: bytes, *, text: bool, fragment: int = 0) -> None:
        """A message, in frames of so many octets. Raises: LocalMisuse: not now; text that is no UTF-8."""
        self._check("message")
        if text:
            try:
                data.decode("utf-8")
            except UnicodeDecodeError as error:
                raise LocalMisuse("a text message is UTF-8, and this is none", stage="frame") from error
        size = fragment or max(1, len(data))
        parts = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
        for number, part in enumerate(parts):
            opcode = (TEXT if text else BINARY) if number == 0 else CONTINUATION
            self._put(opcode, part, fin=number == len(parts) - 1)

    def ping(self, data: bytes = b"") -> None:
        """Ask whether the other side is there. Raises: LocalMisuse: not now, or too much."""
        self._check("ping")
        if len(data) > MAX_CONTROL:
            raise LocalMisuse(f"a ping has at most {MAX_CONTROL} octets", stage="frame")
        self._put(PING, data)

    def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Say that we send no more. Raises: LocalMisuse: not now, or a code that may not be sent."""
        self._check("close")
        self._put(CLOSE, encode_close(code, reason))
        self.state = "closing"

    # ---- receiving

    def receive(self, data: bytes) -> tuple[Event, ...]:
        """Feed octets, cut anywhere; what comes behind the other side's close is nobody's.

        Raises: PeerMisbehaved; the close that tells the other side waits in `take` then.
        """
        if self.heard is not None:
            self.frames = ()
            return ()
        try:
            self.frames = self._reader.feed(data)
            found: list[Event] = []
            for frame in self.frames:
                event = self._received(frame)
                if event is not None:
                    found.append(event)
                if isinstance(event, Closed):
                    break
        except PeerMisbehaved as failure:
            self._fail(1009 if "announces" in failure.what or "larger" in failure.what else 1002)
            raise
        return tuple(found)

    def end(self) -> None:
        """The connection ended. Raises: PeerMisbehaved: no close came before."""
        self.state = "closed"
        if self.heard is None:
            rest = len(self._reader.rest)
            inside = f", in the middle of a frame ({rest} octets of it)" if rest else ""
            raise PeerMisbehaved(
                f"the connection ended without a close{inside}",
                stage="close",
                source="RFC 6455 section 7.1.5",
            )

    def _received(self, frame: Frame) -> Event | None:
        if frame.faults:
            raise PeerMisbehaved(
                f"a {frame.name} frame breaks the rules: {frame.faults[0]}",
                stage="frame",
                data=frame.payload,
                source="RFC 6455 section 5",
            )
        match frame.opcode:
            case 9:
                if self.state == "open":
                    self._put(PONG, frame.payload)
                return None
            case 10:
                return None
            case 8:
                return self._closed(frame)
        return self._part(frame)

    def _closed(self, frame: Frame) -> Closed:
        self.heard = Closed(frame.close_code or 1005, frame.close_reason)
        if self.state == "open":
            # Answered by the next take(): what came before it may be answered first (section 5.5.1).
            self._owed = frame.payload[:2]
        else:
            self.state = "closed"
        return self.heard

    def _part(self, frame: Frame) -> Message | None:
        if (frame.opcode == CONTINUATION) != bool(self._kind):
            what = (
                "goes on with a message that nobody began"
                if not self._kind
                else "begins before the last one ended"
            )
            raise PeerMisbehaved(f"a message {what}", stage="frame", source="RFC 6455 section 5.4")
        self._kind = self._kind or frame.opcode
        if len(self._parts) + len(frame.payload) > MAX_MESSAGE:
            raise PeerMisbehaved(f"a message is larger than {MAX_MESSAGE:,} octets", stage="frame")
        self._parts += frame.payload
        if self._kind == TEXT:
            try:
                # Told at the first octet that is wrong, not at the end of the message (section 8.1).
                self._utf8.decode(frame.payload, final=frame.fin)
            except UnicodeDecodeError as error:
                self._fail(1007)
                raise PeerMisbehaved(
                    "a text message is no UTF-8",
                    stage="frame",
                    data=frame.payload,
                    source="RFC 6455 section 8.1",
                ) from error
        if not frame.fin:
            return None
        message = Message(bytes(self._parts), self._kind == TEXT)
        self._kind = 0
        self._parts.clear()
        self._utf8.reset()
        return message

    # ----

    def _fail(self, code: int) -> None:
        if self.state == "open":
            self._put(CLOSE, encode_close(code))
            self.state = "closing"

    def _put(self, opcode: int, payload: bytes, *, fin: bool = True) -> None:
        self._outgoing += encode_frame(
            opcode, payload, fin=fin, key=new_key() if self.role == "client" else b""
        )

    def _check(self, what: str) -> None:
        if what not in TABLE[self.state]:
            raise LocalMisuse(f"a {what} can't be sent now: the conversation is {self.state}", stage="frame")
