"""A recorded conversation as a script: what was said is sent again, what was answered is expected, line by line.

Its first channel that sent something is taken, or the one that is named. Of a long answer the last lines are expected:
what is longer than a line that people read is no marker. Secrets are left out, and a remark says where.
"""

from collections.abc import Iterator
from typing import Final

from workbench.errors import LocalMisuse
from workbench.formats.payload import write_payload
from workbench.protocols.raw.recorded import TLS_STARTED, Hearing
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import masked

MAX_OCTETS: Final = 1024 * 1024
MAX_LINES: Final = 12
"""Lines of one answer that are expected one by one; of more the last ones."""
LONGEST: Final = 200
"""Octets of an answer's piece that are expected; of more the first ones."""
_ENDS: Final = ("FIN", "RST", "close_notify", "truncated")


def script_of(transcript: Transcript, channel: int | None = None) -> str:
    """The script. Raises: LocalMisuse: nothing was sent, or more than a script holds."""
    number = _first_that_sent(transcript) if channel is None else channel
    if number is None:
        raise LocalMisuse(
            "nothing was sent in this conversation yet",
            stage="script",
            advice="say something first, and record that",
        )
    title = transcript.channels[number].title
    writing = _Writing(transcript, number)
    lines = [f"# Recorded from {title}.", "timeout 10s", *writing.lines()]
    return "\n".join(lines) + "\n"


def _first_that_sent(transcript: Transcript) -> int | None:
    return next((event.channel for event in transcript.events() if event.direction is Direction.SENT), None)


class _Writing:
    def __init__(self, transcript: Transcript, channel: int) -> None:
        self._transcript = transcript
        self._hearing = Hearing(channel)
        self._answer = b""
        self._total = 0
        self._has_spoken = False
        self._has_ended = False

    def lines(self) -> Iterator[str]:
        for event in self._transcript.events():
            was_protected = self._hearing.is_protected
            if not self._hearing.hears(event):
                continue
            if event.kind == "fact":
                yield from self._fact(event, was_protected)
            elif event.direction is Direction.SENT:
                yield from self._expected()
                yield from self._sent(event)
            else:
                self._has_spoken = True
                self._answer += self._data(event)
                if event.layer == "udp":
                    yield from self._expected()
        yield from self._expected()

    def _fact(self, event: Event, was_protected: bool) -> Iterator[str]:
        if event.name == TLS_STARTED and not was_protected:
            yield from self._expected()
            yield "starttls" if self._has_spoken else "# Under TLS from the first octet on: run it so."
        elif event.name in ("finish.sent", "tls.finished"):
            yield from self._expected()
            yield "finish"
        elif event.name in ("end", "tls.end") and not self._has_ended and event.values.get("by") == "peer":
            self._has_ended = True
            yield from self._expected()
            kind = str(event.values.get("kind"))
            yield f"expect end {kind}" if kind in _ENDS else "expect end"

    def _sent(self, event: Event) -> Iterator[str]:
        self._has_spoken = True
        data = self._data(event)
        secrets = self._transcript.secrets(event)
        if secrets:
            yield "# A secret was left out of the next line: write it in place of the asterisks."
            data = masked(data, secrets)
        yield f"send {_quoted(data)}"

    def _data(self, event: Event) -> bytes:
        self._total += event.size
        if self._total > MAX_OCTETS:
            raise LocalMisuse(
                f"more than {MAX_OCTETS // 1024} KiB passed: too much for a script",
                stage="script",
                advice="replay the saved conversation instead",
            )
        return self._transcript.data(event)

    def _expected(self) -> Iterator[str]:
        answer, self._answer = self._answer, b""
        pieces = [piece for piece in answer.splitlines(keepends=True) if piece]
        if len(pieces) > MAX_LINES:
            yield f"# {len(pieces) - MAX_LINES} lines before these are not waited for one by one."
            pieces = pieces[-MAX_LINES:]
        for piece in pieces:
            if len(piece) > LONGEST:
                yield f"# The first {LONGEST} of {len(piece)} octets."
            yield f"expect {_quoted(piece[:LONGEST])}"


def _quoted(data: bytes) -> str:
    """As a text where it is one, else in hexadecimal."""
    text = write_payload(data)
    if not data or data.count(b"\0") * 4 > len(data) or text.count("\\{") * 8 > len(data):
        return f"hex {data.hex(' ')}" if data else '""'
    return '"' + text.replace("${", "$${").replace('"', '\\"') + '"'
