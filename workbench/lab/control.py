"""The control protocol between the Lab's process and those who use it: octets to values and back, no sockets.

One JSON object a line, UTF-8, LF at its end. The Lab speaks first:

    <- {"hello": {"protocol": 1, "version": "0.1.0", "pid": 4711, "shared": "", "note": ""}}
    -> {"id": 1, "do": "start", "name": "echo", "switches": {"delay_ms": 50}}
    <- {"id": 1, "ok": {"instance": "echo#1", ...}}
    -> {"id": 2, "do": "start", "name": "ehco"}
    <- {"id": 2, "error": {"kind": "LocalMisuse", "what": "the Lab has no service \"ehco\"", ...}}
    -> {"id": 3, "do": "relay", "to": "127.0.0.1:7", "transport": "tcp", "switches": {"split": 1}}
    <- {"id": 3, "ok": {"instance": "relay#1", ...}}
    <- {"notice": "running", "values": {"services": [...]}}

Either side bounds a line before it reads it. A wrong request is answered, with its id where it has one; it never ends
the Lab. A line beyond the bound ends that connection, since nothing after it can be trusted to be a line.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from workbench.errors import (
    LinkLost,
    LocalFault,
    LocalMisuse,
    PeerMisbehaved,
    Refused,
    TooSlow,
    Untrusted,
    WorkbenchError,
)

PROTOCOL = 1
"""Raised whenever an older Lab would misunderstand; Labs of another number are not joined."""
MAX_REQUEST_LINE = 65_536
"""Octets without LF: a service name and its switches fit fifty times."""
MAX_REPLY_LINE = 1_048_576
"""Octets without LF: the list of all services that a Lab may run at once (128) takes a tenth of it."""
MAX_ID = 2**53
"""Ids stay exact in every JSON reader (RFC 8259 section 6)."""

Values = Mapping[str, object]
NO_SWITCHES: Values = MappingProxyType({})


class Start(NamedTuple):
    """Start a service, or find the one that runs with these switches; port None: any."""

    id: int
    name: str
    switches: Values = NO_SWITCHES
    host: str = ""
    port: int | None = None


class Relayed(NamedTuple):
    """Start a relay to an address, or find the one that runs with these switches. transport: "tcp" or "udp"."""

    id: int
    to: str
    transport: str = "tcp"
    switches: Values = NO_SWITCHES


class Stop(NamedTuple):
    """Stop one instance ("echo#1") or every instance of a service ("echo")."""

    id: int
    name: str


class Listing(NamedTuple):
    """Ask what runs."""

    id: int


class Ping(NamedTuple):
    """Ask for a sign of life."""

    id: int


class Describe(NamedTuple):
    """Ask for the catalogue."""

    id: int


class Authority(NamedTuple):
    """Ask for the certificate of the Lab's authority, and an identity for a client; both are made on first need."""

    id: int


Request = Start | Relayed | Stop | Listing | Ping | Describe | Authority


class Wrong(NamedTuple):
    """A line that is no request: what to answer, and to which id (None where it had none)."""

    id: int | None
    error: WorkbenchError


class Hello(NamedTuple):
    """The Lab's first line. shared: the path of the socket where others may join, or ""; note: why it is not shared."""

    protocol: int
    version: str
    pid: int
    shared: str = ""
    note: str = ""


class Reply(NamedTuple):
    """The answer to a request that was carried out."""

    id: int
    values: Values


class Failure(NamedTuple):
    """The answer to a request that was not; id None: to a line without one."""

    id: int | None
    error: WorkbenchError


class Notice(NamedTuple):
    """News that nobody asked for."""

    name: str
    values: Values


Message = Hello | Reply | Failure | Notice


def encode_request(request: Request) -> bytes:
    """One line with its LF."""
    match request:
        case Start(number, name, switches, host, port):
            shown: dict[str, object] = {"id": number, "do": "start", "name": name}
            if switches:
                shown["switches"] = dict(switches)
            if host:
                shown["host"] = host
            if port is not None:
                shown["port"] = port
        case Relayed(number, to, transport, switches):
            shown = {"id": number, "do": "relay", "to": to, "transport": transport}
            if switches:
                shown["switches"] = dict(switches)
        case Stop(number, name):
            shown = {"id": number, "do": "stop", "name": name}
        case Listing(number):
            shown = {"id": number, "do": "list"}
        case Ping(number):
            shown = {"id": number, "do": "ping"}
        case Describe(number):
            shown = {"id": number, "do": "describe"}
        case Authority(number):
            shown = {"id": number, "do": "authority"}
    return _line(shown)


def decode_request(line: bytes) -> Request | Wrong:
    """What a user of the Lab asks for; a Wrong with the sentence to answer where it is no request. Never raises."""
    try:
        fields = _object(line)
    except ValueError as error:
        return Wrong(None, _misuse(f"not a request: {error}"))
    number = fields.pop("id", None)
    if type(number) is not int or not 0 <= number <= MAX_ID:
        return Wrong(None, _misuse("a request needs an id: a whole number from 0 on"))
    try:
        return _request(number, fields)
    except LocalMisuse as error:
        return Wrong(number, error)


