"""The head of an answer: octets to status line and fields, each with its place (RFC 9112 sections 4 and 5).

Two readings. h11 is strict and decides; ours is forgiving and says what was wrong and where, since h11 names no place.
What h11 lets pass and is odd all the same (a bare LF, a folded field, a length beside chunks) is a fault that does not
end the reading: it is shown beside the answer.
"""

import re
from typing import TYPE_CHECKING, Final

from workbench.errors import PeerMisbehaved
from workbench.protocols.http.values import Fault, Field, Head

if TYPE_CHECKING:
    import h11

MAX_HEAD: Final = 64 * 1024
"""Octets of one head. Apache sends 8 KiB at most, browsers take 256 KiB of a server; ours lies between."""
MAX_FIELDS: Final = 500
"""Fields of one head; servers' own limits are 100 (Apache) and a thousand."""
_STATUS_LINE: Final = re.compile(rb"HTTP/([0-9])\.([0-9]) ([0-9]{3})(?: ([^\x00\r\n]*))?\Z")
_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_CLEAN: Final = re.compile(rb"[^\x00\r]*\Z")
_LENGTH: Final = re.compile(r"[0-9]{1,18}\Z", re.ASCII)
_TLS_ALERT: Final = b"\x15\x03"


class HeadReader:
    """Octets, cut anywhere, to one head.

    Args:
        at: place of the first octet in the whole answer, for the places of faults.
    """

    def __init__(self, at: int = 0) -> None:
        self._rest = bytearray()
        self._searched = 0
        self._at = at

    def feed(self, data: bytes) -> tuple[bytes, bytes] | None:
        """The head with its empty line, and what came behind it; None while it has no end.

        Raises: PeerMisbehaved: this is no HTTP, or the head does not end.
        """
        self._rest += data
        if self._searched < 8:
            _check_begin(bytes(self._rest[:16]), bytes(self._rest))
        stop = _end_of_head(self._rest, max(0, self._searched - 3))
        if stop < 0 or stop > MAX_HEAD:
            self._searched = len(self._rest)
            if len(self._rest) > MAX_HEAD:
                raise broken(
                    f"the head of the answer does not end within {MAX_HEAD // 1024} KiB",
                    bytes(self._rest[-64:]),
                    self._at + MAX_HEAD,
                    "RFC 9112 section 2.1",
                )
            return None
        return bytes(self._rest[:stop]), bytes(self._rest[stop:])

    @property
    def held(self) -> bytes:
        """What came of a head that has no end."""
        return bytes(self._rest)


def read_head(raw: bytes, connection: "h11.Connection", at: int = 0) -> Head:
    """Read a whole head, its empty line included.

    Args:
        connection: a client's, that waits for an answer; it is fed, and stands behind the head then.

    Raises: PeerMisbehaved: it is none that anybody should go on with.
    """
    import h11

    head = parse(raw, at)
    for fault in head.faults:
        if fault.is_fatal:
            raise broken(fault.what, raw[fault.start - at : fault.stop - at], fault.start, fault.source)
    try:
        connection.receive_data(raw)
        event = connection.next_event()
    except h11.RemoteProtocolError as error:
        raise broken(f"the head is no HTTP/1.1: {error}", raw, at, "RFC 9112 section 4") from error
    if not isinstance(event, h11.Response | h11.InformationalResponse) or event.status_code != head.status:
        raise broken("the head can be read in two ways", raw, at, "RFC 9112 section 2.2")
    return head


