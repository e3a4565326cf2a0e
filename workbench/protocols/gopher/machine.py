"""The conversation as a machine: one line goes, octets come, and the end of the connection is the end of the answer.

A menu is read as it comes, so that a long one costs no moment at its end; a text and octets are only kept.
"""

from typing import Final, Literal

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.gopher.codec import LOOKED_AT, MenuReader, encode, ends_with_dot, kind_of
from workbench.protocols.gopher.values import MENUS, Item, Kind, Request

State = Literal["ready", "asked", "ended"]

TABLE: Final[dict[State, tuple[str, ...]]] = {"ready": ("send",), "asked": ("receive",), "ended": ()}
"""What may be done in which state."""

MAX_BODY: Final = 64 * 1024 * 1024
"""Octets of an answer that are held; Gopher announces no length, so somebody has to say when it is enough."""


class GopherMachine:
    """Octets in, an answer out; no socket.

    Attributes: state: as TABLE has it. body: what came so far. items: of a menu, what came of them so far.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.state: State = "ready"
        self.body = bytearray()
        self.items: tuple[Item, ...] = ()
        self._found: list[Item] = []
        self._wire = encode(request)
        self._menu: MenuReader | None = MenuReader() if request.type in MENUS else None

    def send(self) -> bytes:
        """The line that asks. Raises: LocalMisuse: it was sent already."""
        self._check("send")
        self.state = "asked"
        return self._wire

    def receive(self, data: bytes) -> None:
        """Feed octets, cut anywhere; b"" is the end of the stream.

        Raises: PeerMisbehaved: more than is held, a line or a menu without end; LocalMisuse: nothing was asked, or the
            answer is over.
        """
        self._check("receive")
        if not data:
            self._end()
            return
        if len(self.body) + len(data) > MAX_BODY:
            raise PeerMisbehaved(
                f"the answer is longer than {MAX_BODY // 1024 // 1024} MiB, and more is coming",
                stage="receive",
                advice="Gopher announces no length; the Sockets console receives into a file of any size",
            )
        self.body += data
        if self._menu is not None:
            self._found += self._menu.feed(data)
        elif not self.request.type and len(self.body) >= LOOKED_AT:
            self._look()

    @property
    def kind(self) -> Kind:
        """How what came is to be read."""
        return "menu" if self._menu is not None else kind_of(bytes(self.body[:LOOKED_AT]), self.request.type)

    @property
    def is_complete(self) -> bool:
        """Whether the line with a dot is there; of octets as they are: whether the stream ended."""
        if self._menu is not None:
            return self._menu.is_complete
        return self.state == "ended" if self.kind == "binary" else ends_with_dot(bytes(self.body[-8:]))

    def _look(self) -> None:
        """Nobody said what comes: once there is enough of it, or all, it shows."""
        if self._menu is None and self.kind == "menu":
            self._menu = MenuReader()
            self._found += self._menu.feed(bytes(self.body))

    def _end(self) -> None:
        self.state = "ended"
        if len(self.body) < LOOKED_AT:
            self._look()
        if self._menu is not None:
            self._found += self._menu.finish()
        self.items = tuple(self._found)

    def _check(self, what: str) -> None:
        if what not in TABLE[self.state]:
            raise LocalMisuse(f"{what} is not possible: the conversation is {self.state}", stage="request")
