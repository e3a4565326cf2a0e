"""Names that a server tells, judged before they become names of files here.

A listing is a stranger's text: "../../.profile" in it must never lead anywhere. A name that is not plainly one name
within a folder is refused with the reason, never repaired: a repaired name may be another file's.
"""

import os

MAX_NAME = 255
"""Octets: NAME_MAX of Linux's file systems."""
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
"""Names that Windows keeps for devices, with any ending: a folder may lie on a share of such a machine."""


def why_unsafe(name: bytes) -> str:
    """Why a name can't be one of a file in a folder of ours; "" when it can."""
    if not name:
        return "it is empty"
    if name in (b".", b".."):
        return "it leads out of the folder"
    for octet, what in ((b"/", "a slash"), (b"\\", "a backslash"), (b"\0", "NUL")):
        if octet in name:
            return f"{what} stands in it"
    if any(octet < 0x20 or octet == 0x7F for octet in name):
        return "a control character stands in it"
    if len(name) > MAX_NAME:
        return f"it has more than {MAX_NAME} octets"
    stem = name.split(b".")[0].strip().decode("latin-1").lower()
    if stem in _DEVICES:
        return "it is the name of a device on some systems"
    return ""


def local_name(name: bytes) -> str:
    """The name as this system's calls take it; octets that are no UTF-8 stay what they are (PEP 383)."""
    return os.fsdecode(name)


def joined(folder: bytes, name: bytes) -> bytes:
    """A path at the server."""
    return folder + name if folder.endswith(b"/") else folder + b"/" + name


def split(path: bytes) -> tuple[bytes, bytes]:
    """A path's folder and its last name; b"" is the folder of a name alone."""
    folder, slash, name = path.rpartition(b"/")
    return (folder or slash), name
