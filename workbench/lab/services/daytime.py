"""Daytime: one line with date and time, then the end (RFC 867)."""

from datetime import UTC, datetime, timedelta

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def daytime_line(unix_s: int) -> bytes:
    """The line for a time in seconds since 1970, in UTC: b"Monday, February 22, 1982 17:37:43-UTC\\r\\n".

    Source: RFC 867 section "Daytime Syntax", which suggests this form and binds nobody to it.
    """
    moment = _EPOCH + timedelta(seconds=unix_s)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    clock = f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"
    return f"{day}, {month} {moment.day}, {moment.year} {clock}-UTC\r\n".encode("ascii")


class Daytime(TcpService):
    """Speaks first and once; what the client says is thrown away."""

    async def converse(self, guest: Guest) -> None:
        now_s = self.clock.wall_ns() // 1_000_000_000 + self.turned.count("lie_by_s")
        await guest.answer(daytime_line(now_s))
