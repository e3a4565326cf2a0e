"""Files on their way, in both directions, as rows of the state. No Qt."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.quantity import octets
from workbench.jobs.verdict import Verdict
from workbench.panels.files.state import MAX_TRANSFERS_SHOWN, Direction, Transfer
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.code import Deed
from workbench.protocols.ftp.names import joined, local_name, split, why_unsafe
from workbench.protocols.ftp.partial import Upload
from workbench.protocols.ftp.values import Moved, text_of
from workbench.protocols.ftp.walk import Fetched, Skipped, download_tree, fetch

if TYPE_CHECKING:
    from workbench.panels.files.controller import FilesController


class Transfers:
    """Downloads and uploads of one controller."""

    def __init__(self, house: "FilesController") -> None:
        self._house = house
        self._numbers = 0

    async def download(self) -> None:
        """Download the selected entry, a folder with all below it, into the form's folder. Raises: as open()."""
        entry = self._house.chosen()
        if why := self._house.state.why_not_download:
            raise LocalMisuse(why, stage="save")
        folder = self._house.state.form.folder or _home()
        local = os.path.join(folder, local_name(entry.name))
        path = joined(self._house.state.folder, entry.name)
        number = self._queue("download", entry.text, local)
        if entry.kind == "folder":
            await self._moving(number, lambda client: self._tree(client, path, local, number))
            return

        async def bring(client: FtpClient) -> str:
            moved = await fetch(client, path, local, resume=True, progress=self._progress_of(number))
            self._house.done(Deed("get", path, local))
            return self._told(moved)

        await self._moving(number, bring)

    async def _tree(self, client: FtpClient, path: bytes, local: str, number: int) -> str:
        came: list[Fetched] = []
        left: list[Skipped] = []

        def on_begin(name: bytes) -> None:
            self._transfer(number, name=text_of(name))

        def on_fetched(fetched: Fetched) -> None:
            came.append(fetched)
            self._house.done(Deed("get", fetched.path, fetched.file))
            self._told(fetched.moved)

        await download_tree(
            client,
            path,
            local,
            resume=True,
            on_begin=on_begin,
            progress=self._progress_of(number),
            on_fetched=on_fetched,
            on_skipped=left.append,
        )
        total = sum(one.moved.total for one in came)
        self._transfer(number, name=text_of(split(path)[1]), done=total, total=total)
        if not left:
            return f"{len(came)} files, {octets(total)}"
        first = f"{text_of(left[0].path)}: {left[0].why}"
        return f"{len(came)} files, {octets(total)}; {len(left)} not taken ({first})"

    async def upload(self, local: str) -> None:
        """Send a file into the folder that is shown. Raises: as open()."""
        name = os.fsencode(os.path.basename(local))
        if why := why_unsafe(name):
            raise LocalMisuse(f"this name can't be one at the server: {why}", stage="input")
        path = joined(self._house.state.folder, name)
        number = self._queue("upload", text_of(name), local)
        file = Upload(local)

        async def send(client: FtpClient) -> str:
            moved = await client.upload(
                file, path, partial=self._house.state.form.partial, progress=self._progress_of(number)
            )
            self._house.done(Deed("put", path, local))
            return self._told(moved)

        try:
            await self._moving(number, send)
        finally:
            file.close()
        if split(path)[0] == (self._house.state.folder.rstrip(b"/") or b"/"):
            await self._house.refresh()

    async def _moving(self, number: int, move: Callable[[FtpClient], Awaitable[str]]) -> None:
        try:
            async with self._house.acting("") as client:
                self._transfer(number, outcome="running")
                note = await move(client)
            self._transfer(number, outcome="done", note=note)
            self._house.replace(verdict=Verdict("good", "transferred", f"{self._name_of(number)}: {note}"))
        except asyncio.CancelledError:
            self._transfer(number, outcome="cancelled", note=self._kept(number))
            raise
        except WorkbenchError as failure:
            self._transfer(number, outcome="failed", note=sentence(failure))
            self._house.replace(
                verdict=Verdict(
                    "bad", failure.stage or "failed", f"{self._name_of(number)}: {sentence(failure)}"
                )
            )
            raise

    def _told(self, moved: Moved) -> str:
        if moved.resumed_tls is not None:
            reused, of = self._house.state.reused
            self._house.replace(reused=(reused + moved.resumed_tls, of + 1))
        went_on = f", from {octets(moved.start)} on" if moved.start else ""
        return f"{octets(moved.total)}{went_on}, SHA-256 {moved.sha256[:16]}…"

    def _progress_of(self, number: int) -> Callable[[int, int | None], None]:
        def progress(done: int, total: int | None) -> None:
            self._house.progress(done, total)
            self._transfer(number, done=done, total=total)

        return progress

    def _queue(self, direction: Direction, name: str, local: str) -> int:
        self._numbers += 1
        fresh = Transfer(self._numbers, direction, name, local)
        kept = self._house.state.transfers
        if len(kept) >= MAX_TRANSFERS_SHOWN:
            ended = next((one for one in kept if one.outcome not in ("waiting", "running")), kept[0])
            kept = tuple(one for one in kept if one is not ended)
        self._house.replace(transfers=(*kept, fresh))
        return self._numbers

    def _transfer(self, number: int, **fields: object) -> None:
        self._house.replace(
            transfers=tuple(
                replace(one, **fields) if one.number == number else one  # type: ignore[arg-type]  # as above
                for one in self._house.state.transfers
            )
        )

    def _kept(self, number: int) -> str:
        one = next((one for one in self._house.state.transfers if one.number == number), None)
        if one is None or one.direction == "download" or self._house.state.form.partial:
            return "what had come is kept as the partial file"
        return "the server may have half of it under its name"

    def _name_of(self, number: int) -> str:
        return next((one.name for one in self._house.state.transfers if one.number == number), "")


def _home() -> str:
    return os.path.expanduser("~")


def sentence(failure: WorkbenchError) -> str:
    """A failure in one line, with the server's own words."""
    return f"{failure}: {failure.reply}" if failure.reply else str(failure)
