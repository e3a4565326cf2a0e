"""What can be seen: the values that an expectation names, by the kind of thing, read from the transcript.

`that = "client.received"` is the value `received` of what the card calls `client`. Every named step has the values of
COMMON; the kinds have more. What a value is called for people stands beside it.
"""

from typing import TYPE_CHECKING, cast

from workbench.experiments.look import (
    as_text,
    count_of,
    events,
    fact,
    hex_of,
    last,
    octets_that,
    sizes_of,
    text_of,
    total_of,
)
from workbench.experiments.thing import (
    ClockReading,
    Count,
    Field,
    Filled,
    Gauge,
    Look,
    Made,
    Octets,
    Seen,
    Span,
    Tries,
    Type,
    Value,
)
from workbench.experiments.things_addresses import (
    ATTEMPT_FIELDS,
    CANDIDATES_FIELDS,
    INSPECTED_FIELDS,
    JUDGED_FIELDS,
    SERVICE_FIELDS,
    TRACED_FIELDS,
)
from workbench.experiments.things_calls import OUTCOME_FIELDS
from workbench.experiments.things_discovery import DISCOVERED_FIELDS
from workbench.experiments.things_dns import CHECK_FIELDS, LOOKUP_FIELDS
from workbench.experiments.things_flow import NOTICED_FIELDS, PIPE_FIELDS
from workbench.experiments.things_frames import CHOPPED_FIELDS, FRAMED_FIELDS, FRAMES_FIELDS, UNPACKED_FIELDS
from workbench.experiments.things_ftp import FETCHED_FIELDS, LISTING_FIELDS
from workbench.experiments.things_gopher import ASKED_FIELDS, LEVELS_FIELDS
from workbench.experiments.things_letters import PARSED_FIELDS
from workbench.experiments.things_mail import LETTER_FIELDS, LOOKED_FIELDS, SENT_FIELDS
from workbench.experiments.things_markup import CALLED_FIELDS, FOUND_FIELDS
from workbench.experiments.things_readiness import READINESS_KINDS
from workbench.experiments.things_scripts import RULED_FIELDS, SCRIPTED_FIELDS
from workbench.experiments.things_secure import TAP_FIELDS, TLS_FIELDS
from workbench.experiments.things_servers import SEARCH_FIELDS, SERVING_FIELDS
from workbench.experiments.things_sql import RESULT_FIELDS
from workbench.experiments.things_web import ANSWER_FIELDS, SAVED_FIELDS
from workbench.experiments.verb import Makes, spoken
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction

if TYPE_CHECKING:
    from workbench.wire.stream import Stream

__all__ = [
    "COMMON",
    "FIELDS",
    "ClockReading",
    "Count",
    "Field",
    "Filled",
    "Gauge",
    "Made",
    "Octets",
    "Seen",
    "Span",
    "Tries",
    "Type",
    "Value",
    "described",
    "fields_of",
    "utc",
]


def fields_of(kind: Makes) -> dict[str, Field]:
    """The values that a thing of this kind has, by name."""
    return {**COMMON, **FIELDS[kind]}


def described(name: str, field: Field) -> str:
    """What a value is: "what the client received"."""
    return field.words.format(spoken(name))


# What every named step has ------------------------------------------------------------------------------------------


def _ok(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.failure is None, last(made))


def _error(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.failure.kind if made.failure is not None else "", last(made))


def _errno(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.errno, last(made))


def _elapsed(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.elapsed_ns / 1e6, last(made))


def _stage(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.failure.stage if made.failure is not None else "", last(made))


def _why(made: Made, _transcript: Transcript) -> Seen:
    return Seen(made.failure.what if made.failure is not None else "", last(made))


# Channels -----------------------------------------------------------------------------------------------------------


def _speaks_first(made: Made, transcript: Transcript) -> Seen:
    for event in events(made, transcript):
        if event.kind == "bytes":
            return Seen(event.direction.value, event.index)
    return Seen("")


def _accepted(made: Made, transcript: Transcript) -> Seen:
    address = _info(made, transcript, peer=False)
    found = [
        event.index
        for event in transcript.events(made.first)
        if event.name == "accept.complete" and event.values.get("local") == address
    ]
    return Seen(len(found), found[-1] if found else None)


