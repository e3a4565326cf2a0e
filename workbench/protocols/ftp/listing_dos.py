"""A line as DOS's DIR prints it, which servers on Windows do: date, time, <DIR> or size, name."""

import re

from workbench.protocols.ftp.replies import MAX_SIZE
from workbench.protocols.ftp.values import Entry, Kind

_LINE = re.compile(
    rb"(?P<a>\d{2,4})[-/](?P<b>\d{2})[-/](?P<c>\d{2,4})\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})\s*(?P<half>[AaPp][Mm])?\s+"
    rb"(?:<(?P<mark>DIR|JUNCTION|SYMLINKD?)>\s+|(?P<size>[\d.,]+) )(?P<name>.+)",
    re.DOTALL,
)
_CENTURY_TURNS = 70
"""Two digits below it are of this century, as everybody has done since 1970."""


def read_dos(line: bytes) -> Entry | None:
    """The entry of a line; None: it is not of this kind."""
    found = _LINE.fullmatch(line)
    if found is None or (date := _date(found["a"], found["b"], found["c"])) is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"])
    half = (found["half"] or b"").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == b"pm" else 0)
    if hour > 23 or minute > 59:
        return None
    name, target = found["name"], b""
    mark = found["mark"]
    if mark and mark != b"DIR" and name.endswith(b"]") and b" [" in name:
        name, _, target = name[:-1].rpartition(b" [")
    digits = (found["size"] or b"").replace(b",", b"").replace(b".", b"")
    size = int(digits) if digits and len(digits) < 20 and int(digits) <= MAX_SIZE else None
    kind: Kind = "file" if not mark else "folder" if mark == b"DIR" else "link"
    return Entry(
        name,
        kind,
        size if kind == "file" else None,
        f"{date}T{hour:02}:{minute:02}",
        target,
        style="dos",
        raw=line,
        guessed="order of day and month" if len(found["a"]) == 2 else "",
    )


def _date(a: bytes, b: bytes, c: bytes) -> str | None:
    """MM-DD-YY, MM-DD-YYYY or YYYY-MM-DD as ISO 8601; None: no date."""
    if len(a) == 4:
        year, month, day = int(a), int(b), int(c)
    elif len(a) == 2 and len(c) in (2, 4):
        month, day, year = int(a), int(b), int(c)
        if len(c) == 2:
            year += 2000 if year < _CENTURY_TURNS else 1900
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04}-{month:02}-{day:02}"
