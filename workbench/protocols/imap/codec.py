"""IMAP's lines and literals: octets to responses, commands to octets (RFC 9051 sections 4 and 9; RFC 3501 the same).

A response is a line that literals may interrupt: octets in a number that is announced. Everything a server sends is
bounded, a literal before room is made for it. A command is refused when an argument would be read as another one.
"""

import re
from collections.abc import Callable

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.imap.values import Command, Data, GoAhead, Octets, Response, Status, Text, Value

MAX_LINE = 1024 * 1024
"""Octets of a line; no RFC has a number. A SEARCH that finds 100,000 letters is the longest that is honest."""
MAX_LITERALS = 1000
"""In one response; a letter's BODYSTRUCTURE may have one for each name of an attachment."""
MAX_LITERAL = 1024 * 1024
"""Octets, where no letter is awaited: the four fields of a header that lists have."""
MAX_LETTER = 128 * 1024 * 1024
"""Octets of a letter: several times what servers take."""
MAX_DEPTH = 64
"""Lists within lists: letters within letters have two each."""
_QUOTABLE = re.compile(rb"[\x20-\x7e]{0,900}")
_LITERAL = re.compile(rb"~?\{(\d{1,20})\+?\}\Z")
_TOKEN = re.compile(rb'([()])|"((?:[^"\\]|\\.)*)"|((?:[^\s()"\[]|\[[^\]]*\]|\[)+)|(")')
_FORBIDDEN = {0x0D: "CR", 0x0A: "LF", 0x00: "NUL"}
_CONDITIONS = ("OK", "NO", "BAD", "BYE", "PREAUTH")
_CODE = re.compile(rb"\[([^\s\]]+)(?: ([^\]]*))?\] ?")

Progress = Callable[[int, int], object]


def encode(tag: str, command: Command) -> list[Octets]:
    """A command in pieces; before each but the first the server has to say "+" (RFC 9051 section 4.3).

    Raises: LocalMisuse: CR, LF or NUL in an argument.
    """
    pieces: list[Octets] = []
    line = bytearray(f"{tag} {command.verb}".encode("ascii"))
    secret: list[tuple[int, int]] = []
    for argument in command.arguments:
        data, is_secret = (
            (argument.data, argument.secret) if isinstance(argument, Text) else (argument, False)
        )
        check_argument(data, "a password" if is_secret else "an argument", is_secret=is_secret)
        line += b" "
        if not isinstance(argument, Text) or argument.bare:
            if is_secret:
                secret.append((len(line), len(line) + len(data)))
            line += data
        elif _QUOTABLE.fullmatch(data):
            quoted = data.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            if is_secret:
                secret.append((len(line) + 1, len(line) + 1 + len(quoted)))
            line += b'"' + quoted + b'"'
        else:
            line += b"{%d}\r\n" % len(data)
            pieces.append(Octets(bytes(line), tuple(secret)))
            line, secret = bytearray(data), [(0, len(data))] if is_secret else []
    line += b"\r\n"
    pieces.append(Octets(bytes(line), tuple(secret)))
    return pieces


def check_argument(data: bytes, what: str, *, is_secret: bool = False) -> None:
    """Raises: LocalMisuse: the octets would end a command too early."""
    for place, octet in enumerate(data):
        if octet in _FORBIDDEN:
            raise LocalMisuse(
                f"{what} of IMAP can't hold {_FORBIDDEN[octet]}: the rest would be read as a command of its own",
                text="" if is_secret else data.decode("utf-8", "replace"),
                start=None if is_secret else len(data[:place].decode("utf-8", "replace")),
                stage="request",
                source="RFC 9051 section 4",
            )


