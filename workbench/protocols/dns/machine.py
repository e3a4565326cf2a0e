"""One question from first to last, without socket, clock or await: octets in, verdicts out.

The states and what leads from one to the next stand in TABLE, which the client, the panel's tests and a reader share:

    READY --ask--> UDP --accept--> DONE          READY --ask--> TCP --accept--> DONE
                   UDP --retransmit--> UDP       TCP --ignore--> TCP
                   UDP --ignore--> UDP           UDP --truncated--> TCP

What arrives is accepted only if it comes from the address that was asked, is a response, repeats the id and the
question (RFC 5452 section 9.1). Anything else is told and forgotten: whoever forges an answer, even one that makes no
sense, must not end the waiting. A truncated answer leads on to TCP as soon as its header and question are right, since
servers cut the rest anywhere.
"""

from collections.abc import Callable, Generator
from enum import Enum
from secrets import randbelow

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.dns.codec import Beginning, beginning, encode_query, reading
from workbench.protocols.dns.sentences import IGNORED_TEXTS
from workbench.protocols.dns.values import Ignored, Message, Question, Wish

QUESTION_MAY_BE_MISSING = frozenset({"FORMERR", "SERVFAIL", "NOTIMP", "REFUSED"})
"""Servers that understood too little answer with the header alone."""


class State(Enum):
    """Where a question is."""

    READY = "ready"
    UDP = "udp"
    TCP = "tcp"
    DONE = "done"


class Event(Enum):
    """What happens to a question."""

    ASK_UDP = "ask by UDP"
    ASK_TCP = "ask by TCP"
    RETRANSMIT = "retransmit"
    IGNORE = "ignore"
    TRUNCATED = "truncated"
    ACCEPT = "accept"


TABLE: dict[tuple[State, Event], State] = {
    (State.READY, Event.ASK_UDP): State.UDP,
    (State.READY, Event.ASK_TCP): State.TCP,
    (State.UDP, Event.RETRANSMIT): State.UDP,
    (State.UDP, Event.IGNORE): State.UDP,
    (State.UDP, Event.TRUNCATED): State.TCP,
    (State.UDP, Event.ACCEPT): State.DONE,
    (State.TCP, Event.IGNORE): State.TCP,
    (State.TCP, Event.ACCEPT): State.DONE,
}


class Truncated:
    """The verdict on an answer that belongs, but was cut off: the question goes on by TCP."""


Verdict = Message | Ignored | Truncated


def random_id() -> int:
    """An id that nobody can guess (RFC 5452 section 9.2)."""
    return randbelow(0x1_0000)


class LookupMachine:
    """One question.

    Args:
        question, wish: what is asked, and how.
        ids: where ids come from.
    """

    def __init__(self, question: Question, wish: Wish, ids: Callable[[], int] = random_id) -> None:
        self.question = question
        self.state = State.READY
        self.malformed: PeerMisbehaved | None = None
        """The newest answer that belonged by its id, and made no sense."""
        self._wish = wish
        self._ids = ids
        self._id = -1
        self._query = b""

    def ask(self) -> bytes:
        """The octets of the query, for the transport that the wish begins with.

        Raises: LocalMisuse: this question can't be asked, or has been.
        """
        self._go(Event.ASK_TCP if self._wish.transport == "tcp" else Event.ASK_UDP)
        return self._new_query()

    def retransmit(self) -> bytes:
        """The same octets once more: a new id would only give a forger a second target."""
        self._go(Event.RETRANSMIT)
        return self._query

    def ask_again(self) -> bytes:
        """The query by TCP after a truncated answer, with an id of its own."""
        if self.state is not State.TCP:
            raise LocalMisuse("nothing was truncated", stage="query")
        return self._new_query()

    def receive(self, data: bytes, source: str, *, is_server: bool = True) -> Verdict:
        """Judge one whole message, a datagram or one from a stream. As `judging`, all at once."""
        steps = self.judging(data, source, is_server=is_server)
        while True:
            try:
                next(steps)
            except StopIteration as ended:
                verdict: Verdict = ended.value
                return verdict

    def judging(self, data: bytes, source: str, *, is_server: bool = True) -> Generator[None, None, Verdict]:
        """Judge one message in slices.

        Args:
            source: whom it came from, for the sentence.
            is_server: whether that is the address that was asked.

        Returns: the accepted Message, Truncated, or why it was Ignored.
        """
        if self.state not in (State.UDP, State.TCP):
            raise LocalMisuse("nothing is asked at present", stage="query")
        if not is_server:
            return self._ignore("source", source, data)
        try:
            head = beginning(data)
        except PeerMisbehaved as error:
            return self._no_message(data, source, error, mine=data[:2] == self._id.to_bytes(2, "big"))
        reason = self._mismatch(head)
        if reason:
            return self._ignore(reason, source, data)
        if head.truncated and self.state is State.UDP:
            self._go(Event.TRUNCATED)
            return Truncated()
        try:
            message = yield from reading(data)
        except PeerMisbehaved as error:
            return self._no_message(data, source, error, mine=True)
        self._go(Event.ACCEPT)
        return message

    def _mismatch(self, head: Beginning) -> str:
        if not head.is_response:
            return "query"
        if head.id != self._id:
            return "id"
        if not head.questions and head.rcode in QUESTION_MAY_BE_MISSING:
            return ""
        asked = self.question
        same = [
            (q.name.lower(), q.type, q.cls) == (asked.name.lower(), asked.type, asked.cls)
            for q in head.questions
        ]
        return "" if same == [True] else "question"

    def _no_message(self, data: bytes, source: str, error: PeerMisbehaved, *, mine: bool) -> Ignored:
        if mine:
            self.malformed = error
        ignored = self._ignore("malformed", source, data)
        return ignored._replace(sentence=f"{ignored.sentence}: {error.what}")

    def _ignore(self, reason: str, source: str, data: bytes) -> Ignored:
        self._go(Event.IGNORE)
        return Ignored(reason, source, len(data), IGNORED_TEXTS[reason][0])

    def _new_query(self) -> bytes:
        self._id = self._ids()
        self._query = encode_query(self.question, self._wish, self._id)
        return self._query

    def _go(self, event: Event) -> None:
        following = TABLE.get((self.state, event))
        if following is None:
            raise LocalMisuse(f"{event.value} is not possible in the state {self.state.value}", stage="query")
        self.state = following


class Frames:
    """Messages out of a stream: two octets with the length before each (RFC 1035 section 4.2.2)."""

    def __init__(self) -> None:
        self._held = bytearray()

    def receive(self, data: bytes) -> list[bytes]:
        """Feed octets, cut anywhere; returns the messages that they complete."""
        self._held += data
        found: list[bytes] = []
        while len(self._held) >= 2:
            size = int.from_bytes(self._held[:2], "big")
            if len(self._held) < 2 + size:
                break
            found.append(bytes(self._held[2 : 2 + size]))
            del self._held[: 2 + size]
        return found

    @property
    def wanted(self) -> tuple[int, int]:
        """Octets of the message that has begun, and how many it has; (0, 0) between two."""
        if not self._held:
            return 0, 0
        size = 2 + int.from_bytes(self._held[:2], "big") if len(self._held) >= 2 else 2
        return size, len(self._held)


def framed(message: bytes) -> bytes:
    """A message as a stream carries it."""
    return len(message).to_bytes(2, "big") + message
