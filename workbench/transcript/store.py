"""Reading a conversation that was saved as JSON lines."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from workbench.errors import LocalMisuse
from workbench.transcript.export import SCHEMA
from workbench.transcript.recorder import Channel, Transcript

MAX_LINE = 512 * 1024 * 1024
"""Octets of one line: an event holds what one system call moved, so this is a file of something else."""


class _Told:
    """A clock that says what the file says, so that a conversation read back has its own times."""

    def __init__(self) -> None:
        self.wall = 0
        self.monotonic = 0

    def monotonic_ns(self) -> int:
        return self.monotonic

    def wall_ns(self) -> int:
        return self.wall


def read_jsonl(lines: Iterable[bytes], *, name: str = "the file") -> Transcript:
    """The transcript that write_jsonl wrote.

    Args:
        lines: e.g. a file opened in binary mode.
        name: for the sentences.

    Raises: LocalMisuse that names the line and what is wrong with it.
    """
    clock = _Told()
    transcript: Transcript | None = None
    channels: list[Channel] = []
    for number, line in enumerate(lines, 1):
        try:
            entry = _entry(line)
            if transcript is None:
                clock.wall = _started(entry)
                keys = [_text(line) for line in entry.get("keys", [])]
                transcript = Transcript(clock=clock)
                transcript.key_log += keys
            elif "channel" in entry:
                channels.append(_channel(transcript, entry, len(channels), clock))
            else:
                _event(channels, entry, len(transcript), clock)
        except (ValueError, KeyError, TypeError, IndexError, OverflowError) as error:
            if transcript is not None:
                transcript.close()
            told = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise LocalMisuse(
                f"{name}, line {number}: not a saved conversation: {told}",
                stage="import",
                advice="only JSON lines that this program saved can be read back",
            ) from error
    if transcript is None:
        raise LocalMisuse(f"{name} is empty", stage="import")
    return transcript


def _entry(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise ValueError("the line is too long")
    entry = json.loads(line)
    if not isinstance(entry, dict):
        raise ValueError("the line holds no JSON object")
    return entry


def _started(entry: dict[str, Any]) -> int:
    if entry.get("schema") != SCHEMA:
        raise ValueError(f"the schema is {entry.get('schema')!r}, not {SCHEMA!r}")
    moment = datetime.fromisoformat(entry["started"].removesuffix("Z")).replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000_000 + moment.microsecond * 1000


def _channel(transcript: Transcript, entry: dict[str, Any], number: int, clock: _Told) -> Channel:
    if entry["channel"] != number:
        raise ValueError(f"channel {entry['channel']} comes where {number} should")
    clock.monotonic = _count(entry["opened_ns"])
    channel = transcript.open(_text(entry["title"]), _text(entry["layer"]))
    channel.named(local=_text(entry["local"]), peer=_text(entry["peer"]))
    return channel


def _event(channels: list[Channel], entry: dict[str, Any], index: int, clock: _Told) -> None:
    if entry["i"] != index:
        raise ValueError(f"event {entry['i']} comes where {index} should")
    clock.monotonic = _count(entry["t_ns"])
    channel = channels[_count(entry["ch"])]
    if "fact" in entry:
        channel.fact(_text(entry["fact"]), **entry["values"])
        return
    data = _text(entry["text"]).encode() if "text" in entry else bytes.fromhex(_text(entry["hex"]))
    if len(data) != entry["size"]:
        raise ValueError(f"{len(data)} octets where {entry['size']} are announced")
    secret = [(_count(first), _count(last)) for first, last in entry.get("secret", entry.get("masked", []))]
    if entry["dir"] not in ("sent", "received"):
        raise ValueError(f"the direction is {entry['dir']!r}")
    record = channel.sent if entry["dir"] == "sent" else channel.received
    record(data, layer=_text(entry["layer"]), secret=secret)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