class ResponseReader:
    """Octets, cut anywhere, to responses. One at a time: what follows one may have to be thrown away.

    Attributes:
        limit: octets of the largest literal that is taken.
        progress: told how much of a literal is there, and how much it has.
    """

    def __init__(self) -> None:
        self.limit = MAX_LITERAL
        self.progress: Progress | None = None
        self._rest = bytearray()
        self._searched = 0
        self._line_octets = 0
        self._parts: list[bytes] = []
        self._literal: list[bytes] = []
        self._announced = 0
        self._missing = -1

    def feed(self, data: bytes) -> None:
        """Take octets from the server."""
        if self._missing > 0 and not self._rest:
            # The body of a letter does not pass through the buffer of lines.
            taken = data[: self._missing]
            self._take_literal(taken)
            data = data[len(taken) :]
        self._rest += data

    def next(self) -> Response | None:
        """The next response that is there whole.

        Raises: PeerMisbehaved: something without end, or what makes no sense. Nothing more can be read then.
        """
        while True:
            if self._missing > 0:
                if not self._rest:
                    return None
                taken = bytes(self._rest[: self._missing])
                del self._rest[: len(taken)]
                self._take_literal(taken)
                continue
            if self._missing == 0:
                self._parts.append(b"".join(self._literal))
                self._literal, self._missing = [], -1
            end = self._rest.find(b"\n", self._searched)
            if end < 0:
                self._searched = len(self._rest)
                self._check_line(self._searched)
                return None
            line = bytes(self._rest[:end]).removesuffix(b"\r")
            del self._rest[: end + 1]
            self._searched = 0
            self._check_line(len(line))
            self._line_octets += len(line)
            if not self._ends(line):
                continue
            parts, self._parts, self._line_octets = self._parts, [], 0
            return _read(parts)

    def take_rest(self) -> bytes:
        """What has arrived behind the last response, taken away."""
        rest = b"".join((*self._parts, *self._literal, bytes(self._rest)))
        self._rest.clear()
        self._parts, self._literal, self._missing, self._searched, self._line_octets = [], [], -1, 0, 0
        return rest

    def _take_literal(self, data: bytes) -> None:
        self._literal.append(data)
        self._missing -= len(data)
        if self.progress is not None:
            self.progress(self._announced - self._missing, self._announced)

    def _ends(self, line: bytes) -> bool:
        """Whether the response ends with this line; else a literal begins."""
        announced = _LITERAL.search(line)
        if announced is None or _is_status(self._parts[0] if self._parts else line):
            self._parts.append(line)
            return True
        size = int(announced.group(1))
        if size > self.limit:
            raise _broken(
                f"the server announces a literal of {size:,} octets; at most {self.limit:,} are taken here",
                line[-64:],
                "RFC 9051 section 4.3",
            )
        if len(self._parts) >= 2 * MAX_LITERALS:
            raise _broken(f"a response has more than {MAX_LITERALS} literals", line[:64])
        self._parts.append(line[: announced.start()])
        self._announced = self._missing = size
        return False

    def _check_line(self, octets: int) -> None:
        if self._line_octets + octets > MAX_LINE:
            raise _broken(f"a line is longer than {MAX_LINE:,} octets", bytes(self._rest[:64]))


def _is_status(line: bytes) -> bool:
    """Whether it is for people at its end, where braces mean nothing."""
    words = line[:64].split(b" ", 2)
    return line[:1] == b"+" or (len(words) > 1 and words[1].upper().decode("latin-1") in _CONDITIONS)


def _read(parts: list[bytes]) -> Response:
    """A whole response: line, literal, line, literal ... line."""
    head, _, rest = parts[0].partition(b" ")
    if head[:1] == b"+":
        return GoAhead(parts[0][1:].removeprefix(b" "))
    if not head or not rest:
        raise _broken("this is no response of IMAP", parts[0][:64])
    word, _, tail = rest.partition(b" ")
    condition = word.upper().decode("latin-1")
    if condition in _CONDITIONS:
        tag = "" if head == b"*" else head.decode("latin-1")
        return _status(tag, condition, tail)
    if head != b"*":
        raise _broken("this is no response of IMAP: it ends a command without OK, NO or BAD", parts[0][:64])
    number: int | None = None
    if word.isdigit() and len(word) <= 10:
        number = int(word)
        word, _, tail = tail.partition(b" ")
    return Data(word.upper().decode("latin-1"), number, _values([tail, *parts[1:]]))


def _status(tag: str, condition: str, text: bytes) -> Status:
    code, arguments = "", b""
    if found := _CODE.match(text):
        code = found.group(1).upper().decode("latin-1")
        arguments = found.group(2) or b""
        text = text[found.end() :]
    words = text.decode("utf-8", "backslashreplace")
    return Status(tag, condition, words, code, _lenient(arguments))  # type: ignore[arg-type]  # one of the five


def _lenient(arguments: bytes) -> tuple[Value, ...]:
    try:
        return _values([arguments])
    except PeerMisbehaved:
        # Only words for us; the response itself counts.
        return (arguments,)


def _values(parts: list[bytes]) -> tuple[Value, ...]:
    """The data of a response: tokens of each line, literals between them."""
    stack: list[list[Value]] = [[]]
    for at, part in enumerate(parts):
        if at % 2:
            stack[-1].append(part)
            continue
        for bracket, quoted, atom, lone in _TOKEN.findall(part):
            if atom:
                stack[-1].append(None if atom.upper() == b"NIL" else atom)
            elif bracket == b"(":
                if len(stack) > MAX_DEPTH:
                    raise _broken(f"lists stand within lists more than {MAX_DEPTH} deep", part[:64])
                stack.append([])
            elif bracket:
                if len(stack) == 1:
                    raise _broken("a list ends that never began", part[:64])
                inner = tuple(stack.pop())
                stack[-1].append(inner)
            elif lone:
                raise _broken("a quotation mark is never closed", part[:64])
            else:
                stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted) if b"\\" in quoted else quoted)
    if len(stack) > 1:
        raise _broken("a list never ends", parts[0][:64])
    return tuple(stack[0])


def _broken(what: str, data: bytes, source: str = "RFC 9051 section 9") -> PeerMisbehaved:
    return PeerMisbehaved(what, data=data, advice="does an IMAP server answer on this port?", source=source)