def _by_sender(made: Made, transcript: Transcript) -> Seen:
    """How many came from each sender, in the order in which they were first heard."""
    counts: dict[int, int] = {}
    newest = None
    for event in events(made, transcript):
        if event.kind == "bytes" and event.direction is Direction.RECEIVED:
            counts[event.channel] = counts.get(event.channel, 0) + 1
            newest = event.index
    return Seen(list(counts.values()), newest)


def _sending(made: Made, _transcript: Transcript) -> Seen:
    return Seen(cast("Stream", made.thing).sending.value, last(made))


def _receiving(made: Made, _transcript: Transcript) -> Seen:
    return Seen(cast("Stream", made.thing).receiving.value, last(made))


def _info(made: Made, transcript: Transcript, *, peer: bool) -> str:
    """An address of the thing's first channel."""
    info = transcript.channels[min(made.channels())]
    return info.peer if peer else info.local


def _address(*, peer: bool) -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        return Seen(_info(made, transcript, peer=peer), last(made))

    return look


def _peer_host(made: Made, transcript: Transcript) -> Seen:
    """Without the port; an IPv4 address in IPv6's clothes is undressed (RFC 4291 section 2.5.5.2)."""
    host = _info(made, transcript, peer=True).rpartition(":")[0].removeprefix("[").removesuffix("]")
    mapped = host.removeprefix("::ffff:")
    return Seen(host if mapped == host else f"{mapped} (mapped)", last(made))


def _port(*, peer: bool) -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        port = _info(made, transcript, peer=peer).rpartition(":")[2]
        return Seen(int(port) if port.isdecimal() else 0, last(made))

    return look


# Things that are values themselves ----------------------------------------------------------------------------------


def _read_text(made: Made, _transcript: Transcript) -> Seen:
    return Seen(as_text(_octets(made).data), last(made))


def _read_hex(made: Made, _transcript: Transcript) -> Seen:
    return Seen(_octets(made).data.hex(" "), last(made))


def _read_size(made: Made, _transcript: Transcript) -> Seen:
    return Seen(len(_octets(made).data), last(made))


def _read_complete(made: Made, _transcript: Transcript) -> Seen:
    return Seen(_octets(made).complete, last(made))


def _read_source(made: Made, _transcript: Transcript) -> Seen:
    return Seen(_octets(made).source, last(made))


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
    return Seen(cast(Tries, made.thing).taken, last(made))


def _span_ms(made: Made, _transcript: Transcript) -> Seen:
    return Seen(cast(Span, made.thing).elapsed_ns / 1e6)


def _gauge(value: str) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(getattr(cast(Gauge, made.thing), value))

    return look


def _filled(value: str) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(getattr(cast(Filled, made.thing), value), last(made))

    return look


def _number(made: Made, _transcript: Transcript) -> Seen:
    return Seen(cast(Count, made.thing).number)


_IN, _OUT = Direction.RECEIVED, Direction.SENT

