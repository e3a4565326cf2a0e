"""`--transcript FILE`: what was said, in a file, also and above all when the verb fails.

The file is begun under another name before anything is sent, so that a folder that can't be written is found before
connecting, and takes its name when it is whole: nobody ever reads half of one, and an older one stays until then.
"""

import asyncio
import errno
import math
import os
import stat
import time
from collections.abc import Callable

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.quantity import octets
from workbench.transcript.export import export
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.explain import explain

FORMATS = ("txt", "hex", "jsonl", "pcapng")
TOLD_AFTER_NS = 700_000_000
TOLD_EVERY_NS = 200_000_000
PIECES_A_TURN = 64
"""Of the exporter's pieces, until the loop gets its turn: Ctrl-C must end the writing of a gigabyte, too."""


def transcript_format(path: str) -> str:
    """The format that a file's name asks for. Raises: LocalMisuse at its end."""
    name = os.path.basename(path)
    _, dot, suffix = name.rpartition(".")
    if dot and suffix.lower() in FORMATS:
        return suffix.lower()
    start = len(path) - len(suffix) if dot else len(path)
    form = f".{suffix}" if dot and suffix else "a file without .txt, .hex, .jsonl or .pcapng"
    raise LocalMisuse(
        f"a transcript can't be written as {form}",
        text=path,
        start=start,
        end=len(path),
        advice="end the name in .txt (for people), .hex (a dump), .jsonl (for programs, and to read back) "
        "or .pcapng (packets, for Wireshark)",
    )


class WritingTold:
    """Says how far the writing is, once it takes longer than a person expects: what was said is over by then, and its
    time limit counts no more. On a terminal in a line that moves, else in one note.
    """

    def __init__(
        self,
        output: Output,
        path: str,
        transcript: Transcript,
        *,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._output = output
        self._path = path
        self._transcript = transcript
        self._now_ns = now_ns
        self._written = 0
        self._next_ns: float = now_ns() + TOLD_AFTER_NS

    def wrote(self, number: int) -> None:
        """So many octets more stand in the file."""
        self._written += number
        now_ns = self._now_ns()
        if now_ns < self._next_ns:
            return
        what = f"writing {self._path}: a conversation of {octets(_size(self._transcript))}"
        if self._output.shows_status:
            self._next_ns = now_ns + TOLD_EVERY_NS
            self._output.status(f"{what}, {octets(self._written)} written; Ctrl-C leaves it out")
        else:
            self._next_ns = math.inf
            self._output.note(f"{what}, which takes a while; Ctrl-C leaves it out")

    def close(self) -> None:
        """Take the line away."""
        self._output.status("")


def _size(transcript: Transcript) -> int:
    return sum(
        len(transcript.stream(info.number, direction, layer))
        for info in transcript.channels
        for direction in (Direction.SENT, Direction.RECEIVED)
        for layer in transcript.layers
    )


class TranscriptFile:
    """The file a transcript will go to.

    Args:
        path: its name; the end says the format, unless `form` does.
        with_secrets: leave them as they are; the file is then readable for its owner only.

    Raises: LocalFault (folder missing, not writable), LocalMisuse (what is there is no plain file).
    """

    def __init__(self, path: str, *, with_secrets: bool = False, form: str = "") -> None:
        self._format = form or transcript_format(path)
        self._with_secrets = with_secrets
        self._shown = path
        # What stands behind a link is replaced, not the link.
        self._path = os.path.realpath(path)
        folder, name = os.path.split(self._path)
        self._partial = os.path.join(folder, f".{name}.{os.getpid()}.partial")
        try:
            self._check_replaceable()
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._fd = os.open(self._partial, flags, 0o600 if with_secrets else 0o666)
        except OSError as error:
            raise self._fault(error) from error

    async def write(self, transcript: Transcript, output: Output | None = None) -> None:
        """Write all of it and give the file its name.

        Args:
            output: told how far it is, where that takes long.

        Raises: LocalFault when the disk fails; what stood there before is untouched then.
        """
        told = WritingTold(output, self._shown, transcript) if output is not None else None
        try:
            pieces = export(transcript, self._format, with_secrets=self._with_secrets, explain=explain)
            for number, piece in enumerate(pieces, start=1):
                _write_all(self._fd, piece)
                if told is not None:
                    told.wrote(len(piece))
                if number % PIECES_A_TURN == 0:
                    await asyncio.sleep(0)
            os.close(self._fd)
            self._fd = -1
            os.replace(self._partial, self._path)
        except OSError as error:
            raise self._fault(error) from error
        finally:
            if told is not None:
                told.close()
            self.drop()

    def drop(self) -> None:
        """Give up what is not whole. Idempotent."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        try:
            os.unlink(self._partial)
        except FileNotFoundError:
            return

    def _check_replaceable(self) -> None:
        try:
            mode = os.stat(self._path).st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISREG(mode):
            raise LocalMisuse(
                f"{self._shown} is no plain file",
                text=self._shown,
                start=0,
                end=len(self._shown),
                advice="name a file that does not exist yet, or one to replace",
            )
        if not os.access(self._path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def _fault(self, error: OSError) -> WorkbenchError:
        return LocalFault(
            f"the transcript can't be written to {self._shown}: {error.strerror}",
            stage="transcript",
            errno_name=errno.errorcode.get(error.errno or 0, ""),
            advice="choose a folder that exists and is yours",
        )


def transcript_file(parsed: Parsed) -> TranscriptFile | None:
    """The file that --transcript and --with-secrets ask for. Raises: as TranscriptFile."""
    path = parsed["--transcript"]
    return TranscriptFile(path, with_secrets=parsed.flag("--with-secrets")) if path is not None else None


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]
