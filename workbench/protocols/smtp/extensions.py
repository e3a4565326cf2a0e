"""What a server offers: the lines of its answer to EHLO (RFC 5321 section 4.1.1.1)."""

from typing import Literal, NamedTuple

from workbench.protocols.smtp.values import Reply

SizeTold = Literal["none", "unstated", "no limit", "limit", "unreadable"]


class Extensions(NamedTuple):
    """keyword, in capitals, to its parameters as sent."""

    offered: dict[str, str]

    def offers(self, keyword: str) -> bool:
        """Whether it is in the list."""
        return keyword in self.offered

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Of AUTH."""
        return tuple(self.offered.get("AUTH", "").upper().split())

    @property
    def size(self) -> tuple[SizeTold, int]:
        """What SIZE says of the largest letter, and the number where it is one (RFC 1870 section 4)."""
        if "SIZE" not in self.offered:
            return "none", 0
        text = self.offered["SIZE"].strip()
        if not text:
            return "unstated", 0
        if not (text.isascii() and text.isdigit() and len(text) <= 20):
            return "unreadable", 0
        return ("limit", int(text)) if int(text) else ("no limit", 0)


NOTHING = Extensions({})


def read_extensions(reply: Reply) -> Extensions:
    """All lines behind the first; a keyword that comes twice keeps the parameters of both."""
    offered: dict[str, str] = {}
    for line in reply.lines[1:]:
        text = line.decode("ascii", "backslashreplace").strip()
        # AUTH=PLAIN: what servers said before RFC 4954, and some say still.
        keyword, _, parameters = text.replace("AUTH=", "AUTH ", 1).partition(" ")
        if not keyword:
            continue
        before = offered.get(keyword.upper())
        offered[keyword.upper()] = f"{before} {parameters}" if before else parameters
    return Extensions(offered)
