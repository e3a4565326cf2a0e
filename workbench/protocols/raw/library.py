"""A person's payloads, scripts and rules as plain text files in folders, below one folder of ours.

Names are those of the files without their ending, folders with slashes between them: "Mail/A greeting". What is deleted
goes into a trash beside them and can be had back. Nothing outside the folder is read or written: a name can't lead out,
and symbolic links are not followed.
"""

import os
import stat
from pathlib import Path
from typing import Final, Literal, NamedTuple

from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.errno_words import symbol_of
from workbench.settings.places import private_folder
from workbench.settings.writing import disk_fault, write_atomically

Kind = Literal["payload", "script", "rules"]

KINDS: Final[tuple[Kind, ...]] = ("payload", "script", "rules")
MAX_ENTRIES: Final = 5000
MAX_DEPTH: Final = 8
MAX_NAME: Final = 100
"""Characters of one part of a name: with its ending far below the 255 octets of Linux, in any script of 2 octets."""
MAX_FILE: Final = 16 * 1024 * 1024
TRASH: Final = ".trash"
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
"""Beside the slash, what other systems don't take: a folder of these files can be given away."""


class Entry(NamedTuple):
    """One file. name: with its folders, without the ending. size: octets."""

    kind: Kind
    name: str
    size: int

    @property
    def folder(self) -> str:
        """The folder's name, "" for none."""
        return self.name.rpartition("/")[0]

    @property
    def title(self) -> str:
        """The name without folders."""
        return self.name.rpartition("/")[2]


class Listing(NamedTuple):
    """What is there. folders: all of them, empty ones too. left_out: whether there was more than is listed."""

    entries: tuple[Entry, ...]
    folders: tuple[str, ...]
    left_out: bool = False


class Discarded(NamedTuple):
    """Something in the trash, and where it was."""

    kept: str
    entry: Entry


class Library:
    """The files below one folder; it is made when something is first saved.

    All of its methods block for as long as a disk takes: a window calls them in a thread.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # ---- reading

    def listing(self) -> Listing:
        """All entries, by name. Raises: LocalFault: the folder can't be read."""
        entries: list[Entry] = []
        folders: list[str] = []
        try:
            is_whole = self._walk(self.folder, "", entries, folders)
        except FileNotFoundError:
            return Listing((), ())
        except OSError as error:
            raise _fault(f"{self.folder} can't be read", error) from error
        by_name = sorted(entries, key=lambda entry: (entry.name.casefold(), entry.kind))
        return Listing(tuple(by_name), tuple(sorted(folders, key=str.casefold)), not is_whole)

    def _walk(self, path: Path, name: str, entries: list[Entry], folders: list[str]) -> bool:
        is_whole = True
        with os.scandir(path) as found:
            for each in sorted(found, key=lambda one: one.name):
                if each.name.startswith(".") or each.is_symlink():
                    continue
                if len(entries) + len(folders) >= MAX_ENTRIES:
                    return False
                below = f"{name}/{each.name}" if name else each.name
                if each.is_dir():
                    if below.count("/") < MAX_DEPTH:
                        folders.append(below)
                        is_whole &= self._walk(path / each.name, below, entries, folders)
                    continue
                stem, _, ending = below.rpartition(".")
                if ending in KINDS and stem and each.is_file():
                    entries.append(Entry(ending, stem, each.stat().st_size))
        return is_whole

    def read(self, kind: Kind, name: str) -> str:
        """A file's text. Raises: LocalFault: it can't be read; LocalMisuse: it is no text of ours."""
        path = self._path(kind, name)
        try:
            with open(
                os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb"
            ) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise LocalMisuse(f"{name} is no file", stage="library")
                data = file.read(MAX_FILE + 1)
        except OSError as error:
            raise _fault(f"{name} can't be read", error) from error
        if len(data) > MAX_FILE:
            raise LocalMisuse(f"{name} is larger than {MAX_FILE // 1024**2} MiB", stage="library")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise LocalMisuse(f"{name}, line {line}: this is no UTF-8 text", stage="library") from error

    def search(self, words: str) -> tuple[Entry, ...]:
        """The entries whose name or text holds every one of the words, whatever their case."""
        wanted = words.casefold().split()
        found = []
        for entry in self.listing().entries:
            text = f"{entry.name}\n"
            if not all(word in text.casefold() for word in wanted):
                try:
                    text += self.read(entry.kind, entry.name)
                except (LocalFault, LocalMisuse):
                    # Its name did not fit, and nobody can read the rest.
                    continue
            if all(word in text.casefold() for word in wanted):
                found.append(entry)
        return tuple(found)

    # ---- writing

    def write(self, kind: Kind, name: str, text: str, *, is_new: bool = False) -> Entry:
        """Save a text. Raises: LocalMisuse: no such name can be, or with is_new it is taken; LocalFault: the disk."""
        path = self._path(kind, name)
        if is_new and os.path.lexists(path):
            raise _taken(name)
        self._check_inside(path.parent)
        private_folder(self.folder)
        data = text.encode("utf-8", "surrogateescape")
        write_atomically(path, data)
        return Entry(kind, name, len(data))

    def free_name(self, kind: Kind, name: str) -> str:
        """The name, or the first of "name 2", "name 3" ... that is not taken."""
        found, number = name, 2
        while os.path.lexists(self._path(kind, found)):
            found = f"{name} {number}"
            number += 1
        return found

    def make_folder(self, name: str) -> None:
        """Make an empty folder, and those above it. Raises: as write."""
        check_name(name)
        path = self.folder / name
        self._check_inside(path)
        private_folder(self.folder)
        try:
            os.makedirs(path, mode=0o700)
        except FileExistsError:
            raise _taken(name) from None
        except OSError as error:
            raise _fault(f"the folder {name} can't be made", error) from error

    def move(self, kind: Kind, name: str, new_name: str) -> Entry:
        """Rename, or move into another folder. Raises: as write; the new name is taken."""
        source, path = self._path(kind, name), self._path(kind, new_name)
        if source != path and os.path.lexists(path):
            raise _taken(new_name)
        self._check_inside(path.parent)
        try:
            os.makedirs(path.parent, mode=0o700, exist_ok=True)
            os.rename(source, path)
            return Entry(kind, new_name, path.stat().st_size)
        except OSError as error:
            raise _fault(f"{name} can't be moved to {new_name}", error) from error

    def move_folder(self, name: str, new_name: str) -> None:
        """Rename a folder with all that is in it. Raises: as move."""
        check_name(name)
        check_name(new_name)
        path = self.folder / new_name
        if os.path.lexists(path):
            raise _taken(new_name)
        if f"{new_name}/".startswith(f"{name}/"):
            raise LocalMisuse(f"{name} can't be moved into itself", stage="library")
        self._check_inside(path.parent)
        try:
            os.makedirs(path.parent, mode=0o700, exist_ok=True)
            os.rename(self.folder / name, path)
        except OSError as error:
            raise _fault(f"{name} can't be moved to {new_name}", error) from error

    def discard(self, kind: Kind, name: str) -> Discarded:
        """Put a file into the trash. Raises: LocalFault."""
        source = self._path(kind, name)
        trash = private_folder(self.folder / TRASH)
        number = 1
        title = name.rpartition("/")[2]
        while os.path.lexists(trash / f"{number} {title}.{kind}"):
            number += 1
        kept = trash / f"{number} {title}.{kind}"
        try:
            size = os.lstat(source).st_size
            os.rename(source, kept)
        except OSError as error:
            raise _fault(f"{name} can't be deleted", error) from error
        return Discarded(kept.name, Entry(kind, name, size))

    def restore(self, discarded: Discarded) -> Entry:
        """Take a file out of the trash again; under another name where its own is taken by now. Raises: LocalFault."""
        entry = discarded.entry
        name = self.free_name(entry.kind, entry.name)
        path = self._path(entry.kind, name)
        self._check_inside(path.parent)
        try:
            os.makedirs(path.parent, mode=0o700, exist_ok=True)
            os.rename(self.folder / TRASH / Path(discarded.kept).name, path)
        except OSError as error:
            raise _fault(f"{entry.name} can't be had back", error) from error
        return entry._replace(name=name)

    def remove_folder(self, name: str) -> None:
        """Remove an empty folder. Raises: LocalMisuse: something is in it; LocalFault."""
        check_name(name)
        self._check_inside(self.folder / name)
        try:
            os.rmdir(self.folder / name)
        except OSError as error:
            if symbol_of(error) in ("ENOTEMPTY", "EEXIST"):
                what = f"the folder {name} is not empty"
                raise LocalMisuse(
                    what, stage="library", advice="delete or move what is in it first"
                ) from error
            raise _fault(f"{name} can't be removed", error) from error

    # ---- names

    def _path(self, kind: Kind, name: str) -> Path:
        check_name(name)
        return self.folder / f"{name}.{kind}"

    def _check_inside(self, path: Path) -> None:
        """Raises: LocalFault: a symbolic link stands in the way, and leads who knows where."""
        while path != self.folder and self.folder in path.parents:
            if path.is_symlink():
                raise LocalFault(f"{path} is a symbolic link", stage="library", advice="remove it")
            path = path.parent


