"""What can be seen of TLS on a connection, and of what somebody in between has heard. Joined in things.py."""

import re
from typing import TYPE_CHECKING, cast

from workbench.experiments.look import events, fact
from workbench.experiments.thing import Field, Look, Made, Seen
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction

if TYPE_CHECKING:
    # Who reads a card alone needs no asyncio.
    from workbench.experiments.tap import Tap, Way

_NO_TEXT = re.compile(rb"[^\x20-\x7e\r\n\t]+")
_HEADER = 5
"""Octets before each TLS record's content: type, version, length (RFC 8446 section 5.1)."""


def _alert(value: str) -> Look:
    """One value of the alert that ended it all; that of an orderly end is none."""

    def look(made: Made, transcript: Transcript) -> Seen:
        for event in events(made, transcript):
            if event.name == "tls.alert" and event.values.get("alert") != "close_notify":
                return Seen(str(event.values.get(value, "")), event.index)
        return Seen("")

    return look


def _certificate_code(made: Made, transcript: Transcript) -> Seen:
    for event in events(made, transcript):
        if event.name == "tls.certificate" and not event.values.get("accepted"):
            code = event.values.get("code")
            return Seen(code if isinstance(code, int) else 0, event.index)
    return Seen(0)


def _heard(made: Made, transcript: Transcript, way: "Way") -> tuple[bytes, int | None]:
    """All octets of one direction as they came in, and the last event that brought some."""
    channels = cast("Tap", made.thing).heard[way]
    found = [
        event
        for event in transcript.events(made.first)
        if event.channel in channels and event.kind == "bytes" and event.direction is Direction.RECEIVED
    ]
    return b"".join(transcript.data(event) for event in found), found[-1].index if found else None


def _heard_text(way: "Way") -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        data, event = _heard(made, transcript, way)
        return Seen(legible(data), event)

    return look


def _heard_size(way: "Way") -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        data, event = _heard(made, transcript, way)
        return Seen(len(data), event)

    return look


def _last_record(way: "Way") -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        data, event = _heard(made, transcript, way)
        return Seen(last_record(data), event)

    return look


def _clients(made: Made, _transcript: Transcript) -> Seen:
    return Seen(len(cast("Tap", made.thing).heard["to-server"]))


def legible(data: bytes) -> str:
    """Octets as somebody who listens in would read them: what is no text is a dot, however long it is."""
    if not _NO_TEXT.search(data):
        return data.decode("ascii")
    return _NO_TEXT.sub(b"\xb7", data).decode("latin-1")


def last_record(data: bytes) -> int:
    """The size of the last whole TLS record, its header left out; 0 where there is none."""
    size = place = 0
    while place + _HEADER <= len(data):
        length = int.from_bytes(data[place + 3 : place + _HEADER])
        place += _HEADER + length
        if place <= len(data):
            size = length
    return size


TLS_FIELDS: dict[str, Field] = {
    "tls_version": Field("text", "the version of TLS that {} speaks", fact("version", "", "tls.complete")),
    "cipher": Field("text", "the cipher of {}", fact("cipher", "", "tls.complete")),
    "trusted": Field("flag", "whether {} trusts the other side", fact("trusted", False, "tls.complete")),
    "distrust": Field("text", "why {} does not trust the other side", fact("reason", "", "tls.complete")),
    "certificate_code": Field("number", "OpenSSL's objection, seen from {}", _certificate_code),
    "alert": Field("text", "the alert that ended TLS, seen from {}", _alert("alert")),
    "alert_by": Field("text", "who sent that alert, seen from {}", _alert("by")),
}
TAP_FIELDS: dict[str, Field] = {
    "to_server": Field("text", "what {} heard on its way to the server", _heard_text("to-server")),
    "to_client": Field("text", "what {} heard on its way to the client", _heard_text("to-client")),
    "to_server_size": Field("number", "how many octets to the server {} heard", _heard_size("to-server")),
    "to_client_size": Field("number", "how many octets to the client {} heard", _heard_size("to-client")),
    "last_record_to_server": Field(
        "number", "the size of the last record to the server, seen by {}", _last_record("to-server")
    ),
    "last_record_to_client": Field(
        "number", "the size of the last record to the client, seen by {}", _last_record("to-client")
    ),
    "clients": Field("number", "how many connections pass through {}", _clients),
}
