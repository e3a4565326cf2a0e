"""Junk: lines that try to take the reader's screen over: escapes, bidi and invisible controls, broken UTF-8."""

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService

_LINES_A_BLOCK = 500

NASTY: tuple[bytes, ...] = (
    b"\x1b[2J\x1b[H cleared your screen",  # ECMA-48 ED, CUP
    b"\x1b]0;a new window title\x07",  # xterm OSC 0
    b"\x1b]8;;http://192.0.2.1/\x1b\\a link that says something else\x1b]8;;\x1b\\",
    b"\x1b]52;c;cm0gLXJmIC8=\x07 your clipboard",  # xterm OSC 52
    b"\x1b[31;1;5mred and blinking for ever",
    b"\x1b[?1049h another screen, \x1b[?25l no cursor",
    b"\x1b[6n\x1b[c a question that your terminal answers",  # DSR, DA
    b'\x1bP$q"p\x1b\\ a device control string',
    b"\x9b31m\xc2\x9b31m a control sequence introducer of one octet, and the same in UTF-8",
    b"\x1b[999999999999999999999999C a very large number",
    b"\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1m",
    b"\x1b[ an escape that never ends \x1b]0; nor this one",
    b"paid 100\rpaid 999",
    b"good\x08\x08\x08\x08evil",
    b"\x07\x07\x07\x00\x01\x02\x0b\x0c\x0e\x0f\x7f",
    "user\u202egnp.exe".encode(),  # RIGHT-TO-LEFT OVERRIDE
    "\u2066if admin\u2069 \u2067then\u2069 \u202a\u202b\u202c\u202d".encode(),
    "pay\u200bpal \u200c\u200d\u2060\ufeff invisible".encode(),
    "\u061c\u200e\u200f marks of direction".encode(),
    ("Z" + "\u0301\u0310\u0334\u0489" * 40 + "algo").encode(),
    "\u2028 a line separator \u2029 and a paragraph \u0085 next".encode(),
    "\U000e0041\U000e0042 tags \ufff9anno\ufffatation\ufffb".encode(),
    b"\xff\xfe\xc0\xaf\xe0\x80\xaf\xed\xa0\x80\xf4\x90\x80\x80 no UTF-8",
    b"\xf0\x9f\x91 half a character",
)


def junk_line(number: int) -> bytes:
    """Line `number`, from 0: its number, then one of the attacks; always the same, with LF."""
    return b"%06d %s\n" % (number, NASTY[number % len(NASTY)])


class Junk(TcpService):
    """Sends `lines` lines without being asked, then finishes."""

    async def converse(self, guest: Guest) -> None:
        lines = self.turned.count("lines")
        async with guest.discarding():
            for first in range(0, lines, _LINES_A_BLOCK):
                last = min(first + _LINES_A_BLOCK, lines)
                await guest.answer(b"".join(junk_line(number) for number in range(first, last)))
