"""The control connection as a machine: which command may go now, and which one a reply answers (RFC 959 section 5.4).

One command at a time. A reply is never lost and never given to the wrong command: after a transfer was given up its
last reply is still owed, and TABLE says so. What the window's buttons may do is read from the same table.
"""

from typing import Literal

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.ftp.codec import ReplyReader, encode
from workbench.protocols.ftp.values import Answered, Command, Octets, Reply

State = Literal["greeting", "ready", "asked", "moving", "more", "closing", "closed"]
"""greeting: the server speaks first. asked: a reply is owed. moving: a 1xx came, and the last reply is owed. more: a
3xx wants the next command of the same matter. closing: QUIT was said, or 421 came."""

TABLE: dict[tuple[State, int | Literal["send"]], State] = {
    ("greeting", 1): "greeting",
    ("greeting", 2): "ready",
    ("greeting", 4): "closing",
    ("greeting", 5): "closing",
    ("ready", "send"): "asked",
    ("more", "send"): "asked",
    ("asked", 1): "moving",
    ("asked", 2): "ready",
    ("asked", 3): "more",
    ("asked", 4): "ready",
    ("asked", 5): "ready",
    ("moving", 1): "moving",
    ("moving", 2): "ready",
    ("moving", 3): "more",
    ("moving", 4): "ready",
    ("moving", 5): "ready",
}
CLOSING_DOWN = 421


class FtpMachine:
    """Octets in, answers out; no socket.

    Attributes: state: as TABLE has it. pending: the command whose last reply is owed; None where none is.
    """

    def __init__(self) -> None:
        self.state: State = "greeting"
        self.pending: Command | None = None
        self._reader = ReplyReader()

    def owes_reply(self) -> bool:
        """Whether the server still has to say how something ended."""
        return self.state in ("greeting", "asked", "moving")

    @property
    def can_send(self) -> bool:
        """Whether a command may go now."""
        return (self.state, "send") in TABLE

    def send(self, command: Command) -> Octets:
        """The octets of a command, which is awaited from now on.

        Raises: LocalMisuse: not now, or it can't be encoded; nothing has changed then.
        """
        if not self.can_send:
            why = {
                "greeting": "the server has not greeted yet",
                "asked": f"{_verb(self.pending)} is not answered yet",
                "moving": f"{_verb(self.pending)} is not over yet",
                "closing": "the server is closing the connection",
            }.get(self.state, "the connection has ended")
            raise LocalMisuse(f"{command.verb} can't be sent now: {why}", stage="request")
        octets = encode(command)
        self.state = TABLE[self.state, "send"]
        self.pending = command
        return octets

    def receive(self, data: bytes) -> list[Answered]:
        """Feed octets from the server, cut anywhere; b"" is the end of the stream.

        Returns: the replies that they complete, each with its command.

        Raises: PeerMisbehaved: no reply of FTP, or one that nobody asked for.
        """
        if not data:
            self.state = "closed"
            return []
        return [self._answered(reply) for reply in self._reader.feed(data)]

    def secured(self) -> None:
        """TLS has begun: what was read before belongs to nothing any more (RFC 4217 section 4)."""
        self._reader = ReplyReader()

    def _answered(self, reply: Reply) -> Answered:
        command = self.pending
        if reply.code == CLOSING_DOWN:
            self.state, self.pending = "closing", None
            return Answered(command, reply)
        following = TABLE.get((self.state, reply.kind))
        if following is None:
            what = "before the greeting" if self.state == "greeting" else "that nobody asked for"
            raise PeerMisbehaved(
                f"the server sent a reply {what}",
                stage="reply",
                reply=str(reply),
                committed="maybe",
                source="RFC 959 section 5.4",
            )
        is_goodbye = command is not None and command.verb == "QUIT" and reply.kind == 2
        self.state = "closing" if is_goodbye else following
        if following != "moving":
            self.pending = None
        return Answered(command, reply)


def _verb(command: Command | None) -> str:
    return command.verb if command is not None else "the last command"
