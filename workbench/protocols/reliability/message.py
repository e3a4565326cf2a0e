"""One numbered message: a number, a text, and a check of both that nobody on the way computes anew."""

import zlib
from typing import NamedTuple

SIZE = 32
"""Octets of each: over TCP, which keeps no boundaries, that is how they are told apart."""
MAX_NUMBER = 9_999
_CHECK = 8


class Message(NamedTuple):
    """What arrived. number: as it says of itself, None where that is no number; is_whole: its check agrees."""

    number: int | None
    is_whole: bool


def encode(number: int) -> bytes:
    """The octets of a message: `message 0007 ....... 3f9a01bc`. Raises: ValueError outside 0 to MAX_NUMBER."""
    if not 0 <= number <= MAX_NUMBER:
        raise ValueError(f"{number} is no number from 0 to {MAX_NUMBER}")
    body = f"message {number:04} ".encode().ljust(SIZE - _CHECK - 1, b".") + b" "
    return body + _check(body)


def decode(data: bytes) -> Message:
    """A message that came; whatever it is, it is judged and never refused."""
    body, check = data[:-_CHECK], data[-_CHECK:]
    digits = data[8:12]
    number = int(digits) if len(digits) == 4 and digits.isdigit() else None
    return Message(number, len(data) == SIZE and check == _check(body))


def _check(body: bytes) -> bytes:
    return f"{zlib.crc32(body):08x}".encode()