def parse(raw: bytes, at: int = 0) -> Head:
    """Read a head as far as it can be read, with everything that is wrong in it. at: of its first octet."""
    faults: list[Fault] = []
    lines = _lines(raw, at, faults)
    line, start, stop = lines[0]
    match = _STATUS_LINE.match(line)
    if match is None:
        faults.append(_status_fault(line, at + start, at + stop))
        return Head("", 0, "", (), raw, tuple(faults))
    version, status = f"{match[1].decode()}.{match[2].decode()}", int(match[3])
    if not 100 <= status <= 599:
        what = f"{status} is no status: the first digit is 1 to 5"
        faults.append(Fault(what, at + 9, at + 12, "RFC 9110 section 15", is_fatal=True))
    if status == 101:
        what = "the server changes to another protocol, which nobody asked for"
        faults.append(Fault(what, at + 9, at + 12, "RFC 9110 section 15.2.2", is_fatal=True))
    if match[1] != b"1":
        what = f"the answer is HTTP/{version}, which is not what was asked"
        faults.append(Fault(what, at + 5, at + 8, "RFC 9110 section 2.5", is_fatal=True))
    fields = _fields(lines[1:], at, faults)
    if len(fields) > MAX_FIELDS:
        place = fields[MAX_FIELDS].start + at
        what = f"the head has {len(fields):,} fields; more than {MAX_FIELDS} are taken for an attack"
        faults.append(Fault(what, place, at + len(raw), "RFC 9110 section 5.4", is_fatal=True))
    head = Head(version, status, text_of(match[4] or b""), tuple(fields), raw)
    return head._replace(faults=(*faults, *_length_faults(head, at)))


def length_of(head: Head) -> int | None:
    """What Content-Length says; None where there is none, or none that is a number."""
    values = {part.strip() for value in head.all("content-length") for part in value.split(",")}
    if len(values) != 1 or not _LENGTH.match(value := values.pop()):
        return None
    return int(value)


def is_chunked(head: Head) -> bool:
    """Whether the body comes in chunks."""
    codings = head.all("transfer-encoding")
    return len(codings) == 1 and codings[0].strip().lower() == "chunked"


def codings_of(head: Head) -> tuple[str, ...]:
    """The content codings, in the order in which they were applied (RFC 9110 section 8.4)."""
    named = (part.strip().lower() for value in head.all("content-encoding") for part in value.split(","))
    return tuple(name for name in named if name and name != "identity")


