"""Messages of multicast DNS: octets to values and back (RFC 6762 section 18), names and data by dnspython.

Reading is bounded: by the size of a message, by a number of records, and by what a count in the header promises and
the octets don't keep. Two bits that plain DNS has not are told apart from the class: "flush" and "answer me alone".
"""

import io
import struct
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.PTR
import dns.rdtypes.ANY.TXT
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA
import dns.rdtypes.IN.SRV
import dns.wire

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.discovery.values import Txt

MAX_MESSAGE: Final = 9000
"""Octets, headers of IP and UDP included: RFC 6762 section 17."""
MAX_RECORDS: Final = 256
"""Of one message: a printer has ten; more would be felt in the window."""
OUR_MESSAGE: Final = 1400
"""What we send goes into one frame of Ethernet."""
HIGH_BIT: Final = 0x8000
"""Of the class: in a question "answer me alone" (section 5.4), in a record "flush what you had" (section 10.2)."""
RESPONSE: Final = 0x8400
META: Final = dns.name.from_text("_services._dns-sd._udp.local.")
"""Whom to ask which kinds of services there are: RFC 6763 section 9."""
TYPES: Final = {"A": 1, "PTR": 12, "TXT": 16, "AAAA": 28, "SRV": 33, "NSEC": 47, "ANY": 255}
_NAMES: Final = {number: name for name, number in TYPES.items()}
_READ: Final = ("A", "PTR", "TXT", "AAAA", "SRV")
_IN: Final = dns.rdataclass.IN
_LOCAL: Final = dns.name.from_text("local.")

# dnspython's constructors have no types.
_PTR: Any = dns.rdtypes.ANY.PTR.PTR
_TXT: Any = dns.rdtypes.ANY.TXT.TXT
_SRV: Any = dns.rdtypes.IN.SRV.SRV
_A: Any = dns.rdtypes.IN.A.A
_AAAA: Any = dns.rdtypes.IN.AAAA.AAAA
Name = dns.name.Name


class Question(NamedTuple):
    """What is asked. unicast: the answer may come to the one who asks alone."""

    name: Name
    type: str
    unicast: bool = False


class Record(NamedTuple):
    """One record. data: dnspython's, None for a type that means nothing here. flush: it takes the place of others."""

    name: Name
    type: str
    ttl: int
    data: Any
    flush: bool = False

    @property
    def key(self) -> tuple[Name, str, str]:
        """What makes two records the same: all but how long they live."""
        return self.name, self.type, self.data.to_text().lower() if self.data is not None else ""


class Message(NamedTuple):
    """One datagram of mDNS. records: of all three sections, for they are treated alike."""

    number: int
    is_response: bool
    questions: tuple[Question, ...]
    records: tuple[Record, ...]


def read(data: bytes) -> Message:
    """Read a message. Raises: PeerMisbehaved: it is none, with the section that says why."""
    if len(data) > MAX_MESSAGE:
        raise _wrong(f"a message of {len(data):,} octets; {MAX_MESSAGE:,} are the most", data, "17")
    parser = dns.wire.Parser(data)
    try:
        number, bits, *counts = parser.get_struct("!HHHHHH")
        if bits >> 11 & 0xF or bits & 0xF:
            raise _wrong("an operation or an error that mDNS has not", data, "18.3")
        if sum(counts) > MAX_RECORDS:
            raise _wrong(f"a message that promises {sum(counts):,} records", data, "18")
        questions = tuple(_question(parser) for _ in range(counts[0]))
        records = tuple(_record(parser) for _ in range(sum(counts[1:])))
    except (dns.exception.DNSException, ValueError, struct.error) as error:
        raise _wrong(f"no message of mDNS: it can't be read at octet {parser.current}", data, "18") from error
    return Message(number, bool(bits & HIGH_BIT), questions, records)


def write_query(questions: Sequence[Question], known: Iterable[Record] = (), number: int = 0) -> bytes:
    """A question; `known`: answers that need not be repeated (section 7.1), as far as they fit."""
    file, names = _begin(number, 0, len(questions))
    for question in questions:
        question.name.to_wire(file, names)
        file.write(struct.pack("!HH", TYPES[question.type], HIGH_BIT * question.unicast | 1))
    count = 0
    for record in known:
        at = file.tell()
        _write(file, names, record._replace(flush=False))
        if file.tell() > OUR_MESSAGE:
            file.truncate(at)
            break
        count += 1
    return _with_counts(file, answers=count)


def write_answer(records: Sequence[Record], number: int = 0, questions: Sequence[Question] = ()) -> bytes:
    """An answer or, unasked, an announcement; a record of TTL 0 says goodbye (section 10.1)."""
    file, names = _begin(number, RESPONSE, len(questions))
    for question in questions:
        question.name.to_wire(file, names)
        file.write(struct.pack("!HH", TYPES[question.type], 1))
    for record in records:
        _write(file, names, record)
    return _with_counts(file, answers=len(records))


def service_type(text: str) -> Name:
    """A type of service as people write it: "_http._tcp", with or without .local; "" is the question for all types.

    Raises: LocalMisuse: it is none, with the place.
    """
    if not text:
        return META
    bare = text.rstrip(".").removesuffix(".local")
    labels = bare.split(".")
    rule = "RFC 6763 section 7"
    if len(labels) != 2 or labels[1] not in ("_tcp", "_udp"):
        raise LocalMisuse(
            f"{text[:60]} is no type of service",
            text=text,
            start=0,
            end=len(text),
            advice="write it like _http._tcp: a name that begins with _, and _tcp or _udp",
            source=rule,
        )
    first = labels[0]
    is_name = first[1:].replace("-", "").isalnum() and first.isascii()
    if not first.startswith("_") or not is_name or not 2 <= len(first) <= 16:
        raise LocalMisuse(
            f"{first[:60]} is no name of a service",
            text=text,
            start=0,
            end=len(first),
            advice="it begins with _, and has up to 15 letters, digits and hyphens",
            source=rule,
        )
    return dns.name.from_text(bare, None).concatenate(_LOCAL)


