"""A line as `ls -l` prints it, which most servers' LIST does: rights, links, owner, group, size, date, name.

Read by columns and not by blanks: exactly one blank stands before the name, so that a name keeps those it begins and
ends with. A date without a year is the latest that lies not more than a day ahead.
"""

import re
from datetime import datetime, timedelta

from workbench.protocols.ftp.replies import MAX_SIZE
from workbench.protocols.ftp.values import Entry, Kind, text_of

_KINDS: dict[bytes, Kind] = {b"-": "file", b"d": "folder", b"l": "link"}
_MONTHS = {name: at for at, name in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_LINE = re.compile(
    rb"(?P<kind>[-dlbcpsD])(?P<rights>[-rwxsStTlL]{9})[+.@]?\s+"
    rb"(?:\d+\s+)?"
    rb"(?P<owner>\S+)\s+(?:(?P<group>\S+)\s+)?"
    rb"(?P<size>\d+|\d+,\s*\d+)\s+"
    rb"(?:(?P<month>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?P<when>\d{1,2}:\d\d|\d{4})"
    rb"|(?P<iso>\d{4}-\d\d-\d\d)\s+(?P<clock>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:\s[+-]\d{4})?)"
    rb" (?P<name>.+)",
    re.DOTALL,
)
_AHEAD = timedelta(days=1)
"""The server's clock may be in another zone than ours: so far ahead is still this year."""


def is_total(line: bytes) -> bool:
    """Whether it is the first line of `ls -l`: "total 22"."""
    word, _, number = line.strip().partition(b" ")
    return word.lower() == b"total" and number.strip().isdigit()


def read_unix(line: bytes, now: datetime) -> Entry | None:
    """The entry of a line; None: it is not of this kind.

    Args:
        now: for dates without a year.
    """
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    kind = _KINDS.get(found["kind"], "other")
    name, target = found["name"], b""
    if kind == "link":
        # A name may hold an arrow too; the first one is taken, as every client does, and the raw line is kept.
        name, _, target = name.partition(b" -> ")
    size = found["size"]
    modified, guessed = _modified(found, now)
    if modified is None or not name:
        return None
    return Entry(
        name,
        kind,
        int(size) if kind != "other" and len(size) < 20 and int(size) <= MAX_SIZE else None,
        modified,
        target,
        text_of(found["rights"]),
        text_of(found["owner"]),
        (),
        "unix",
        line,
        guessed,
    )


def _modified(found: "re.Match[bytes]", now: datetime) -> tuple[str | None, str]:
    """The time in the server's own zone, which LIST does not tell, and what had to be guessed; None: it is no date."""
    if found["iso"]:
        return f"{found['iso'].decode()}T{found['clock'].decode()}", ""
    month, day, when = _MONTHS.get(found["month"].lower()), int(found["day"]), found["when"].decode()
    if month is None or not 1 <= day <= 31:
        return None, ""
    if ":" not in when:
        return f"{when}-{month:02}-{day:02}", ""
    hour, minute = map(int, when.split(":"))
    if hour > 23 or minute > 59:
        return None, ""
    # Eight years back there was a 29 February in any case, 1896 to 1904 apart.
    for year in range(now.year + 1, now.year - 9, -1):
        try:
            then = datetime(year, month, day, hour, minute, tzinfo=now.tzinfo)
        except ValueError:
            continue
        if then <= now + _AHEAD:
            return f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}", "year"
    return None, ""
