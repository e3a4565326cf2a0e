"""A conversation to a file and back, as jobs: in slices, with progress, and nothing half written under its final name.

An export is made in a partial file beside its place and renamed at the end; cancelled or failed, the partial file is
removed. Reading works in a thread that pauses after every few milliseconds, as the reader takes its lines from an
iterable; the transcript it fills is nobody else's until it is handed over.
"""

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from errno import errorcode
from pathlib import Path
from typing import BinaryIO, TypeVar

from workbench.errors import LocalFault
from workbench.jobs.job import current_job
from workbench.jobs.offload import in_thread
from workbench.transcript.export import export
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.render import Explainer
from workbench.transcript.store import read_jsonl

SLICE_NS = 4_000_000
WRITE_OCTETS = 1024 * 1024
"""Gathered before a thread writes them: a network folder that hangs must not hang the window."""
PAUSE_S = 0.004

_PER_OCTET = {"txt": 1.1, "hex": 5.2, "jsonl": 1.2, "pcapng": 1.0, "sent": 1.0, "received": 1.0}
_PER_EVENT = {"txt": 40, "hex": 60, "jsonl": 90, "pcapng": 90, "sent": 0, "received": 0}

T = TypeVar("T")


class _Stopped(BaseException):
    """Ends the reader in its thread; no ordinary handler catches it."""


async def save(
    transcript: Transcript,
    path: Path,
    form: str,
    *,
    with_secrets: bool = False,
    explain: Explainer | None = None,
) -> int:
    """Write a conversation as it is now; returns the octets written.

    Args:
        form: one of transcript.export.FORMATS.
        with_secrets: also what views mask.

    Raises: LocalFault when the file can't be written (stage "export"); LocalMisuse for an unknown format.
    """
    pieces = export(transcript, form, with_secrets=with_secrets, explain=explain)
    expected = expected_octets(transcript, form)
    try:
        file, partial = await _finished(in_thread(_partial_file, path), undo=_throw_away)
    except OSError as error:
        raise _fault("written", path, error) from error
    written = 0
    is_done = False
    try:
        async for block in _blocks(pieces):
            await _finished(in_thread(file.write, block))
            written += len(block)
            _tell(written, expected)
        await _finished(in_thread(_put_in_place, file, partial, path))
        is_done = True
    except OSError as error:
        raise _fault("written", path, error) from error
    finally:
        if not is_done:
            _throw_away((file, partial))
    _tell(written, written)
    return written


async def load(path: Path) -> Transcript:
    """Read a conversation that was saved as JSON lines; the caller closes it.

    Raises: LocalMisuse that names the line; LocalFault when the file can't be read (stage "import").
    """
    stop = threading.Event()
    job = current_job()
    loop = asyncio.get_running_loop()

    def progress(done: int, total: int) -> None:
        if job is not None and job.is_running:
            loop.call_soon_threadsafe(job.progress, done)
            job.total = total

    def read() -> Transcript:
        with path.open("rb") as file:
            total = os.fstat(file.fileno()).st_size
            return read_jsonl(_paced(file, stop, progress, total), name=path.name)

    try:
        return await in_thread(read)
    except OSError as error:
        raise _fault("read", path, error) from error
    finally:
        stop.set()


def expected_octets(transcript: Transcript, form: str) -> int:
    """About how large the file will be, for the progress bar."""
    directions = {"sent": (Direction.SENT,), "received": (Direction.RECEIVED,)}.get(
        form, (Direction.SENT, Direction.RECEIVED)
    )
    size = sum(
        len(transcript.stream(info.number, direction, layer))
        for info in transcript.channels
        for layer in transcript.layers
        for direction in directions
    )
    return round(size * _PER_OCTET.get(form, 1.0)) + len(transcript) * _PER_EVENT.get(form, 0)


def suggested_name(transcript: Transcript, form: str) -> str:
    """A name for the file: the first channel's title and the time, without what file systems dislike."""
    title = transcript.channels[0].title if transcript.channels else "conversation"
    plain = "".join(character if character.isalnum() or character in "-." else "-" for character in title)
    when = time.strftime("%Y%m%d-%H%M%S", time.localtime(transcript.started_wall_ns / 1e9))
    suffix = {"txt": "txt", "hex": "hex.txt", "jsonl": "jsonl", "pcapng": "pcapng"}.get(form, f"{form}.bin")
    return f"{plain.strip('-.')[:60] or 'conversation'}-{when}.{suffix}"


async def _blocks(pieces: Iterator[bytes]):  # type: ignore[no-untyped-def]  # an async generator of bytes
    """The pieces gathered into blocks; the loop turns between slices."""
    held: list[bytes] = []
    size = 0
    stop_ns = time.monotonic_ns() + SLICE_NS
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= WRITE_OCTETS:
            yield b"".join(held)
            held, size = [], 0
            stop_ns = time.monotonic_ns() + SLICE_NS
        elif time.monotonic_ns() >= stop_ns:
            await asyncio.sleep(0)
            stop_ns = time.monotonic_ns() + SLICE_NS
    if held:
        yield b"".join(held)


async def _finished(work: Coroutine[object, object, T], *, undo: Callable[[T], object] | None = None) -> T:
    """The result of work in a thread. Cancelled meanwhile, wait for its end first: it uses a file that is ours."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled() and task.exception() is None and undo is not None:
            undo(task.result())
        raise


def _partial_file(path: Path) -> tuple[BinaryIO, Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    return os.fdopen(handle, "wb"), Path(name)


def _throw_away(made: tuple[BinaryIO, Path]) -> None:
    file, partial = made
    with suppress(OSError):
        file.close()
    with suppress(OSError):
        partial.unlink()


def _put_in_place(file: BinaryIO, partial: Path, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    os.replace(partial, path)


def _paced(
    lines: Iterable[bytes], stop: threading.Event, progress: Callable[[int, int], None], total: int
) -> Iterator[bytes]:
    """The lines, with a pause after each slice in which the window's thread has the interpreter to itself."""
    done = 0
    stop_ns = time.monotonic_ns() + SLICE_NS
    for line in lines:
        yield line
        done += len(line)
        if time.monotonic_ns() >= stop_ns:
            progress(done, total)
            if stop.wait(PAUSE_S):
                raise _Stopped
            stop_ns = time.monotonic_ns() + SLICE_NS


def _tell(done: int, total: int) -> None:
    job = current_job()
    if job is not None:
        job.progress(done, total=max(done, total))


def _fault(done: str, path: Path, error: OSError) -> LocalFault:
    return LocalFault(
        f"{path.name} can't be {done}: {os.strerror(error.errno) if error.errno else error}",
        stage="export" if done == "written" else "import",
        errno_name=errorcode.get(error.errno or 0, ""),
        advice="choose another place" if done == "written" else "",
    )
