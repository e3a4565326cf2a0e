"""A listener in a program that has no rights: what an ordinary user may, seen by an administrator, too.

The program is this module, run by itself. It gives root up where it has it, tries one port of 127.0.0.1, says what the
system said, and ends.
"""

import os
import socket
import sys
from typing import Final, NamedTuple

from workbench.errors import LocalFault
from workbench.formats.errno_words import symbol_of
from workbench.jobs.puppet import Puppet, end_with_parent
from workbench.wire.faults import first_open_port

NOBODY: Final = 65_534
"""A user and a group that own nothing."""
WITHIN_S: Final = 10.0
_OK: Final = "listens"
_BOUND: Final = 10
_CHANGES_USER: Final = (6, 7)
"""Bits of the rights in capabilities(7): CAP_NET_BIND_SERVICE; CAP_SETGID and CAP_SETUID."""


class Attempt(NamedTuple):
    """What came of it. port: tried, or given; threshold: of this system; symbol: of the refusal, "" for none."""

    port: int
    threshold: int
    symbol: str

    @property
    def listens(self) -> bool:
        """Whether the program listened."""
        return not self.symbol


async def listen_as_nobody(port: int) -> Attempt:
    """Have a program without rights listen there for a moment; 0 is any free port.

    Raises: LocalFault: no such program could be made; TooSlow: it says nothing.
    """
    helper = Puppet(__name__, str(port))
    try:
        word, _, told = (await helper.line(WITHIN_S)).partition(" ")
    finally:
        await helper.aclose()
    if word == _OK:
        return Attempt(int(told), first_open_port(), "")
    if word == "rights":
        raise LocalFault(f"root could not be given up: {told}", stage="bind", errno_name=told)
    return Attempt(port, first_open_port(), word)


def has_privileged_ports() -> bool:
    """Whether some port is refused here to who has no rights, and a program without any can be made."""
    if first_open_port() <= 1:
        return False
    rights = _rights()
    if os.geteuid() == 0:
        return rights is None or all(rights >> bit & 1 for bit in _CHANGES_USER)
    return rights is None or not rights >> _BOUND & 1


def _rights() -> int | None:
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            return next((int(line.split()[1], 16) for line in file if line.startswith("CapEff:")), None)
    except OSError:
        return None


def main() -> None:
    """Give root up, try, tell."""
    end_with_parent()
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    except OSError as error:
        print("rights", symbol_of(error), flush=True)
        return
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.bind(("127.0.0.1", int(sys.argv[1])))
            sock.listen(1)
            print(_OK, sock.getsockname()[1], flush=True)
    except OSError as error:
        print(symbol_of(error), flush=True)


if __name__ == "__main__":
    main()
