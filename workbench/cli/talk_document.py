"""What `socket talk` tells of a conversation, read from its transcript: also of one that failed half-way."""

from collections.abc import Iterator, Mapping

from workbench.cli.octets import MAX_SHOWN, shown_octets
from workbench.cli.steps import bounded_events, listed_events
from workbench.protocols.raw.received_file import ReceivedFile
from workbench.protocols.raw.tally import Tally
from workbench.transcript.recorder import StreamBytes, Transcript
from workbench.transcript.records import Direction, Event

HASH_PIECE = 1024 * 1024
MAX_DATAGRAMS = 1000
"""Datagrams that a document lists."""


def talk_document(
    transcript: Transcript,
    *,
    encoding: str = "utf-8",
    tally: Tally | None = None,
    received_file: ReceivedFile | None = None,
) -> dict[str, object]:
    """Addresses, what passed, how it ended and the events; the conversation is the transcript's first channel.

    Args:
        encoding: in which received octets are read as text.
        tally: knows the sums of what passed, where all of it was counted.
        received_file: where what arrived was written to.
    """
    channels = transcript.channels
    facts = [event for event in bounded_events(transcript) if event.kind == "fact" and event.channel == 0]
    is_tls = any(event.name == "tls.started" for event in facts)
    layer = "tls" if is_tls else channels[0].layer if channels else "tcp"
    sent = transcript.stream(0, Direction.SENT, layer)
    received = transcript.stream(0, Direction.RECEIVED, layer)
    sent_sum = tally.sent_sha256 if tally is not None and tally.sent == len(sent) else _sha256(sent)
    # A reading that was cancelled, or a record that broke, leaves octets that nobody counted.
    is_counted = tally is not None and tally.received == len(received)
    received_sum = tally.received_sha256 if tally is not None and is_counted else ""
    # What ended under TLS ended there; that the connection below ended too says less.
    ends = {event.name: event.values for event in reversed(facts) if event.name in ("end", "tls.end")}
    end = ends.get("tls.end", ends.get("end", {}))
    document: dict[str, object] = {
        "address": _address(facts) or (channels[0].peer if channels else "") or None,
        "local": (channels[0].local if channels else "") or None,
        "peer": (channels[0].peer if channels else "") or None,
        "sent": {"octets": len(sent), "sha256": sent_sum},
        "received": received_octets(received, encoding, received_sum)
        if received_file is None
        else {
            "octets": len(received),
            "sha256": received_sum or _sha256(received),
            **received_file.as_dict(),
        },
    }
    if layer == "udp":
        document |= _datagrams(transcript, encoding)
    if is_tls:
        from workbench.protocols.raw.tls_report import read_handshake

        report = read_handshake(facts)
        document["tls"] = report.as_dict() if report is not None else {}
    document |= {"end": end.get("kind"), "end_by": end.get("by")}
    return document | listed_events(transcript)


def received_octets(received: StreamBytes, encoding: str, sha256: str = "") -> dict[str, object]:
    """{"octets", "sha256", "text" or "hex" of the first ones, "truncated"}."""
    first = received.read(0, MAX_SHOWN)
    whole = len(received) <= MAX_SHOWN
    return {
        "octets": len(received),
        "sha256": sha256 or _sha256(received),
        **shown_octets(first, encoding, whole=whole),
        "truncated": not whole,
    }


def _sha256(received: StreamBytes) -> str:
    import hashlib

    digest = hashlib.sha256()
    for start in range(0, len(received), HASH_PIECE):
        digest.update(received.read(start, start + HASH_PIECE))
    return digest.hexdigest()


def _address(facts: list[Event]) -> str:
    """Where the target led to: the last address that was tried, or what the Lab said."""
    for event in reversed(facts):
        if event.name.startswith("connect.") and event.name != "connect.dropped":
            return _word(event.values, "address")
        if event.name == "target":
            return _word(event.values, "leads_to").partition("//")[2] or _word(event.values, "leads_to")
    return ""


def _word(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _datagrams(transcript: Transcript, encoding: str) -> dict[str, object]:
    listed: list[dict[str, object]] = []
    left_out = 0
    for event in _received(transcript):
        if len(listed) == MAX_DATAGRAMS:
            left_out += 1
            continue
        listed.append({"octets": event.size, **shown_octets(transcript.data(event), encoding)})
    return {"datagrams": listed, **({"datagrams_left_out": left_out} if left_out else {})}


def _received(transcript: Transcript) -> Iterator[Event]:
    return (event for event in transcript.events() if event.direction is Direction.RECEIVED)
