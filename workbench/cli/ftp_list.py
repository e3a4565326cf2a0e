"""`workbench ftp list`: what a folder holds."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.ftp_session import FtpVerb, shown
from workbench.cli.output import Output
from workbench.formats.charset import visible
from workbench.protocols.ftp.values import Entry, text_of

MAX_LISTED = 100_000
"""Entries of one document."""
_MARKS = {"folder": "d", "link": "l", "file": "-", "other": "o", "unknown": "?"}


def list_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that lists. Raises: LocalMisuse, LocalFault; the coroutine what the engine raises."""
    return _List(parsed, output).run()


class _List(FtpVerb):
    async def run(self) -> int:
        async with self.session() as client:
            path = self.place(client)
            self.told = {"path": shown(path), "entries": []}
            listing = await client.list(path)
            self.told |= {
                "command": listing.command,
                "entries": [entry.as_dict() for entry in listing.entries[:MAX_LISTED]],
                "unread": [text_of(line) for line in listing.unread[:MAX_LISTED]],
            }
            if len(listing.entries) > MAX_LISTED:
                self.told["entries_left_out"] = len(listing.entries) - MAX_LISTED
        if not self.output.as_json:
            for entry in listing.entries:
                self.output.line(_line(entry))
            for line in listing.unread:
                self.output.note(f"not read: {visible(text_of(line))}")
        return self.done()


def _line(entry: Entry) -> str:
    size = f"{entry.size:,}" if entry.size is not None and entry.kind == "file" else ""
    arrow = f" -> {text_of(entry.target)}" if entry.target else ""
    return f"{_MARKS[entry.kind]} {size:>16} {entry.modified:<20} {visible(entry.text + arrow)}"
