"""Greet: the server speaks first, then answers line by line; a first protocol to speak by hand.

Every answer is one line that begins with +OK or -ERR, as in POP3 (RFC 1939 section 3); help alone has several, ended
by a line with a single dot. Lines from the client end in LF or CRLF and are taken as UTF-8 where they are.
"""

from collections.abc import Callable

from workbench.lab.guest import Guest, GuestLine
from workbench.lab.service import TcpService

MAX_LINE = 512
"""Octets of a command, as in RFC 5321 section 4.5.3.1.4: twenty times what one needs here."""
_MAX_NUMBER_DIGITS = 30

HELP = (
    b"HELLO name     say who you are",
    b"SAY text       have it said back",
    b"REVERSE text   the same from the end",
    b"ADD a b        the sum of two whole numbers",
    b"COUNT          how many lines you sent",
    b"HELP           this list",
    b"QUIT           the end",
)


class Greet(TcpService):
    """Each client has its own dialogue."""

    async def converse(self, guest: Guest) -> None:
        await guest.answer(f"+OK {self.turned.text('greeting')}\r\n".encode())
        dialogue = Dialogue()
        while not dialogue.is_over and (line := await guest.read_line(MAX_LINE)) is not None:
            await guest.answer(dialogue.receive(line))


class Dialogue:
    """What was said so far; lines in, answers out."""

    def __init__(self) -> None:
        self.is_over = False
        self._name = b""
        self._lines = 0
        self._verbs: dict[bytes, Callable[[bytes], bytes]] = {
            b"HELLO": self._hello,
            b"SAY": self._say,
            b"REVERSE": self._reverse,
            b"ADD": self._add,
            b"COUNT": self._count,
            b"HELP": self._help,
            b"QUIT": self._quit,
        }

    def receive(self, line: GuestLine) -> bytes:
        """The answer to one line, with its CRLF."""
        self._lines += 1
        if line.too_long:
            return b"-ERR a line has at most %d octets; the rest of yours was thrown away\r\n" % MAX_LINE
        verb, _, rest = line.text.strip().partition(b" ")
        answer = self._verbs.get(verb.upper(), self._unknown)
        return answer(rest.strip()) + b"\r\n"

    def _hello(self, rest: bytes) -> bytes:
        if not rest:
            return b"-ERR HELLO needs your name behind it"
        self._name = rest
        return b"+OK hello, %s" % rest

    def _say(self, rest: bytes) -> bytes:
        return b"+OK %s: %s" % (self._name or b"somebody", rest)

    def _reverse(self, rest: bytes) -> bytes:
        try:
            return b"+OK " + rest.decode()[::-1].encode()
        except UnicodeDecodeError:
            return b"-ERR that is no UTF-8"

    def _add(self, rest: bytes) -> bytes:
        words = rest.split()
        if len(words) != 2 or not all(_is_number(word) for word in words):
            return b"-ERR ADD needs two whole numbers of at most %d digits" % _MAX_NUMBER_DIGITS
        return b"+OK %d" % (int(words[0]) + int(words[1]))

    def _count(self, _rest: bytes) -> bytes:
        return b"+OK %d" % self._lines

    def _help(self, _rest: bytes) -> bytes:
        return b"\r\n".join((b"+OK these are the commands", *HELP, b"."))

    def _quit(self, _rest: bytes) -> bytes:
        self.is_over = True
        return b"+OK goodbye, %s" % self._name if self._name else b"+OK goodbye"

    def _unknown(self, _rest: bytes) -> bytes:
        return b"-ERR I know HELLO, SAY, REVERSE, ADD, COUNT, HELP and QUIT"


def _is_number(word: bytes) -> bool:
    digits = word.removeprefix(b"-")
    return digits.isdigit() and len(digits) <= _MAX_NUMBER_DIGITS
