"""Dates of letters (RFC 5322 section 3.3): read strictly enough to see that 32 December is no day.

A date that some reader would understand is read with every deviation named; one that names no moment has none.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONES = {
    "ut": 0,
    "gmt": 0,
    "utc": 0,
    "z": 0,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
}
"""Minutes east; the names of RFC 5322 section 4.3, and UTC, which many write."""

_FORM = re.compile(
    r"\s*(?:(?P<weekday>[A-Za-z]{3,9})\s*(?P<comma>,?)\s*)?(?P<day>\d{1,2})[ \t-]+(?P<month>[A-Za-z]{3,9})[ \t-]+"
    r"(?P<year>\d{2,5})[ \t]+(?P<hour>\d{1,2})\s*:\s*(?P<minute>\d{1,2})(?:\s*:\s*(?P<second>\d{1,2}))?"
    r"(?:\.\d{1,9})?(?:\s*(?P<zone>[+-]\d{4}|[A-Za-z]{1,5})\b)?(?P<rest>.*)\Z",
    re.S,
)
_COMMENT = re.compile(r"\([^()]*\)")
MAX_LENGTH = 200


class Moment(NamedTuple):
    """A date that was read. epoch: seconds since 1970, None where it names no moment; when: with its zone;
    knows_zone: False for -0000 and where none is told; findings: what is not as it should be.
    """

    epoch: int | None
    when: datetime | None
    knows_zone: bool
    findings: tuple[str, ...] = ()

    @property
    def iso(self) -> str:
        """ISO 8601; "" without a moment."""
        return self.when.isoformat() if self.when is not None else ""


NO_MOMENT = Moment(None, None, False, ("this is no date",))


def read_date(text: str) -> Moment:
    """What a Date field says; never raises."""
    clear = _COMMENT.sub(" ", text[:MAX_LENGTH])
    found = _FORM.match(clear)
    if found is None:
        return NO_MOMENT if text.strip() else Moment(None, None, False, ("there is no date",))
    findings: list[str] = []
    zone, knows_zone = _zone(found["zone"], findings)
    if found["rest"].strip():
        findings.append("something stands behind it")
    try:
        month = _MONTHS.index(found["month"][:3].lower()) + 1
    except ValueError:
        return Moment(None, None, knows_zone, (f"there is no month {found['month']}",))
    year = _year(found["year"], findings)
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["second"] is None:
        findings.append("the seconds are missing, which RFC 5322 allows")
    leap = second == 60
    try:
        when = datetime(
            year, month, int(found["day"]), hour, minute, 59 if leap else second, tzinfo=timezone(zone)
        ) + timedelta(seconds=leap)
    except (ValueError, OverflowError):
        return Moment(None, None, knows_zone, (*findings, "there is no such day or no such time"))
    _check_weekday(found["weekday"], found["comma"], when, findings)
    return Moment(int((when - _EPOCH).total_seconds()), when, knows_zone, tuple(findings))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _zone(text: str | None, findings: list[str]) -> tuple[timedelta, bool]:
    if text is None:
        findings.append("the zone is missing; it was read as UTC")
        return timedelta(), False
    if text[0] in "+-":
        hours, minutes = int(text[1:3]), int(text[3:])
        if minutes > 59 or hours > 23:
            findings.append(f"there is no zone {text}; it was read as UTC")
            return timedelta(), False
        sign = -1 if text[0] == "-" else 1
        if text == "-0000":
            findings.append("-0000 says that the sender's zone is not known")
        return timedelta(minutes=sign * (hours * 60 + minutes)), text != "-0000"
    minutes_east = _ZONES.get(text.lower())
    if minutes_east is None:
        findings.append(f"the zone {text} means different things; it was read as UTC")
        return timedelta(), False
    if text.lower() not in ("gmt", "ut"):
        findings.append(f"the zone {text} is obsolete")
    return timedelta(minutes=minutes_east), True


def _year(text: str, findings: list[str]) -> int:
    """RFC 5322 section 4.3 says which century two and three digits mean."""
    year = int(text)
    if len(text) >= 4:
        return year
    findings.append(f"the year has {len(text)} digits")
    return year + (2000 if len(text) == 2 and year < 50 else 1900)


def _check_weekday(told: str | None, comma: str, when: datetime, findings: list[str]) -> None:
    if told is None:
        return
    if told[:3].lower() not in _DAYS:
        findings.append(f"there is no weekday {told}")
    elif _DAYS.index(told[:3].lower()) != when.weekday():
        findings.append(f"it says {told}, and that day was a {_DAY_NAMES[when.weekday()]}")
    if not comma:
        findings.append("the comma behind the weekday is missing")


def write_date(when: datetime) -> str:
    """A moment as a Date field has it; without a zone it is UTC, and -0000 says that no other is known."""
    zone = when.strftime("%z")[:5] or "-0000"
    day, month = _SHORT_DAYS[when.weekday()], _SHORT_MONTHS[when.month - 1]
    return f"{day}, {when.day:02d} {month} {when.year:04d} {when:%H:%M:%S} {zone}"
