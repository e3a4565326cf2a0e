"""Ranges of octets, what a file is known by, and how long to wait: their fields, read with bounds.

RFC 9110 sections 8.8 (validators), 10.2.3 (Retry-After), 13.1.5 (If-Range) and 14 (ranges). One range at a time: nobody
needs two to go on with a download.
"""

import re
from typing import Final, NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.protocols.http.head import length_of
from workbench.protocols.http.values import Head

MAX_FIELD: Final = 200
"""Characters of a Content-Range: three numbers of eighteen digits need seventy."""
MAX_TAG: Final = 1024
"""Characters of an ETag that is kept and said again; servers write up to a hundred."""
_SOURCE: Final = "RFC 9110 section 14.4"
_RANGE: Final = re.compile(
    r"bytes +(?:([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)|\*/([0-9]{1,18}))\Z", re.ASCII | re.I
)
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"\Z')
_SECONDS: Final = re.compile(r"[0-9]{1,10}\Z", re.ASCII)
_DATE: Final = re.compile(r"[A-Za-z0-9 ,:\-]{10,40}\Z", re.ASCII)


class ContentRange(NamedTuple):
    """Which octets an answer has, and of how many. first None: none of them (416). total None: nobody knows."""

    first: int | None
    last: int | None
    total: int | None


class Mark(NamedTuple):
    """What a file is known by: the fields of the answer that it began with, each "" where it had none.

    date: when the answer was made; total: octets of the file, None where nobody said; coding: its Content-Encoding.
    """

    etag: str = ""
    modified: str = ""
    date: str = ""
    total: int | None = None
    coding: str = ""

    @property
    def condition(self) -> str:
        """What If-Range says for it; "" where nothing of it is sure enough."""
        if self.etag:
            return "" if self.etag.startswith("W/") else self.etag
        return self.modified if self._has_strong_date else ""

    @property
    def why_no_condition(self) -> str:
        """Why there is none; "" where there is one."""
        if self.condition:
            return ""
        if self.etag:
            return "the server calls its ETag weak: two files may have the same"
        if self.modified:
            return "Last-Modified is no older than the answer: the file may have changed within that second"
        return "the server said neither ETag nor Last-Modified: nobody would notice another file"

    @property
    def _has_strong_date(self) -> bool:
        """RFC 9110 section 8.8.2.2: the answer is at least a second younger than the file."""
        modified, made = read_date(self.modified), read_date(self.date)
        return modified is not None and made is not None and made - modified >= 1


def mark_of(head: Head) -> Mark:
    """What the file of this answer is known by; a tag that is none, or endless, is as good as none.

    Raises: PeerMisbehaved: the Content-Range of a part is none.
    """
    etag = (head.first("etag") or "").strip()
    # Of any other status Content-Range means nothing (section 14.4), whatever it says.
    part = head.first("content-range") if head.status == 206 else None
    total = length_of(head) if head.status == 200 else None
    if part is not None:
        total = read_content_range(part).total
    return Mark(
        etag if len(etag) <= MAX_TAG and _TAG.match(etag) else "",
        (head.first("last-modified") or "").strip()[:MAX_FIELD],
        (head.first("date") or "").strip()[:MAX_FIELD],
        total,
        (head.first("content-encoding") or "").strip().lower()[:MAX_FIELD],
    )


def range_field(start: int) -> str:
    """What Range says for everything from an octet on."""
    return f"bytes={start}-"


def read_content_range(text: str) -> ContentRange:
    """Read a Content-Range. Raises: PeerMisbehaved: it is none, or says what can't be."""
    shown = text[:MAX_FIELD]
    match = _RANGE.match(text.strip()) if len(text) <= MAX_FIELD else None
    if match is None:
        raise _broken(f"Content-Range can't be read: {shown!r}")
    if match[4] is not None:
        return ContentRange(None, None, int(match[4]))
    first, last = int(match[1]), int(match[2])
    total = None if match[3] == "*" else int(match[3])
    if last < first:
        raise _broken(f"Content-Range ends before it begins: {shown!r}")
    if total is not None and total <= last:
        raise _broken(f"Content-Range goes beyond the end of the file: {shown!r}")
    return ContentRange(first, last, total)


def read_date(text: str) -> float | None:
    """Seconds since 1970 of one of HTTP's three forms of a date (RFC 9110 section 5.6.7); None where it is none."""
    if not _DATE.match(text):
        return None
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def read_retry_after(text: str, now_s: float) -> float | None:
    """Seconds to wait, by a number or by a date; 0 for one that is over; None where it is neither.

    Args:
        now_s: seconds since 1970, as this machine believes.
    """
    text = text.strip()
    if _SECONDS.match(text):
        return float(text)
    moment = read_date(text)
    return None if moment is None else max(0.0, moment - now_s)


def _broken(what: str) -> PeerMisbehaved:
    return PeerMisbehaved(what, stage="head", committed="yes", source=_SOURCE)
