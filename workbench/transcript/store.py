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


class _Wrong(ValueError):
    """A line is not as this program writes it; the text says how."""


_WRONG = (ValueError, KeyError, TypeError, IndexError, OverflowError, AttributeError)


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
        except _WRONG as error:
            if transcript is not None:
                transcript.close()
            raise LocalMisuse(
                f"{name}, line {number}: not a saved conversation: {_why(error)}",
                stage="import",
                advice="only JSON lines that this program saved (.jsonl) can be read back; the first one begins "
                f'{{"schema":"{SCHEMA}"',
            ) from error
    if transcript is None:
        raise LocalMisuse(f"{name} is empty", stage="import")
    return transcript


def _why(error: Exception) -> str:
    """What is wrong with a line; not Python's words where it is Python that stumbled."""
    if isinstance(error, _Wrong):
        return str(error)
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    return "a value in it is none that this program writes"


def _entry(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise _Wrong("the line is too long")
    try:
        entry = json.loads(line)
    except UnicodeDecodeError as error:
        raise _Wrong(f"octet {error.start + 1} of the line is no UTF-8") from error
    except json.JSONDecodeError as error:
        raise _Wrong(f"the line is no JSON from character {error.colno} on") from error
    except RecursionError as error:
        raise _Wrong("the line nests too deep") from error
    if not isinstance(entry, dict):
        raise _Wrong("the line holds no JSON object")
    return entry


def _started(entry: dict[str, Any]) -> int:
    if entry.get("schema") != SCHEMA:
        raise _Wrong(f"the schema is {_short(entry.get('schema'))}, not {SCHEMA!r}")
    moment = datetime.fromisoformat(entry["started"].removesuffix("Z")).replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000_000 + moment.microsecond * 1000


def _channel(transcript: Transcript, entry: dict[str, Any], number: int, clock: _Told) -> Channel:
    if entry["channel"] != number:
        raise _Wrong(f"channel {entry['channel']} comes where {number} should")
    clock.monotonic = _count(entry["opened_ns"])
    channel = transcript.open(_text(entry["title"]), _text(entry["layer"]))
    channel.named(local=_text(entry["local"]), peer=_text(entry["peer"]))
    return channel


def _event(channels: list[Channel], entry: dict[str, Any], index: int, clock: _Told) -> None:
    if entry["i"] != index:
        raise _Wrong(f"event {entry['i']} comes where {index} should")
    clock.monotonic = _count(entry["t_ns"])
    channel = channels[_count(entry["ch"])]
    if "fact" in entry:
        channel.fact(_text(entry["fact"]), **entry["values"])
        return
    data = _text(entry["text"]).encode() if "text" in entry else bytes.fromhex(_text(entry["hex"]))
    if len(data) != entry["size"]:
        raise _Wrong(f"{len(data)} octets where {entry['size']} are announced")
    secret = [(_count(first), _count(last)) for first, last in entry.get("secret", entry.get("masked", []))]
    if entry["dir"] not in ("sent", "received"):
        raise _Wrong(f"the direction is {_short(entry['dir'])}")
    record = channel.sent if entry["dir"] == "sent" else channel.received
    record(data, layer=_text(entry["layer"]), secret=secret)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _Wrong(f"{_short(value)} is no count")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"{_short(value)} is no text")
    return value


def _short(value: object) -> str:
    """A stranger's value, in a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
