"""Messages: values to octets and back (RFC 1035 section 4.1), on dnspython's messages and record data.

Reading is bounded. A count in the header is a promise that the octets must keep: reading stops where they end. Names
can't loop (see reader). A message over TCP may hold thousands of records; `reading` takes them in slices, so that a
window's loop gets its turn in between.
"""

from collections.abc import Generator
from typing import NamedTuple

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from workbench.errors import LocalMisuse
from workbench.protocols.dns.edns import option_named, option_said
from workbench.protocols.dns.reader import Reader
from workbench.protocols.dns.values import (
    SECTIONS,
    Edns,
    EdnsOption,
    Message,
    Question,
    Record,
    Section,
    Wish,
)

HEADER = 12
"""Octets, RFC 1035 section 4.1.1."""
SLICE = 64
"""Records read in one turn: about half a millisecond."""
FLAGS = (
    (0x8000, "qr"),
    (0x0400, "aa"),
    (0x0200, "tc"),
    (0x0100, "rd"),
    (0x0080, "ra"),
    (0x0040, "z"),
    (0x0020, "ad"),
    (0x0010, "cd"),
)
"""RFC 1035 section 4.1.1; AD and CD: RFC 4035 sections 3.1.6 and 3.2.2."""
OPT = 41


def encode_query(question: Question, wish: Wish, number: int) -> bytes:
    """The octets of a query with this id.

    Raises: LocalMisuse: no such type or class, or a name that is none.
    """
    try:
        query = dns.message.make_query(
            dns.name.from_text(question.name),
            dns.rdatatype.from_text(question.type),
            dns.rdataclass.from_text(question.cls),
            use_edns=0 if wish.edns or wish.dnssec else False,
            want_dnssec=wish.dnssec,
            payload=wish.edns or 512,
            id=number,
            flags=dns.flags.RD if wish.recursion else 0,
        )
    except (dns.exception.DNSException, ValueError) as error:
        raise LocalMisuse(f"{question} can't be asked: {error}", stage="query") from error
    return query.to_wire()


def read_type(text: str) -> str:
    """A record type as zone files write it: "a" is "A", "type257" is "CAA".

    Raises: LocalMisuse: there is none of that name.
    """
    try:
        kind = dns.rdatatype.from_text(text)
    except (dns.rdatatype.UnknownRdatatype, ValueError) as error:
        raise LocalMisuse(
            f"there is no record type {text[:20]!r}",
            text=text,
            start=0,
            end=len(text),
            advice="write A, AAAA, MX, TXT ... or a number as TYPE257",
            source="RFC 3597 section 5",
        ) from error
    return dns.rdatatype.to_text(kind)


def known_types() -> tuple[str, ...]:
    """Every record type that has a name, in alphabetical order."""
    return tuple(
        sorted(kind.name.replace("_", "-") for kind in dns.rdatatype.RdataType if kind.name != "TYPE0")
    )


def decode(data: bytes) -> Message:
    """The message that these octets are.

    Raises: PeerMisbehaved: they are none; with the octets at the mistake and the RFC's section.
    """
    steps = reading(data)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            message: Message = ended.value
            return message


def reading(data: bytes) -> Generator[None, None, Message]:
    """Read a message in slices: each `next` reads some records; the return value is the message. As decode()."""
    reader = Reader(data)
    number, bits, counts = _header(reader)
    questions, at = _questions(reader, counts[0])
    records: list[Record] = []
    edns: Edns | None = None
    high = 0
    for section, count in zip(SECTIONS, counts[1:], strict=True):
        for index in range(count):
            if len(records) % SLICE == SLICE - 1:
                yield
            record, kind, at = _record(reader, at, section, index, count)
            if kind == OPT:
                if edns is not None or section != "additional" or record.name != ".":
                    raise reader.wrong(
                        record.start, "an OPT record where none may be", "RFC 6891 section 6.1.1"
                    )
                edns, high = _edns(reader, record)
            else:
                records.append(record)
    return Message(
        data,
        number,
        opcode_named(bits >> 11 & 0xF),
        tuple(name for mask, name in FLAGS if bits & mask),
        rcode_named(bits & 0xF | high << 4),
        questions,
        tuple(records),
        edns,
        len(data) - at,
    )


class Beginning(NamedTuple):
    """Header and question of a message whose rest may be cut off."""

    id: int
    is_response: bool
    truncated: bool
    rcode: str
    questions: tuple[Question, ...]


def beginning(data: bytes) -> Beginning:
    """Header and question alone: a truncated answer may end anywhere behind them.

    Raises: PeerMisbehaved: not even these are there.
    """
    reader = Reader(data)
    number, bits, counts = _header(reader)
    questions, _ = _questions(reader, counts[0])
    return Beginning(number, bool(bits & 0x8000), bool(bits & 0x0200), rcode_named(bits & 0xF), questions)


