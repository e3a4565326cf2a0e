"""One connection's octets read as Telnet or as WebSocket, piece by piece, and the answers one can give. No Qt.

Nothing is obeyed and nothing is answered by itself: the rows say what stands there, a person sends.
"""

from time import monotonic
from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.quantity import octets
from workbench.protocols.telnet.codec import TelnetReader, encode, read_option
from workbench.protocols.telnet.explain import of_piece
from workbench.protocols.telnet.machine import refusals
from workbench.protocols.telnet.values import Data, Negotiation, Piece
from workbench.protocols.websocket import handshake
from workbench.protocols.websocket.codec import encode_close, encode_frame, new_key
from workbench.protocols.websocket.explain import of_frame
from workbench.protocols.websocket.frames import FrameFollower
from workbench.protocols.websocket.values import CLOSE, MAX_CONTROL, PING, PONG, TEXT
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

Language = Literal["telnet", "websocket"]
LANGUAGES: Final[dict[Language, str]] = {"telnet": "Telnet", "websocket": "WebSocket"}
MAX_ROWS: Final = 20_000
LOOK_S: Final = 0.004
"""For so long is looked at a time: a stream of nothing but commands has a row for every two octets."""
SLICE: Final = 512
PLAIN_SLICE: Final = 16 * 1024
"""Octets between two looks at the clock; plain text goes by more quickly."""
_UNDER_TLS: Final = "tls"


class Row(NamedTuple):
    """One piece.

    what: as people write it. text: what it means. event: of the transcript. is_plain: text like any, and its octets.
    """

    direction: Direction
    what: str
    text: str
    source: str
    event: int
    is_plain: bool = False
    octets: int = 0


class Decoding:
    """The rows of one connection; grows with look().

    Attributes: rows: in order. fault: why nothing more is read, "" for nothing. is_full: more came than is listed.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self.follow(None, "telnet")

    def follow(self, channel: int | None, language: Language, *, is_server: bool = False) -> None:
        """Begin anew, with another connection or another language."""
        self.channel = channel
        self.language: Language = language
        self.is_server = is_server
        self.rows: list[Row] = []
        self.fault = ""
        self.is_full = False
        self._next = 0
        self._place = 0
        self._is_secure: bool = False
        self._telnet = {Direction.SENT: TelnetReader(), Direction.RECEIVED: TelnetReader()}
        self._frames = FrameFollower(is_server=is_server)
        self._asked: list[Piece] = []
        self._answered = 0

    def look(self) -> bool:
        """Take in what has been recorded since; returns whether there is still more."""
        if self.channel is None or self.is_full:
            return False
        until = monotonic() + LOOK_S
        for event in self._transcript.events(self._next):
            while not self._take(event):
                if monotonic() >= until:
                    return True
            self._next, self._place = event.index + 1, 0
            if monotonic() >= until:
                break
        return self._next < len(self._transcript)

    def _take(self, event: Event) -> bool:
        """Take in a slice of an event; whether that was all of it."""
        if event.kind == "fact":
            self._is_secure = self._is_secure or (
                event.channel == self.channel and event.name == "tls.started"
            )
            return True
        if event.channel != self.channel or event.layer == "proxy":
            return True
        if self._is_secure and event.layer != _UNDER_TLS:
            return True
        data = self._transcript.data(event, self._place, self._place + PLAIN_SLICE)
        if self.language == "websocket" or b"\xff" in data:
            data = data[:SLICE]
        self._place += len(data)
        self._list(event, data)
        return self.is_full or self._place >= event.size

    def _list(self, event: Event, data: bytes) -> None:
        for row in (
            self._telnet_rows(event, data) if self.language == "telnet" else self._frame_rows(event, data)
        ):
            last = self.rows[-1] if self.rows else None
            if last is not None and last.is_plain and row.is_plain and last.event == row.event:
                # Slices of one read: one row, with the octets of all of them.
                size = last.octets + row.octets
                self.rows[-1] = last._replace(text=f"{octets(size)} that mean themselves", octets=size)
            elif len(self.rows) >= MAX_ROWS:
                self.is_full = True
                return
            else:
                self.rows.append(row)

    def _telnet_rows(self, event: Event, data: bytes) -> list[Row]:
        found = []
        for piece in self._telnet[event.direction].feed(data):
            told = of_piece(piece)
            is_plain = isinstance(piece, Data)
            size = len(piece.data) if isinstance(piece, Data) else 0
            found.append(Row(event.direction, told.what, told.text, told.source, event.index, is_plain, size))
            if event.direction is Direction.RECEIVED and isinstance(piece, Negotiation):
                self._asked.append(piece)
        return found

    def _frame_rows(self, event: Event, data: bytes) -> list[Row]:
        found = []
        for passed in self._frames.feed(event, data):
            told = of_frame(passed.frame)
            found.append(Row(passed.direction, told.what, told.text, told.source, passed.event))
        self.fault = self._frames.fault
        return found

    # ---- what a person may send

    @property
    def unanswered(self) -> int:
        """How many wishes came since everything was refused."""
        return len(self._asked) - self._answered

    def refuse_all(self) -> bytes:
        """What says no to every wish that came since the last time. Raises: LocalMisuse: there is none."""
        data = refusals(self._asked[self._answered :])
        self._answered = len(self._asked)
        if not data:
            raise LocalMisuse("nothing was asked for that could be refused", stage="send")
        return data

    def frame(self, kind: Literal["text", "ping", "pong", "close"], text: str = "") -> bytes:
        """A frame as this side sends it: a client masks. Raises: LocalMisuse: too long, or no code."""
        key = b"" if self.is_server else new_key()
        data = text.encode()
        match kind:
            case "text":
                return encode_frame(TEXT, data, key=key)
            case "close":
                code, _, words = text.partition(" ")
                if code and not (code.isascii() and code.isdigit()):
                    raise LocalMisuse(
                        "a close has a code first, like 1000", text=text, start=0, end=len(code)
                    )
                return encode_frame(CLOSE, encode_close(int(code) if code else None, words), key=key)
        if len(data) > MAX_CONTROL:
            raise LocalMisuse(
                f"a {kind} has at most {MAX_CONTROL} octets",
                text=text,
                start=MAX_CONTROL,
                end=len(text),
                stage="frame",
            )
        return encode_frame(PING if kind == "ping" else PONG, data, key=key)


def negotiation(verb: str, option: str) -> bytes:
    """A wish or an answer of Telnet; the option by name or number. Raises: LocalMisuse with the place."""
    return encode(verb, read_option(option))


def greeting(address: str) -> bytes:
    """The request that asks for WebSocket at HOST:PORT or lab:websocket. Raises: LocalMisuse: no such address."""
    return handshake.request(handshake.read_address(address), handshake.new_nonce())
