"""What can be seen: the values that an expectation names, by the kind of thing, read from the transcript.

`that = "client.received"` is the value `received` of what the card calls `client`. Every named step has the values of
COMMON; the kinds have more. What a value is called for people stands beside it.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from workbench.errors import WorkbenchError
from workbench.experiments.verbs import Makes, spoken
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

if TYPE_CHECKING:
    from workbench.wire.stream import Stream

Type = Literal["text", "number", "flag", "list"]
Value = str | int | float | bool | list[int]


class Octets(NamedTuple):
    """What a read or a datagram brought. complete: all that was asked for came; source: of a datagram."""

    data: bytes
    complete: bool = True
    source: str = ""


class ClockReading(NamedTuple):
    """A time of RFC 868: seconds since 1970, and how far that is from this machine's clock (positive: ahead)."""

    unix_s: int
    differs_s: float


class Tries(NamedTuple):
    """A send that was repeated: how often the system took the octets before it said no."""

    taken: int


class Span(NamedTuple):
    """Time that passed."""

    elapsed_ns: int


class Made(NamedTuple):
    """What a named step left: its outcome, and the thing that it made, None for a mere deed or after a failure.

    channels: numbers of the thing's channels in the transcript, as a function since a UDP socket gets more with each
    peer. first, stop: the events that the step recorded, half open.
    """

    name: str
    kind: Makes
    thing: object
    failure: WorkbenchError | None
    errno: str
    elapsed_ns: int
    ended_ns: int
    first: int
    stop: int
    channels: Callable[[], frozenset[int]]


class Seen(NamedTuple):
    """A value and the event that shows it best, None where no event does."""

    value: Value
    event: int | None = None


Look = Callable[["Made", Transcript], Seen]


class Field(NamedTuple):
    """One value. words: what it is, with {} for the name as people read it; look: finds it."""

    type: Type
    words: str
    look: Look


def fields_of(kind: Makes) -> dict[str, Field]:
    """The values that a thing of this kind has, by name."""
    return {**COMMON, **FIELDS[kind]}


def described(name: str, field: Field) -> str:
    """What a value is: "what the client received"."""
    return field.words.format(spoken(name))


# What every named step has ------------------------------------------------------------------------------------------


def _ok(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.failure is None, _last(made))


def _error(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.failure.kind if made.failure is not None else "", _last(made))


def _errno(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.errno, _last(made))


def _elapsed(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.elapsed_ns / 1e6, _last(made))


def _last(made: Made) -> int | None:
    """The step's last event."""
    return made.stop - 1 if made.stop > made.first else None


# Octets on channels -------------------------------------------------------------------------------------------------


def _passed(made: Made, transcript: Transcript, direction: Direction) -> tuple[list[Event], bytes]:
    """The events of one direction, oldest first, and all their octets."""
    found = [
        event for event in _events(made, transcript) if event.kind == "bytes" and event.direction is direction
    ]
    return found, b"".join(transcript.data(event) for event in found)


def _events(made: Made, transcript: Transcript) -> Iterator[Event]:
    channels = made.channels()
    return (event for event in transcript.events(made.first) if event.channel in channels)


def _octets_that(direction: Direction, value: Callable[[list[Event], bytes], Value]) -> Look:
    """A value of all octets of one direction, and of the events that carried them."""

    def look(made: Made, transcript: Transcript) -> Seen:
        events, data = _passed(made, transcript, direction)
        return Seen(value(events, data), events[-1].index if events else None)

    return look


def _as_text(_events: list[Event], data: bytes) -> str:
    return as_text(data)


def _as_hex(_events: list[Event], data: bytes) -> str:
    return data.hex(" ")


def _as_sizes(events: list[Event], _data: bytes) -> list[int]:
    return [event.size for event in events]


def _as_total(_events: list[Event], data: bytes) -> int:
    return len(data)


def _as_count(events: list[Event], _data: bytes) -> int:
    return len(events)