COMMON: dict[str, Field] = {
    "ok": Field("flag", "whether {} worked", _ok),
    "error": Field("text", "the kind of failure of {}", _error),
    "errno": Field("text", "the system's word at {}", _errno),
    "stage": Field("text", "the stage at which {} failed", _stage),
    "why": Field("text", "the sentence of the failure of {}", _why),
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
        "received": Field("text", "what {} received", octets_that(_IN, text_of)),
        "received_hex": Field("text", "the octets that {} received", octets_that(_IN, hex_of)),
        "received_size": Field("number", "how many octets {} received", octets_that(_IN, total_of)),
        "sent": Field("text", "what {} sent", octets_that(_OUT, text_of)),
        "sent_size": Field("number", "how many octets {} sent", octets_that(_OUT, total_of)),
        "sends": Field("number", "how often {} sent", octets_that(_OUT, count_of)),
        "spoke_first": Field("text", "the first octets, seen from {}", _speaks_first),
        "end": Field("text", "how {} saw the connection end", fact("kind", "", "end", "tls.end")),
        "ended_by": Field("text", "who ended the connection, seen from {}", fact("by", "", "end", "tls.end")),
        "unread": Field(
            "number", "the octets that {} closed over without reading them", fact("unread", 0, "close")
        ),
        "finish_errno": Field("text", "why {} could not finish", fact("errno", "", "finish.failed")),
        "sending": Field("text", "the state of what {} sends", _sending),
        "receiving": Field("text", "the state of what {} receives", _receiving),
        "local": Field("text", "the address of {}", _address(peer=False)),
        "peer": Field("text", "the address of the peer of {}", _address(peer=True)),
        "peer_host": Field("text", "the host of the peer of {}", _peer_host),
        "local_port": Field("number", "the port of {}", _port(peer=False)),
        "peer_port": Field("number", "the port that {} talks to", _port(peer=True)),
        **TLS_FIELDS,
    },
    "datagram": {
        "received": Field("text", "what {} received", octets_that(_IN, text_of)),
        "received_sizes": Field(
            "list", "the sizes of the datagrams that {} received", octets_that(_IN, sizes_of)
        ),
        "received_count": Field("number", "how many datagrams {} received", octets_that(_IN, count_of)),
        "sent": Field("text", "what {} sent", octets_that(_OUT, text_of)),
        "sent_sizes": Field("list", "the sizes of the datagrams that {} sent", octets_that(_OUT, sizes_of)),
        "sent_count": Field("number", "how many datagrams {} sent", octets_that(_OUT, count_of)),
        "received_from": Field("list", "the datagrams that {} received, by sender", _by_sender),
        "fault": Field(
            "text", "what the system told {} about an earlier datagram", fact("errno", "", "fault")
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
    "tap": TAP_FIELDS,
    "filled": {
        "offered": Field("number", "the octets that the program wanted to send at {}", _filled("offered")),
        "taken": Field("number", "the octets that the system took at {}", _filled("taken")),
        "left": Field("number", "the octets that the program still held after {}", _filled("left")),
    },
    "gauge": {
        "handed_over": Field("number", "the octets that had been handed over at {}", _gauge("handed_over")),
        "send_queue": Field("number", "the octets in the sender's system at {}", _gauge("send_queue")),
        "receive_queue": Field(
            "number", "the octets in the receiver's system at {}", _gauge("receive_queue")
        ),
        "read": Field("number", "the octets that the receiver's program had read at {}", _gauge("read")),
        "total": Field("number", "all octets that were found somewhere at {}", _gauge("total")),
        "sender_state": Field("text", "the state of the sender's connection at {}", _gauge("sender_state")),
        "receiver_state": Field(
            "text", "the state of the receiver's connection at {}", _gauge("receiver_state")
        ),
    },
    "count": {"number": Field("number", "the count of {}", _number)},
    "lookup": LOOKUP_FIELDS,
    "check": CHECK_FIELDS,
    "listing": LISTING_FIELDS,
    "fetched": FETCHED_FIELDS,
    "session": {},
    "result": RESULT_FIELDS,
    "answer": ANSWER_FIELDS,
    "saved": SAVED_FIELDS,
    "asked": ASKED_FIELDS,
    "discovered": DISCOVERED_FIELDS,
    "levels": LEVELS_FIELDS,
    "found": FOUND_FIELDS,
    "called": CALLED_FIELDS,
    "letter": LETTER_FIELDS,
    "sent": SENT_FIELDS,
    "looked": LOOKED_FIELDS,
    "parsed": PARSED_FIELDS,
    **READINESS_KINDS,
    "outcome": OUTCOME_FIELDS,
    "piped": PIPE_FIELDS,
    "noticed": NOTICED_FIELDS,
    "framed": FRAMED_FIELDS,
    "frames": FRAMES_FIELDS,
    "chopped": CHOPPED_FIELDS,
    "unpacked": UNPACKED_FIELDS,
    "serving": SERVING_FIELDS,
    "ruled": RULED_FIELDS,
    "scripted": SCRIPTED_FIELDS,
    "search": SEARCH_FIELDS,
    "service": SERVICE_FIELDS,
    "attempt": ATTEMPT_FIELDS,
    "candidates": CANDIDATES_FIELDS,
    "inspected": INSPECTED_FIELDS,
    "judged": JUDGED_FIELDS,
    "traced": TRACED_FIELDS,
    "span": {"elapsed_ms": Field("number", "the milliseconds of {}", _span_ms)},
}
"""What can be seen of each kind of thing, beside COMMON."""
