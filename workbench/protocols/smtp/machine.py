"""The conversation as a machine: which command may go now, and where each kind of reply leads (RFC 5321 section 4.1.4).

One command at a time. What a person may do next is read from the same table. A reply that the table doesn't have is a
server that lies, and nothing is believed of it.
"""

from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.smtp.codec import ReplyReader, encode
from workbench.protocols.smtp.values import Command, Octets, Reply

State = Literal["greeting", "hello", "ready", "auth", "sender", "recipients", "letter", "closing", "closed"]
"""greeting: the server speaks first. hello: EHLO is due. ready: between two letters. auth: AUTH goes on. sender,
recipients: of a letter are known. letter: the server waits for it. closing: QUIT was said, or 421 came."""

_ANYWHERE: dict[str, dict[int, State]] = {"QUIT": {2: "closing", 4: "closing", 5: "closing"}}


def _stay(state: State) -> dict[int, State]:
    return {2: state, 4: state, 5: state}


def _asking(state: State) -> dict[str, dict[int, State]]:
    """What changes nothing; 252 to VRFY is a yes too."""
    return {verb: _stay(state) for verb in ("NOOP", "HELP", "VRFY", "EXPN")} | _ANYWHERE


_HELLO: dict[str, dict[int, State]] = {
    "EHLO": {2: "ready", 4: "hello", 5: "hello"},
    "HELO": {2: "ready", 4: "hello", 5: "hello"},
}
_RESET: dict[str, dict[int, State]] = {"RSET": {2: "ready", 4: "ready", 5: "ready"}}

TABLE: dict[State, dict[str, dict[int, State]]] = {
    "greeting": {},
    "hello": {**_asking("hello"), **_HELLO},
    "ready": {
        **_asking("ready"),
        **_HELLO,
        **_RESET,
        "STARTTLS": {2: "hello", 4: "ready", 5: "ready"},
        "AUTH": {2: "ready", 3: "auth", 4: "ready", 5: "ready"},
        "MAIL": {2: "sender", 4: "ready", 5: "ready"},
    },
    "auth": {"": {2: "ready", 3: "auth", 4: "ready", 5: "ready"}},
    "sender": {
        **_asking("sender"),
        **_RESET,
        "RCPT": {2: "recipients", 4: "sender", 5: "sender"},
    },
    "recipients": {
        **_asking("recipients"),
        **_RESET,
        "RCPT": {2: "recipients", 4: "recipients", 5: "recipients"},
        "DATA": {3: "letter", 4: "recipients", 5: "recipients"},
    },
    "letter": {".": {2: "ready", 4: "ready", 5: "ready"}},
    "closing": {},
    "closed": {},
}
CLOSING_DOWN = 421
_WHY_NOT: dict[State, str] = {
    "greeting": "the server has not greeted yet",
    "hello": "EHLO has to come before",
    "auth": "the login is not over yet",
    "letter": "the letter is on its way",
    "closing": "the server is closing the connection",
    "closed": "the connection has ended",
}


class Answered(NamedTuple):
    """A reply and the command that it answers; None: the greeting, or a 421 that nobody asked for."""

    command: Command | None
    reply: Reply


class SmtpMachine:
    """Octets in, answers out; no socket.

    Attributes: state: as TABLE has it. pending: the command whose reply is owed; None where none is.
    """

    def __init__(self) -> None:
        self.state: State = "greeting"
        self.pending: Command | None = None
        self._reader = ReplyReader()

    @property
    def can_send(self) -> tuple[str, ...]:
        """The commands that may go now."""
        return () if self.pending is not None else tuple(TABLE[self.state])

    def send(self, command: Command) -> Octets:
        """The octets of a command, whose reply is awaited from now on.

        Raises: LocalMisuse: not now, or it can't be encoded; nothing has changed then.
        """
        if command.verb not in self.can_send:
            why = _WHY_NOT.get(self.state, "something else has to come before")
            if self.pending is not None:
                why = f"{self.pending.verb or 'the login'} is not answered yet"
            raise LocalMisuse(f"{command.verb or 'an answer'} can't be sent now: {why}", stage="request")
        octets = encode(command)
        self.pending = command
        return octets

    def receive(self, data: bytes) -> None:
        """Feed octets from the server, cut anywhere; b"" is the end of the stream."""
        if data:
            self._reader.feed(data)
        else:
            self.state = "closed"

    def next(self) -> Answered | None:
        """The next reply that is there, with its command; None: more octets are needed.

        Raises: PeerMisbehaved: no reply of SMTP, or one that makes no sense here.
        """
        reply = self._reader.next()
        if reply is None:
            return None
        command = self.pending
        following = self._following(command, reply)
        self.pending = None
        if reply.code == CLOSING_DOWN:
            self.state = "closing"
        else:
            self.state = following
        return Answered(command, reply)

    def secured(self) -> bytes:
        """TLS begins: what came behind the server's yes belongs to nothing, and is returned to be named."""
        return self._reader.take_rest()

    def _following(self, command: Command | None, reply: Reply) -> State:
        if self.state == "greeting":
            return "hello" if reply.kind == 2 else "closing"
        if reply.code == CLOSING_DOWN:
            return "closing"
        if command is None:
            if self.state == "letter" and reply.kind in (4, 5):
                # It says no before it has heard all: what is sent now would be read as commands.
                return "closing"
            raise _senseless("the server sent a reply that nobody asked for", reply, self.pending)
        following = TABLE[self.state][command.verb].get(reply.kind)
        if following is None:
            verb = {"": "an answer within AUTH", ".": "the end of the letter"}.get(command.verb, command.verb)
            raise _senseless(
                f"the server answers {verb} by {reply.code}, which makes no sense", reply, command
            )
        return following


def _senseless(what: str, reply: Reply, command: Command | None) -> PeerMisbehaved:
    return PeerMisbehaved(
        what,
        reply=str(reply),
        committed="maybe" if command is not None and command.verb == "." else "no",
        source="RFC 5321 section 4.3.2",
    )
