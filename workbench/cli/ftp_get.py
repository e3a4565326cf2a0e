"""`workbench ftp get`: a file, or a folder with all below it."""

import os
import time
from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.ftp_session import FtpVerb, shown
from workbench.cli.output import Output
from workbench.errors import LocalMisuse, Refused
from workbench.formats.charset import visible
from workbench.formats.quantity import count, duration, octets
from workbench.jobs.partial_file import check_folder
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.names import local_name, split, why_unsafe
from workbench.protocols.ftp.partial import Download
from workbench.protocols.ftp.values import text_of
from workbench.protocols.ftp.walk import Fetched, Skipped, download_tree

EVERY_NS = 200_000_000
"""Between two looks at the line of progress."""
MAX_LISTED = 100_000


def get_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that downloads.

    Raises: LocalMisuse, LocalFault. The coroutine raises Refused when some of a folder's files could not be had; else
        what the engine raises.
    """
    return _Get(parsed, output).run()


class Watched:
    """The line of progress, where a person watches."""

    def __init__(self, output: Output, name: str) -> None:
        self._output = output
        self._next_ns = time.monotonic_ns() + 2 * EVERY_NS
        self.name = name

    def __call__(self, done: int, total: int | None) -> None:
        """So much is done of so much."""
        if (now := time.monotonic_ns()) < self._next_ns:
            return
        self._next_ns = now + EVERY_NS
        of = f" of {octets(total)}" if total is not None else ""
        self._output.status(f"{visible(self.name)}: {octets(done)}{of}")


class _Get(FtpVerb):
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._out: str = parsed["OUT"]
        self._recursive = parsed.flag("--recursive")
        self._resume = parsed.flag("--resume")
        self._is_folder = os.path.isdir(self._out)
        super().__init__(parsed, output)
        if not self._recursive and (not self.path.strip(b"/") or self.path.endswith(b"/")):
            raise LocalMisuse(
                "which file is to be had?",
                stage="input",
                advice="name it behind the address, or add --recursive",
            )
        if not self._recursive and not self._is_folder and self._out:
            check_folder(self._out)
        self._files: list[dict[str, object]] = []
        self._skipped: list[dict[str, object]] = []
        self._failed = self._count = self._octets = 0
        self._started_ns = time.monotonic_ns()
        self.told = {"out": self._out, "files": self._files, "skipped": self._skipped}

    async def run(self) -> int:
        watched = Watched(self.output, self._out)
        async with self.session() as client:
            path = self.place(client)
            self.told["path"] = shown(path)
            try:
                await (
                    self._all(client, path, watched) if self._recursive else self._one(client, path, watched)
                )
            finally:
                self.output.status("")
            self.told["octets"] = self._octets
            if self._failed:
                raise Refused(
                    f"{self._failed} of {self._failed + self._count} files and folders could not be had",
                    stage="transfer",
                    advice="what came is there; `skipped` says why the others did not",
                )
        if not self.output.as_json:
            took = duration(time.monotonic_ns() - self._started_ns)
            self.output.note(f"{count(self._count, 'file')}, {octets(self._octets)} in {took}")
        return self.done()

    async def _one(self, client: FtpClient, path: bytes, watched: Watched) -> None:
        out = self._out
        if self._is_folder:
            name = split(path)[1]
            if why := why_unsafe(name):
                raise LocalMisuse(
                    f"{text_of(name)} can't be a name here: {why}", stage="save", advice="name OUT itself"
                )
            out = os.path.join(out, local_name(name))
        moved = await client.download(path, Download(out, resume=self._resume), progress=watched)
        self._fetched(Fetched(path, out, moved))

    async def _all(self, client: FtpClient, path: bytes, watched: Watched) -> None:
        def begin(path: bytes) -> None:
            watched.name = text_of(path)

        await download_tree(
            client,
            path,
            self._out,
            resume=self._resume,
            on_begin=begin,
            progress=watched,
            on_fetched=self._fetched,
            on_skipped=self._was_skipped,
        )

    def _fetched(self, fetched: Fetched) -> None:
        moved = fetched.moved
        self._octets += moved.octets
        self._count += 1
        if len(self._files) < MAX_LISTED:
            self._files.append(
                {
                    "path": shown(fetched.path),
                    "file": text_of(os.fsencode(fetched.file)),
                    "octets": moved.total,
                    "start": moved.start,
                    "sha256": moved.sha256,
                }
            )

    def _was_skipped(self, skipped: Skipped) -> None:
        self._failed += skipped.failed
        if len(self._skipped) < MAX_LISTED:
            self._skipped.append({"path": shown(skipped.path), "why": skipped.why, "failed": skipped.failed})
        self.output.note(f"not taken: {visible(text_of(skipped.path))}: {visible(skipped.why)}")
