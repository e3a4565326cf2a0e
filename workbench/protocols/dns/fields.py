"""A message as its fields: each with the octets that carry it, its value, a sentence and the RFC's section.

`outline` gives header, question and a line for each record; the parts of one record come by `record_fields`, when a
person opens it: an answer of thousands of records costs what a short one does.
"""

import re
from collections.abc import Callable, Iterator

from workbench.formats.charset import visible
from workbench.formats.quantity import count
from workbench.protocols.dns.codec import FLAGS, HEADER, type_named
from workbench.protocols.dns.edns import option_source
from workbench.protocols.dns.reader import Reader, WireName
from workbench.protocols.dns.rtypes import Part, kind_of
from workbench.protocols.dns.sentences import FLAG_TEXTS, OPCODE_TEXTS, RCODE_TEXTS
from workbench.protocols.dns.values import SECTIONS, Field, Message, Record

HEADER_SECTION = "RFC 1035 4.1.1"
QUESTION_SECTION = "RFC 1035 4.1.2"
RECORD_SECTION = "RFC 1035 4.1.3"
SHOWN_OCTETS = 24
_COUNTS = (
    ("QDCOUNT", "questions that follow"),
    ("ANCOUNT", "records that answer"),
    ("NSCOUNT", "records about who is in charge"),
    ("ARCOUNT", "records beside that; OPT counts too"),
)
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def outline(message: Message) -> tuple[Field, ...]:
    """The fields of a whole message; a record's own are left to `record_fields`."""
    reader = Reader(message.data)
    fields = [_header(message), *_questions(reader, message)]
    for section in SECTIONS:
        fields += [
            Field(
                section,
                f"{record.name} {record.type}",
                record.start,
                record.stop,
                kind_of(record.type).text,
                kind_of(record.type).source,
                record=index,
            )
            for index, record in enumerate(message.records)
            if record.section == section
        ]
    if message.edns is not None:
        fields.append(_opt(reader, message))
    if message.left_over:
        size = len(message.data)
        fields.append(
            Field(
                "left over",
                count(message.left_over, "octet"),
                size - message.left_over,
                size,
                "octets behind the last record: they mean nothing",
                "RFC 1035 4.1",
            )
        )
    return tuple(fields)


def record_fields(message: Message, index: int) -> tuple[Field, ...]:
    """The fields of one record of Message.records, those of its data last."""
    record = message.records[index]
    reader = Reader(message.data)
    name = reader.name(record.start)
    at = name.stop
    kind = kind_of(record.type)
    size = record.stop - record.data_start
    return (
        _name_field("name", reader, record.start, "whose record this is"),
        Field("type", record.type, at, at + 2, kind.text, kind.source),
        Field("class", record.cls, at + 2, at + 4, "IN is the Internet", RECORD_SECTION),
        Field("TTL", spoken_seconds(record.ttl), at + 4, at + 8, "how long this may be kept", RECORD_SECTION),
        Field("RDLENGTH", count(size, "octet"), at + 8, at + 10, "octets of the data", RECORD_SECTION),
        *_data_fields(reader, record),
    )


def all_fields(message: Message) -> Iterator[Field]:
    """Every field of a message, a record's own included, as nested as they are; for documents and tests."""
    for field in outline(message):
        yield field if field.record < 0 else field._replace(inner=record_fields(message, field.record))


def spoken_seconds(seconds: int) -> str:
    """Exactly: 3600 is "3600 (1 hour)", 1728000 "1728000 (20 days)", 90061 "90061 (1 day 1 hour 1 minute 1 second)"."""
    parts = []
    rest = seconds
    for size, unit in _UNITS:
        whole, rest = divmod(rest, size)
        if whole:
            parts.append(f"{whole} {unit}{'' if whole == 1 else 's'}")
    return f"{seconds} ({' '.join(parts)})" if seconds >= 60 else f"{seconds} s"


def _header(message: Message) -> Field:
    counts = [int.from_bytes(message.data[at : at + 2], "big") for at in range(4, HEADER, 2)]
    inner = [
        Field(
            "ID",
            f"{message.id} (0x{message.id:04x})",
            0,
            2,
            "chosen at random by who asks; an answer must repeat it",
            "RFC 5452 9.1",
        ),
        *_flags(message),
        *(
            Field(name, str(count), at, at + 2, text, HEADER_SECTION)
            for (name, text), count, at in zip(_COUNTS, counts, range(4, HEADER, 2), strict=True)
        ),
    ]
    kind = "a response" if "qr" in message.flags else "a query"
    return Field(
        "header", kind, 0, HEADER, "twelve octets in front of every message", HEADER_SECTION, tuple(inner)
    )


