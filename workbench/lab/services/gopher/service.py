"""Gopher: one line asks, menus, texts and octets answer, and the server hangs up (RFC 1436)."""

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.services.gopher import tree
from workbench.lab.services.gopher.tree import Line

MAX_LINE = 4096
"""Octets of the line that asks."""
_ENDLESS = b"iand so on\t\terror.host\t1\r\n" * 100
_ODD = (
    b"1no port\t/x\tlocalhost\r\n"
    b"0a port that is none\t/x\tlocalhost\tseventy\r\n"
    b"\r\n"
    b"no tab at all\r\n"
    b"0\xff\xfe octets that are no UTF-8\t/\xff\tlocalhost\t70\r\n"
)


class Gopher(TcpService):
    """One question a connection."""

    async def converse(self, guest: Guest) -> None:
        line = await _read_line(guest)
        if line is None:
            return
        if self.turned.flag("strict") and not line.endswith(b"\r\n"):
            await guest.answer(self._menu(guest, (Line("3", "a line ends with CR LF here"),)))
            return
        match self.turned.text("lie"):
            case "no-answer":
                return
            case "endless":
                async with guest.discarding():
                    while True:
                        await guest.answer(_ENDLESS)
            case "odd-lines":
                await guest.answer(_ODD + self._dot())
                return
            case "long-line":
                await guest.answer(b"1" + b"x" * 20_000)
                return
        await guest.answer(self._answer(guest, line.rstrip(b"\r\n\0")))

    def _answer(self, guest: Guest, line: bytes) -> bytes:
        asked, tab, rest = line.decode("utf-8", "replace").partition("\t")
        if tab and asked == "/search":
            return self._menu(guest, tree.found(rest.partition("\t")[0]))
        if asked in tree.MENUS:
            return self._menu(guest, tree.MENUS[asked])
        if asked in tree.TEXTS:
            return _text(tree.TEXTS[asked]) + self._dot()
        if asked in tree.FILES:
            return tree.FILES[asked]
        if asked == "/search":
            return self._menu(guest, (Line("3", "a search needs words, behind a tab"),))
        return self._menu(guest, (Line("3", f"there is no {asked[:100]!r} here"),))

    def _menu(self, guest: Guest, lines: tuple[Line, ...]) -> bytes:
        host, _, port = guest.stream.local.rpartition(":")
        made = []
        for line in lines:
            leads = bool(line.selector)
            place = (host.strip("[]"), port) if leads else ("error.host", "1")
            made.append("\t".join((line.type + line.text, line.selector, *place)) + "\r\n")
        return "".join(made).encode() + self._dot()

    def _dot(self) -> bytes:
        return b".\r\n" if self.turned.flag("dot") else b""


async def _read_line(guest: Guest) -> bytes | None:
    """The line with its end; what there was when the client finished without one; None for nothing or too much."""
    line = b""
    while b"\n" not in line:
        if len(line) > MAX_LINE:
            return None
        data = await guest.read()
        if not data:
            return line or None
        line += data
    return line[: line.index(b"\n") + 1]


def _text(text: str) -> bytes:
    lines = [f".{line}" if line.startswith(".") else line for line in text.splitlines()]
    return "".join(f"{line}\r\n" for line in lines).encode()