def _speaks_first(made: Made, transcript: Transcript) -> Seen:
    for event in _events(made, transcript):
        if event.kind == "bytes":
            return Seen(event.direction.value, event.index)
    return Seen("")


def as_text(data: bytes) -> str:
    """Octets as an expectation compares them: UTF-8 where they are, \\xHH where not."""
    return data.decode("utf-8", "backslashreplace")


# Facts on channels --------------------------------------------------------------------------------------------------


def _fact(name: str, value: str, default: Value) -> Look:
    """The newest fact of this name, and one of its values."""

    def look(made: Made, transcript: Transcript) -> Seen:
        newest = Seen(default)
        for event in _events(made, transcript):
            if event.name == name:
                found = event.values.get(value)
                newest = Seen(found if isinstance(found, str | int) else default, event.index)
        return newest

    return look


def _accepted(made: Made, transcript: Transcript) -> Seen:
    address = _info(made, transcript, peer=False)
    found = [
        event.index
        for event in transcript.events(made.first)
        if event.name == "accept.complete" and event.values.get("local") == address
    ]
    return Seen(len(found), found[-1] if found else None)


def _sending(made: Made, _transcript: Transcript) -> Seen:
    return Seen(cast("Stream", made.thing).sending.value, _last(made))


def _receiving(made: Made, _transcript: Transcript) -> Seen:
    return Seen(cast("Stream", made.thing).receiving.value, _last(made))


def _info(made: Made, transcript: Transcript, *, peer: bool) -> str:
    """An address of the thing's first channel."""
    info = transcript.channels[min(made.channels())]
    return info.peer if peer else info.local


def _address(*, peer: bool) -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        return Seen(_info(made, transcript, peer=peer), _last(made))

    return look


def _port(*, peer: bool) -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        port = _info(made, transcript, peer=peer).rpartition(":")[2]
        return Seen(int(port) if port.isdecimal() else 0, _last(made))

    return look


# Things that are values themselves ----------------------------------------------------------------------------------


def _read_text(made: Made, _transcript: Transcript) -> Seen:
    return Seen(as_text(_octets(made).data), _last(made))


def _read_hex(made: Made, _transcript: Transcript) -> Seen:
    return Seen(_octets(made).data.hex(" "), _last(made))


def _read_size(made: Made, _transcript: Transcript) -> Seen:
    return Seen(len(_octets(made).data), _last(made))


def _read_complete(made: Made, _transcript: Transcript) -> Seen:
    return Seen(_octets(made).complete, _last(made))


def _read_source(made: Made, _transcript: Transcript) -> Seen:
    return Seen(_octets(made).source, _last(made))


def _octets(made: Made) -> Octets:
    return cast(Octets, made.thing)


def _clock(made: Made) -> ClockReading:
    return cast(ClockReading, made.thing)


def _unix_s(made: Made, _transcript: Transcript) -> Seen:
    return Seen(_clock(made).unix_s)


def _utc(made: Made, _transcript: Transcript) -> Seen:
    return Seen(utc(_clock(made).unix_s))


def _differs_s(made: Made, _transcript: Transcript) -> Seen:
    return Seen(_clock(made).differs_s)


def utc(unix_s: int) -> str:
    """Seconds since 1970 as "2036-02-07 06:28:15 UTC"."""
    from datetime import UTC, datetime, timedelta

    # Counted from the epoch, since fromtimestamp() refuses what the system's own functions can't hold.
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=unix_s)
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def _taken(made: Made, _transcript: Transcript) -> Seen:
    return Seen(cast(Tries, made.thing).taken, _last(made))


def _span_ms(made: Made, _transcript: Transcript) -> Seen:
    return Seen(cast(Span, made.thing).elapsed_ns / 1e6)


_IN, _OUT = Direction.RECEIVED, Direction.SENT

