"""Where a window can be shown, asked before Qt is: Qt ends the process where nobody answers.

Stands alone, so that packaging/bootstrap.py can read it too.
"""

import os
import re
import socket
import sys
from collections.abc import Mapping
from typing import NamedTuple

CHOSEN = "QT_QPA_PLATFORM"
"""Qt's own way to be told where to draw."""
WITHIN_S = 2.0
"""Seconds for an answer."""
X11_PORT = 6000
"""Display 0 of a host listens there, display N at 6000 + N (X(7), "Display names")."""
_X11 = re.compile(r"(?P<host>.*):(?P<number>\d{1,4})(?:\.\d+)?")


class Display(NamedTuple):
    """A display that the environment names.

    Args:
        name: "DISPLAY is :0". fault: why no window can be shown there; "" when one can.
    """

    name: str
    fault: str = ""


def is_needed(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether Qt will look for a display; not where it is told to draw elsewhere ("offscreen", "vnc")."""
    return not environ.get(CHOSEN) or environ[CHOSEN].startswith(("xcb", "wayland"))


def display(environ: Mapping[str, str] = os.environ) -> Display | None:
    """The display that a person would see a window on, and whether somebody answers there; None where none is named.

    Nothing is said to who answers.
    """
    if not sys.platform.startswith("linux"):
        return Display("the system's own")
    found = [
        Display(f"{name} is {environ[name]}", fault_of(environ[name], environ))
        for name, fault_of in (("WAYLAND_DISPLAY", _fault_of_wayland), ("DISPLAY", _fault_of_x11))
        if environ.get(name)
    ]
    return next((each for each in found if not each.fault), found[0] if found else None)


def _fault_of_wayland(name: str, environ: Mapping[str, str]) -> str:
    # An absolute name is a path; any other stands in the folder of the session (wl_display_connect).
    return _fault_at(os.path.join(environ.get("XDG_RUNTIME_DIR", ""), name))


def _fault_of_x11(name: str, _environ: Mapping[str, str]) -> str:
    if name.startswith("/"):
        return _fault_at(name)
    if (read := _X11.fullmatch(name)) is None:
        return "not of the form HOST:NUMBER"
    host, number = read["host"].rpartition("/")[2], int(read["number"])
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        # The abstract one first, as X11's own library does.
        return _fault_at("\0" + path) and _fault_at(path)
    try:
        with socket.create_connection((host.strip("[]"), X11_PORT + number), WITHIN_S):
            return ""
    except OSError as error:
        return _words(error)


def _fault_at(path: str) -> str:
    with socket.socket(socket.AF_UNIX) as end:
        end.settimeout(WITHIN_S)
        try:
            end.connect(path)
        except (OSError, ValueError) as error:
            return _words(error)
    return ""


def _words(error: Exception) -> str:
    return f"nobody answers there ({getattr(error, 'strerror', None) or error})"
