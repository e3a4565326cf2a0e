"""libpq's trace: its lines to messages (direction, octets, name, fields), and the secrets in them.

libpq owns its socket, so its own account is what can be shown: one line a message,

    F <TAB> 42 <TAB> Parse <TAB>  "" "select 1" 0

F from us (frontend), B from the server (backend), the octets of the message, its name, its fields as far as libpq
takes it apart. A line end within a field (a statement of several lines) is written as it is, so a message goes on until
a line begins like a message. It is cut anywhere: what is not whole waits.

Source: PostgreSQL documentation, PQtrace and Message Formats.
"""

import re
from itertools import pairwise
from typing import NamedTuple

MAX_SHOWN = 4096
"""Octets of one message that are kept: a statement of a megabyte would fill the conversation with one line."""
MAX_WAITING = 1024 * 1024
_HEAD = re.compile(rb"([FB])\t(-?\d+)\t([A-Za-z0-9/]+)(?:\t(.*))?\Z", re.DOTALL)
_BEGINS = re.compile(rb"^[FB]\t-?\d+\t[A-Za-z0-9/]+(?=[\t\n])", re.MULTILINE)
_ALL_SECRET = ("PasswordMessage", "SASLInitialResponse", "SASLResponse", "GSSResponse", "CancelRequest")
_KEY = re.compile(rb"\A\s*-?\d+ (.*)\Z", re.DOTALL)


class Message(NamedTuple):
    """One message. is_ours: sent by this program. octets: as libpq counts them. fields: as it writes them."""

    is_ours: bool
    octets: int
    name: str
    fields: bytes

    def line(self) -> bytes:
        """As it is recorded: bounded, with its line end."""
        head = b"%s\t%d\t" % (self.name.encode(), self.octets)
        if len(self.fields) <= MAX_SHOWN:
            return head + self.fields.strip() + b"\n"
        more = len(self.fields) - MAX_SHOWN
        return head + self.fields[:MAX_SHOWN].strip() + b" ... and %d octets of the trace more\n" % more

    def secrets(self) -> list[tuple[int, int]]:
        """What of the line is masked: passwords and what could be tried against them, the key that cancels."""
        line = self.line()
        start = line.index(b"\t", len(self.name) + 1) + 1
        stop = len(line) - 1
        if self.name in _ALL_SECRET and stop > start:
            return [(start, stop)]
        if self.name == "BackendKeyData" and (found := _KEY.match(line[start:stop])) is not None:
            return [(start + found.start(1), stop)]
        return []


class TraceReader:
    """Octets of a trace in, messages out."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are known to be whole: all but the last one. Never raises."""
        self._waiting += data
        begins = [found.start() for found in _BEGINS.finditer(self._waiting)]
        if not begins:
            # No trace of libpq; or so much of one statement that nobody wants to see more of it.
            self._waiting = self._waiting[:MAX_WAITING]
            return []
        found = self._between(begins)
        self._waiting = self._waiting[begins[-1] : begins[-1] + MAX_WAITING]
        return found

    def end(self) -> list[Message]:
        """The trace was flushed: what waits is whole too."""
        found = self.feed(b"")
        last, self._waiting = self._waiting, b""
        message = _message(last)
        return [*found, message] if message is not None else found

    def _between(self, begins: list[int]) -> list[Message]:
        pairs = pairwise(begins)
        found = (_message(self._waiting[start:stop]) for start, stop in pairs)
        return [message for message in found if message is not None]


def _message(line: bytes) -> Message | None:
    found = _HEAD.match(line.rstrip(b"\n"))
    if found is None:
        return None
    way, octets, name, fields = found.groups()
    return Message(way == b"F", int(octets[:12]), name.decode("ascii"), fields or b"")


_FIELD = re.compile(rb'(?:\A|(?<=" ))([A-Za-z]) "(.*?)"(?= [A-Za-z] "| ?\\x00|\Z)', re.DOTALL)


def error_fields(message: Message) -> dict[str, str]:
    """The fields of an ErrorResponse or NoticeResponse by their letters.

    Source: PostgreSQL documentation, Error and Notice Message Fields.
    """
    found = _FIELD.findall(message.fields.strip())
    return {letter.decode(): text.decode("utf-8", "replace") for letter, text in found}
