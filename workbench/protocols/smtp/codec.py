"""SMTP's lines: octets to replies, commands to octets (RFC 5321 sections 4.1 and 4.2).

A command is refused when its argument would be read as two (CR, LF) or cut short (NUL). Replies are bounded in the
length of a line and in lines; every line of a reply has to have the same code.
"""

import re

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.smtp.values import Command, Octets, Reply

MAX_COMMAND = 12_288
"""Octets of a line: 512 by RFC 5321 section 4.5.3.1.4, longer by extensions; RFC 4954 section 4 has 12,288."""
MAX_LINE = 16_384
"""Octets of a line of a reply. RFC 5321 section 4.5.3.1.5 has 512; challenges of AUTH are longer."""
MAX_LINES = 256
"""Lines of one reply: HELP is the longest that servers say."""
_FORBIDDEN = {0x0D: "CR", 0x0A: "LF", 0x00: "NUL"}
_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})(?= |\Z)")


def encode(command: Command) -> Octets:
    """A command as it goes over the wire.

    Raises: LocalMisuse: CR, LF or NUL in it (RFC 5321 section 2.3.8 ends a command at CRLF), or too long.
    """
    head = command.verb.encode("ascii")
    if command.argument is None:
        return Octets(head + b"\r\n")
    check_argument(command.argument, "an argument")
    if head:
        head += b" "
    data = head + command.argument + b"\r\n"
    if len(data) > MAX_COMMAND:
        raise LocalMisuse(f"a command has at most {MAX_COMMAND:,} octets here", stage="request")
    secret: tuple[tuple[int, int], ...] = ()
    if command.secret_from is not None and command.secret_from < len(command.argument):
        secret = ((len(head) + command.secret_from, len(data) - 2),)
    return Octets(data, secret)


def check_argument(argument: bytes, what: str) -> None:
    """Raises: LocalMisuse: the octets would end a command too early; `what` they are, for the sentence."""
    for place, octet in enumerate(argument):
        if octet in _FORBIDDEN:
            raise LocalMisuse(
                f"{what} of SMTP can't hold {_FORBIDDEN[octet]}: the rest would be read as a command of its own",
                text=argument.decode("utf-8", "replace"),
                start=len(argument[:place].decode("utf-8", "replace")),
                stage="request",
                source="RFC 5321 section 2.3.8",
            )


class ReplyReader:
    """Octets, cut anywhere, to replies. One at a time: what follows a reply may have to be thrown away."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._code = 0
        self._lines: list[bytes] = []
        self._searched = 0

    def feed(self, data: bytes) -> None:
        """Take octets from the server."""
        self._rest += data

    def next(self) -> Reply | None:
        """The next reply that is there whole.

        Raises: PeerMisbehaved: a line or a reply without end, or one that makes no sense. Nothing more is read then.
        """
        while True:
            end = self._rest.find(b"\n", self._searched)
            if end < 0:
                self._searched = len(self._rest)
                if self._searched > MAX_LINE:
                    raise _broken(
                        f"a line of a reply is longer than {MAX_LINE:,} octets", bytes(self._rest[:64])
                    )
                return None
            line = bytes(self._rest[:end])
            del self._rest[: end + 1]
            self._searched = 0
            if (reply := self._take(line.removesuffix(b"\r"))) is not None:
                return reply

    def take_rest(self) -> bytes:
        """What has arrived behind the last reply, taken away."""
        rest = b"".join(b"%03d-%s\r\n" % (self._code, line) for line in self._lines) + bytes(self._rest)
        self._rest.clear()
        self._lines, self._searched = [], 0
        return rest

    def _take(self, line: bytes) -> Reply | None:
        if len(line) > MAX_LINE:
            raise _broken(f"a line of a reply is longer than {MAX_LINE:,} octets", line[:64])
        code, mark = line[:3], line[3:4]
        if not (code.isdigit() and b"200" <= code <= b"599") or mark not in (b" ", b"-", b""):
            raise _broken("this is no reply of SMTP: one begins with three digits", line[:64])
        if self._lines and int(code) != self._code:
            raise _broken(f"a reply began with {self._code} and goes on with {int(code)}", line[:64])
        if len(self._lines) >= MAX_LINES:
            raise _broken(f"a reply does not end within {MAX_LINES} lines", line[:64])
        self._code = int(code)
        self._lines.append(line[4:])
        if mark == b"-":
            return None
        lines, self._lines = tuple(self._lines), []
        return Reply(self._code, lines, _enhanced(self._code, lines[0]))


def _enhanced(code: int, line: bytes) -> str:
    """The enhanced code at the beginning of a reply's text; "" for none, and for one of another class (RFC 2034 4)."""
    found = _ENHANCED.match(line)
    if found is None or int(line[:1]) != code // 100:
        return ""
    return found.group(1).decode()


def _broken(what: str, data: bytes) -> PeerMisbehaved:
    return PeerMisbehaved(
        what, data=data, advice="does an SMTP server answer on this port?", source="RFC 5321 section 4.2"
    )
