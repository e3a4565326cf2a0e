"""A conversation that was saved as JSON lines, read back for a verb."""

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from workbench.errors import LocalFault, WorkbenchError
from workbench.formats.quantity import octets
from workbench.transcript.export import started
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.store import read_jsonl

MAX_CHANNELS = 1000
"""Channels that a document lists."""
PROGRESS_NS = 1_000_000_000
"""Between two notes on how far the reading is."""

Note = Callable[[str], None]


def read_saved(path: str, note: Note) -> Transcript:
    """The conversation of a file, "-" for standard input; the caller closes it.

    Args:
        note: told now and then how far it is, where that takes long.

    Raises: LocalFault: the file can't be read; LocalMisuse: it is no saved conversation.
    """
    try:
        if path == "-":
            return read_jsonl(_followed(sys.stdin.buffer, 0, note), name="standard input")
        with open(path, "rb") as file:
            about = os.fstat(file.fileno())
            if stat.S_ISDIR(about.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            return read_jsonl(_followed(file, about.st_size, note), name=path)
    except OSError as error:
        raise _fault(path, error) from error


def _followed(lines: Iterable[bytes], size: int, note: Note) -> Iterator[bytes]:
    """The lines, and now and then a note. size: octets of all, 0 where nobody knows."""
    done = 0
    next_ns = time.monotonic_ns() + PROGRESS_NS
    for line in lines:
        yield line
        done += len(line)
        if time.monotonic_ns() >= next_ns:
            next_ns = time.monotonic_ns() + PROGRESS_NS
            note(f"read {octets(done)}" + (f" of {octets(size)}" if size else ""))


def saved_document(path: str, transcript: Transcript) -> Mapping[str, object]:
    """What documents say about a saved conversation: when it was, how much it holds, between whom."""
    channels = transcript.channels
    return {
        "file": path,
        "started": started(transcript),
        "events": len(transcript),
        "channels": [
            {
                "number": info.number,
                "title": info.title,
                "layer": info.layer,
                "local": info.local or None,
                "peer": info.peer or None,
                "sent": {"octets": _octets(transcript, info.number, Direction.SENT)},
                "received": {"octets": _octets(transcript, info.number, Direction.RECEIVED)},
            }
            for info in channels[:MAX_CHANNELS]
        ],
        **({"channels_left_out": len(channels) - MAX_CHANNELS} if len(channels) > MAX_CHANNELS else {}),
    }


def _octets(transcript: Transcript, channel: int, direction: Direction) -> int:
    return sum(len(transcript.stream(channel, direction, layer)) for layer in transcript.layers)


def _fault(path: str, error: OSError) -> WorkbenchError:
    return LocalFault(
        f"{path} can't be read: {error.strerror}",
        stage="import",
        errno_name=errno.errorcode.get(error.errno or 0, ""),
        advice="name a file that --transcript FILE.jsonl or the window has saved; - is standard input",
    )