def check_name(name: str) -> None:
    """Raises: LocalMisuse with the place: nothing can be called so."""
    parts = name.split("/")
    if len(parts) > MAX_DEPTH:
        raise _wrong(name, 0, len(name), f"more than {MAX_DEPTH} folders in each other")
    at = 0
    for part in parts:
        if not part:
            raise _wrong(name, at, at, "a name is missing here")
        bad = next((i for i, one in enumerate(part) if one in _FORBIDDEN or not one.isprintable()), -1)
        if bad >= 0:
            raise _wrong(name, at + bad, at + bad + 1, f"a name can't hold {part[bad]!r}")
        if part.startswith(".") or part != part.strip() or part.endswith("."):
            raise _wrong(name, at, at + len(part), "a name can't begin or end with a full stop or a blank")
        if len(part) > MAX_NAME or len(part.encode("utf-8", "surrogatepass")) > 2 * MAX_NAME:
            raise _wrong(name, at, at + len(part), f"a name has {MAX_NAME} characters at most")
        at += len(part) + 1


def safe_name(text: str, default: str = "payload") -> str:
    """A name that can be, as near as possible to any text."""
    kept = "".join("-" if one in _FORBIDDEN or not one.isprintable() else one for one in text)
    kept = kept.strip().lstrip(".").rstrip(". ").strip()[:MAX_NAME].strip()
    while len(kept.encode("utf-8", "surrogatepass")) > 2 * MAX_NAME:
        kept = kept[:-1]
    return kept.rstrip(". ") or default


def _wrong(name: str, start: int, end: int, what: str) -> LocalMisuse:
    return LocalMisuse(what, text=name, start=start, end=end, stage="library", advice="choose another name")


def _taken(name: str) -> LocalMisuse:
    return LocalMisuse(
        f"there is a {name} already",
        text=name,
        start=0,
        end=len(name),
        stage="library",
        advice="choose another name",
    )


def _fault(what: str, error: OSError) -> LocalFault:
    return disk_fault(what, error, stage="library")