def instance(label: str, kind: Name) -> Name:
    """The name of one service: what people read, as one label, before its type (RFC 6763 section 4.1).

    Raises: LocalMisuse: empty, or longer than a label may be.
    """
    octets = label.encode("utf-8", "replace")
    if not 1 <= len(octets) <= 63 or not label.isprintable():
        raise LocalMisuse(
            f"a name has from 1 to 63 octets that can be printed; this one has {len(octets)}",
            text=label[:200],
            start=0,
            end=len(label[:200]),
            source="RFC 6763 section 4.1.1",
        )
    try:
        return Name((octets, *kind.labels))
    except dns.exception.DNSException as error:
        raise LocalMisuse("the name is too long together with its type", text=label) from error


def ptr(name: Name, to: Name, ttl: int) -> Record:
    """Name leads to another name: a type to its services, META to the types."""
    return Record(name, "PTR", ttl, _PTR(_IN, dns.rdatatype.PTR, to))


def srv(name: Name, port: int, host: Name, ttl: int) -> Record:
    """Where the service is: host and port."""
    return Record(name, "SRV", ttl, _SRV(_IN, dns.rdatatype.SRV, 0, 0, port, host), True)


def txt(name: Name, told: Iterable[Txt], ttl: int) -> Record:
    """What else a service tells, as name=value (RFC 6763 section 6). Raises: LocalMisuse: longer than 255 octets."""
    strings = [f"{one.name}={one.value}".encode("utf-8", "replace") for one in told] or [b""]
    if any(len(one) > 255 for one in strings):
        raise LocalMisuse("name=value has at most 255 octets", source="RFC 6763 section 6.1")
    return Record(name, "TXT", ttl, _TXT(_IN, dns.rdatatype.TXT, strings), True)


def address(name: Name, where: str, ttl: int) -> Record:
    """The address of a host."""
    if ":" in where:
        return Record(name, "AAAA", ttl, _AAAA(_IN, dns.rdatatype.AAAA, where), True)
    return Record(name, "A", ttl, _A(_IN, dns.rdatatype.A, where), True)


def host_name(label: str) -> Name:
    """NAME.local, with all that can't stand in a host's name as a hyphen."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in label).strip("-")[:63]
    return Name((kept.encode() or b"host", *_LOCAL.labels))


def told(data: Any) -> tuple[Txt, ...]:
    """What a TXT record tells; a value is text where it is, else hexadecimal."""
    found = []
    for octets in data.strings:
        name, _, value = octets.partition(b"=")
        if name:
            found.append(Txt(name.decode("utf-8", "replace"), _text(value)))
    return tuple(found)


def shown(name: Name) -> str:
    """A name for people: UTF-8 as it is, without the dot at the end."""
    return ".".join(label.decode("utf-8", "replace") for label in name.labels if label)


def _begin(number: int, bits: int, questions: int) -> tuple[io.BytesIO, dict[Name, int]]:
    file = io.BytesIO()
    file.write(struct.pack("!HHHHHH", number, bits, questions, 0, 0, 0))
    return file, {}


def _write(file: io.BytesIO, names: dict[Name, int], record: Record) -> None:
    record.name.to_wire(file, names)
    file.write(struct.pack("!HHI", TYPES[record.type], HIGH_BIT * record.flush | 1, record.ttl))
    at = file.tell()
    file.write(b"\0\0")
    # Without compression: the names that a cut would take away again must not be pointed to.
    record.data.to_wire(file)
    size = file.tell() - at - 2
    file.seek(at)
    file.write(size.to_bytes(2, "big"))
    file.seek(0, io.SEEK_END)


def _with_counts(file: io.BytesIO, *, answers: int) -> bytes:
    file.seek(6)
    file.write(answers.to_bytes(2, "big"))
    return file.getvalue()


def _question(parser: dns.wire.Parser) -> Question:
    name = parser.get_name(decompress=True)
    kind, cls = parser.get_struct("!HH")
    return Question(name, _NAMES.get(kind, f"TYPE{kind}"), bool(cls & HIGH_BIT))


def _record(parser: dns.wire.Parser) -> Record:
    name = parser.get_name(decompress=True)
    kind, cls, ttl, size = parser.get_struct("!HHIH")
    type_ = _NAMES.get(kind, f"TYPE{kind}")
    if type_ not in _READ:
        parser.get_bytes(size)
        return Record(name, type_, ttl, None)
    data: Any
    with parser.restrict_to(size):
        if type_ == "SRV":
            # The host may be a pointer here, unlike in plain DNS (section 18.14).
            priority, weight, port = parser.get_struct("!HHH")
            host = parser.get_name(decompress=True)
            data = _SRV(_IN, dns.rdatatype.SRV, priority, weight, port, host)
        else:
            data = dns.rdata.from_wire_parser(_IN, dns.rdatatype.RdataType(kind), parser)
    return Record(name, type_, ttl, data, bool(cls & HIGH_BIT))


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex(" ")


def _wrong(what: str, data: bytes, section: str) -> PeerMisbehaved:
    return PeerMisbehaved(what, stage="receive", data=data, source=f"RFC 6762 section {section}")
