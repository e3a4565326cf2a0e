"""What can be seen of letters: as written, as a server took them, as they lie in a mailbox. Joined in things.py."""

from typing import NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript


class Letter(NamedTuple):
    """A letter that was written. subject: as no other has it."""

    subject: str
    data: bytes


class SentSeen(NamedTuple):
    """What a submission came to. replies: to each recipient, in order; wire: the letter's body as it was sent, with its
    dots, up to the last one.
    """

    verdict: str
    taken: int
    refused: int
    replies: str
    reply: str
    secured: str
    wire: str


class LookedSeen(NamedTuple):
    """How often a letter lies in the mailbox, and the body of the last one."""

    times: int
    text: str


def _of(name: str) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(cast("Value", getattr(made.thing, name)), None)

    return look


LETTER_FIELDS: dict[str, Field] = {"subject": Field("text", "the subject of {}", _of("subject"))}
SENT_FIELDS: dict[str, Field] = {
    "verdict": Field("text", "for how many of its recipients the server took {}", _of("verdict")),
    "taken": Field("number", "how many recipients of {} the server took", _of("taken")),
    "refused": Field("number", "how many recipients of {} the server refused", _of("refused")),
    "replies": Field("text", "the server's words to the recipients of {}", _of("replies")),
    "reply": Field("text", "the server's last word about {}", _of("reply")),
    "secured": Field("text", "how {} was protected on its way", _of("secured")),
    "wire": Field("text", "the body of {} as it went over the wire", _of("wire")),
}
LOOKED_FIELDS: dict[str, Field] = {
    "count": Field("number", "how often the letter that {} looked for lies in the mailbox", _of("times")),
    "text": Field("text", "the body that {} found", _of("text")),
}
