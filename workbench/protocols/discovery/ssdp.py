"""Messages of SSDP: a first line and fields as in HTTP, each message a datagram (UPnP Device Architecture 2.0, part 1).

Reading is bounded by the size of the head, a number of fields and the length of each; what is missing for one kind of
message is told as a fault and not refused, since devices in the wild leave out much.
"""

import re
from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.discovery.values import Identity, Txt

UDA: Final = "UPnP Device Architecture 2.0 section "
MAX_HEAD: Final = 8192
"""Octets; a datagram that is to fit one frame of Ethernet has less than a fifth of it."""
MAX_FIELDS: Final = 64
MAX_FIELD: Final = 2048
ALL: Final = "ssdp:all"
ROOT: Final = "upnp:rootdevice"
ALIVE: Final = "ssdp:alive"
BYEBYE: Final = "ssdp:byebye"
UPDATE: Final = "ssdp:update"
_STARTS: Final = {"M-SEARCH * HTTP/1.1": "search", "NOTIFY * HTTP/1.1": "notify", "HTTP/1.1 200 OK": "answer"}
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_AGE: Final = re.compile(r"max-age\s*=\s*(\d{1,9})", re.IGNORECASE)

Kind = Literal["search", "notify", "answer"]


class Head(NamedTuple):
    """One message. fields: in their order, names as they came."""

    kind: Kind
    fields: tuple[Txt, ...]

    def first(self, name: str) -> str:
        """The value of a field, its name in any case; "" where there is none."""
        wanted = name.lower()
        return next((field.value for field in self.fields if field.name.lower() == wanted), "")

    @property
    def lives_s(self) -> int | None:
        """How long what it says is good; None where it does not tell."""
        age = _AGE.search(self.first("CACHE-CONTROL"))
        return int(age[1]) if age else None


def read(data: bytes) -> Head:
    """Read a message. Raises: PeerMisbehaved: it is none, with the section that says why."""
    if len(data) > MAX_HEAD:
        raise _wrong(f"a head of {len(data):,} octets; {MAX_HEAD:,} are the most", data, "1.1")
    head, end, _body = data.partition(b"\r\n\r\n")
    if not end:
        raise _wrong("a head without the empty line that ends it", data, "1.1.3")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    kind = _STARTS.get(first.strip())
    if kind is None:
        raise _wrong("a first line that is none of SSDP", data, "1.1.2")
    if len(lines) > MAX_FIELDS:
        raise _wrong(f"more than {MAX_FIELDS} fields", data, "1.1.3")
    return Head(kind, tuple(_field(line, data) for line in lines))  # type: ignore[arg-type]  # of _STARTS


def write_search(host: str, what: str, wait_s: int) -> bytes:
    """The question who is there; those who are wait up to `wait_s` before they answer (section 1.3.2).

    Raises: LocalMisuse: what is searched can't stand in a field.
    """
    fields = (("HOST", host), ("MAN", '"ssdp:discover"'), ("MX", str(wait_s)), ("ST", what or ALL))
    return _write("M-SEARCH * HTTP/1.1", fields)


def write_notify(host: str, kind: str, name: str, identity: Identity, *, says: str) -> bytes:
    """The word that one is there, or leaves: `says` is ALIVE or BYEBYE (sections 1.2.2 and 1.2.3)."""
    fields: list[tuple[str, str]] = [("HOST", host), ("NT", kind), ("NTS", says), ("USN", name)]
    if says == ALIVE:
        fields += [("CACHE-CONTROL", f"max-age={identity.lives_s}"), ("LOCATION", identity.location)]
        fields += [("SERVER", "network-workbench UPnP/2.0"), *((one.name, one.value) for one in identity.txt)]
    return _write("NOTIFY * HTTP/1.1", fields)


def write_answer(kind: str, name: str, identity: Identity) -> bytes:
    """The answer to one who searched, to that one alone (section 1.3.3)."""
    fields = (
        ("CACHE-CONTROL", f"max-age={identity.lives_s}"),
        ("EXT", ""),
        ("LOCATION", identity.location),
        ("SERVER", "network-workbench UPnP/2.0"),
        ("ST", kind),
        ("USN", name),
    )
    return _write("HTTP/1.1 200 OK", fields)


def names_of(device: str, type_: str) -> tuple[tuple[str, str], ...]:
    """What a device announces: type and unique name, of its root, of itself, of what it is (section 1.2.2)."""
    root = ((ROOT, f"{device}::{ROOT}"), (device, device))
    return (*root, (type_, f"{device}::{type_}")) if type_ else root


def _write(start: str, fields: "tuple[tuple[str, str], ...] | list[tuple[str, str]]") -> bytes:
    lines = [start]
    for name, value in fields:
        if not _TOKEN.fullmatch(name):
            raise LocalMisuse(
                f"{name[:40]!r} is no name of a field",
                text=name,
                start=0,
                end=len(name),
                source=UDA + "1.1.3",
            )
        if (at := next((i for i, c in enumerate(value) if ord(c) < 32 or c == "\x7f"), -1)) >= 0:
            raise LocalMisuse(
                f"{name} can't hold a line end or a control",
                text=value,
                start=at,
                end=at + 1,
                advice="it would begin a field of its own",
                source=UDA + "1.1.3",
            )
        lines.append(f"{name}: {value}")
    head = "\r\n".join((*lines, "", "")).encode("utf-8", "replace")
    if len(head) > MAX_HEAD:
        raise LocalMisuse(f"a head of {len(head):,} octets; {MAX_HEAD:,} are the most", source=UDA + "1.1")
    return head


def _field(line: str, data: bytes) -> Txt:
    name, colon, value = line.partition(":")
    if not colon or not _TOKEN.fullmatch(name):
        raise _wrong("a line that is no field", data, "1.1.3")
    if len(value) > MAX_FIELD:
        raise _wrong(f"a field of {len(value):,} characters; {MAX_FIELD:,} are the most", data, "1.1.3")
    return Txt(name, value.strip())


def _wrong(what: str, data: bytes, section: str) -> PeerMisbehaved:
    return PeerMisbehaved(what, stage="receive", data=data, source=UDA + section)
