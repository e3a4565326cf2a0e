"""Frames of WebSocket to values and back, cut anywhere, bounded (RFC 6455 section 5.2).

What breaks the rules is read all the same and named in the frame: a person who looks wants to see it. Whether the
conversation goes on is the machine's business.
"""

import os
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.websocket.values import CLOSE, MAX_CONTROL, NEVER_SENT, OPCODES, Frame, Role

MAX_FRAME: Final = 16 * 1024 * 1024
"""Octets of a payload that is kept; ours: a header can promise 2 to the 63rd."""


class _Head(NamedTuple):
    first: int
    key: bytes
    size: int
    octets: int
    is_minimal: bool


class FrameReader:
    """Octets in, frames out.

    Args:
        sender: who sends these: a client masks, a server does not (section 5.1).
        limit: octets of a payload.
    """

    def __init__(self, sender: Role, *, limit: int = MAX_FRAME) -> None:
        self._sender = sender
        self._limit = limit
        self._rest = bytearray()
        self._at = 0

    @property
    def rest(self) -> bytes:
        """What is there of a frame that is not whole yet."""
        return bytes(self._rest)

    def feed(self, data: bytes) -> tuple[Frame, ...]:
        """The frames that these octets complete. Raises: PeerMisbehaved: one is larger than is kept."""
        self._rest += data
        found = []
        while (frame := self._next()) is not None:
            found.append(frame)
        return tuple(found)

    def _next(self) -> Frame | None:
        head = _read_head(self._rest)
        if head is None:
            return None
        if head.size > self._limit:
            raise PeerMisbehaved(
                f"a frame announces {head.size:,} octets; {self._limit:,} are the most that we take",
                stage="frame",
                data=bytes(self._rest[: head.octets]),
                source="RFC 6455 section 10.4",
            )
        stop = head.octets + head.size
        if len(self._rest) < stop:
            return None
        payload = bytes(self._rest[head.octets : stop])
        del self._rest[:stop]
        start, self._at = self._at, self._at + stop
        opcode, fin, reserved = head.first & 15, bool(head.first & 128), head.first >> 4 & 7
        frame = Frame(fin, opcode, masked(payload, head.key), head.key, reserved, head.size, start, self._at)
        return frame._replace(faults=tuple(_faults(frame, head, self._sender)))


def _read_head(data: bytearray) -> _Head | None:
    if len(data) < 2:
        return None
    size, at = data[1] & 127, 2
    is_minimal = True
    for mark, width, least in ((126, 2, 126), (127, 8, 65_536)):
        if size == mark:
            at += width
            if len(data) < at:
                return None
            size = int.from_bytes(data[2:at])
            is_minimal = size >= least and size < 1 << 63
            break
    key = b""
    if data[1] & 128:
        at += 4
        if len(data) < at:
            return None
        key = bytes(data[at - 4 : at])
    return _Head(data[0], key, size, at, is_minimal)


def _faults(frame: Frame, head: _Head, sender: Role) -> list[str]:
    found = []
    if frame.opcode not in OPCODES:
        found.append(f"opcode {frame.opcode} is reserved")
    if frame.reserved:
        found.append(f"reserved bits {frame.reserved:03b} are set, and no extension was agreed on")
    if sender == "client" and not frame.key:
        found.append("a client masks every frame")
    if sender == "server" and frame.key:
        found.append("a server masks no frame")
    if not head.is_minimal:
        found.append("its length is written longer than need be")
    if frame.is_control and not frame.fin:
        found.append("a control frame is never fragmented")
    if frame.is_control and frame.size > MAX_CONTROL:
        found.append(f"a control frame has at most {MAX_CONTROL} octets")
    if frame.opcode == CLOSE:
        found += _close_faults(frame)
    return found


def _close_faults(frame: Frame) -> list[str]:
    if len(frame.payload) == 1:
        return ["a close has two octets of code, or none"]
    code = frame.close_code or 0
    if frame.payload and (code < 1000 or code in (1004, *NEVER_SENT) or 1016 <= code <= 2999 or code > 4999):
        return [f"{code} may not stand in a close"]
    try:
        frame.payload[2:].decode("utf-8")
    except UnicodeDecodeError:
        return ["the words of a close are no UTF-8"]
    return []


def masked(payload: bytes, key: bytes) -> bytes:
    """The payload with its mask put on, or taken off: the same (section 5.3). Source: RFC 6455 section 5.3."""
    if not key or not payload:
        return payload
    size = len(payload)
    whole = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(whole)).to_bytes(size)


def new_key() -> bytes:
    """A mask that nobody can foresee (section 10.3)."""
    return os.urandom(4)


def encode_frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, key: bytes = b"", reserved: int = 0
) -> bytes:
    """A frame, right or wrong as asked for. Raises: LocalMisuse: what no header can say."""
    if not (0 <= opcode <= 15 and 0 <= reserved <= 7 and len(key) in (0, 4)):
        raise LocalMisuse("no frame has such a header", stage="frame")
    first = fin << 7 | reserved << 4 | opcode
    mask = 128 if key else 0
    size = len(payload)
    if size < 126:
        head = bytes((first, mask | size))
    elif size < 65_536:
        head = bytes((first, mask | 126)) + size.to_bytes(2)
    else:
        head = bytes((first, mask | 127)) + size.to_bytes(8)
    return head + key + masked(payload, key)


def encode_close(code: int | None = 1000, reason: str = "") -> bytes:
    """The payload of a close. Raises: LocalMisuse: a code that may not stand there, or words that are too long."""
    if code is None:
        if reason:
            raise LocalMisuse("a close without a code has no words", stage="frame")
        return b""
    payload = code.to_bytes(2) if 0 <= code <= 65_535 else b"\0"
    faults = _close_faults(Frame(True, CLOSE, payload))
    if faults:
        raise LocalMisuse(
            faults[0],
            stage="frame",
            advice="1000 is the usual one; 4000 to 4999 are your own",
            source="RFC 6455 7.4",
        )
    words = reason.encode()
    if len(words) > MAX_CONTROL - 2:
        raise LocalMisuse(f"the words of a close have at most {MAX_CONTROL - 2} octets", stage="frame")
    return payload + words
