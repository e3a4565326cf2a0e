"""What DNS says, as values: questions, records, messages, and what came of asking."""

from enum import Enum
from typing import Literal, NamedTuple

Transport = Literal["udp", "tcp"]
Section = Literal["answer", "authority", "additional"]
SECTIONS: tuple[Section, ...] = ("answer", "authority", "additional")

PORT = 53
"""RFC 1035 section 4.2."""
EDNS_SIZE = 1232
"""Octets that we say we take by UDP: what passes every path of IPv6 in one piece (DNS flag day 2020)."""


class Outcome(Enum):
    """What an answer says about the question; each is another answer, and none of them is an error of the link."""

    ANSWER = "answer"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"
    REFERRAL = "referral"
    ALIAS = "alias"
    LOOP = "loop"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    FORMERR = "formerr"
    NOTIMP = "notimp"
    OTHER = "other"


class Question(NamedTuple):
    """What is asked. name: in presentation form with its last dot; type and cls: as zone files write them."""

    name: str
    type: str
    cls: str = "IN"

    def __str__(self) -> str:
        return f"{self.name} {self.type}" + (f" {self.cls}" if self.cls != "IN" else "")


class Wish(NamedTuple):
    """How a question is asked.

    transport: where it begins; a truncated answer leads on to TCP. recursion: ask the server to ask others (RD).
    dnssec: have the signatures sent (DO). edns: octets that we take by UDP, 0 to ask without EDNS.
    """

    transport: Transport = "udp"
    recursion: bool = True
    dnssec: bool = False
    edns: int = EDNS_SIZE


PLAIN = Wish()


class Record(NamedTuple):
    """One resource record.

    data: as zone files write it. start, stop: its place in the message, half open; data_start: where its data begins.
    """

    section: Section
    name: str
    type: str
    cls: str
    ttl: int
    data: str
    start: int
    data_start: int
    stop: int


class EdnsOption(NamedTuple):
    """One option of EDNS. name: "EDE", "NSID" ... or its number; said: what it tells, or its octets in hexadecimal."""

    code: int
    name: str
    data: bytes
    said: str


class Edns(NamedTuple):
    """The OPT record (RFC 6891). size: octets that the sender takes by UDP. start, stop: its place in the message."""

    version: int
    size: int
    dnssec_ok: bool
    options: tuple[EdnsOption, ...]
    start: int
    stop: int


class Message(NamedTuple):
    """One message.

    flags: those that are set, in the header's order ("qr", "aa", "tc", "rd", "ra", "ad", "cd"). rcode: with the high
    bits of EDNS. records: of all sections in wire order, without OPT. left_over: octets behind the last record.
    """

    data: bytes
    id: int
    opcode: str
    flags: tuple[str, ...]
    rcode: str
    questions: tuple[Question, ...]
    records: tuple[Record, ...]
    edns: Edns | None = None
    left_over: int = 0

    def section(self, name: Section) -> tuple[Record, ...]:
        """The records of one section."""
        return tuple(record for record in self.records if record.section == name)

    @property
    def answers(self) -> tuple[Record, ...]:
        """The records of the answer section."""
        return self.section("answer")


class Field(NamedTuple):
    """One field of a message and the octets that carry it.

    name, value: as people read them. text: one sentence; source: the RFC's section. start, stop: half open.
    inner: what it is made of; record: the index in Message.records of what is opened on demand, -1 for none.
    """

    name: str
    value: str
    start: int
    stop: int
    text: str = ""
    source: str = ""
    inner: tuple["Field", ...] = ()
    record: int = -1


class Ignored(NamedTuple):
    """Something that came and was not accepted as the answer: why, from whom, how many octets.

    reason: "source", "id", "question", "query", "malformed".
    """

    reason: str
    source: str
    size: int
    sentence: str


class Said(NamedTuple):
    """One message of a lookup as a person may want to look at it. title: "query by UDP", "answer by TCP"."""

    title: str
    is_query: bool
    transport: Transport
    data: bytes


class Lookup(NamedTuple):
    """What came of one question.

    outcome, message: the accepted answer. transport: the one that brought it. truncated: whether UDP said TC before.
    server: the address that answered. sent: queries sent, by all transports. ignored: what was not accepted, the first
    ones; ignored_count: all of it. said: every message, in order. chain: the names from the question through aliases.
    """

    question: Question
    outcome: Outcome
    message: Message
    transport: Transport
    truncated: bool
    server: str
    sent: int
    ignored: tuple[Ignored, ...]
    ignored_count: int
    said: tuple[Said, ...]
    chain: tuple[str, ...]
    found: tuple[Record, ...]
    elapsed_ns: int
    channel: int
