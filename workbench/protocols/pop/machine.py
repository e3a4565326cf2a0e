"""The conversation as a machine: states, and which command may go in which (RFC 1939 sections 4 to 6).

One command at a time. What a person may do next is read from the same table. Nothing in it deletes: this client reads.
"""

from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.pop.codec import MAX_LETTER, MAX_LINE, MAX_LISTING, LinesReader, encode, read_reply
from workbench.protocols.pop.values import Command, Octets, Reply

State = Literal["greeting", "authorization", "transaction", "closing", "closed"]
"""greeting: the server speaks first. authorization: nobody is logged in. transaction: the mailbox is open."""

TABLE: dict[State, dict[str, State]] = {
    "greeting": {},
    "authorization": {
        "CAPA": "authorization",
        "STLS": "authorization",
        "USER": "authorization",
        "PASS": "transaction",
        "APOP": "transaction",
        "QUIT": "closing",
    },
    "transaction": {
        "CAPA": "transaction",
        "STAT": "transaction",
        "LIST": "transaction",
        "UIDL": "transaction",
        "TOP": "transaction",
        "RETR": "transaction",
        "NOOP": "transaction",
        "QUIT": "closing",
    },
    "closing": {},
    "closed": {},
}
"""Where a yes leads; a no leaves all as it is."""
_WHY_NOT: dict[State, str] = {
    "greeting": "the server has not greeted yet",
    "authorization": "nobody is logged in",
    "transaction": "the login is over",
    "closing": "the server is closing the connection",
    "closed": "the connection has ended",
}


class Lines(NamedTuple):
    """A part of what follows a yes, dots undone. done: this was the last."""

    data: bytes
    done: bool


class PopMachine:
    """Octets in, replies and lines out; no socket.

    Attributes: state: as TABLE has it. pending: the command whose answer is owed; None where none is.
    """

    def __init__(self) -> None:
        self.state: State = "greeting"
        self.pending: Command | None = None
        self._rest = bytearray()
        self._lines: LinesReader | None = None

    @property
    def can_send(self) -> tuple[str, ...]:
        """The commands that may go now."""
        return () if self.pending is not None else tuple(TABLE[self.state])

    def send(self, command: Command) -> Octets:
        """The octets of a command, whose answer is awaited from now on.

        Raises: LocalMisuse: not now, or it can't be encoded; nothing has changed then.
        """
        if command.verb not in self.can_send:
            why = _WHY_NOT[self.state]
            if self.pending is not None:
                why = f"{self.pending.verb} is not answered yet"
            raise LocalMisuse(f"{command.verb} can't be sent now: {why}", stage="request")
        octets = encode(command)
        self.pending = command
        return octets

    def receive(self, data: bytes) -> None:
        """Feed octets from the server, cut anywhere; b"" is the end of the stream."""
        if data:
            self._rest += data
        else:
            self.state = "closed"

    def next(self) -> Reply | Lines | None:
        """What is there of an answer; None: more octets are needed.

        Raises: PeerMisbehaved: no reply of POP3, one that nobody asked for, or one without end.
        """
        if self._lines is not None:
            return self._more(self._lines)
        end = self._rest.find(b"\n")
        if end > MAX_LINE or (end < 0 and len(self._rest) > MAX_LINE):
            raise PeerMisbehaved(
                f"a reply is longer than {MAX_LINE:,} octets",
                data=bytes(self._rest[:64]),
                advice="does a POP3 server answer on this port?",
                source="RFC 2449 section 4",
            )
        if end < 0:
            return None
        line = bytes(self._rest[:end]).removesuffix(b"\r")
        del self._rest[: end + 1]
        return self._replied(read_reply(line))

    def secured(self) -> bytes:
        """TLS begins: what came behind the server's yes belongs to nothing, and is returned to be named."""
        rest = bytes(self._rest)
        self._rest.clear()
        return rest

    def _replied(self, reply: Reply) -> Reply:
        command = self.pending
        if self.state == "greeting":
            self.state = "authorization" if reply.ok else "closing"
            return reply
        if command is None:
            raise PeerMisbehaved(
                "the server sent a reply that nobody asked for", reply=str(reply), source="RFC 1939 section 3"
            )
        if reply.ok and command.lines:
            self._lines = LinesReader(MAX_LETTER if command.verb in ("RETR", "TOP") else MAX_LISTING)
            return reply
        self.pending = None
        if reply.ok:
            self.state = TABLE[self.state][command.verb]
        return reply

    def _more(self, lines: LinesReader) -> Lines | None:
        if not self._rest:
            return None
        data = lines.feed(bytes(self._rest))
        self._rest.clear()
        if lines.done:
            self._rest += lines.rest
            self._lines = self.pending = None
        return Lines(data, lines.done)
