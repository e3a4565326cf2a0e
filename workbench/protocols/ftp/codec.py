"""FTP's control connection: octets to replies, commands to octets (RFC 959 sections 4 and 5).

A command is refused when its argument would be read as two (CR, LF) or cut short (NUL). Replies are bounded in the
length of a line, in lines and in octets; telnet's negotiation (RFC 854) is taken out, 255 doubled on the way out.
"""

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.ftp.values import Command, Octets, Reply

MAX_COMMAND = 8192
"""Octets of a command: twice PATH_MAX of Linux."""
MAX_LINE = 8192
"""Octets of a line of a reply; the RFC has no number. The longest in the world are paths, again twice PATH_MAX."""
MAX_LINES = 4096
"""Lines of one reply: STAT on a folder is the longest that servers say."""
MAX_REPLY = 512 * 1024
IAC = 0xFF
_NEGOTIATION = frozenset(range(251, 255))
"""WILL, WONT, DO, DONT: one more octet follows (RFC 854)."""
_FORBIDDEN = {0x0D: "CR", 0x0A: "LF", 0x00: "NUL"}


def encode(command: Command) -> Octets:
    """A command as it goes over the wire.

    Raises: LocalMisuse: CR, LF or NUL in it (RFC 959 section 5.3.2 ends a command at CRLF), or too long.
    """
    if not command.verb.isascii() or not command.verb.isalpha():
        raise LocalMisuse(
            f"{command.verb!r} is no command of FTP", stage="request", source="RFC 959 section 5.3"
        )
    head = command.verb.encode("ascii")
    if command.argument is None:
        return Octets(head + b"\r\n")
    check_argument(command.argument, "an argument")
    argument = command.argument.replace(b"\xff", b"\xff\xff")
    if len(head) + len(argument) + 3 > MAX_COMMAND:
        raise LocalMisuse(f"a command has at most {MAX_COMMAND} octets here", stage="request")
    secret = ((len(head) + 1, len(head) + 1 + len(argument)),) if command.secret and argument else ()
    return Octets(head + b" " + argument + b"\r\n", secret)


def check_argument(argument: bytes, what: str) -> None:
    """Raises: LocalMisuse: the octets would end a command too early; `what` they are, for the sentence."""
    for octet, name in _FORBIDDEN.items():
        at = argument.find(octet)
        if at >= 0:
            raise LocalMisuse(
                f"{what} of FTP can't hold {name} (octet {at + 1}): the rest would be read as a command of its own",
                stage="request",
                source="RFC 959 section 5.3.2",
            )


class ReplyReader:
    """Octets, cut anywhere, to replies."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._code = 0
        self._lines: list[bytes] = []
        self._size = 0

    @property
    def is_within(self) -> bool:
        """Whether a reply has begun and its end has not come."""
        return bool(self._rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that `data` completes, in order.

        Raises: PeerMisbehaved: a line or a reply without end, or a line that begins no reply. Nothing more can be read
            then.
        """
        self._rest += data
        found: list[Reply] = []
        while (end := self._rest.find(b"\n")) >= 0:
            line = bytes(self._rest[:end])
            del self._rest[: end + 1]
            if (reply := self._take(_without_telnet(line.removesuffix(b"\r")))) is not None:
                found.append(reply)
        if len(self._rest) > MAX_LINE:
            raise _broken(f"a line of a reply is longer than {MAX_LINE} octets", bytes(self._rest[:64]))
        return found

    def _take(self, line: bytes) -> Reply | None:
        if len(line) > MAX_LINE:
            raise _broken(f"a line of a reply is longer than {MAX_LINE} octets", line[:64])
        if not self._lines:
            return self._begin(line)
        self._size += len(line)
        if len(self._lines) >= MAX_LINES or self._size > MAX_REPLY:
            raise _broken(
                f"a reply does not end within {MAX_LINES} lines or {MAX_REPLY // 1024} KiB", line[:64]
            )
        # RFC 959 section 4.2: the last line begins with the same code and a space; whatever stands between may look
        # like anything, a line with another code too.
        if line[:3] == b"%03d" % self._code and line[3:4] in (b" ", b""):
            return self._complete((*self._lines, line[4:]))
        if line[:4] == b"%03d-" % self._code:
            # Many servers begin each line so; RFC 959 allows it and means the text behind it.
            line = line[4:]
        self._lines.append(line)
        return None

    def _begin(self, line: bytes) -> Reply | None:
        code = line[:3]
        if not (code.isdigit() and b"100" <= code <= b"599") or line[3:4] not in (b" ", b"-", b""):
            raise _broken("this is no reply of FTP: one begins with three digits", line[:64])
        self._code, self._size = int(code), len(line)
        if line[3:4] == b"-":
            self._lines = [line[4:]]
            return None
        return self._complete((line[4:],))

    def _complete(self, lines: tuple[bytes, ...]) -> Reply:
        self._lines = []
        return Reply(self._code, lines)


def _broken(what: str, data: bytes) -> PeerMisbehaved:
    return PeerMisbehaved(
        what,
        data=data,
        committed="maybe",
        advice="does an FTP server answer on this port?",
        source="RFC 959 section 4.2",
    )


def _without_telnet(line: bytes) -> bytes:
    """The line with telnet's commands taken out (RFC 959 section 5.1 has them on the control connection)."""
    if IAC not in line:
        return line
    kept = bytearray()
    place = 0
    while place < len(line):
        octet = line[place]
        place += 1
        if octet != IAC:
            kept.append(octet)
            continue
        if place < len(line):
            following = line[place]
            place += 2 if following in _NEGOTIATION else 1
            if following == IAC:
                kept.append(IAC)
    return bytes(kept)