COMMON: dict[str, Field] = {
    "ok": Field("flag", "whether {} worked", _ok),
    "error": Field("text", "the kind of failure of {}", _error),
    "errno": Field("text", "the system's word at {}", _errno),
    "elapsed_ms": Field("number", "the milliseconds that {} took", _elapsed),
}
FIELDS: dict[Makes, dict[str, Field]] = {
    "deed": {},
    "listener": {
        "address": Field("text", "the address of {}", _address(peer=False)),
        "port": Field("number", "the port of {}", _port(peer=False)),
        "accepted": Field("number", "the connections that {} accepted", _accepted),
    },
    "stream": {
        "received": Field("text", "what {} received", _octets_that(_IN, _as_text)),
        "received_hex": Field("text", "the octets that {} received", _octets_that(_IN, _as_hex)),
        "received_size": Field("number", "how many octets {} received", _octets_that(_IN, _as_total)),
        "sent": Field("text", "what {} sent", _octets_that(_OUT, _as_text)),
        "sent_size": Field("number", "how many octets {} sent", _octets_that(_OUT, _as_total)),
        "sends": Field("number", "how often {} sent", _octets_that(_OUT, _as_count)),
        "spoke_first": Field("text", "the first octets, seen from {}", _speaks_first),
        "end": Field("text", "how {} saw the connection end", _fact("end", "kind", "")),
        "ended_by": Field("text", "who ended the connection, seen from {}", _fact("end", "by", "")),
        "unread": Field(
            "number", "the octets that {} closed over without reading them", _fact("close", "unread", 0)
        ),
        "finish_errno": Field("text", "why {} could not finish", _fact("finish.failed", "errno", "")),
        "sending": Field("text", "the state of what {} sends", _sending),
        "receiving": Field("text", "the state of what {} receives", _receiving),
        "local": Field("text", "the address of {}", _address(peer=False)),
        "peer": Field("text", "the address of the peer of {}", _address(peer=True)),
        "local_port": Field("number", "the port of {}", _port(peer=False)),
        "peer_port": Field("number", "the port that {} talks to", _port(peer=True)),
    },
    "datagram": {
        "received": Field("text", "what {} received", _octets_that(_IN, _as_text)),
        "received_sizes": Field(
            "list", "the sizes of the datagrams that {} received", _octets_that(_IN, _as_sizes)
        ),
        "received_count": Field("number", "how many datagrams {} received", _octets_that(_IN, _as_count)),
        "sent": Field("text", "what {} sent", _octets_that(_OUT, _as_text)),
        "sent_sizes": Field("list", "the sizes of the datagrams that {} sent", _octets_that(_OUT, _as_sizes)),
        "sent_count": Field("number", "how many datagrams {} sent", _octets_that(_OUT, _as_count)),
        "fault": Field(
            "text", "what the system told {} about an earlier datagram", _fact("fault", "errno", "")
        ),
        "local": Field("text", "the address of {}", _address(peer=False)),
        "peer": Field("text", "the address of the peer of {}", _address(peer=True)),
        "local_port": Field("number", "the port of {}", _port(peer=False)),
    },
    "octets": {
        "text": Field("text", "the text of {}", _read_text),
        "hex": Field("text", "the octets of {}", _read_hex),
        "size": Field("number", "the size of {} in octets", _read_size),
        "complete": Field("flag", "whether {} is all that was asked for", _read_complete),
        "source": Field("text", "where {} came from", _read_source),
    },
    "tries": {"taken": Field("number", "how often the system still took the octets at {}", _taken)},
    "clock": {
        "unix_s": Field("number", "the seconds since 1970 that {} says", _unix_s),
        "utc": Field("text", "the date that {} says", _utc),
        "differs_s": Field("number", "the seconds between {} and this machine's clock", _differs_s),
    },
    "span": {"elapsed_ms": Field("number", "the milliseconds of {}", _span_ms)},
}
"""What can be seen of each kind of thing, beside COMMON."""