def _flags(message: Message) -> Iterator[Field]:
    bits = int.from_bytes(message.data[2:4], "big")
    for mask, name in FLAGS:
        if name == "aa":
            text, source = OPCODE_TEXTS.get(
                message.opcode, ("an operation without a name here", HEADER_SECTION)
            )
            yield Field("opcode", message.opcode, 2, 3, text, source)
        at = 2 if mask > 0xFF else 3
        on, off, source = FLAG_TEXTS[name]
        is_set = bool(bits & mask)
        yield Field(name.upper(), "1" if is_set else "0", at, at + 1, on if is_set else off, source)
    text, source = RCODE_TEXTS.get(message.rcode, ("a result without a name here", HEADER_SECTION))
    yield Field("RCODE", message.rcode, 3, 4, text, source)


def _questions(reader: Reader, message: Message) -> Iterator[Field]:
    at = HEADER
    for question in message.questions:
        name = reader.name(at)
        kind = kind_of(question.type)
        inner = (
            _name_field("QNAME", reader, at, "the name that is asked for", QUESTION_SECTION),
            Field("QTYPE", question.type, name.stop, name.stop + 2, kind.text, kind.source),
            Field(
                "QCLASS", question.cls, name.stop + 2, name.stop + 4, "IN is the Internet", QUESTION_SECTION
            ),
        )
        yield Field("question", str(question), at, name.stop + 4, "what is asked", QUESTION_SECTION, inner)
        at = name.stop + 4


def _name_field(name: str, reader: Reader, at: int, text: str, source: str = "RFC 1035 3.1") -> Field:
    found = reader.name(at)
    return Field(name, found.text, at, found.stop, text, source, tuple(_labels(reader, at, found)))


def _labels(reader: Reader, at: int, found: WireName) -> Iterator[Field]:
    """The labels written here, and the pointer to where the rest is written."""
    place = at
    while place < found.stop:
        length = reader.data[place]
        if length >= 0xC0:
            target = found.pointers[0]
            rest = reader.name(target).text
            yield Field(
                "pointer",
                f"to octet {target}",
                place,
                place + 2,
                f"the rest of the name was written before: {rest}",
                "RFC 1035 4.1.4",
            )
            return
        label = reader.data[place + 1 : place + 1 + length]
        said = visible(label.decode("ascii", "backslashreplace")) or "(root)"
        text = f"{count(length, 'octet')} of a label" if length else "no label: the name ends"
        yield Field("label", said, place, place + 1 + length, text, "RFC 1035 3.1")
        place += 1 + length


def _opt(reader: Reader, message: Message) -> Field:
    edns = message.edns
    assert edns is not None
    at = edns.start + 1
    inner = [
        Field("name", ".", edns.start, at, "always the root", "RFC 6891 6.1.2"),
        Field("type", "OPT", at, at + 2, "no record but a place for more", "RFC 6891 6.1.1"),
        Field(
            "UDP size",
            f"{edns.size} octets",
            at + 2,
            at + 4,
            "the largest datagram that is taken",
            "RFC 6891 6.2.3",
        ),
        Field(
            "high bits of RCODE",
            str(message.data[at + 4]),
            at + 4,
            at + 5,
            "for results from 16 on",
            "RFC 6891 6.1.3",
        ),
        Field("version", str(edns.version), at + 5, at + 6, "of EDNS; there is only 0", "RFC 6891 6.1.3"),
        Field(
            "DO",
            "1" if edns.dnssec_ok else "0",
            at + 6,
            at + 7,
            "signatures are wanted" if edns.dnssec_ok else "no signatures are wanted",
            "RFC 3225 3",
        ),
        Field(
            "RDLENGTH",
            count(edns.stop - at - 10, "octet"),
            at + 8,
            at + 10,
            "octets of the options",
            "RFC 6891 6.1.2",
        ),
    ]
    at += 10
    for option in edns.options:
        stop = at + 4 + len(option.data)
        inner.append(
            Field(
                f"option {option.name}",
                option.said,
                at,
                stop,
                count(len(option.data), "octet"),
                option_source(option.code),
            )
        )
        at = stop
    return Field(
        "EDNS",
        f"version {edns.version}",
        edns.start,
        edns.stop,
        kind_of("OPT").text,
        "RFC 6891 6.1.1",
        tuple(inner),
    )


