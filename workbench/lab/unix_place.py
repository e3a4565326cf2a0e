"""Where a Unix socket of the Lab has its file: a folder of its own that only this user may enter."""

import os
import tempfile
from contextlib import suppress

from workbench.formats.target import MAX_UNIX_PATH, Target


class UnixPlace:
    """A new folder, and the path of a socket in it; the owner calls remove().

    Args:
        name: of the socket's file.

    Raises: OSError: no folder can be made.
    """

    def __init__(self, name: str) -> None:
        # mkdtemp makes it with 0700: the mode of a socket's file is not looked at everywhere (unix(7)).
        self._folder = tempfile.mkdtemp(prefix="workbench-lab-")
        path = os.path.join(self._folder, f"{name}.sock")
        if len(os.fsencode(path)) > MAX_UNIX_PATH:
            # A person's TMPDIR can be too deep for the name of a socket.
            os.rmdir(self._folder)
            self._folder = tempfile.mkdtemp(prefix="workbench-lab-", dir="/tmp")
            path = os.path.join(self._folder, f"{name}.sock")
        self.target = Target("unix", "", None, path)

    def remove(self) -> None:
        """Take the folder away, and the file if its listener left it. Idempotent."""
        with suppress(OSError):
            os.unlink(self.target.path)
        with suppress(OSError):
            os.rmdir(self._folder)