def opcode_named(code: int) -> str:
    """ "QUERY", "NOTIFY" ..., or "OPCODE7"."""
    name = dns.opcode.to_text(dns.opcode.Opcode.make(code))
    return f"OPCODE{name}" if name.isdecimal() else name


def rcode_named(code: int) -> str:
    """ "NOERROR", "NXDOMAIN" ..., or "RCODE3000"."""
    # 16 is BADSIG where a message is signed, and BADVERS where EDNS is asked for: here only the second can be.
    name = dns.rcode.to_text(dns.rcode.Rcode.make(code))
    return f"RCODE{name}" if name.isdecimal() else name


def type_named(code: int) -> str:
    """ "A", "MX" ..., or "TYPE65280" (RFC 3597 section 5)."""
    return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(code))


def class_named(code: int) -> str:
    """ "IN", "CH" ..., or "CLASS7" (RFC 3597 section 5)."""
    return dns.rdataclass.to_text(dns.rdataclass.RdataClass.make(code))


def _header(reader: Reader) -> tuple[int, int, tuple[int, ...]]:
    reader.need(0, HEADER, "the header")
    number, bits, *counts = (reader.number(at, 2, "the header") for at in range(0, HEADER, 2))
    return number, bits, tuple(counts)


def _questions(reader: Reader, count: int) -> tuple[tuple[Question, ...], int]:
    if count > 1:
        raise reader.wrong(4, f"{count} questions in one message", "RFC 9619 section 4")
    at = HEADER
    questions: list[Question] = []
    for _ in range(count):
        name = reader.name(at)
        kind = reader.number(name.stop, 2, "a question's type")
        cls = reader.number(name.stop + 2, 2, "a question's class")
        questions.append(Question(name.text, type_named(kind), class_named(cls)))
        at = name.stop + 4
    return tuple(questions), at


def _record(reader: Reader, at: int, section: Section, index: int, count: int) -> tuple[Record, int, int]:
    """A record, its type's number, and where the next one begins."""
    if at >= len(reader.data):
        raise reader.wrong(
            at,
            f"the header promises {count} {section} records, and {index} are there",
            "RFC 1035 section 4.1.1",
        )
    name = reader.name(at)
    place = name.stop
    kind = reader.number(place, 2, "a record's type")
    cls = reader.number(place + 2, 2, "a record's class")
    ttl = reader.number(place + 4, 4, "a record's TTL")
    size = reader.number(place + 8, 2, "a record's length")
    place += 10
    reader.need(place, size, f"the {size} octets of data that a record promises")
    data = "" if kind == OPT else _rdata(reader, cls, kind, place, size)
    # A TTL with its highest bit set is to be read as 0 (RFC 2181 section 8); OPT keeps other things there.
    ttl = 0 if ttl >> 31 and kind != OPT else ttl
    record = Record(
        section, name.text, type_named(kind), class_named(cls), ttl, data, at, place, place + size
    )
    return record, kind, place + size


def _rdata(reader: Reader, cls: int, kind: int, at: int, size: int) -> str:
    if not size:
        # Only types of queries and updates have none; dnspython refuses, people still want to see the record.
        return ""
    try:
        return dns.rdata.from_wire(
            dns.rdataclass.RdataClass.make(cls), dns.rdatatype.RdataType.make(kind), reader.data, at, size
        ).to_text()
    except (dns.exception.DNSException, ValueError) as error:
        raise reader.wrong(
            at, f"the data of a {type_named(kind)} record make no sense: {error}", "RFC 1035 section 3.3"
        ) from error


def _edns(reader: Reader, record: Record) -> tuple[Edns, int]:
    """What an OPT record says, and the high bits of the rcode (RFC 6891 sections 6.1.2 and 6.1.3)."""
    fixed = record.data_start - 10
    size = reader.number(fixed + 2, 2, "EDNS")
    high, version = reader.data[fixed + 4], reader.data[fixed + 5]
    dnssec_ok = bool(reader.data[fixed + 6] & 0x80)
    options: list[EdnsOption] = []
    at = record.data_start
    while at < record.stop:
        code = reader.number(at, 2, "an option of EDNS")
        length = reader.number(at + 2, 2, "an option of EDNS")
        if at + 4 + length > record.stop:
            raise reader.wrong(at, "an option of EDNS is longer than its record", "RFC 6891 section 6.1.2")
        data = reader.data[at + 4 : at + 4 + length]
        options.append(EdnsOption(code, option_named(code), data, option_said(code, data)))
        at += 4 + length
    return Edns(version, size, dnssec_ok, tuple(options), record.start, record.stop), high
