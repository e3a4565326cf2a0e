"""The program's own files (icons, experiments, schemas, help ...), the only way to `resources/`.

In an installed wheel they stand at `workbench/resources`; in a checkout (editable install) beside the
package. A name is a path below that folder with "/" between its parts, like "experiments/half-close.toml".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from workbench.errors import LocalFault

_PACKAGE: Final = Path(__file__).resolve().parent


def read_bytes(name: str) -> bytes:
    """The octets of one file.

    Raises:
        LocalFault: there is no such file, or it cannot be read; the installation is damaged.
    """
    place = _place(name)
    try:
        return place.read_bytes()
    except OSError as error:
        raise _missing(name, error) from error


def read_text(name: str) -> str:
    """One file as text; all of ours are UTF-8.

    Raises:
        LocalFault: as `read_bytes`, or the file is no UTF-8.
    """
    data = read_bytes(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LocalFault(f"the program's file {name} is no text", stage="resources") from error


def names(folder: str, suffix: str = "") -> list[str]:
    """The names of the files directly in a folder, sorted, ready for `read_text`; [] without such a folder.

    Args:
        suffix: how the names end, like ".toml".
    """
    place = _place(folder)
    try:
        found = [entry.name for entry in place.iterdir() if entry.is_file() and entry.name[0] != "."]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _missing(folder, error) from error
    prefix = folder.strip("/")
    return sorted(f"{prefix}/{name}" if prefix else name for name in found if name.endswith(suffix))


@contextmanager
def path(name: str) -> Iterator[Path]:
    """A path for those that take nothing else (Qt's fonts, OpenSSL); valid inside the `with` only.

    Raises:
        LocalFault: there is no such file or folder.
    """
    place = _place(name)
    if not place.exists():
        raise _missing(name, None)
    yield place


@cache
def _root() -> Path:
    for folder in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        if folder.is_dir():
            return folder
    raise LocalFault(
        f"the folder resources of this program is missing beside {_PACKAGE}",
        stage="resources",
        advice="install network-workbench again",
    )


def _place(name: str) -> Path:
    """The path of a name; names come from cards and catalogues too, so none may lead out of the folder."""
    parts = name.strip("/").split("/")
    if ".." in parts or name.startswith("/") or "\\" in name or "\0" in name:
        raise LocalFault(f"{name!r} is no name of a file of this program", stage="resources")
    return _root().joinpath(*parts)


def _missing(name: str, error: OSError | None) -> LocalFault:
    import errno

    reason = f": {error.strerror}" if error is not None and error.strerror else ""
    return LocalFault(
        f"the program's file {name} cannot be read{reason}",
        stage="resources",
        errno_name=errno.errorcode.get(error.errno or 0, "") if error is not None else "ENOENT",
        advice="install network-workbench again",
    )
