"""POP3's lines: octets to replies and to what follows them, commands to octets (RFC 1939 section 3).

A letter comes as lines up to one with a dot alone; a dot that begins a line is doubled on the way, and undone here.
A command is refused when its argument would be read as two (CR, LF) or cut short (NUL).
"""

import re

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.pop.values import Command, Octets, Reply

MAX_COMMAND = 255
"""Octets with CRLF (RFC 2449 section 4)."""
MAX_LINE = 8192
"""Octets of a reply's first line: RFC 2449 section 4 has 512; some servers tell longer stories."""
MAX_LISTING = 16 * 1024 * 1024
"""Octets of LIST and UIDL: 200,000 letters."""
MAX_LETTER = 128 * 1024 * 1024
"""Octets of a letter: several times what servers take."""
_FORBIDDEN = {"\r": "CR", "\n": "LF", "\0": "NUL"}
_CODE = re.compile(r"\[([A-Za-z0-9/_.-]{1,64})\] ?")
_END = b"\r\n.\r\n"
_TAIL = len(_END) - 1


def encode(command: Command) -> Octets:
    """A command as it goes over the wire.

    Raises: LocalMisuse: CR, LF or NUL in its argument (RFC 1939 section 3 ends a command at CRLF), or too long.
    """
    if not command.argument:
        return Octets(command.verb.encode("ascii") + b"\r\n")
    check_argument(
        command.argument, "a password" if command.secret else "an argument", is_secret=command.secret
    )
    head = command.verb.encode("ascii") + b" "
    argument = command.argument.encode()
    if len(head) + len(argument) + 2 > MAX_COMMAND:
        raise LocalMisuse(
            f"a command of POP3 has at most {MAX_COMMAND} octets",
            stage="request",
            source="RFC 2449 section 4",
        )
    start = command.argument.rfind(" ") + 1 if command.verb == "APOP" else 0
    shown = len(command.argument[:start].encode())
    secret = ((len(head) + shown, len(head) + len(argument)),) if command.secret else ()
    return Octets(head + argument + b"\r\n", secret)


def check_argument(argument: str, what: str, *, is_secret: bool = False) -> None:
    """Raises: LocalMisuse: it would end a command too early; `what` it is, for the sentence."""
    for place, character in enumerate(argument):
        if character in _FORBIDDEN:
            raise LocalMisuse(
                f"{what} of POP3 can't hold {_FORBIDDEN[character]}: "
                "the rest would be read as a command of its own",
                text="" if is_secret else argument,
                start=None if is_secret else place,
                stage="request",
                source="RFC 1939 section 3",
            )


def read_reply(line: bytes) -> Reply:
    """A reply's first line, without its end. Raises: PeerMisbehaved: it is none."""
    for mark, ok in ((b"+OK", True), (b"-ERR", False)):
        if line == mark or line.startswith(mark + b" "):
            text = line[len(mark) + 1 :].decode("utf-8", "backslashreplace")
            found = _CODE.match(text)
            if found is None:
                return Reply(ok, text)
            return Reply(ok, text[found.end() :], found.group(1).upper())
    raise PeerMisbehaved(
        "this is no reply of POP3: one begins with +OK or -ERR",
        data=line[:64],
        advice="does a POP3 server answer on this port?",
        source="RFC 1939 section 3",
    )


class LinesReader:
    """What follows a yes, cut anywhere, up to the line with the dot; doubled dots are undone.

    Attributes: rest: what came behind the end; done: whether that has come.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0
        # As if a line had ended before: a dot may begin the first one.
        self._held = b"\r\n"
        self._is_first = True
        self.rest = b""
        self.done = False

    def feed(self, data: bytes) -> bytes:
        """The octets that are sure now. Raises: PeerMisbehaved: it has no end."""
        held = self._held + data
        end = held.find(_END)
        if end >= 0:
            self.done = True
            self.rest = held[end + len(_END) :]
            sure, self._held = held[: end + 2], b""
        else:
            cut = max(len(held) - _TAIL, 0)
            # Never between a line's end and the dots that begin the next line.
            for tail in (b"\r\n.", b"\r\n", b"\r"):
                if held[:cut].endswith(tail):
                    cut -= len(tail)
                    break
            sure, self._held = held[:cut], held[cut:]
        plain = sure.replace(b"\r\n..", b"\r\n.")
        if self._is_first and sure:
            # The line end that we put there ourselves.
            plain, self._is_first = plain[2:], False
        self._taken += len(plain)
        if self._taken > self._limit:
            raise PeerMisbehaved(
                f"it goes on for more than {self._limit:,} octets without an end",
                data=data[:64],
                source="RFC 1939 section 3",
            )
        return plain