def text_of(data: bytes) -> str:
    """Octets of a head as text: UTF-8 where they are, else an octet a character (RFC 9110 section 5.5)."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def broken(what: str, data: bytes, place: int, source: str, *, stage: str = "head") -> PeerMisbehaved:
    """The failure; `place` is the octet of the answer where it lies, from 0 on."""
    return PeerMisbehaved(
        f"{what} (octet {place} of the answer)", stage=stage, data=data, committed="maybe", source=source
    )


def _end_of_head(data: bytearray, start: int) -> int:
    """The place behind the empty line; -1 where there is none. A recipient may take a bare LF (section 2.2)."""
    found = [place + len(mark) for mark in (b"\n\r\n", b"\n\n") if (place := data.find(mark, start)) >= 0]
    return min(found, default=-1)


def _check_begin(begin: bytes, all_of_it: bytes) -> None:
    if begin[:2] == _TLS_ALERT:
        raise PeerMisbehaved(
            "the answer is a record of TLS",
            stage="head",
            data=all_of_it,
            committed="no",
            advice="the server expects TLS on this port: write https://",
            source="RFC 8446 section 5.1",
        )
    if b"HTTP/"[: len(begin)] == begin[:5]:
        return
    if begin.startswith((b"SSH-", b"220", b"+OK", b"* OK")):
        what, advice = "another protocol answers on this port", "the Sockets panel shows what it says"
    else:
        what = "the answer does not begin with HTTP/: nobody says what it is, nor whether it is whole"
        advice = "servers before 1996 (HTTP/0.9) answer so, with the page alone"
    raise PeerMisbehaved(
        f"{what} (octet 0 of the answer)",
        stage="head",
        data=all_of_it,
        committed="maybe",
        advice=advice,
        source="RFC 9112 section 4",
    )


def _lines(raw: bytes, at: int, faults: list[Fault]) -> list[tuple[bytes, int, int]]:
    """The lines of a head without their ends, each with its place, the empty last one left out."""
    lines: list[tuple[bytes, int, int]] = []
    start = 0
    told = False
    while (end := raw.find(b"\n", start)) >= 0:
        line = raw[start:end]
        if line.endswith(b"\r"):
            line = line[:-1]
        elif not told:
            told = True
            what = "a line ends with a bare LF; it should be CR LF"
            faults.append(Fault(what, at + end, at + end + 1, "RFC 9112 section 2.2"))
        if line or not lines:
            lines.append((line, start, end + 1))
        start = end + 1
    return lines


def _fields(lines: list[tuple[bytes, int, int]], at: int, faults: list[Fault]) -> list[Field]:
    fields: list[Field] = []
    for line, start, stop in lines:
        if line[:1] in (b" ", b"\t"):
            if not fields:
                what = "the first field begins with white space"
                faults.append(Fault(what, at + start, at + start + 1, "RFC 9112 section 2.2", is_fatal=True))
                continue
            what = "a field goes on in a second line, which was given up in 2014"
            faults.append(Fault(what, at + start, at + stop, "RFC 9112 section 5.2"))
            last = fields[-1]
            fields[-1] = last._replace(value=f"{last.value} {text_of(line.strip())}", stop=stop)
            continue
        field = _field(line, start, stop, at, faults)
        if field is not None:
            fields.append(field)
    return fields


def _field(line: bytes, start: int, stop: int, at: int, faults: list[Fault]) -> Field | None:
    name, colon, value = line.partition(b":")
    if not colon:
        what = "a line of the head has no colon"
        faults.append(Fault(what, at + start, at + stop, "RFC 9112 section 5", is_fatal=True))
        return None
    if not _TOKEN.match(name):
        what = "a field's name holds what no name may hold"
        source = "RFC 9110 section 5.1"
        if name.rstrip() != name:
            what, source = "there is white space between a field's name and its colon", "RFC 9112 section 5.1"
        faults.append(Fault(what, at + start, at + start + len(name), source, is_fatal=True))
    if not _CLEAN.match(value):
        what = "a field's value holds a NUL or a bare CR"
        faults.append(Fault(what, at + start, at + stop, "RFC 9110 section 5.5", is_fatal=True))
    return Field(text_of(name), text_of(value.strip(b" \t")), start, stop)


def _status_fault(line: bytes, start: int, stop: int) -> Fault:
    what = "the first line is no status line: HTTP/1.1, a blank, three digits, a blank"
    return Fault(what, start, stop, "RFC 9112 section 4", is_fatal=True)


def _length_faults(head: Head, at: int) -> list[Fault]:
    """What is wrong with how the body's end is told (RFC 9112 section 6.3)."""
    source = "RFC 9112 section 6.3"
    faults: list[Fault] = []
    lengths = [field for field in head.fields if field.name.lower() == "content-length"]
    values = [part.strip() for field in lengths for part in field.value.split(",")]
    if lengths:
        start, stop = at + lengths[-1].start, at + lengths[-1].stop
        if len(set(values)) > 1:
            what = f"two lengths for one body: {' and '.join(dict.fromkeys(values))}"
            faults.append(Fault(what, start, stop, source, is_fatal=True))
        elif not _LENGTH.match(values[0]):
            what = f"Content-Length is no number of octets: {values[0][:40]!r}"
            faults.append(Fault(what, start, stop, "RFC 9110 section 8.6", is_fatal=True))
        elif len(values) > 1:
            faults.append(Fault("Content-Length is said more than once", start, stop, source))
    codings = [field for field in head.fields if field.name.lower() == "transfer-encoding"]
    if not codings:
        return faults
    start, stop = at + codings[-1].start, at + codings[-1].stop
    if not is_chunked(head):
        what = f"only chunked is understood as a transfer coding, not {codings[-1].value[:40]!r}"
        faults.append(Fault(what, start, stop, "RFC 9112 section 6.1", is_fatal=True))
    elif lengths:
        what = "both a length and chunks: the chunks count; two programs on the way may disagree on that"
        faults.append(Fault(what, start, stop, source))
    return faults