# The data of a record -----------------------------------------------------------------------------------------------


def _data_fields(reader: Reader, record: Record) -> Iterator[Field]:
    kind = kind_of(record.type)
    at = record.data_start
    for part in kind.parts:
        if at >= record.stop and part.shape != "texts":
            return
        if part.shape == "texts":
            yield from _strings(reader, record, part, kind.source)
            return
        value, stop, inner = _SHAPES[part.shape](reader, at, record.stop, part)
        yield Field(part.name, value, at, min(stop, record.stop), part.text, kind.source, inner)
        at = stop
    if at < record.stop:
        value = record.data if not kind.parts else _hex(reader.data[at : record.stop])
        yield Field("data", value, at, record.stop, kind.text, kind.source)


_Shown = tuple[str, int, tuple[Field, ...]]


def _of_number(reader: Reader, at: int, _stop: int, part: Part) -> _Shown:
    return str(int.from_bytes(reader.data[at : at + part.octets], "big")), at + part.octets, ()


def _of_duration(reader: Reader, at: int, _stop: int, part: Part) -> _Shown:
    return spoken_seconds(int.from_bytes(reader.data[at : at + part.octets], "big")), at + part.octets, ()


def _of_time(reader: Reader, at: int, _stop: int, part: Part) -> _Shown:
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(int.from_bytes(reader.data[at : at + part.octets], "big"), UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC"), at + part.octets, ()


def _of_type(reader: Reader, at: int, _stop: int, part: Part) -> _Shown:
    return type_named(int.from_bytes(reader.data[at : at + part.octets], "big")), at + part.octets, ()


def _of_address(reader: Reader, at: int, _stop: int, part: Part) -> _Shown:
    from ipaddress import ip_address

    return str(ip_address(reader.data[at : at + part.octets])), at + part.octets, ()


def _of_name(reader: Reader, at: int, _stop: int, _part: Part) -> _Shown:
    found = reader.name(at)
    return found.text, found.stop, tuple(_labels(reader, at, found))


def _of_text(reader: Reader, at: int, stop: int, _part: Part) -> _Shown:
    end = min(at + 1 + reader.data[at], stop)
    return _quoted(reader.data[at + 1 : end]), end, ()


def _of_tag(reader: Reader, at: int, stop: int, _part: Part) -> _Shown:
    end = min(at + 1 + reader.data[at], stop)
    return visible(reader.data[at + 1 : end].decode("ascii", "backslashreplace")), end, ()


def _of_rest(reader: Reader, at: int, stop: int, _part: Part) -> _Shown:
    data = reader.data[at:stop]
    plain = re.fullmatch(rb"[\x20-\x7e]+", data)
    return (_quoted(data) if plain else _hex(data)), stop, ()


_SHAPES: dict[str, Callable[[Reader, int, int, Part], _Shown]] = {
    "number": _of_number,
    "duration": _of_duration,
    "time": _of_time,
    "type": _of_type,
    "ipv4": _of_address,
    "ipv6": _of_address,
    "name": _of_name,
    "text": _of_text,
    "tag": _of_tag,
    "rest": _of_rest,
}


def _strings(reader: Reader, record: Record, part: Part, source: str) -> Iterator[Field]:
    at = record.data_start
    while at < record.stop:
        value, stop, _ = _of_text(reader, at, record.stop, part)
        yield Field(part.name, value, at, stop, f"{count(stop - at - 1, 'octet')}; {part.text}", source)
        at = stop


def _quoted(data: bytes) -> str:
    """A string as people read it; controls and what would turn the line around are visible."""
    return f'"{visible(data.decode("utf-8", "backslashreplace"))}"'


def _hex(data: bytes) -> str:
    more = f" … ({len(data)} octets)" if len(data) > SHOWN_OCTETS else ""
    return data[:SHOWN_OCTETS].hex(" ") + more
