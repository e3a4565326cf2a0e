"""The settings' file: read without trust, changed without losing what a person wrote.

`tomllib` is imported only if there is a file, `tomlkit` only to save.
"""

import os
import stat
from collections.abc import Mapping, MutableMapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from workbench.errors import LocalFault, LocalMisuse
from workbench.settings.places import Places
from workbench.settings.values import RULES, Settings, flat, problem_with, shown, wrong_shortcuts
from workbench.settings.writing import disk_fault, write_atomically

VERSION: Final = 1
"""Of the settings' file; a change that older programs would misread raises it."""

MAX_FILE: Final = 1024 * 1024
"""Octets of settings that are read; people write some hundred."""

FILE_NAME: Final = "settings.toml"
_HEADER: Final = (
    "Settings of Network Workbench. Comments and unknown keys are kept; what is missing has its default."
)


def load_settings(where: Places) -> tuple[Settings, list[str]]:
    """The settings and what was wrong with them.

    Returns:
        Settings that can be used whatever the file holds, and a sentence for each thing that could not be.
    """
    path = where.config / FILE_NAME
    try:
        text = _read(path)
        table = _parse(text) if text is not None else {}
    except LocalFault as fault:
        return Settings(), [f"{path}: {fault.what}; the defaults are used"]
    settings, problems = _understood(table)
    return settings, [f"{path}: {problem}" for problem in problems]


def _understood(table: Mapping[str, object]) -> tuple[Settings, list[str]]:
    """What can be used of a file's values, and a sentence for each that cannot."""
    problems: list[str] = []
    version = table.get("version", VERSION)
    if not _is_version(version):
        problems.append(f"version is {shown(version)}, but must be a whole number")
    elif version != VERSION:
        problems.append(f"a newer program wrote this (version {version}); what is known here was read")
    values: dict[str, Any] = {}
    for name in RULES:
        if name not in table:
            continue
        default = getattr(Settings, name)
        problem = problem_with(name, table[name])
        if problem:
            problems.append(f"{problem}; {shown(default)} is used")
        else:
            values[name] = float(str(table[name])) if isinstance(default, float) else table[name]
    shortcuts = table.get("shortcuts", {})
    problems += [f"{wrong}; the usual keys are used" for wrong in wrong_shortcuts(shortcuts)]
    values["shortcuts"] = _shortcuts(shortcuts)
    return replace(Settings(), **values), problems


def _is_version(value: object) -> bool:
    # The limit keeps it fit for a sentence and a file's name.
    return type(value) is int and VERSION <= value < 10**6


def _shortcuts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {action: keys for action, keys in flat(value) if isinstance(keys, str)}


def _read(path: Path) -> str | None:
    """The file's text, None where there is no file. Raises LocalFault, whatever stands at that path."""
    try:
        # Not blocking: a pipe in the place of the file must not stop the start.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise LocalFault("this is no file", stage="settings")
            data = file.read(MAX_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise disk_fault("it cannot be read", error) from error
    if len(data) > MAX_FILE:
        raise LocalFault(f"it is larger than {MAX_FILE // 1024} KiB", stage="settings")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LocalFault("it is no UTF-8 text", stage="settings") from error


def _parse(text: str) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise LocalFault("it is no TOML (nested too deeply)", stage="settings") from error
    except ValueError as error:
        raise LocalFault(f"it is no TOML ({error})", stage="settings") from error


def save_settings(where: Places, settings: Settings) -> None:
    """Write what differs from the defaults and what the file names already; the rest stays as it is.

    A file that cannot be read, or holds values that cannot be used, is first kept aside as
    settings.toml.broken; one of a newer version as settings.toml.version-N.

    Raises:
        LocalMisuse: a setting has a value that it cannot have; nothing is written.
        LocalFault: the disk or its permissions; the old file is still there.
    """
    for each in fields(settings):
        problem = problem_with(each.name, getattr(settings, each.name))
        if problem:
            raise LocalMisuse(problem, stage="settings")
    path = where.config / FILE_NAME
    try:
        text = _read(path) or ""
        table = _parse(text)
        updated = _updated(text, settings)
    except LocalFault:
        _keep_aside(path, "broken")
        updated = _updated("", settings)
    else:
        version = table.get("version", VERSION)
        if _is_version(version) and version != VERSION:
            _keep_aside(path, f"version-{version}")
        elif _understood(table)[1]:
            _keep_aside(path, "broken")
    write_atomically(path, updated.encode("utf-8"))


def _updated(text: str, settings: Settings) -> str:
    """The file's text with these settings in it. Raises LocalFault if the text does not take them."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        if not text:
            document.add(tomlkit.comment(_HEADER))
        _put(document, "version", VERSION)
        for name in RULES:
            value = getattr(settings, name)
            if name in document or value != getattr(Settings, name):
                _put(document, name, value)
        _put_shortcuts(document, settings.shortcuts)
        updated = document.as_string()
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise LocalFault("it cannot be changed in place", stage="settings") from error
    # tomlkit knows more ways to write TOML than it can change; what we write must be read back as meant.
    table = _parse(updated)
    if any(name in table and table[name] != getattr(settings, name) for name in RULES) or (
        _shortcuts(table.get("shortcuts", {})) != settings.shortcuts
    ):
        raise LocalFault("it cannot be changed in place", stage="settings")
    return updated


def _put(table: MutableMapping[str, Any], name: str, value: object) -> None:
    # Setting an equal value would lose how a person wrote it (1_000, 0x10); true and 1.0 are equal to 1, but
    # wrong.
    held = table.get(name)
    is_number = isinstance(value, int) and (isinstance(held, bool) or not isinstance(held, int))
    if held != value or is_number:
        table[name] = value


def _put_shortcuts(document: MutableMapping[str, Any], shortcuts: Mapping[str, str]) -> None:
    held = document.get("shortcuts")
    if _shortcuts(held) == shortcuts and (held is None or isinstance(held, Mapping)):
        return
    if not isinstance(held, MutableMapping):
        document["shortcuts"] = held = {}
        held = document["shortcuts"]
    for action, keys in dict(flat(held)).items():
        if action not in shortcuts or (keys != shortcuts[action] and action not in held):
            _remove(held, action)
    for action, keys in shortcuts.items():
        if dict(flat(held)).get(action) != keys:
            held[action] = keys


def _remove(table: MutableMapping[str, Any], action: str) -> None:
    """Take one id out of a table in which it may stand quoted or as tables in tables."""
    if action in table:
        del table[action]
        return
    for key, inner in table.items():
        if action.startswith(f"{key}.") and isinstance(inner, MutableMapping):
            _remove(inner, action[len(key) + 1 :])
            return


def _keep_aside(path: Path, suffix: str) -> None:
    """Give what stands at `path` a second name: settings.toml.broken, then settings.toml.broken.2 ..."""
    free = path.with_name(f"{path.name}.{suffix}")
    number = 1
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.name}.{suffix}.{number}")
    try:
        os.link(path, free)  # so that the first name is never without a file
    except FileNotFoundError:
        return
    except OSError:
        _move(path, free)  # no file system for links, or no file


def _move(path: Path, free: Path) -> None:
    try:
        os.rename(path, free)
    except OSError as error:
        raise disk_fault(f"{path} cannot be kept as {free.name}", error) from error
