"""Time: four octets, the seconds since 1900 (RFC 868), and the ways in which a server can lie about them."""

from workbench.clock import Clock
from workbench.formats.rfc868 import EARLIEST, ERA, encode_time
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.switches import Turned


def time_answer(turned: Turned, clock: Clock) -> bytes:
    """The answer as the switches have it.

    fixed_s stops the clock, lie_by_s moves it, octets keeps only the first of the four or adds zeros behind them.
    After 2036-02-07 06:28:15 UTC the 32 bits begin again at zero.
    """
    fixed_s = turned.maybe("fixed_s")
    now_s = clock.wall_ns() // 1_000_000_000 if fixed_s is None else fixed_s
    told_s = now_s + turned.count("lie_by_s")
    # A server's counter has 32 bits too: a lie beyond 1968 to 2104 comes out as a time within.
    answer = encode_time(EARLIEST + (told_s - EARLIEST) % ERA)
    return answer.ljust(8, b"\0")[: turned.count("octets")]


class Time(TcpService):
    """Sends the time without being asked, then finishes (RFC 868, "via TCP")."""

    async def converse(self, guest: Guest) -> None:
        await guest.answer(time_answer(self.turned, self.clock))
