"""What is said over SMTP: commands, replies, who a letter is from and for, and what became of it."""

from typing import Literal, NamedTuple

from workbench.protocols.sasl.values import Protected

Verdict = Literal["all", "some", "none"]


class Command(NamedTuple):
    """One command. verb: "" for an answer within AUTH, "." for the end of the letter.

    secret_from: views and exports mask the argument from this octet on; None: nothing of it.
    """

    verb: str
    argument: bytes | None = None
    secret_from: int | None = None

    def __str__(self) -> str:
        if self.argument is None:
            return self.verb
        shown = self.argument[: self.secret_from].decode("utf-8", "backslashreplace")
        return f"{self.verb} {shown}{'****' if self.secret_from is not None else ''}".strip()


class Octets(NamedTuple):
    """A command as it is sent; secret: ranges of `data` that are masked."""

    data: bytes
    secret: tuple[tuple[int, int], ...] = ()


class Reply(NamedTuple):
    """One reply. lines: without codes and line ends. enhanced: like "5.1.1" (RFC 3463), "" for none."""

    code: int
    lines: tuple[bytes, ...]
    enhanced: str = ""

    @property
    def kind(self) -> int:
        """The first digit: 2 done, 3 go on, 4 not now, 5 no (RFC 5321 section 4.2.1)."""
        return self.code // 100

    @property
    def text(self) -> str:
        """All lines as text, one behind the other, each without the enhanced code."""
        cut = len(self.enhanced) + 1 if self.enhanced else 0
        own = self.enhanced.encode()
        parts = (line[cut:] if cut and line.startswith(own) else line for line in self.lines)
        return " ".join(part.decode("utf-8", "backslashreplace").strip() for part in parts).strip()

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.code), self.enhanced, self.text)))


class Envelope(NamedTuple):
    """Whom the server is told, whatever the letter's header says (RFC 5321 section 2.3.1).

    sender: "" is the null sender of reports. Addresses are without angle brackets.
    """

    sender: str
    recipients: tuple[str, ...]


class Recipient(NamedTuple):
    """What the server said to one recipient. accepted: it takes the letter for them, if it takes it at all.

    code: 0 where it was never asked, because the address can't be sent to this server; `reply` says why.
    """

    address: str
    accepted: bool
    code: int
    reply: str

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return self._asdict()


class LetterForm(NamedTuple):
    """How a letter goes over the wire, and what had to be done to it.

    octets: as SIZE counts them: with CRLF, without the dots that are added (RFC 1870 section 5).
    ends: line ends that were no CRLF and are now. stuffed: lines that begin with a dot, which is doubled on the way.
    unended: whether the last line had no end. is_8bit: octets above 127. longest: octets of the longest line, without
    its end; RFC 5321 allows 998.
    """

    octets: int
    ends: int = 0
    stuffed: int = 0
    unended: bool = False
    is_8bit: bool = False
    longest: int = 0
    header_8bit: bool = False
    nul: int = 0


class Submission(NamedTuple):
    """What became of a letter that the server answered for. Accepted is not delivered: reports of failure come later.

    recipients: in the envelope's order. accepted: the server took the letter for those recipients that it accepted.
    reply: the one that decided: to the letter, or to the last recipient where none was accepted.
    queue_id: where the reply names one. channel: of the transcript. secured: how the conversation was protected.
    user: who logged in, "" for nobody.
    """

    recipients: tuple[Recipient, ...]
    accepted: bool
    reply: str
    channel: int
    queue_id: str = ""
    secured: Protected = "plain"
    user: str = ""
    letter: LetterForm = LetterForm(0)
    greeting: str = ""

    @property
    def verdict(self) -> Verdict:
        """For whom the letter is on its way."""
        taken = sum(recipient.accepted for recipient in self.recipients) if self.accepted else 0
        return "none" if not taken else "all" if taken == len(self.recipients) else "some"
