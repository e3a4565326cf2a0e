"""A transcript leaves the program: as text, as a hex dump, as JSON lines, as a capture, as the octets of one direction.

Every writer is a generator of octets, event by event, so that the window can write a conversation of any size between
two turns of its loop and the terminal can write it in one go. Secrets are masked unless asked for.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from workbench.errors import LocalMisuse
from workbench.formats.hexdump import marked_dump
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import ChannelInfo, Direction, Event
from workbench.transcript.redact import shown
from workbench.transcript.render import Explainer, as_text, line

SCHEMA = "transcript/1"
FORMATS = ("txt", "hex", "jsonl", "pcapng", "sent", "received")
PIECE = 64 * 1024
"""Octets of one event written at a time: an event may be as large as memory."""


def export(
    transcript: Transcript, form: str, *, with_secrets: bool = False, explain: Explainer | None = None
) -> Iterator[bytes]:
    """The transcript in one of FORMATS, in pieces.

    Raises: LocalMisuse for an unknown format.
    """
    if form == "txt":
        return write_text(transcript, with_secrets=with_secrets, explain=explain)
    if form == "hex":
        return write_hex(transcript, with_secrets=with_secrets)
    if form == "jsonl":
        return write_jsonl(transcript, with_secrets=with_secrets)
    if form == "pcapng":
        from workbench.transcript.pcapng import write_pcapng

        return write_pcapng(transcript, with_secrets=with_secrets)
    if form in ("sent", "received"):
        return write_raw(transcript, Direction(form), with_secrets=with_secrets)
    raise LocalMisuse(
        f"{form!r} is no format of a conversation",
        text=form,
        start=0,
        end=len(form),
        advice=f"choose one of {', '.join(FORMATS)}",
    )


def write_text(
    transcript: Transcript, *, with_secrets: bool = False, explain: Explainer | None = None
) -> Iterator[bytes]:
    """Lines for people: time, channel, direction, size, and the whole text of each event."""
    yield f"# conversation of {started(transcript)}; times in seconds since then\n".encode()
    for info in transcript.channels:
        yield _utf8(f"# channel {info.number}: {info.title} ({info.layer}) {info.local} {info.peer}\n")
    for event in transcript.events():
        shown_line = line(transcript, event, explain)
        head = f"{shown_line.time_s:12.6f} {event.channel:3d} "
        if event.kind == "fact":
            told = f"{shown_line.what}  {shown_line.text}".rstrip()
            yield _utf8(f"{head}   {told}{_cited(shown_line.source)}\n")
            continue
        yield f"{head}{event.direction.arrow}  {event.size} octets{_cited(shown_line.source)}\n".encode()
        for piece in _pieces(transcript, event, with_secrets):
            yield _text_lines(piece)


_INDENT = b" " * 19
_PLAIN = bytes([*range(0x20, 0x7F), *b"\t\r\n"])


def _text_lines(piece: bytes) -> bytes:
    """Each line of a piece on a line of its own, its end written out."""
    if piece.translate(None, _PLAIN):
        return b"".join(_INDENT + as_text(line).encode() + b"\n" for line in piece.splitlines(keepends=True))
    # Nearly all that is text is this; a line at a time a gigabyte would take minutes. NUL, SOH and STX are free here.
    ends = piece.replace(b"\t", b"\\t").replace(b"\r\n", b"\0").replace(b"\r", b"\1").replace(b"\n", b"\2")
    for mark, shown_end in ((b"\0", b"\\r\\n"), (b"\1", b"\\r"), (b"\2", b"\\n")):
        ends = ends.replace(mark, shown_end + b"\n" + _INDENT)
    lines = _INDENT + ends
    return lines.removesuffix(_INDENT) if lines.endswith(b"\n" + _INDENT) else lines + b"\n"


def write_hex(transcript: Transcript, *, with_secrets: bool = False) -> Iterator[bytes]:
    """A hex dump with time, channel and direction before each event; offsets run on through a direction."""
    for event in transcript.events():
        if event.kind == "fact":
            continue
        seconds = event.time_ns / 1e9
        yield (
            f"# {seconds:.6f} s, channel {event.channel}, {event.direction.value}, {event.size} octets\n"
        ).encode()
        offset = event.offset
        for piece in _pieces(transcript, event, with_secrets):
            yield marked_dump(event.direction.arrow, piece, offset)
            offset += len(piece)


def write_raw(
    transcript: Transcript, direction: Direction, *, channel: int | None = None, with_secrets: bool = False
) -> Iterator[bytes]:
    """The octets of one direction and nothing else, of one channel or of all in order of time."""
    for event in transcript.events():
        if event.kind == "bytes" and event.direction is direction and channel in (None, event.channel):
            yield from _pieces(transcript, event, with_secrets)


def write_jsonl(transcript: Transcript, *, with_secrets: bool = False) -> Iterator[bytes]:
    """JSON lines that read_jsonl reads back.

    The first line names the schema and the time, the next ones the channels, then one line an event. Octets stand as
    "text" where they are UTF-8 without controls but CR, LF and TAB, else as "hex". Masked ranges are listed. The
    keys of TLS stand in the first line, where secrets are asked for.
    """
    keys = {"keys": transcript.key_log} if with_secrets and transcript.key_log else {}
    yield _line({"schema": SCHEMA, "started": started(transcript), "events": len(transcript), **keys})
    for info in transcript.channels:
        yield _line({"channel": info.number, **_channel(info)})
    for event in transcript.events():
        entry: dict[str, object] = {"i": event.index, "t_ns": event.time_ns, "ch": event.channel}
        if event.kind == "fact":
            entry |= {"fact": event.name, "values": event.values}
        else:
            entry |= {"dir": event.direction.value, "layer": event.layer, "size": event.size}
            entry |= _octets(shown(transcript, event, with_secrets=with_secrets))
            secrets = transcript.secrets(event)
            if secrets:
                entry["secret" if with_secrets else "masked"] = [list(pair) for pair in secrets]
        yield _line(entry)


def started(transcript: Transcript) -> str:
    """When the transcript began, as ISO 8601 in UTC with microseconds."""
    seconds, nanoseconds = divmod(transcript.started_wall_ns, 1_000_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=nanoseconds // 1000, tzinfo=None)
    return moment.isoformat(timespec="microseconds") + "Z"


def _pieces(transcript: Transcript, event: Event, with_secrets: bool) -> Iterator[bytes]:
    for start in range(0, event.size, PIECE):
        yield shown(transcript, event, start, start + PIECE, with_secrets=with_secrets)


def _cited(source: str) -> str:
    return f"  [{source}]" if source else ""


def _channel(info: ChannelInfo) -> dict[str, object]:
    return {
        "title": info.title,
        "layer": info.layer,
        "local": info.local,
        "peer": info.peer,
        "opened_ns": info.opened_ns,
    }


def _octets(data: bytes) -> dict[str, str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return {"hex": data.hex()}
    plain = text.replace("\r", "").replace("\n", "").replace("\t", "")
    return {"text": text} if plain.isprintable() else {"hex": data.hex()}


def _line(entry: dict[str, object]) -> bytes:
    try:
        return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except UnicodeEncodeError:
        # Half of a surrogate pair: only as an escape can it stand in a file that is valid UTF-8.
        return json.dumps(entry, separators=(",", ":")).encode("ascii") + b"\n"


def _utf8(text: str) -> bytes:
    """For people: what no UTF-8 can hold is written as \\udcff."""
    return text.encode(errors="backslashreplace")