def encode_message(message: Message) -> bytes:
    """One line with its LF."""
    match message:
        case Hello():
            return _line({"hello": message._asdict()})
        case Reply(number, values):
            return _line({"id": number, "ok": dict(values)})
        case Failure(number, error):
            return _line({"id": number, "error": error.as_dict()})
        case Notice(name, values):
            return _line({"notice": name, "values": dict(values)})


def decode_message(line: bytes) -> Message:
    """What the Lab says.

    Raises: PeerMisbehaved: the line is none of the four messages.
    """
    try:
        fields = _object(line)
        if "hello" in fields:
            return _hello(_mapping(fields["hello"]))
        if "notice" in fields:
            return Notice(_text(fields["notice"]), _mapping(fields.get("values", {})))
        number = fields.get("id")
        if number is not None and type(number) is not int:
            raise ValueError("the id is no whole number")
        if "error" in fields:
            return Failure(number, error_from_dict(_mapping(fields["error"])))
        if number is None or "ok" not in fields:
            raise ValueError("neither hello, notice, answer nor error")
        return Reply(number, _mapping(fields["ok"]))
    except ValueError as error:
        raise PeerMisbehaved(f"the Lab's words make no sense: {error}", stage="lab", data=line) from error


def error_from_dict(shown: Values) -> WorkbenchError:
    """The failure that as_dict() described, of the same class; of an unknown kind, a plain WorkbenchError."""
    what = str(shown.get("what", "")) or "the Lab gave no reason"
    stage, advice, source = (str(shown.get(key, "")) for key in ("stage", "try", "source"))
    kind = shown.get("kind")
    if kind == "LocalMisuse":
        place = shown.get("at")
        start, end = (
            (_whole(place.get("start")), _whole(place.get("end")))
            if isinstance(place, dict)
            else (None, None)
        )
        text = str(shown.get("input", ""))
        return LocalMisuse(what, text=text, start=start, end=end, stage=stage, advice=advice, source=source)
    committed = shown.get("committed")
    return _KINDS.get(str(kind), WorkbenchError)(
        what,
        stage=stage,
        errno_name=str(shown.get("errno", "")),
        reply=str(shown.get("reply", "")),
        data=_octets(shown.get("data_hex")),
        committed="maybe" if committed == "maybe" else "yes" if committed == "yes" else "no",
        advice=advice,
        source=source,
        transcript_index=_whole(shown.get("transcript_index")),
    )


_KINDS: dict[str, type[WorkbenchError]] = {
    kind.__name__: kind for kind in (LinkLost, LocalFault, PeerMisbehaved, Refused, TooSlow, Untrusted)
}


def _request(number: int, fields: dict[str, object]) -> Request:
    verb = fields.pop("do", None)
    match verb:
        case "start":
            name = _name(fields)
            switches = _switches(fields)
            host = fields.pop("host", "")
            port = fields.pop("port", None)
            if not isinstance(host, str):
                raise _misuse("host must be text")
            if port is not None and (type(port) is not int or not 0 <= port <= 65535):
                raise _misuse("port must be a whole number from 0 to 65535")
            request: Request = Start(number, name, switches, host, port)
        case "relay":
            to, transport = fields.pop("to", None), fields.pop("transport", "tcp")
            if not isinstance(to, str) or not to:
                raise _misuse("the address to relay to is missing")
            if transport not in ("tcp", "udp"):
                raise _misuse(f"transport must be tcp or udp, not {_shown(transport)}")
            request = Relayed(number, to, str(transport), _switches(fields))
        case "stop":
            request = Stop(number, _name(fields))
        case "list":
            request = Listing(number)
        case "ping":
            request = Ping(number)
        case "describe":
            request = Describe(number)
        case "authority":
            request = Authority(number)
        case _:
            raise _misuse(f"the Lab can't {_shown(verb)}; it can start, relay, stop, list, ping and describe")
    if fields:
        raise _misuse(f"{verb} takes no {_shown(next(iter(fields)))}")
    return request


def _switches(fields: dict[str, object]) -> Values:
    switches = fields.pop("switches", {})
    if not isinstance(switches, dict):
        raise _misuse("switches must be an object of names and values")
    return switches


def _name(fields: dict[str, object]) -> str:
    name = fields.pop("name", None)
    if not isinstance(name, str) or not name:
        raise _misuse("the name of a service is missing")
    return name


def _misuse(what: str) -> LocalMisuse:
    return LocalMisuse(what, stage="lab")


def _shown(value: object) -> str:
    """A stranger's value, short enough for a sentence."""
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _line(value: Values) -> bytes:
    # Pure ASCII: a lone surrogate, which no UTF-8 can carry, travels as its escape.
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def _object(line: bytes) -> dict[str, object]:
    try:
        value = json.loads(line, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deep") from None
    return dict(_mapping(value))


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON (RFC 8259 section 6)")


def _mapping(value: object) -> Values:
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text expected")
    return value


def _whole(value: object) -> int | None:
    return value if type(value) is int else None


def _octets(value: object) -> bytes:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        return b""


def _hello(fields: Values) -> Hello:
    protocol, pid = _whole(fields.get("protocol")), _whole(fields.get("pid"))
    if protocol is None or pid is None:
        raise ValueError("a hello without protocol or pid")
    texts = (_text(fields.get(key, "")) for key in ("version", "shared", "note"))
    version, shared, note = texts
    return Hello(protocol, version, pid, shared, note)
