"""`workbench mail show`: a letter's tree, headers, contents and defects; one of its parts as a file."""

import os
from collections.abc import Coroutine, Iterator
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.mail_show_document import letter_document, list_document, print_letter, print_list
from workbench.cli.output import Output
from workbench.errors import LocalMisuse
from workbench.formats.mime.contents import Examined, examining, pieces_of
from workbench.formats.mime.files import (
    MAX_LETTER,
    FileOctets,
    check_letter,
    read_letter,
    save_in,
    save_new,
    too_large,
)
from workbench.formats.mime.mbox import HeldOctets, Mbox, Source, indexing, letter_at, looks_like_mbox
from workbench.formats.mime.names import safe_name
from workbench.formats.mime.parse import parsing
from workbench.formats.mime.values import Letter, Part, through
from workbench.jobs.offload import in_thread

HEAD = 4096


def show_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that reads and shows.

    Raises: LocalMisuse: options that contradict each other. The coroutine raises LocalFault, LocalMisuse: there is no
        such file, letter or part, or something would be overwritten.
    """
    if parsed["--output"] is not None and parsed["--part"] is None:
        raise LocalMisuse("--output needs --part: which part is to be saved?", advice="add --part N")
    if parsed["--part"] is not None and parsed["--output"] is None and output.as_json:
        raise LocalMisuse(
            "--json can't share standard output with a part", advice="add --output FILE, or leave --json out"
        )
    return _Show(parsed, output).run()


class _Show:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._path: str = parsed["FILE"]
        self._message: int | None = parsed["--message"]
        self._number: int | None = parsed["--part"]
        self._out: str | None = parsed["--output"]
        self._output = output

    async def run(self) -> int:
        output = self._output
        output.so_far = {"file": self._path}
        # In a thread: standard input may take its time, and Ctrl-C must be heard meanwhile.
        found = await in_thread(self._read)
        if isinstance(found, dict):
            return self._show_list(found)
        examined = through(examining(through(parsing(found))))
        document = {**output.so_far, **letter_document(examined)}
        output.so_far = document
        if self._number is not None:
            return await self._save(examined, document)
        if output.as_json:
            output.document(document, ok=True)
        else:
            print_letter(output, examined)
        return 0

    # ---- reading

    def _read(self) -> bytes | dict[str, object]:
        """The letter, or of a file of many letters their list where none was chosen."""
        if self._path == "-":
            data = read_letter(self._path)
            return self._found(HeldOctets(data))
        source = FileOctets(self._path)
        try:
            return self._found(source)
        finally:
            source.close()

    def _found(self, source: Source) -> bytes | dict[str, object]:
        if looks_like_mbox(source.read(0, HEAD)):
            mbox = through(indexing(source))
            if self._message is None and len(mbox.slots) > 1:
                return list_document(source, mbox)
            return letter_at(source, mbox.slots[self._chosen(mbox)])
        if self._message is not None:
            raise LocalMisuse(
                f"{self._path} is one letter; --message is for files of many", advice="leave --message out"
            )
        if source.size > MAX_LETTER:
            raise too_large(self._path)
        data = source.read(0, source.size)
        check_letter(data, "standard input" if self._path == "-" else self._path)
        return data

    def _chosen(self, mbox: Mbox) -> int:
        """The place of the letter that was asked for. Raises: LocalMisuse: there is none."""
        number = self._message or 1
        if number > len(mbox.slots):
            raise LocalMisuse(
                f"there is no letter {number}: {self._path} holds {len(mbox.slots):,}",
                text=str(number),
                start=0,
                end=len(str(number)),
                advice="leave --message out to see them",
            )
        self._output.so_far = {**self._output.so_far, "message": number}
        return number - 1

    def _show_list(self, document: dict[str, object]) -> int:
        if self._number is not None:
            raise LocalMisuse(
                f"{self._path} holds many letters: of which one is the part?", advice="add --message N"
            )
        if self._output.as_json:
            self._output.document({**self._output.so_far, **document}, ok=True)
        else:
            print_list(self._output, document)
        return 0

    # ---- saving

    async def _save(self, examined: Examined, document: dict[str, object]) -> int:
        part = self._part(examined.letter)
        if self._out is None:
            for piece in pieces_of(examined.letter, part):
                self._output.octets(piece)
            return 0
        path, size = await in_thread(self._write, examined.letter, part, self._out)
        sha256 = examined.contents[part.place].sha256
        saved = {"part": part.place + 1, "file": path, "octets": size, "sha256": sha256}
        if self._output.as_json:
            self._output.document({**document, "saved": saved}, ok=True)
        else:
            self._output.note(f"{path}: {size:,} octets, SHA-256 {sha256}")
        return 0

    def _part(self, letter: Letter) -> Part:
        number = self._number or 0
        if number > len(letter.parts):
            raise LocalMisuse(
                f"there is no part {number}: the letter has {len(letter.parts)}",
                text=str(number),
                start=0,
                end=len(str(number)),
                advice="`workbench mail show FILE` lists them",
            )
        part = letter.parts[number - 1]
        if not part.is_leaf:
            raise LocalMisuse(
                f"part {number} ({part.media_type}) only holds others",
                text=str(number),
                start=0,
                end=len(str(number)),
                advice=f"choose one of {', '.join(str(child + 1) for child in part.children[:20])}",
            )
        return part

    @staticmethod
    def _write(letter: Letter, part: Part, out: str) -> tuple[str, int]:
        pieces: Iterator[bytes] = pieces_of(letter, part)
        if os.path.isdir(out):
            return save_in(out, safe_name(part.filename, part.media_type, part.place + 1).name, pieces)
        return out, save_new(out, pieces)
