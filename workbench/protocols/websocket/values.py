"""Frames, messages and close codes of WebSocket (RFC 6455 sections 5.2 and 7.4)."""

from typing import Final, Literal, NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
Role = Literal["client", "server"]


class Known(NamedTuple):
    """A name, a sentence, and where it is said."""

    name: str
    text: str
    source: str


OPCODES: Final[dict[int, Known]] = {
    CONTINUATION: Known("continuation", "goes on with the message that a frame before began", "RFC 6455 5.4"),
    TEXT: Known("text", "a message in UTF-8, or its beginning", "RFC 6455 5.6"),
    BINARY: Known("binary", "a message of octets, or its beginning", "RFC 6455 5.6"),
    CLOSE: Known("close", "the sender sends no more; the other side answers alike", "RFC 6455 5.5.1"),
    PING: Known("ping", "are you there? The answer is a pong with the same octets", "RFC 6455 5.5.2"),
    PONG: Known("pong", "the answer to a ping, or a sign of life", "RFC 6455 5.5.3"),
}
CLOSE_CODES: Final[dict[int, Known]] = {
    1000: Known("normal", "all was said", "RFC 6455 7.4.1"),
    1001: Known("going away", "the server stops, or the page was left", "RFC 6455 7.4.1"),
    1002: Known("protocol error", "the other side broke the protocol", "RFC 6455 7.4.1"),
    1003: Known("unacceptable data", "a kind of message that this side does not take", "RFC 6455 7.4.1"),
    1005: Known("no code", "the close named none; this number never stands in a frame", "RFC 6455 7.4.1"),
    1006: Known(
        "no close", "the connection ended without one; this number never stands in a frame", "RFC 6455 7.4.1"
    ),
    1007: Known("bad data", "text that is no UTF-8", "RFC 6455 7.4.1"),
    1008: Known("policy", "a message against the rules of this side", "RFC 6455 7.4.1"),
    1009: Known("too big", "a message larger than this side takes", "RFC 6455 7.4.1"),
    1010: Known(
        "extension missing", "the client needs one that the server did not agree to", "RFC 6455 7.4.1"
    ),
    1011: Known("server error", "the server could not do it", "RFC 6455 7.4.1"),
    1015: Known("no TLS", "the TLS handshake failed; this number never stands in a frame", "RFC 6455 7.4.1"),
}
NEVER_SENT: Final = (1005, 1006, 1015)
"""Codes that a program tells its owner, and no frame may hold."""
MAX_CONTROL: Final = 125
"""Octets of a control frame's payload: RFC 6455 section 5.5."""


class Frame(NamedTuple):
    """One frame as it stands in the stream.

    reserved: the three bits RSV1 to RSV3 as a number, 0 unless an extension was agreed on. key: of the mask, b""
    without one. payload: without its mask. size: of all of it. start, stop: its place in the stream.
    faults: how it breaks the rules, in words.
    """

    fin: bool
    opcode: int
    payload: bytes
    key: bytes = b""
    reserved: int = 0
    size: int = 0
    start: int = 0
    stop: int = 0
    faults: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of its opcode; the number where it has none."""
        known = OPCODES.get(self.opcode)
        return known.name if known is not None else f"opcode {self.opcode}"

    @property
    def is_control(self) -> bool:
        """Close, ping and pong; also those opcodes that are kept for more of them."""
        return self.opcode >= 8

    @property
    def close_code(self) -> int | None:
        """Of a close: its code, 1005 where it names none; None for other frames."""
        if self.opcode != CLOSE:
            return None
        return int.from_bytes(self.payload[:2]) if len(self.payload) >= 2 else 1005

    @property
    def close_reason(self) -> str:
        """Of a close: its words."""
        return self.payload[2:].decode("utf-8", "replace") if self.opcode == CLOSE else ""


class Message(NamedTuple):
    """A whole message; text: whether it is one."""

    data: bytes
    is_text: bool


class Closed(NamedTuple):
    """The other side said that it sends no more."""

    code: int
    reason: str


Event = Message | Closed


def close_meaning(code: int) -> str:
    """What a close code means, few words."""
    known = CLOSE_CODES.get(code)
    if known is not None:
        return f"{known.name}: {known.text}"
    if 3000 <= code <= 3999:
        return "registered with IANA by some library or framework"
    if 4000 <= code <= 4999:
        return "private: what it means these two programs know"
    return "no code that may be used"
