"""Where a body goes: into memory, as much as is wanted, or to a file, which has its name only when it is whole."""

import hashlib
from typing import Protocol

from workbench.jobs.partial_file import PartialFile
from workbench.protocols.http.values import MAX_KEPT


class Sink(Protocol):
    """Takes a body's octets; `octets` and `sha256` are of all that it took, `data` is what it keeps."""

    octets: int

    @property
    def sha256(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def file(self) -> str: ...
    def begin(self) -> None:
        """An answer's body begins. Raises: LocalFault."""
        ...

    def write(self, data: bytes) -> None:
        """Raises: LocalFault."""
        ...

    def complete(self) -> None:
        """The body is whole, as far as anybody can tell. Raises: LocalFault."""
        ...

    def close(self) -> None:
        """Nothing more comes. Idempotent."""
        ...


class Memory:
    """Keeps the first octets and counts the others."""

    def __init__(self, limit_octets: int = MAX_KEPT) -> None:
        self.octets = 0
        self._limit = limit_octets
        self._kept = 0
        self._pieces: list[bytes] = []
        self._sum = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of all that came, hexadecimal."""
        return self._sum.hexdigest()

    @property
    def data(self) -> bytes:
        """What is kept."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""

    @property
    def file(self) -> str:
        """It is in no file."""
        return ""

    def begin(self) -> None:
        """Nothing has to be made."""

    def write(self, data: bytes) -> None:
        """Count it, and keep it where there is room."""
        self.octets += len(data)
        self._sum.update(data)
        room = self._limit - self._kept
        if room > 0:
            kept = data if len(data) <= room else data[:room]
            self._pieces.append(kept)
            self._kept += len(kept)

    def complete(self) -> None:
        """Nothing has to be done."""

    def close(self) -> None:
        """Nothing has to be given back."""


class File(PartialFile):
    """A file: NAME.partial until the body is whole. What stood at its name is replaced in the end, not before."""

    @property
    def data(self) -> bytes:
        """Nothing is kept beside the file."""
        return b""

    @property
    def file(self) -> str:
        """The name under which what arrived is found; "" where nothing did."""
        return self.where or ""

    def begin(self) -> None:
        """Make the partial file."""
        self.open()
