"""A file that several attempts, and several runs, put together: NAME.partial, and a note of what it is a part of.

The note (NAME.partial.json) holds what the server said to know the file by, and of the address its sum alone: addresses
hold secrets. Without it nobody could say whether the rest of tomorrow belongs to the beginning of today. It is written
before the first octet and taken away with the partial file.
"""

import hashlib
import json
import os
from contextlib import suppress
from typing import Final

from workbench.protocols.http.ranges import MAX_TAG, Mark
from workbench.protocols.http.resume import Held
from workbench.protocols.http.sink import File

NOTE: Final = ".json"
MAX_NOTE: Final = 16 * 1024
VERSION: Final = 1


class KeptFile(File):
    """Where a download goes.

    Args:
        path: its name here; what stands there is replaced in the end, and not touched before.

    Raises: LocalMisuse: the name is one of a folder, a device or a link.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.note = self.partial + NOTE
        self.held = Held()
        self._url_sum = ""

    async def look(self, url: str, *, resume: bool) -> None:
        """Look for what an earlier run left. resume: go on with it. Raises: LocalFault."""
        self._url_sum = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()
        mark = self._read_note() if resume and self._is_there() else None
        if mark is None:
            return
        if isinstance(mark, str):
            self.held = Held(why_not=mark)
            return
        await self.take_up()
        self.held = Held(self.octets, mark)

    def begin_anew(self, mark: Mark) -> None:
        """All of a file comes: what was there is gone. Raises: LocalFault."""
        if not self.is_open:
            self.open()
        try:
            self.empty()
            self._write_note(mark)
        except OSError as error:
            raise self.fault(error) from error
        self.held = Held(0, mark)

    def pause(self) -> Held:
        """What is there after an attempt."""
        if self.is_open:
            self.held = Held(self.octets, self.held.mark)
        return self.held

    def complete(self) -> None:
        """Give it its name. Raises: LocalFault."""
        super().complete()
        self._forget_note()

    def close(self) -> None:
        """Leave what arrived as the partial file with its note; nothing at all leaves neither. Idempotent."""
        was_open = self.is_open
        super().close()
        if was_open and not self.octets:
            self._forget_note()

    def _is_there(self) -> bool:
        return os.path.exists(self.partial)

    def _read_note(self) -> Mark | str:
        """The note; else why it is of no use."""
        try:
            fd = os.open(self.note, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                told = json.loads(os.read(fd, MAX_NOTE))
            finally:
                os.close(fd)
        except FileNotFoundError:
            return f"no note beside {self.partial} says of what it is a part"
        except (OSError, ValueError, RecursionError):
            return f"the note beside {self.partial} can't be read"
        if not isinstance(told, dict) or told.get("version") != VERSION:
            return f"the note beside {self.partial} is none of this version's"
        if told.get("url_sha256") != self._url_sum:
            return f"{self.partial} is a part of another address"
        total = told.get("total")
        words = [told.get(name) for name in ("etag", "modified", "date", "coding")]
        texts = [
            word for word in words if isinstance(word, str) and len(word) <= MAX_TAG and word.isprintable()
        ]
        if len(texts) != len(words) or not (total is None or (type(total) is int and total >= 0)):
            return f"the note beside {self.partial} can't be read"
        return Mark(texts[0], texts[1], texts[2], total, texts[3])

    def _write_note(self, mark: Mark) -> None:
        told = {"version": VERSION, "url_sha256": self._url_sum, **mark._asdict()}
        new = self.note + ".new"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        fd = os.open(new, flags, 0o600)
        try:
            os.write(fd, json.dumps(told).encode())
        finally:
            os.close(fd)
        os.replace(new, self.note)

    def _forget_note(self) -> None:
        with suppress(OSError):
            os.unlink(self.note)
