"""Whole folders: walking a server's tree, and downloading it into a folder of ours.

Links are never followed, and a folder that was seen before is not entered again, where MLSD tells which is which
(the fact `unique`, RFC 3659 section 7.5.2). Each name is judged before it becomes one of ours; what can't be taken is
told with its reason, and the rest goes on. A lost connection ends it all.
"""

import errno
import os
import stat
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from workbench.errors import LocalFault, LocalMisuse, PeerMisbehaved, Refused, WorkbenchError
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.names import joined, local_name, why_unsafe
from workbench.protocols.ftp.partial import Download, StalePartial
from workbench.protocols.ftp.transfer import Progress
from workbench.protocols.ftp.values import Entry, Listing, Moved, text_of

MAX_DEPTH = 64
"""Folders within folders: a tree that goes deeper has no end."""
MAX_FOLDERS = 100_000

Beginning = Callable[[bytes], object]
"""Told which file is next."""


class Skipped(NamedTuple):
    """Something that was not taken. why: one sentence; failed: it should have been."""

    path: bytes
    why: str
    failed: bool = False


class Fetched(NamedTuple):
    """One file that was."""

    path: bytes
    file: str
    moved: Moved


class Step(NamedTuple):
    """One folder of a walk. parts: the names that lead to it from where the walk began."""

    path: bytes
    parts: tuple[bytes, ...]
    listing: Listing


async def walk(
    client: FtpClient,
    path: bytes,
    on_skipped: Callable[[Skipped], object],
) -> AsyncIterator[Step]:
    """Every folder from `path` on, the outer ones first.

    Args:
        on_skipped: told of folders that can't be entered.

    Raises: as FtpClient.list for the first folder; LinkLost, TooSlow for any.
    """
    waiting: list[tuple[bytes, tuple[bytes, ...]]] = [(path, ())]
    start = await client.facts(path)
    seen = {dict(start.facts).get("unique", "")} if start is not None else set()
    count = 0
    while waiting:
        folder, parts = waiting.pop()
        try:
            listing = await client.list(folder)
        except (Refused, PeerMisbehaved) as failure:
            if not parts:
                raise
            on_skipped(Skipped(folder, _why(failure), failed=True))
            continue
        count += 1
        yield Step(folder, parts, listing)
        for entry in reversed(listing.entries):
            if entry.kind != "folder":
                continue
            inside = joined(folder, entry.name)
            unique = dict(entry.facts).get("unique", "")
            why = why_unsafe(entry.name)
            if not why and unique and unique in seen:
                why = "it is a folder that was visited before"
            if not why and (len(parts) >= MAX_DEPTH or count + len(waiting) >= MAX_FOLDERS):
                why = f"deeper than {MAX_DEPTH} folders, or more than {MAX_FOLDERS:,} of them"
            if why:
                on_skipped(Skipped(inside, why))
                continue
            seen.add(unique)
            waiting.append((inside, (*parts, entry.name)))


async def download_tree(
    client: FtpClient,
    path: bytes,
    folder: str,
    *,
    resume: bool = False,
    on_begin: Beginning | None = None,
    progress: Progress | None = None,
    on_fetched: Callable[[Fetched], object] = lambda _fetched: None,
    on_skipped: Callable[[Skipped], object] = lambda _skipped: None,
) -> None:
    """Download all below `path` into `folder`, which is made if need be.

    Args:
        on_begin: told each file before it is asked for. progress: of that file.

    Raises: as walk(); LocalFault: the folder can't be made, the disk fails.
    """
    _make_folder(folder, top=True)
    async for step in walk(client, path, on_skipped):
        place = os.path.join(folder, *map(local_name, step.parts))
        if step.parts:
            try:
                _make_folder(place)
            except LocalMisuse as mistake:
                on_skipped(Skipped(step.path, mistake.what, failed=True))
                continue
        for entry in step.listing.entries:
            there = joined(step.path, entry.name)
            if entry.kind == "folder":
                continue
            if why := _why_not(entry):
                on_skipped(Skipped(there, why))
                continue
            if on_begin is not None:
                on_begin(there)
            try:
                local = os.path.join(place, local_name(entry.name))
                moved = await fetch(client, there, local, resume=resume, progress=progress)
            except (Refused, LocalMisuse, PeerMisbehaved) as failure:
                on_skipped(Skipped(there, _why(failure), failed=True))
                continue
            on_fetched(Fetched(there, local, moved))
        for line in step.listing.unread:
            on_skipped(
                Skipped(step.path, f"a line of the listing is in no form that is known: {text_of(line[:80])}")
            )


async def fetch(
    client: FtpClient, path: bytes, local: str, *, resume: bool = False, progress: Progress | None = None
) -> Moved:
    """Download a file; a partial one that is no beginning of the server's is begun anew. Raises: as client.download."""
    try:
        return await client.download(path, Download(local, resume=resume), progress=progress)
    except StalePartial:
        return await client.download(path, Download(local), progress=progress)


def _why(failure: WorkbenchError) -> str:
    return f"{failure.what}: {failure.reply}" if failure.reply else failure.what


def _why_not(entry: Entry) -> str:
    if why := why_unsafe(entry.name):
        return why
    if entry.kind == "link":
        return "it is a link, and links are not followed"
    return "it is no plain file" if entry.kind == "other" else ""


def _make_folder(path: str, *, top: bool = False) -> None:
    """A folder of ours, which may be there already.

    Args:
        top: the one that the person named, which may be a link to a folder.

    Raises: LocalMisuse: something else has that name; LocalFault.
    """
    try:
        os.mkdir(path)
    except FileExistsError as error:
        mode = os.stat(path) if top else os.lstat(path)
        if not stat.S_ISDIR(mode.st_mode):
            raise LocalMisuse(f"{path} is there already and no folder", stage="save") from error
    except OSError as error:
        raise LocalFault(
            f"the folder {path} can't be made: {error.strerror}",
            stage="save",
            errno_name=errno.errorcode.get(error.errno or 0, ""),
        ) from error
