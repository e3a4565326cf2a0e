"""Range and If-Range as a server reads them: one range of octets, or all (RFC 9110 sections 13.1.5 and 14)."""

import re
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from workbench.lab.services.http.request import Asked

UNIT = "bytes"
_ONE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*\Z", re.ASCII | re.IGNORECASE)
MAX_DATE = 64
"""Characters; the longest of the three forms has 33 (RFC 9110 section 5.6.7)."""


class Part(NamedTuple):
    """Octets from `first` to `last`, both among them. first > last: none can be given (416)."""

    first: int
    last: int

    @property
    def is_none(self) -> bool:
        """Whether no octet of the file is among them."""
        return self.first > self.last


NONE = Part(1, 0)


def wanted(asked: Asked, size: int, etag: str, modified: str) -> Part | None:
    """The part of a file that is asked for; None: all of it, as nobody asked for less or may have it."""
    text = asked.field("range")
    # Section 14.2: of a method other than GET the field is ignored, and so is one that can't be understood.
    if not text or asked.method != "GET" or not _still_holds(asked.field("if-range"), etag, modified):
        return None
    match = _ONE.match(text)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        length = min(int(match[2]), size)
        return Part(size - length, size - 1) if length else NONE
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    if match[2] and int(match[2]) < first:
        # Section 14.1.1: such a range is invalid, and an invalid one is ignored.
        return None
    return Part(first, last) if first < size else NONE


def _still_holds(condition: str, etag: str, modified: str) -> bool:
    """Whether what the client has a part of is what stands here (section 13.1.5)."""
    if not condition:
        return True
    if condition.startswith(('"', "W/")):
        # Strong comparison: a weak tag is equal to nothing, not even to itself (section 8.8.3.2).
        return not condition.startswith("W/") and not etag.startswith("W/") and condition == etag
    return bool(modified) and _date(condition) == _date(modified) != ""


def _date(text: str) -> str:
    try:
        return parsedate_to_datetime(text[:MAX_DATE]).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
