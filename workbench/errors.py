"""What can go wrong, with the blame in the type: us, the peer, the link, the time, this machine.

Every error a person sees is a WorkbenchError. `str(error)` is one sentence fit for a status line; the rest stands in
attributes, and the window, the terminal and JSON show the same ones. An end that nobody asked about (FIN, RST) is
not an error: it is a value of the stream.
"""

from typing import ClassVar, Literal

Committed = Literal["no", "maybe", "yes"]

MAX_SHOWN_OCTETS = 256
"""Of a peer's wrong octets an error keeps at most this many: enough to recognise them, too few to fill a screen."""


class WorkbenchError(Exception):
    """A failure that a person can understand and act on.

    Args:
        what: one sentence, without a final full stop.
        stage: where in the operation: "resolve", "connect", "tls", "greeting", "login", "request", "body" ...
        errno_name: the symbol of the system's errno ("ECONNREFUSED"), never its number.
        reply: the peer's own words, as sent.
        data: the octets complained of; kept up to MAX_SHOWN_OCTETS.
        committed: whether the peer may have carried out what was asked.
        advice: what to try, one sentence.
        source: the document that decides ("RFC 5321 section 4.2.1").
        transcript_index: the event that shows it.
    """

    exit_code: ClassVar[int] = 70

    def __init__(
        self,
        what: str,
        *,
        stage: str = "",
        errno_name: str = "",
        reply: str = "",
        data: bytes = b"",
        committed: Committed = "no",
        advice: str = "",
        source: str = "",
        transcript_index: int | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.stage = stage
        self.errno_name = errno_name
        self.reply = reply
        self.data = bytes(data[:MAX_SHOWN_OCTETS])
        self.committed: Committed = committed
        self.advice = advice
        self.source = source
        self.transcript_index = transcript_index

    @property
    def kind(self) -> str:
        """The name of the class, as JSON shows it."""
        return type(self).__name__

    def as_dict(self) -> dict[str, object]:
        """The failure as JSON shows it: always kind, stage, what, committed; the others where they say something."""
        shown: dict[str, object] = {
            "kind": self.kind,
            "stage": self.stage,
            "what": self.what,
            "committed": self.committed,
        }
        if self.errno_name:
            shown["errno"] = self.errno_name
        if self.reply:
            shown["reply"] = self.reply
        if self.data:
            shown["data_hex"] = self.data.hex()
        if self.advice:
            shown["try"] = self.advice
        if self.source:
            shown["source"] = self.source
        if self.transcript_index is not None:
            shown["transcript_index"] = self.transcript_index
        return shown


class LocalMisuse(WorkbenchError):
    """We were asked for something that is not allowed, or not now; nothing was sent.

    Args:
        text: the input that holds the mistake.
        start, end: the mistake's place in `text`, in characters, half open; equal when something is missing there.
    """

    exit_code = 2

    def __init__(
        self,
        what: str,
        *,
        text: str = "",
        start: int | None = None,
        end: int | None = None,
        stage: str = "input",
        advice: str = "",
        source: str = "",
    ) -> None:
        super().__init__(what, stage=stage, advice=advice, source=source)
        self.text = text
        self.start = start
        self.end = start if end is None else end

    def caret(self) -> str:
        """Two lines: the line of the input with the mistake, and a caret under it; "" where no place is known."""
        if self.start is None or self.end is None:
            return ""
        line_start = self.text.rfind("\n", 0, self.start) + 1
        line_end = self.text.find("\n", self.start)
        line = self.text[line_start:] if line_end < 0 else self.text[line_start:line_end]
        width = max(1, min(self.end, line_start + len(line)) - self.start)
        # Tabs and other controls would shift the caret away from its place.
        shown = "".join(c if c.isprintable() else "?" for c in line)
        return f"{shown}\n{' ' * (self.start - line_start)}{'^' * width}"

    def as_dict(self) -> dict[str, object]:
        shown = super().as_dict()
        if self.start is not None:
            shown["input"] = self.text
            shown["at"] = {"start": self.start, "end": self.end}
        return shown


class PeerMisbehaved(WorkbenchError):
    """The peer broke the protocol; `data` holds the octets, `source` the rule."""

    exit_code = 4


class LinkLost(WorkbenchError, ConnectionError):
    """No connection, or none any more."""

    exit_code = 3


class TooSlow(WorkbenchError, TimeoutError):
    """A deadline passed before the answer was there."""

    exit_code = 3


class Refused(WorkbenchError):
    """The peer understood and said no; `reply` holds its words."""

    exit_code = 1


class Untrusted(WorkbenchError):
    """A certificate was examined and not accepted."""

    exit_code = 1


class LocalFault(WorkbenchError):
    """This machine failed: disk, file, permission, a missing optional part."""

    exit_code = 5
