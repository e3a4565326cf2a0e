"""A screen of our own (Xvfb), for every window that is measured; without one Qt's offscreen platform serves."""

import os
import shutil
from collections.abc import Mapping

from tests.bench.children import Children

SIZE = ("-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset")
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}

_shown: dict[int, dict[str, str]] = {}


def environ(children: Children) -> Mapping[str, str]:
    """What a program needs to find the screen; started at the first call, ended with the children."""
    if shutil.which("Xvfb") is None:
        return OFFSCREEN
    known = _shown.get(id(children))
    if known is None:
        known = _shown[id(children)] = {"DISPLAY": _started(children), "QT_QPA_PLATFORM": "xcb"}
    return known


def words(children: Children) -> str:
    """On what it was shown, for a note."""
    return "Xvfb" if "DISPLAY" in environ(children) else "offscreen: Xvfb is not installed"


def _started(children: Children) -> str:
    read, write = os.pipe()
    try:
        # Without -noreset it begins anew whenever its last client leaves, and refuses others meanwhile.
        children.start(["Xvfb", "-displayfd", str(write), *SIZE], pass_fds=(write,))
    finally:
        os.close(write)
    with os.fdopen(read) as told:
        return f":{told.readline().strip()}"
