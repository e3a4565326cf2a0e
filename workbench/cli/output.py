"""What a verb says: results on standard output, everything else on standard error.

Strategy. Both are written as file descriptors, at once and whole: a document that another program waits for is never
left in a buffer, and nothing is lost when the process ends. A reader that went away (`| head`) is an end, not an
error: the output is closed, its owner is told once, and what is written afterwards is dropped. JSON is pure ASCII, so
that octets of a stranger that stand in it can do nothing to a terminal.
"""

import errno
import json
import os
import select
import sys
import time
from collections.abc import Callable, Mapping
from typing import TextIO

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError

STDOUT, STDERR = 1, 2
NEVER_BLOCKS = 4096
"""Octets that a pipe takes at once when it is writable: PIPE_BUF of Linux. A larger write would wait in the system,
out of reach of Ctrl-C."""
PATIENCE_S = 0.1
"""How often it is looked whether the end was asked for, while a reader takes nothing."""
_ERASE = b"\r\x1b[K"
"""To the beginning of the line, and erase it (ECMA-48 8.3.41): every terminal since the VT100 does."""
FAILURE_SCHEMA = "failure/1"
"""Of a document that tells a failure before it was known which verb is meant."""


class Output:
    """Where one command writes.

    Args:
        schema: of its documents.
        as_json: whether --json was given.
        out, err: descriptors; None: closed from the beginning.
        on_closed: told once when standard output can't be written any more.

    Writing never raises. Once it is impossible `is_closed` is set, and `fault` too where the reason is this machine
    (a full disk) and not a reader that went away: `main` turns both into exit codes.
    A reader that takes nothing is waited for, unless `is_hurried` says that the end was asked for.

    said_ns: when something was last said, by the clock that only goes forward.

    has_document: whether one was written.

    A verb sets `so_far` when it fails: what had happened until then, for the failure's document. A streaming verb
    sets `is_complete` with its last document: being stopped then is its usual end and needs no failure.
    """

    def __init__(
        self,
        schema: str = FAILURE_SCHEMA,
        *,
        as_json: bool = False,
        out: int | None = STDOUT,
        err: int | None = STDERR,
        on_closed: Callable[[], None] | None = None,
    ) -> None:
        self.schema = schema
        self.as_json = as_json
        self.on_closed = on_closed
        self.is_closed = out is None
        self.fault: LocalFault | None = None
        self.is_hurried = False
        self.is_complete = False
        self.has_document = False
        self.so_far: Mapping[str, object] = {}
        self._out = out
        self._err = err
        self.said_ns = time.monotonic_ns()
        self._line_open = False
        self._status = False

    @property
    def shows_status(self) -> bool:
        """Whether a person watches the notes, so that a line that changes makes sense."""
        return self._err is not None and os.isatty(self._err)

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads standard output as it comes."""
        return self._out is not None and os.isatty(self._out)

    def document(self, values: Mapping[str, object], *, ok: bool | None = None) -> None:
        """Write one JSON document on a line of its own; the schema comes first, then `ok` where it is given."""
        self.has_document = True
        head: dict[str, object] = {"schema": self.schema}
        if ok is not None:
            head["ok"] = ok
        self.octets(as_json({**head, **values}) + b"\n")

    def line(self, text: str = "") -> None:
        """Write a line for people."""
        self.octets(_encoded(text, sys.stdout) + b"\n")

    def octets(self, data: bytes) -> None:
        """Write octets as they are. Never raises: see `is_closed` and `fault`."""
        if self.is_closed or self._out is None or not data:
            return
        if self._status and self.is_terminal:
            self.status("")
        self._line_open = not data.endswith(b"\n")
        try:
            self._write(self._out, data)
        except OSError as error:
            self.is_closed = True
            if error.errno not in (errno.EPIPE, errno.ECONNRESET):
                self.fault = LocalFault(
                    f"standard output can't be written: {error.strerror}",
                    stage="output",
                    errno_name=errno.errorcode.get(error.errno or 0, ""),
                    committed="maybe",
                )
            if self.on_closed is not None:
                self.on_closed()

    def note(self, text: str) -> None:
        """Write a line for people on standard error."""
        if self._err is None:
            return
        # On a terminal both outputs share the screen: a note begins on a line of its own.
        fresh = b"\n" if self._line_open and self.is_terminal else b""
        self._line_open = self._line_open and not fresh
        if self._status:
            fresh, self._status = _ERASE + fresh, False
        self._say(fresh + _encoded(text, sys.stderr) + b"\n")

    def status(self, text: str) -> None:
        """Show how far it is, in one line that the next one replaces; only where `shows_status`. "" takes it away."""
        if self.shows_status and (text or self._status):
            self._status = bool(text)
            self._say(_ERASE + _encoded(text[: self._columns() - 1], sys.stderr))

    def waiting(self, text: str) -> None:
        """As status, of somebody who only waits: this is no word of the verb, and takes no unfinished line away."""
        if not (self._line_open and self.is_terminal):
            before = self.said_ns
            self.status(text)
            self.said_ns = before

    def _columns(self) -> int:
        """A line that is too long would break in two, and only its second half be erased."""
        try:
            return os.get_terminal_size(self._err or STDERR).columns or 80
        except OSError:
            return 80

    def _say(self, data: bytes) -> None:
        try:
            if self._err is not None:
                self._write(self._err, data)
        except OSError:
            # Nobody listens to notes: the work goes on, its result stands elsewhere.
            self._err = None

    def fail(self, failure: WorkbenchError) -> int:
        """Tell a failure, with --json as the document, to people in any case; returns its exit code."""
        if self.as_json:
            self.document({**self.so_far, "failure": failure.as_dict()}, ok=False)
        self.note(told(failure))
        return failure.exit_code

    def _write(self, descriptor: int, data: bytes) -> None:
        """Write all of it, however slowly it is taken; in a hurry give up as soon as nobody takes any.

        Raises: OSError.
        """
        self.said_ns = time.monotonic_ns()
        rest = memoryview(data)
        while rest:
            _, ready, _ = select.select([], [descriptor], [], PATIENCE_S)
            if ready:
                try:
                    rest = rest[os.write(descriptor, rest[:NEVER_BLOCKS]) :]
                except BlockingIOError:
                    # Somebody who shares this pipe has made it non-blocking, and was quicker.
                    continue
            elif self.is_hurried:
                raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def as_json(values: Mapping[str, object]) -> bytes:
    """One document as JSON without line ends, in ASCII."""
    return json.dumps(values, separators=(", ", ": ")).encode("ascii")


def told(failure: WorkbenchError) -> str:
    """A failure as people read it: the sentence, the place of the mistake, what to try."""
    where = "" if isinstance(failure, LocalMisuse) or not failure.stage else f"{failure.stage}: "
    symbol = (
        f" ({failure.errno_name})" if failure.errno_name and failure.errno_name not in failure.what else ""
    )
    lines = [f"workbench: {where}{failure.what}{symbol}"]
    # Not only what was typed for us has a place: a database points into a statement too.
    caret = getattr(failure, "caret", None)
    if caret is not None:
        lines += [f"  {line}" for line in caret().splitlines()]
    if failure.reply:
        lines.append(f"  answer: {failure.reply}")
    if failure.advice:
        lines.append(f"  try: {failure.advice}")
    return "\n".join(_harmless(line) for line in lines)


def _harmless(text: str) -> str:
    """What a peer or a file said may hold controls; a terminal must not obey them."""
    if text.isprintable():
        return text
    from workbench.formats.charset import visible

    return visible(text)


def _encoded(text: str, stream: TextIO | None) -> bytes:
    return text.encode(getattr(stream, "encoding", None) or "utf-8", "backslashreplace")
