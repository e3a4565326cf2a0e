"""The folders of this program for this user."""

import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from workbench.errors import LocalFault
from workbench.settings.writing import disk_fault

APP: Final = "network-workbench"


class Places(NamedTuple):
    """Folders of this program for this user; none of them need exist yet (see `private_folder`)."""

    config: Path
    state: Path
    data: Path
    cache: Path
    runtime: Path


def places(environ: Mapping[str, str] = os.environ) -> Places:
    """The folders for this user; nothing is made.

    `WORKBENCH_HOME` moves all of them: $WORKBENCH_HOME/config, state, data, cache, runtime.

    Raises:
        LocalFault: this user has no home folder.

    Source: XDG Base Directory Specification 0.8 on Linux, platformdirs elsewhere.
    """
    home = environ.get("WORKBENCH_HOME", "")
    if home:
        base = Path(os.path.abspath(os.path.expanduser(home)))
        return Places(*(base / name for name in Places._fields))
    if sys.platform == "darwin" or os.name == "nt":
        return _native_places(environ)
    return Places(
        _xdg(environ, "XDG_CONFIG_HOME", ".config"),
        _xdg(environ, "XDG_STATE_HOME", ".local/state"),
        _xdg(environ, "XDG_DATA_HOME", ".local/share"),
        _xdg(environ, "XDG_CACHE_HOME", ".cache"),
        _runtime(environ),
    )


def _xdg(environ: Mapping[str, str], variable: str, default: str) -> Path:
    value = environ.get(variable, "")
    if os.path.isabs(value):  # relative ones are invalid and to be ignored, says the specification
        return Path(value) / APP
    home = environ.get("HOME", "") or os.path.expanduser("~")
    if not os.path.isabs(home):
        raise LocalFault(
            "this user has no home folder", stage="settings", advice="set WORKBENCH_HOME to a folder"
        )
    return Path(home) / default / APP


def _runtime(environ: Mapping[str, str]) -> Path:
    """$XDG_RUNTIME_DIR; without a session's manager, a folder with the user's number under /run or /tmp.

    It holds sockets, whose paths have 107 octets at most: so never below a home folder.
    """
    value = environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(value):
        return Path(value) / APP
    user = os.getuid()
    if os.path.isdir(f"/run/user/{user}"):
        return Path(f"/run/user/{user}") / APP
    temporary = environ.get("TMPDIR", "")
    return Path(temporary if os.path.isabs(temporary) else "/tmp") / f"{APP}-{user}"


def _native_places(environ: Mapping[str, str]) -> Places:
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP, appauthor=False)
    return Places(
        dirs.user_config_path,
        dirs.user_state_path,
        dirs.user_data_path,
        dirs.user_cache_path,
        _runtime(environ) if hasattr(os, "getuid") else dirs.user_runtime_path,
    )


def private_folder(folder: Path) -> Path:
    """Make `folder` if it is missing, and be sure that it is ours alone: a real folder of this user with mode
    0700.

    Raises:
        LocalFault: it is a symbolic link, no folder, or belongs to somebody else; or it cannot be made.
    """
    try:
        os.makedirs(folder.parent, mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(folder, 0o700)
        status = os.lstat(folder)
    except OSError as error:
        raise disk_fault(
            f"the folder {folder} cannot be made", error, "set WORKBENCH_HOME to another folder"
        ) from error
    advice = "remove it, or set WORKBENCH_HOME to another folder"
    if stat.S_ISLNK(status.st_mode):
        raise LocalFault(
            f"{folder} is a symbolic link, so others could look in", stage="settings", advice=advice
        )
    if not stat.S_ISDIR(status.st_mode):
        raise LocalFault(f"{folder} is no folder", stage="settings", errno_name="ENOTDIR", advice=advice)
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise LocalFault(
            f"{folder} belongs to another user ({status.st_uid})",
            stage="settings",
            errno_name="EPERM",
            advice=advice,
        )
    if stat.S_IMODE(status.st_mode) & 0o077:
        try:
            os.chmod(folder, 0o700)
        except OSError as error:
            raise disk_fault(f"{folder} is open to others and cannot be closed", error, advice) from error
    return folder
