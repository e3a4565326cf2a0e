"""One sentence for what the simple services of the early Internet say, known by the Lab's name or the port's number."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from workbench.formats.rfc868 import SIZE, decode_time, is_past_wrap
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.render import Explanation, preview

Tell = Callable[[Transcript, Event], Explanation]
_BY_PORT = {7: "echo", 9: "discard", 13: "daytime", 19: "chargen", 37: "time"}
_SERVICES = (*_BY_PORT.values(), *(f"udp-{name}" for name in ("echo", "time")))


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What octets of such a conversation mean; None for facts, and for conversations with others."""
    if event.kind != "bytes" or event.layer not in ("tcp", "udp"):
        return None
    service = _service(transcript, event)
    if not service:
        return None
    name = service.removeprefix("udp-")
    # That a datagram is empty is worth more words than where it goes; but of a time server it is the question.
    return _TOLD[name](transcript, event) if event.size or name == "time" else None


def _service(transcript: Transcript, event: Event) -> str:
    info = transcript.channels[event.channel]
    name = info.title.removeprefix("lab:").partition("/")[0] if info.title.startswith("lab:") else ""
    if name in _SERVICES:
        return name
    port = info.peer.rpartition(":")[2]
    return _BY_PORT.get(int(port), "") if port.isdigit() else ""


def _time(transcript: Transcript, event: Event) -> Explanation:
    source = "RFC 868"
    if event.direction is Direction.SENT:
        return Explanation(
            preview(transcript, event) or "asks for the time",
            "by UDP any datagram is the question, an empty one by the book",
            source,
        )
    if event.size != SIZE:
        return Explanation(
            f"{event.size} octets, and a time has {SIZE}", "no time can be read from them", source
        )
    data = transcript.data(event)
    unix_s = decode_time(data)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=unix_s)
    counted = "since 7 February 2036, when the counter began again" if is_past_wrap(data) else "since 1900"
    number = int.from_bytes(data, "big")
    words = f"{number:,} seconds {counted}, most significant octet first"
    return Explanation(f"{moment:%Y-%m-%d %H:%M:%S} UTC", words, source)


def _told_both_ways(ours: str, theirs: str, source: str) -> Tell:
    def tell(transcript: Transcript, event: Event) -> Explanation:
        words = ours if event.direction is Direction.SENT else theirs
        return Explanation(preview(transcript, event), words, source)

    return tell


_TOLD: dict[str, Tell] = {
    "time": _time,
    "echo": _told_both_ways("the server sends back what it gets", "sent back as it came", "RFC 862"),
    "discard": _told_both_ways("thrown away, unanswered", "a discard server never answers", "RFC 863"),
    "chargen": _told_both_ways("not read", "a pattern without end", "RFC 864"),
    "daytime": _told_both_ways("not read", "date and time, in a form of the server's choosing", "RFC 867"),
}
