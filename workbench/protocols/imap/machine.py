"""The conversation as a machine: states, and which command may go in which (RFC 9051 section 3).

One command at a time, each with a tag of its own; what comes without a tag may come at any moment. What a person may do
next is read from the same table.
"""

from typing import Literal

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.imap.codec import ResponseReader, encode
from workbench.protocols.imap.values import Command, Data, GoAhead, Octets, Response, Status

State = Literal["greeting", "anonymous", "authenticated", "selected", "closing", "closed"]
"""greeting: the server speaks first. anonymous: not authenticated. selected: a folder is open. closing: BYE came."""

TABLE: dict[State, dict[str, State]] = {
    "greeting": {},
    "anonymous": {
        "CAPABILITY": "anonymous",
        "NOOP": "anonymous",
        "STARTTLS": "anonymous",
        "AUTHENTICATE": "authenticated",
        "LOGIN": "authenticated",
        "LOGOUT": "closing",
    },
    "authenticated": {
        "CAPABILITY": "authenticated",
        "NOOP": "authenticated",
        "LIST": "authenticated",
        "EXAMINE": "selected",
        "LOGOUT": "closing",
    },
    "selected": {
        "CAPABILITY": "selected",
        "NOOP": "selected",
        "LIST": "selected",
        "EXAMINE": "selected",
        "UNSELECT": "authenticated",
        "FETCH": "selected",
        "UID FETCH": "selected",
        "LOGOUT": "closing",
    },
    "closing": {},
    "closed": {},
}
"""Where a yes leads. Nothing in it changes a mailbox: this client reads."""
_WHY_NOT: dict[State, str] = {
    "greeting": "the server has not greeted yet",
    "anonymous": "nobody is logged in",
    "authenticated": "no folder is open, or the login is over",
    "selected": "the login is over",
    "closing": "the server is closing the connection",
    "closed": "the connection has ended",
}


class ImapMachine:
    """Octets in, responses out; no socket.

    Attributes: state: as TABLE has it. pending: the command whose end is owed; None where none is. tag: its tag.
    """

    def __init__(self) -> None:
        self.state: State = "greeting"
        self.pending: Command | None = None
        self.tag = ""
        self.reader = ResponseReader()
        self._number = 0

    @property
    def can_send(self) -> tuple[str, ...]:
        """The commands that may go now."""
        return () if self.pending is not None else tuple(TABLE[self.state])

    def send(self, command: Command) -> list[Octets]:
        """The pieces of a command, whose end is awaited from now on; before each but the first the server says "+".

        Raises: LocalMisuse: not now, or it can't be encoded; nothing has changed then.
        """
        if command.verb not in self.can_send:
            why = _WHY_NOT[self.state]
            if self.pending is not None:
                why = f"{self.pending.verb} is not answered yet"
            raise LocalMisuse(f"{command.verb} can't be sent now: {why}", stage="request")
        tag = f"A{self._number + 1}"
        pieces = encode(tag, command)
        self._number += 1
        self.tag, self.pending = tag, command
        return pieces

    def receive(self, data: bytes) -> None:
        """Feed octets from the server, cut anywhere; b"" is the end of the stream."""
        if data:
            self.reader.feed(data)
        else:
            self.state = "closed"

    def next(self) -> Response | None:
        """The next response that is there; None: more octets are needed.

        Raises: PeerMisbehaved: no response of IMAP, or one that makes no sense here.
        """
        response = self.reader.next()
        match response:
            case Status():
                self._status(response)
            case GoAhead() if self.pending is None:
                raise _senseless('the server says "+", and nothing was begun', response.text)
            case Data() if self.state == "greeting":
                raise _senseless("the server sends data before its greeting", response.name.encode())
        return response

    def secured(self) -> bytes:
        """TLS begins: what came behind the server's yes belongs to nothing, and is returned to be named."""
        return self.reader.take_rest()

    def _status(self, status: Status) -> None:
        if status.tag:
            self._ended(status)
        elif self.state == "greeting":
            self._greeted(status)
        elif status.condition == "BYE":
            self.state = "closing"
        elif status.condition == "PREAUTH":
            raise _senseless("the server greets again", b"PREAUTH")

    def _greeted(self, status: Status) -> None:
        following: dict[str, State] = {"OK": "anonymous", "PREAUTH": "authenticated", "BYE": "closing"}
        if status.condition not in following:
            raise _senseless(f"the server greets by {status.condition}", status.text.encode())
        self.state = following[status.condition]

    def _ended(self, status: Status) -> None:
        command = self.pending
        if command is None or status.tag != self.tag or status.condition not in ("OK", "NO", "BAD"):
            raise _senseless(
                f"the server ends {status.tag[:40]}, which was not asked", f"{status.tag} {status}".encode()
            )
        self.pending = None
        if self.state == "closing":
            return
        if status.condition == "OK":
            self.state = TABLE[self.state][command.verb]
        elif command.verb == "EXAMINE":
            # RFC 9051 section 6.3.2: the folder that was open is closed in any case.
            self.state = "authenticated"


def _senseless(what: str, data: bytes) -> PeerMisbehaved:
    return PeerMisbehaved(what, data=data, source="RFC 9051 section 2.2.2")
