"""The files that the Lab's FTP server offers: made anew for each server, in a folder that ends with it."""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

_README = """These files live in the Lab: a folder of this machine, made when the server began, gone when it ends.
Read everything; as the Lab's own user you may also write, rename and delete.
"""
_CHANNELS = """FTP needs two connections.
On the first one commands and answers go back and forth, line by line.
For each listing and each file a second one is made, and its end is the end of the file.
"""
ALL_OCTETS = bytes(range(256)) * 20
_PATTERN = b"".join(b"%07d\n" % line for line in range(131_072))

FILES: dict[str, bytes] = {
    "README.txt": _README.encode(),
    "two channels.txt": _CHANNELS.encode(),
    "Grüße.txt": b"A name beyond ASCII: RFC 2640 sends it as UTF-8.\n",
    "binary.dat": ALL_OCTETS,
    "large.bin": _PATTERN,
    "old/1985.txt": b"RFC 959 was written in October 1985.\n",
    "old/notes/1998.txt": b"RFC 2428 brought EPSV, and with it IPv6.\n",
    "old/notes/2007.txt": b"RFC 3659 brought MLSD: a listing for programs.\n",
    "old/ empty": b"",
}
LINKS = {"old/loop": "."}
MODIFIED = datetime(2026, 3, 1, 12, 30, tzinfo=UTC).timestamp()
"""Of every file: a listing that changes from day to day can't be compared."""


class FileTree:
    """A new folder with these files; the owner calls remove().

    Raises: OSError: there is no room for it.
    """

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="workbench-lab-ftp-"))
        for name, data in FILES.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        for name, target in LINKS.items():
            (self.root / name).symlink_to(target)
        for folder, folders, files in os.walk(self.root, topdown=False):
            for name in (*files, *folders):
                os.utime(os.path.join(folder, name), (MODIFIED, MODIFIED), follow_symlinks=False)
        os.utime(self.root, (MODIFIED, MODIFIED))

    def remove(self) -> None:
        """Take the folder away with all that was put into it. Idempotent."""
        shutil.rmtree(self.root, ignore_errors=True)
