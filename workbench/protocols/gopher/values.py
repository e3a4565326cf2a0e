"""What is asked of a Gopher server, the items of its menus, and what came of it."""

import io
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from workbench.formats.target import Target
from workbench.wire.ends import End

Kind = Literal["menu", "text", "binary"]
"""How an answer is to be read: lines of items, lines of text, or octets as they are."""

Terminator = Literal["crlf", "lf", "nul", "none"]
TERMINATORS: Final[dict[str, bytes]] = {"crlf": b"\r\n", "lf": b"\n", "nul": b"\0", "none": b""}
"""What ends the line that asks; RFC 1436 section 2 has CR LF, the others show what a server makes of them."""

READ_OCTETS: Final = 2048
"""Of one read where nobody asked for another number."""

ERROR: Final = "3"
INFORMATION: Final = "i"
MENUS: Final = ("1", "7")
TEXTS: Final = ("0",)
SESSIONS: Final = ("8", "T", "2")
"""Items that lead to another protocol."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question.

    Attributes:
        target: where to; lab:NAME too.
        selector: what the server calls the item; octets beyond UTF-8 as surrogates (PEP 383). "" is the root menu.
        search: the words for an item of type 7; None where nothing is searched.
        type: of the item that is asked for, one character; "" where nobody said.
        read_octets: each read takes at most so many.
    """

    target: Target
    selector: str = ""
    search: str | None = None
    type: str = ""
    terminator: Terminator = "crlf"
    read_octets: int = READ_OCTETS


class Item(NamedTuple):
    """One line of a menu.

    type: one character. text: what a person reads. selector, host, port: what leads there; a line of information has
    them too, and they mean nothing. fault: what is wrong with the line, "" for nothing.
    """

    type: str
    text: str
    selector: str = ""
    host: str = ""
    port: int | None = None
    fault: str = ""

    @property
    def can_be_opened(self) -> bool:
        """Whether a Gopher client can ask for it."""
        return self.type not in (INFORMATION, ERROR, *SESSIONS) and bool(self.host) and self.port is not None


class Read(NamedTuple):
    """One read: how many octets it gave, and when, counted from the first octet that was sent."""

    octets: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came.

    Attributes:
        kind: how it was read. items: of a menu. is_complete: whether the line with a dot was there; octets as they
            are have none and are complete with FIN.
        reads: in their order. end: how the connection ended. address: whom we talked to. channel: of the transcript.
        wire: what was sent.
    """

    request: Request
    kind: Kind
    body: bytes
    items: tuple[Item, ...]
    is_complete: bool
    reads: tuple[Read, ...]
    end: End
    address: str
    channel: int
    wire: bytes

    @property
    def text(self) -> str:
        """The lines of a text, dots undone, or the body as it is."""
        return self.beginning(len(self.body))

    def beginning(self, limit_octets: int) -> str:
        """As text, but of the first octets only: a long answer takes its time."""
        from workbench.protocols.gopher.codec import undotted

        head = self.body[:limit_octets]
        return (undotted(head) if self.kind == "text" else head).decode("utf-8", "replace")

    @property
    def refusal(self) -> str:
        """The server's words, where all that it says is that there was an error; else ""."""
        told = [item for item in self.items if item.type != INFORMATION]
        return told[0].text if len(told) == 1 and told[0].type == ERROR else ""

    def open(self) -> io.BytesIO:
        """The body as a file that can be read."""
        return io.BytesIO(self.body)
