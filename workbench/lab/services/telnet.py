"""Telnet: it negotiates options first, says what it made of the answers, and then repeats lines (RFC 854).

An echo that the client agreed to comes octet by octet, as a terminal needs it; else each line is answered whole.
"""

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.protocols.telnet.codec import TelnetReader, encode, encode_parameters, escaped
from workbench.protocols.telnet.machine import Negotiator
from workbench.protocols.telnet.values import Data, Negotiation, Subnegotiation, option_name

ECHO, GO_AHEAD, TERMINAL, WINDOW = 1, 3, 24, 31
MAX_LINE = 512
_SEND = b"\x01"


class Telnet(TcpService):
    """Each client has its own options and its own line."""

    async def converse(self, guest: Guest) -> None:
        talk = _Talk(self.turned.text("asks"))
        await guest.answer(talk.begin())
        reader = TelnetReader()
        while not talk.is_over and (data := await guest.read()):
            answer = b"".join(talk.receive(piece) for piece in reader.feed(data))
            if answer:
                await guest.answer(answer)


class _Talk:
    def __init__(self, asks: str) -> None:
        self.is_over = False
        self._asks = asks
        self._options = Negotiator(ours=(ECHO, GO_AHEAD), theirs=(GO_AHEAD, TERMINAL, WINDOW))
        self._line = bytearray()

    def begin(self) -> bytes:
        """What the server says first."""
        words = b"Telnet of the Lab. Type a line, or BYE.\r\n"
        match self._asks:
            case "nothing":
                return words
            case "odd":
                # A command that is none, an option that has no name, parameters of nothing, octet 255 itself.
                return (
                    b"\xff\x0a"
                    + encode("DO", 200)
                    + encode_parameters(200, b"\xff\0")
                    + escaped(b"\xff")
                    + words
                )
            case "half":
                self.is_over = True
                return words + b"\xff\xfb"
            case "endless":
                return b"\xff\xfa\x18" + b"x" * 100_000 + words
        ask = self._options.ask
        return ask("us", ECHO) + ask("us", GO_AHEAD) + ask("them", TERMINAL) + ask("them", WINDOW) + words

    def receive(self, piece: object) -> bytes:
        """The answer to a piece."""
        match piece:
            case Negotiation():
                answer = self._options.receive(piece)
                return answer + self._told(piece)
            case Subnegotiation():
                return self._line_of(
                    f"you sent parameters of {option_name(piece.option)}: {piece.data.hex(' ')}"
                )
            case Data():
                return b"".join(self._typed(octet) for octet in piece.data)
        return b""

    def _told(self, piece: Negotiation) -> bytes:
        yes = piece.verb in ("DO", "WILL")
        words = self._line_of(f"you say {piece.verb} {option_name(piece.option)}")
        if yes and piece.verb == "WILL" and piece.option == TERMINAL:
            words += encode_parameters(TERMINAL, _SEND)
        return words

    def _typed(self, octet: int) -> bytes:
        echo = escaped(bytes((octet,))) if self._options.state("us", ECHO) == "YES" else b""
        if octet in (0, 0x0A) and not self._line:
            return b""
        if octet not in (0x0D, 0x0A):
            if len(self._line) < MAX_LINE:
                self._line.append(octet)
            return echo
        line = bytes(self._line)
        self._line.clear()
        if line.strip().upper() == b"BYE":
            self.is_over = True
            return b"\r\ngoodbye\r\n" if echo else b"goodbye\r\n"
        return (b"\r\n" if echo else b"") + b"you typed: " + escaped(line) + b"\r\n"

    def _line_of(self, text: str) -> bytes:
        return f"[{text}]\r\n".encode()
