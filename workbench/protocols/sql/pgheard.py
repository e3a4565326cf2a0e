"""What a server says in clear before anybody is logged in, looked at before libpq reads it.

libpq throws away what it could not read to its end, and says only that the connection was closed: a garbled answer
and none at all would be the same. Nothing is taken from the socket here.
"""

import struct

from workbench.wire.peek import peek

MAX_HEARD = 4096
"""Octets that are kept: the messages of a login are shorter."""
MAX_SHOWN = 64
_HEAD = struct.Struct("!cI")
_KINDS = frozenset(b"RSKZENv")
"""Of the messages that may come before the first statement."""


class Heard:
    """The beginning of what a server said."""

    def __init__(self) -> None:
        self._data = b""

    def look(self, descriptor: int) -> None:
        """Look at what waits at a socket; it stays there."""
        if len(self._data) < MAX_HEARD:
            self._data += peek(descriptor, MAX_HEARD)

    @property
    def broken(self) -> bytes:
        """The octets from where they are no whole message any more; b"" where all are."""
        return _unread(self._data)[:MAX_SHOWN]


def _unread(data: bytes) -> bytes:
    # N alone is a whole answer to the question for TLS, and the beginning of a NoticeResponse as well.
    if data[:1] in (b"N", b"S") and (len(data) == 1 or data[1:2] not in (b"\0",)):
        data = data[1:]
    while len(data) >= _HEAD.size:
        kind, length = _HEAD.unpack_from(data)
        if kind[0] not in _KINDS or not 4 <= length < len(data):
            return data
        data = data[1 + length :]
    return data
